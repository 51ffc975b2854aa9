//! What an update means to the desk.

mod activity;
mod deletion;
mod details;
mod media;
mod membership;
mod message;
mod origin;
mod party;
mod press;
mod reaction;
mod service;
mod substance;
mod thread;
mod wording;

use std::panic::{AssertUnwindSafe, catch_unwind};

use desk::intake::{Decode, Decoded};

use crate::telegram::update::Parsed;

/// Telegram's updates, as the desk takes them.
#[derive(Debug, Clone, Copy)]
pub struct TelegramUpdates;

impl Decode for TelegramUpdates {
    /// Whatever is a JSON object with a number means something, if only that there is nothing to do.
    ///
    /// A panic counts as the failure of this one update: if it ended the worker, the same update
    /// would end every worker after it, and nobody's messages would arrive any more.
    fn decode(&self, raw: &str) -> Result<Decoded, String> {
        catch_unwind(AssertUnwindSafe(|| decode(raw))).unwrap_or_else(|_| Err("reading it panicked".to_owned()))
    }
}

fn decode(raw: &str) -> Result<Decoded, String> {
    let update = Parsed::of(raw).map_err(|error| error.to_string())?;
    let body = &update.body;
    let understood = match update.kind.as_str() {
        "message" | "channel_post" | "business_message" => message::written(&update),
        "edited_message" | "edited_channel_post" | "edited_business_message" => message::edited(&update),
        "message_reaction" => reaction::of_one(body).map(Decoded::Reaction),
        "message_reaction_count" => reaction::of_all(body).map(Decoded::Reaction),
        "callback_query" => press::read(body).map(Box::new).map(Decoded::Press),
        "my_chat_member" => membership::read(body),
        "deleted_business_messages" => deletion::read(body).map(Decoded::Deletion),
        "poll" => details::poll(body).map(Decoded::PollState),
        _ => None,
    };
    Ok(understood.or_else(|| activity::read(&update)).unwrap_or(Decoded::Nothing))
}

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
