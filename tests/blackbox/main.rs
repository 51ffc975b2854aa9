//! The product as its users meet it: a real process, real sockets, a fake Bot API.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails with the line that it came to")]

mod bad_requests;
mod bad_settings;
mod commands;
mod crash_on_the_way_in;
mod crash_on_the_way_out;
mod crash_under_load;
mod delivery;
mod event_log;
mod first_conversation;
mod graceful_stop;
mod idle_closing;
mod inbox;
mod outage;
mod page_cost;
mod rights;
mod secrets_at_rest;
mod sign_in;
mod stage;
mod telegram_by_polling;
mod telegram_by_webhook;
mod two_processes;
