//! The product as its users meet it: a real process, real sockets, a fake Bot API.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails with the line that it came to")]

mod api_tokens;
mod authorization;
mod bad_requests;
mod bad_settings;
mod commands;
mod connections;
mod crash_on_the_way_in;
mod crash_on_the_way_out;
mod crash_under_load;
mod delivery;
mod event_log;
mod first_conversation;
mod foreign_pages;
mod graceful_stop;
mod idle_closing;
mod inbox;
mod introspection;
mod limits;
mod long_lived;
mod metrics;
mod outage;
mod page_cost;
mod persisted_documents;
mod refusals;
mod rights;
mod rights_taken_away;
mod secret_rotation;
mod secrets_at_rest;
mod shared_events;
mod sign_in;
mod sign_in_limits;
mod stage;
mod telegram_by_polling;
mod telegram_by_webhook;
mod token_attacks;
mod two_processes;
