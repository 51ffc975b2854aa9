//! Tickets: what comes of sessions, goes from line to line, and is answered for to the customer.

mod escalation;
mod events;
mod life;
mod owner;
mod processes;
mod requests;
mod rights;
mod scene;
mod statistics;
mod triggers;
