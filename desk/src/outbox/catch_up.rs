//! What was asked of messages while their call was under way.

use domain::message::{ChangeKind, ChangeState};
use domain::{EventKind, MessageId, OutboxId};
use store::Tx;
use store::outbox::OutboxState;

use super::sent_together;
use crate::message::{cause_of_change, message_event, waiting};
use crate::{Desk, Error};

/// Why a change is not made that waited for its message to be sent.
const DONE_BEFORE: &str = "the call that sends the message was changed instead";

impl Desk {
    /// Brings a call up to date that has come back into the queue, since Telegram did not take it. The edits and
    /// deletions that waited for it are made in the call itself, so that no customer ever sees what nobody wants to be
    /// sent any more.
    pub(super) async fn catch_up(&self, tx: &mut Tx, call: OutboxId, message_id: MessageId) -> Result<(), Error> {
        let items = sent_together(tx, message_id).await?;
        let ids: Vec<i64> = items.iter().map(|item| item.id.0).collect();
        let open = tx.lock_open_calls(&ids).await?;
        let mut events = Vec::new();
        for other in open.iter().filter(|other| other.state == OutboxState::Queued) {
            let Some(kind @ (ChangeKind::Edit | ChangeKind::Delete)) = ChangeKind::of_method(&other.method) else {
                continue;
            };
            tx.settle_call(other.id, OutboxState::Failed, Some(DONE_BEFORE), self.now()).await?;
            let Some(mut message) = tx.message(other.message_id).await? else { continue };
            let project = tx.project(message.project_id).await?.ok_or(Error::NotFound("project"))?;
            let now = project.time(self.now());
            for change in message.changes.iter_mut().filter(|change| change.kind == kind) {
                change.state = ChangeState::Done;
                change.shown = None;
            }
            tx.set_changes(message.id, &message.changes).await?;
            if kind == ChangeKind::Delete {
                waiting::take_back(tx, message.id, now).await?;
            }
            events.push(message_event(&message, EventKind::MessageUpdated, cause_of_change(kind), now));
        }
        if events.is_empty() {
            return Ok(());
        }
        tx.append_events(&events, self.now()).await?;
        waiting::rewrite(tx, call, message_id, self.now()).await
    }
}
