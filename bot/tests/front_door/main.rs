//! The client of the Bot API against the fake one, over real HTTP.

mod answers;
mod calls;
mod chats;
mod downloads;
mod faults;
mod files;
mod methods;
mod odd_server;
mod polling;
mod stage;
mod webhook_receiver;
mod webhooks;
