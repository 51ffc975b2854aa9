//! Faults on demand.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::ChatId;
use serde_json::{Map, Value, json};

use super::{answer::Answer, call::Call};
use crate::telegram::BotId;

/// How a call goes wrong.
///
/// A fault happens either before the call is carried out, so that nothing is in the ledger, or
/// after. The second is the ambiguous case: the caller cannot see that the send was accepted.
#[derive(Debug, Clone)]
pub struct Fault {
    delay: Duration,
    after_accepting: bool,
    reaction: Reaction,
}

/// What the caller gets to see.
#[derive(Debug, Clone)]
pub(super) enum Reaction {
    /// The answer that the call deserves.
    Usual,
    /// Another answer.
    Answer(Answer),
    /// The connection closes without an answer.
    Drop,
    /// The answer that the call deserves, up to its middle. Then the connection closes.
    BreakOff,
    /// Nothing, ever.
    Vanish,
}

impl Fault {
    fn new(after_accepting: bool, reaction: Reaction) -> Self {
        Self { delay: Duration::ZERO, after_accepting, reaction }
    }

    /// The call is carried out at once and answered as usual, but later.
    #[must_use]
    pub fn delay(delay: Duration) -> Self {
        Self::new(true, Reaction::Usual).delayed(delay)
    }

    /// The call is carried out late, and then answered as usual. Hanging up before does not
    /// stop it.
    #[must_use]
    pub fn late(delay: Duration) -> Self {
        Self::new(false, Reaction::Usual).delayed(delay)
    }

    /// The call is not carried out; this is the answer.
    #[must_use]
    pub fn answer(status: u16, body: impl Into<String>) -> Self {
        Self::new(false, Reaction::Answer(Answer::verbatim(status, body.into())))
    }

    /// The call is not carried out; Telegram asks to wait (429).
    #[must_use]
    pub fn too_many_requests(retry_after_seconds: u64) -> Self {
        Self::too_many_requests_with(retry_after_seconds, Map::new())
    }

    /// As [`Fault::too_many_requests`], with more fields in the `parameters` of the answer.
    #[must_use]
    pub fn too_many_requests_with(retry_after_seconds: u64, more: Map<String, Value>) -> Self {
        let mut parameters = more;
        parameters.insert("retry_after".to_owned(), json!(retry_after_seconds));
        let description = format!("Too Many Requests: retry after {retry_after_seconds}");
        let answer = Answer::error_with(429, &description, &Value::Object(parameters));
        Self::new(false, Reaction::Answer(answer))
    }

    /// The call is not carried out; Telegram forbids it (403), in these words.
    #[must_use]
    pub fn forbidden(description: &str) -> Self {
        Self::error(403, description)
    }

    /// The call is not carried out; Telegram refuses it with this code and in these words.
    #[must_use]
    pub fn error(code: u16, description: &str) -> Self {
        Self::new(false, Reaction::Answer(Answer::error(code, description)))
    }

    /// The call is not carried out; Telegram has a problem of its own (5xx).
    #[must_use]
    pub fn server_error(status: u16) -> Self {
        let answer = Answer::error(status, "Internal Server Error");
        Self::new(false, Reaction::Answer(answer))
    }

    /// The call is not carried out; the answer is a page of something in between.
    #[must_use]
    pub fn garbage() -> Self {
        Self::answer(200, "<html><body>It works!</body></html>")
    }

    /// The call is carried out; the answer says so, and its result makes no sense.
    #[must_use]
    pub fn unreadable_result() -> Self {
        let answer = Answer::ok(&json!({"message_id": "new format", "message": [null]}));
        Self::new(true, Reaction::Answer(answer))
    }

    /// The call is not carried out; the answer sends the caller elsewhere.
    #[must_use]
    pub fn redirect(location: &str) -> Self {
        Self::new(false, Reaction::Answer(Answer::redirect(location)))
    }

    /// The call is carried out; the answer ends in its middle, and with it the connection.
    #[must_use]
    pub fn break_off() -> Self {
        Self::new(true, Reaction::BreakOff)
    }

    /// The call is not carried out; the connection closes without an answer.
    #[must_use]
    pub fn drop_before_accepting() -> Self {
        Self::new(false, Reaction::Drop)
    }

    /// The call is carried out; the connection closes without an answer.
    #[must_use]
    pub fn drop_after_accepting() -> Self {
        Self::new(true, Reaction::Drop)
    }

    /// The call is not carried out; the connection stays open and no answer comes.
    #[must_use]
    pub fn vanish_before_accepting() -> Self {
        Self::new(false, Reaction::Vanish)
    }

    /// The call is carried out; the connection stays open and no answer comes.
    #[must_use]
    pub fn vanish_after_accepting() -> Self {
        Self::new(true, Reaction::Vanish)
    }

    /// The same fault, but the call is carried out all the same.
    #[must_use]
    pub fn after_accepting(self) -> Self {
        Self { after_accepting: true, ..self }
    }

    /// The same fault, this much later.
    #[must_use]
    pub fn delayed(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    pub(super) fn into_parts(self) -> (Duration, bool, Reaction) {
        (self.delay, self.after_accepting, self.reaction)
    }
}

/// Which calls a fault strikes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FaultScope {
    bot: Option<BotId>,
    chat: Option<ChatId>,
    method: Option<String>,
}

impl FaultScope {
    /// Every call of every bot, polls included.
    #[must_use]
    pub fn everything() -> Self {
        Self::default()
    }

    /// Every call of one method. The case does not matter.
    #[must_use]
    pub fn method(method: &str) -> Self {
        Self { method: Some(method.to_owned()), ..Self::default() }
    }

    /// Of these, the calls of one bot.
    #[must_use]
    pub fn of_bot(self, bot: BotId) -> Self {
        Self { bot: Some(bot), ..self }
    }

    /// Of these, the calls about one chat.
    #[must_use]
    pub fn in_chat(self, chat: ChatId) -> Self {
        Self { chat: Some(chat), ..self }
    }

    fn covers(&self, call: &Call) -> bool {
        self.bot.is_none_or(|bot| bot == call.bot.id)
            && (self.chat.is_none() || self.chat == call.parameters.chat_id())
            && self.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(&call.method))
    }
}

/// How often a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// The next so many calls in its scope.
    Times(u32),
    /// Every call in its scope until it is cleared.
    UntilCleared,
}

/// One injected fault, to clear it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FaultId(u64);

/// The faults that wait for calls to strike.
#[derive(Debug, Default)]
pub(super) struct Faults(Mutex<Rules>);

#[derive(Debug, Default)]
struct Rules {
    last_id: u64,
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    id: FaultId,
    scope: FaultScope,
    fault: Fault,
    repeat: Repeat,
}

impl Faults {
    pub(super) fn inject(&self, scope: FaultScope, fault: Fault, repeat: Repeat) -> FaultId {
        let mut rules = self.lock();
        rules.last_id += 1;
        let id = FaultId(rules.last_id);
        rules.rules.push(Rule { id, scope, fault, repeat });
        id
    }

    pub(super) fn clear(&self, id: FaultId) {
        self.lock().rules.retain(|rule| rule.id != id);
    }

    pub(super) fn clear_all(&self) {
        self.lock().rules.clear();
    }

    /// The fault that strikes the call: the oldest one that covers it.
    pub(super) fn strike(&self, call: &Call) -> Option<Fault> {
        let mut rules = self.lock();
        rules.rules.retain(|rule| rule.repeat != Repeat::Times(0));
        let rule = rules.rules.iter_mut().find(|rule| rule.scope.covers(call))?;
        if let Repeat::Times(left) = &mut rule.repeat {
            *left -= 1;
        }
        Some(rule.fault.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Rules> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
