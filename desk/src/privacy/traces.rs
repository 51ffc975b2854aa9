//! What is left of a customer outside their own conversations: in groups, in what others answered, in notices.
//!
//! No column names whom a text mentions, so that whole tables are walked through. That is done before the transaction
//! begins, and within it once more for what has come since.

use std::collections::BTreeSet;

use domain::{ChatId, Customer, Message, MessageId, Project, ProjectId, SessionId, Time};
use store::inbox::UpdateState;
use store::traces::Marks;
use store::{Queries, Tx};

use super::redaction::{Left, Subject};

/// The messages of others that were changed.
#[derive(Debug, Default)]
pub(super) struct Changed {
    /// All of them, in order.
    pub(super) all: Vec<MessageId>,
    /// Those of which nothing is left.
    pub(super) emptied: Vec<i64>,
}

/// How far back from the newest row it is looked again: who began to write earlier may have ended later.
const OVERLAP: i64 = 10_000;
/// How many rows are read at once.
const ROWS: usize = 500;

/// What is looked for.
pub(super) struct Search {
    project: ProjectId,
    pub(super) subject: Subject,
    /// What notices to the staff say of the customer's sessions.
    notices: Vec<String>,
}

/// The rows in which it may be.
#[derive(Debug, Default)]
pub(super) struct Traces {
    updates: BTreeSet<i64>,
    messages: BTreeSet<i64>,
    notices: BTreeSet<i64>,
    /// How far it was looked.
    marks: Marks,
}

impl Search {
    /// What there is to look for of a customer.
    pub(super) async fn of(on: &mut Queries, customer: &Customer) -> Result<Self, store::Error> {
        let project = customer.project_id;
        let number = customer.telegram_user_id.0;
        let former = on.former_chats(project, ChatId(number)).await?;
        let sessions: Vec<i64> = on.customer_session_ids(customer.id).await?.iter().map(|id| id.0).collect();
        let messages: Vec<i64> = on.message_ids_of(&sessions).await?.iter().map(|id| id.0).collect();
        let polls = on.polls_in(&messages).await?;
        let notices =
            on.sessions(&sessions).await?.iter().map(|session| format!("#{} with ", session.number)).collect();
        let numbers = former.into_iter().map(|chat| chat.0).chain([number]).collect();
        Ok(Self { project, subject: Subject { numbers, polls: polls.into_iter().collect() }, notices })
    }

    /// Looks through everything.
    pub(super) async fn everywhere(&self, on: &mut Queries) -> Result<Traces, store::Error> {
        let mut traces = Traces { marks: on.trace_marks().await?, ..Traces::default() };
        self.look(on, &mut traces, Marks::default()).await?;
        Ok(traces)
    }

    /// Looks through what has come since.
    pub(super) async fn since(&self, on: &mut Queries, traces: &mut Traces) -> Result<(), store::Error> {
        let Marks { update, message, call } = traces.marks;
        let from = Marks { update: update - OVERLAP, message: message - OVERLAP, call: call - OVERLAP };
        self.look(on, traces, from).await
    }

    async fn look(&self, on: &mut Queries, traces: &mut Traces, from: Marks) -> Result<(), store::Error> {
        let numbers: Vec<String> = self.subject.numbers.iter().map(ToString::to_string).collect();
        let limit = i64::try_from(ROWS).unwrap_or(i64::MAX);
        for word in numbers.iter().chain(&self.subject.polls) {
            let mut after = from.update;
            while let Some(last) = extend(&mut traces.updates, on.updates_with(self.project, word, after, limit).await?)
            {
                after = last;
            }
        }
        for word in &numbers {
            let mut after = from.message;
            let messages = &mut traces.messages;
            while let Some(last) = extend(messages, on.messages_with(self.project, word, after, limit).await?) {
                after = last;
            }
        }
        for words in &self.notices {
            let mut after = from.call;
            let notices = &mut traces.notices;
            while let Some(last) = extend(notices, on.notices_with(self.project, words, after, limit).await?) {
                after = last;
            }
        }
        Ok(())
    }

    /// Takes the customer out of the updates of others.
    pub(super) async fn erase_updates(&self, tx: &mut Tx, traces: &Traces) -> Result<(), store::Error> {
        let ids: Vec<i64> = traces.updates.iter().copied().collect();
        let mut own = Vec::new();
        for ids in ids.chunks(ROWS) {
            for update in tx.updates(ids).await?.into_iter().filter(|update| !update.raw.is_empty()) {
                match self.subject.left_of_update(&update.raw) {
                    Left::Some(raw) => tx.redact_update(update.id, &raw).await?,
                    Left::Nothing => own.push(update.id.0),
                    // What waits is a message of somebody's, which must not be lost.
                    Left::Unreadable if update.state != UpdateState::Pending => own.push(update.id.0),
                    Left::Unreadable | Left::Everything => {}
                }
            }
        }
        if own.is_empty() { Ok(()) } else { tx.empty_updates(&own).await }
    }

    /// Takes the customer out of the notices to the staff, and withdraws those that wait.
    pub(super) async fn erase_notices(&self, tx: &mut Tx, traces: &Traces, wall: Time) -> Result<(), store::Error> {
        let ids: Vec<i64> = traces.notices.iter().copied().collect();
        if ids.is_empty() { Ok(()) } else { tx.empty_calls(&ids, wall).await }
    }

    /// Takes the customer out of what waits for the bot of a sandbox and is no customer's own.
    pub(super) async fn erase_sandbox_updates(&self, tx: &mut Tx, project: &Project) -> Result<(), store::Error> {
        for number in &self.subject.numbers {
            let found = tx.sandbox_updates_with(project.id, &number.to_string()).await?;
            let ids: Vec<i64> = found.into_iter().map(|(id, _)| id).collect();
            if !ids.is_empty() {
                tx.drop_sandbox_updates(&ids).await?;
            }
        }
        Ok(())
    }

    /// Takes the customer out of the messages in the conversations of others, whose sessions it locks. `own` are the
    /// customer's sessions, in order. Answers which messages it changed.
    pub(super) async fn erase_messages(
        &self,
        tx: &mut Tx,
        traces: &Traces,
        own: &[i64],
    ) -> Result<Changed, store::Error> {
        let ids: Vec<i64> = traces.messages.iter().copied().collect();
        let is_others = |message: &Message| own.binary_search(&message.session_id.0).is_err();
        let mut sessions = BTreeSet::new();
        for ids in ids.chunks(ROWS) {
            let found = tx.messages(ids).await?;
            let touched = found.iter().filter(|one| is_others(one) && self.subject.left_of_message(one).is_some());
            sessions.extend(touched.map(|message| message.session_id.0));
        }
        for session in sessions.iter().rev() {
            tx.lock_session(SessionId(*session)).await?;
        }
        let mut changed = Changed::default();
        for ids in ids.chunks(ROWS) {
            for message in tx.messages(ids).await?.iter().filter(|message| sessions.contains(&message.session_id.0)) {
                let Some(left) = self.subject.left_of_message(message) else { continue };
                tx.rewrite_message(&left).await?;
                changed.all.push(message.id);
                if left.kind != message.kind {
                    changed.emptied.push(message.id.0);
                }
            }
        }
        let sessions: Vec<i64> = sessions.into_iter().collect();
        for mut answer in tx.quotations(&sessions, &changed.emptied).await? {
            answer.content.quote = None;
            tx.rewrite_message(&answer).await?;
            changed.all.push(answer.id);
        }
        changed.all.sort_unstable();
        changed.all.dedup();
        Ok(changed)
    }
}

/// Adds a page of rows. Answers the last of them if more may follow.
fn extend(rows: &mut BTreeSet<i64>, page: Vec<i64>) -> Option<i64> {
    let last = page.last().copied().filter(|_| page.len() == ROWS);
    rows.extend(page);
    last
}
