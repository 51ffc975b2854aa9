//! The client of the Bot API against the fake one, over real HTTP.

mod answers;
mod faults;
mod methods;
mod odd_server;
mod polling;
mod stage;
mod webhook_receiver;
mod webhooks;
