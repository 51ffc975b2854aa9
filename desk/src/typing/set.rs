//! Saying that one is writing.

use chrono::Duration;
use domain::{ApiScope, Session, SessionId, Time};
use serde_json::{Map, json};
use store::Tx;
use store::outbox::{Lane, NewCall};

use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

/// How long somebody counts as writing who does not say so again.
const LASTS: Duration = Duration::seconds(6);
/// How often the customer is told. Telegram shows it for five seconds.
const RELAY_EVERY: Duration = Duration::seconds(4);
/// The method of the Bot API that shows it to the customer.
const METHOD: &str = "sendChatAction";

/// Why nobody was told that the actor is writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TypingRefusal {
    /// There is no such session, or the actor may not know of it.
    #[error("there is no such session, or it has ended for you")]
    NotFound,
    /// The session is over.
    #[error("the session is closed: open it again before you write")]
    Closed,
}

impl Desk {
    /// Shows to colleagues that the actor is writing in a session, and to the customer, too, if it is the actor who
    /// answers them; or that the actor is writing no more. It is over by itself after six seconds.
    pub async fn typing_set(
        &self,
        actor: &Actor,
        id: SessionId,
        is_typing: bool,
    ) -> Result<(), Rejected<TypingRefusal>> {
        actor.needs(ApiScope::MessagesSend)?;
        retried(|| self.try_typing_set(actor, id, is_typing)).await
    }

    async fn try_typing_set(
        &self,
        actor: &Actor,
        id: SessionId,
        is_typing: bool,
    ) -> Result<(), Rejected<TypingRefusal>> {
        let change = self.change_any_session(actor, id).await?.ok_or(Rejected::Refused(TypingRefusal::NotFound))?;
        let (mut tx, session, wall) = (change.tx, change.session, change.wall);
        if !session.is_open() {
            return Err(Rejected::Refused(TypingRefusal::Closed));
        }
        let me = actor.agent.id;
        let mut is_relayed = false;
        if !is_typing {
            tx.end_typing(id, me, wall).await?;
        } else if tx.note_typing(id, me, wall + LASTS, wall, wall - RELAY_EVERY).await?
            && session.assignee_id.is_none_or(|assignee| assignee == me)
        {
            relay(&mut tx, &session, wall).await?;
            is_relayed = true;
        }
        if is_relayed {
            self.commit(tx).await?
        } else {
            tx.commit_silently().await?
        }
        self.board.want_look();
        Ok(())
    }
}

/// Has the customer see that somebody is writing. While a bot is out of reach no more than one such call waits: when it
/// is there again, what was long ago is of no interest.
async fn relay(tx: &mut Tx, session: &Session, wall: Time) -> Result<(), store::Error> {
    if tx.is_call_waiting(session.project_id, session.chat_id, METHOD).await? {
        return Ok(());
    }
    let mut payload = Map::new();
    payload.insert("chat_id".to_owned(), json!(session.chat_id.0));
    payload.insert("action".to_owned(), json!("typing"));
    if let Some(topic) = session.thread.message_thread_id {
        payload.insert("message_thread_id".to_owned(), json!(topic));
    }
    if let Some(connection) = &session.thread.business_connection_id {
        payload.insert("business_connection_id".to_owned(), json!(connection));
    }
    let call = NewCall {
        project_id: session.project_id,
        chat_id: session.chat_id,
        lane: Lane::Answer,
        message_id: None,
        method: METHOD.to_owned(),
        payload: serde_json::Value::Object(payload).to_string(),
        attachments: Vec::new(),
        cost: 1,
    };
    tx.insert_call(&call, wall).await
}
