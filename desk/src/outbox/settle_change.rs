//! Writing down what came of a change of a message: an edit, a deletion, a pin.

use domain::message::{Change, ChangeKind, ChangeState, Wording};
use domain::{EventKind, Message, MessageId, Time};
use serde_json::Value;
use store::Tx;
use store::outbox::{OpenCall, OutboxState, QueuedCall};

use super::Outcome;
use crate::message::{cause_of_change, message_event};
use crate::{Desk, Error};

const MIGRATED: &str = "the group has become a supergroup: what was written before cannot be changed any more";
const REPLACED: &str = "a newer change of the message took its place";

impl Desk {
    /// Writes what came of a change. Only the newest change of its kind says how the message stands.
    pub(super) async fn settle_change(
        &self,
        tx: &mut Tx,
        call: &QueuedCall,
        kind: ChangeKind,
        message_id: MessageId,
        outcome: &Outcome,
    ) -> Result<(), Error> {
        let newer = newer_call(tx, call, kind, message_id).await?;
        let error = match outcome {
            Outcome::Again { .. } if newer.is_some() => Some(REPLACED),
            Outcome::Again { at, counts, reason } => {
                return Ok(tx.requeue_call(call.id, *at, *counts, reason).await?);
            }
            Outcome::Sent { .. } | Outcome::MediaSent { .. } => None,
            Outcome::Migrated { .. } => Some(MIGRATED),
            Outcome::Failed { reason, .. } | Outcome::Unknown { reason } => Some(reason.as_str()),
        };
        let state = if error.is_none() { OutboxState::Sent } else { OutboxState::Failed };
        tx.settle_call(call.id, state, error, self.now()).await?;
        let Some(mut message) = tx.message(message_id).await? else { return Ok(()) };
        let project = tx.project(message.project_id).await?.ok_or(Error::NotFound("project"))?;
        let now = project.time(self.now());
        match error {
            None => show(tx, kind, &message, now).await?,
            Some(_) if newer.is_none() => take_back(tx, kind, &message).await?,
            Some(_) => {}
        }
        let entry = message.changes.iter_mut().find(|change| change.kind.is_of_kind(kind));
        if let Some(entry) = entry {
            match (newer.is_some(), error) {
                (false, error) => settle_entry(entry, error),
                // The chat shows what this one wrote, until the newer one is made.
                (true, None) => entry.shown = wording_of(call, entry.at).filter(|_| kind == ChangeKind::Edit),
                (true, Some(_)) => {}
            }
        }
        tx.set_changes(message_id, &message.changes).await?;
        let event = message_event(&message, EventKind::MessageUpdated, cause_of_change(kind), now);
        tx.append_events(&[event], self.now()).await?;
        if let Outcome::Failed { unreachable: true, .. } = outcome {
            self.note_unreachable(tx, call.project_id, message.customer_id).await?;
        }
        Ok(())
    }
}

/// The open call by which the same thing was asked for later.
async fn newer_call(
    tx: &mut Tx,
    call: &QueuedCall,
    kind: ChangeKind,
    message_id: MessageId,
) -> Result<Option<OpenCall>, Error> {
    let open = tx.lock_open_calls(&[message_id.0]).await?;
    Ok(open.into_iter().find(|other| {
        other.id > call.id && ChangeKind::of_method(&other.method).is_some_and(|other| other.is_of_kind(kind))
    }))
}

/// Notes what the chat shows now. What an edit wrote is in the message since it was asked for.
async fn show(tx: &mut Tx, kind: ChangeKind, message: &Message, now: Time) -> Result<(), Error> {
    match kind {
        ChangeKind::Edit => {}
        ChangeKind::Delete => tx.set_deleted(message.id, now).await?,
        ChangeKind::Pin => tx.set_pinned(message.id, Some(now)).await?,
        ChangeKind::Unpin => tx.set_pinned(message.id, None).await?,
    }
    Ok(())
}

/// Goes back to what the chat shows.
async fn take_back(tx: &mut Tx, kind: ChangeKind, message: &Message) -> Result<(), Error> {
    let entry = message.changes.iter().find(|change| change.kind == kind);
    if let Some(shown) = entry.and_then(|entry| entry.shown.as_ref()) {
        tx.set_wording(message.id, shown).await?;
    }
    Ok(())
}

fn settle_entry(entry: &mut Change, error: Option<&str>) {
    entry.state = if error.is_none() { ChangeState::Done } else { ChangeState::Failed };
    entry.error = error.map(str::to_owned);
    entry.shown = None;
}

/// The text that an edit wrote.
fn wording_of(call: &QueuedCall, edited_at: Time) -> Option<Wording> {
    let payload: Value = serde_json::from_str(&call.payload).ok()?;
    let text = payload.get("text").or_else(|| payload.get("caption"));
    let entities = payload.get("entities").or_else(|| payload.get("caption_entities"));
    Some(Wording {
        text: text.and_then(Value::as_str).unwrap_or_default().to_owned(),
        entities: entities.map(Value::to_string),
        edited_at: Some(edited_at),
    })
}
