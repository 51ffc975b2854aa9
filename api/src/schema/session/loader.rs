//! Sessions by their ids, and what the agent has seen of them.

use desk::Error;
use domain::{SessionId, Time};

use crate::loader::{Found, Relation, Source};

/// The sessions with given ids.
pub(crate) struct SessionById;

impl Relation for SessionById {
    type Key = SessionId;
    type Value = domain::Session;

    async fn load(source: &Source, keys: &[SessionId]) -> Result<Found<Self>, Error> {
        let sessions = source.desk.sessions_by_id(&source.actor, keys).await?;
        Ok(sessions.into_iter().map(|session| (session.id, session)).collect())
    }
}

/// How many inbound messages of sessions the agent has seen; nothing for a session that the agent
/// has never looked at.
pub(crate) struct SeenInSession;

impl Relation for SeenInSession {
    type Key = SessionId;
    type Value = i64;

    async fn load(source: &Source, keys: &[SessionId]) -> Result<Found<Self>, Error> {
        source.desk.seen_in(&source.actor, keys).await
    }
}

/// When sessions ended for the agent; nothing for those that go on for them.
pub(crate) struct EndOfSession;

impl Relation for EndOfSession {
    type Key = SessionId;
    type Value = Time;

    async fn load(source: &Source, keys: &[SessionId]) -> Result<Found<Self>, Error> {
        source.desk.left_at(&source.actor, keys).await
    }
}
