//! The bots that the fake knows.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::{Value, json};
use tokio::sync::watch;

use super::webhook::Webhook;
use crate::telegram::{BotId, Token};

/// One bot.
#[derive(Debug)]
pub(super) struct Bot {
    pub(super) id: BotId,
    /// Who may poll: each new poll ends the one before it.
    pub(super) poll_turn: watch::Sender<PollTurn>,
    /// Where updates are delivered, if they are not polled.
    pub(super) webhook: Mutex<Option<Arc<Webhook>>>,
    /// Held while a call takes its number and enters the ledger, so that both are in one order.
    pub(super) accepting: tokio::sync::Mutex<()>,
    /// The lists of commands, by scope (as JSON) and language.
    pub(super) commands: Mutex<HashMap<(String, String), Value>>,
}

/// The turn of one poll.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PollTurn {
    pub(super) number: u64,
    /// What the poll before is told, in Telegram's words.
    pub(super) conflict: &'static str,
}

impl Bot {
    fn new(id: BotId) -> Self {
        Self {
            id,
            poll_turn: watch::Sender::default(),
            webhook: Mutex::default(),
            accepting: tokio::sync::Mutex::default(),
            commands: Mutex::default(),
        }
    }

    /// The bot as a Telegram user.
    pub(super) fn user(&self) -> Value {
        json!({
            "id": self.id.0,
            "is_bot": true,
            "first_name": format!("Bot {}", self.id),
            "username": format!("simulated_{}_bot", self.id),
        })
    }

    /// Ends the poll that is under way, if any, and returns the number of the new turn.
    pub(super) fn take_poll_turn(&self, conflict: &'static str) -> u64 {
        let mut number = 0;
        self.poll_turn.send_modify(|turn| {
            turn.number += 1;
            turn.conflict = conflict;
            number = turn.number;
        });
        number
    }

    /// The webhook that is set.
    pub(super) fn current_webhook(&self) -> Option<Arc<Webhook>> {
        let webhook = self.webhook.lock().unwrap_or_else(PoisonError::into_inner);
        webhook.clone()
    }

    /// Sets another webhook or none, and ends deliveries to the one before.
    pub(super) fn replace_webhook(&self, webhook: Option<Arc<Webhook>>) {
        let mut current = self.webhook.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = std::mem::replace(&mut *current, webhook) {
            before.stop();
        }
    }
}

/// Every bot, by its token.
#[derive(Debug)]
pub(super) struct Bots {
    any_token: bool,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    tokens: HashSet<Token>,
    revoked: HashSet<Token>,
    bots: HashMap<BotId, Arc<Bot>>,
}

impl Bots {
    pub(super) fn new(any_token: bool, tokens: HashSet<Token>) -> Self {
        Self { any_token, known: Mutex::new(Known { tokens, ..Known::default() }) }
    }

    pub(super) fn add(&self, token: Token) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.revoked.remove(&token);
        known.tokens.insert(token);
    }

    pub(super) fn revoke(&self, token: &Token) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.tokens.remove(token);
        known.revoked.insert(token.clone());
    }

    /// The bot that the token belongs to, if the token is good.
    pub(super) fn authenticate(&self, token: &str) -> Option<Arc<Bot>> {
        let token: Token = token.parse().ok()?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let is_good = known.tokens.contains(&token) || (self.any_token && !known.revoked.contains(&token));
        if !is_good {
            return None;
        }
        let id = token.bot_id();
        let bot = known.bots.entry(id).or_insert_with(|| Arc::new(Bot::new(id)));
        Some(Arc::clone(bot))
    }
}
