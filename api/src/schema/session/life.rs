//! What a session waits for, and what became of it.

use async_graphql::{Enum, Object};

use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::scalar::DateTime;
use crate::view::View;

/// Whom or what a session waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::session::Awaited")]
pub(crate) enum SessionAwaited {
    /// The customer is to answer.
    Customer,
    /// Somebody else is to do something first.
    ThirdParty,
    /// The agent has promised to come back at a time.
    PromisedTime,
}

pub(crate) struct SessionFollowUp(pub(super) domain::session::FollowUp);

/// What a session waits for.
#[Object]
impl SessionFollowUp {
    /// Whom or what.
    fn awaited(&self) -> SessionAwaited {
        self.0.awaited.into()
    }

    /// Until when, on the project's clock. When it has passed the session is unread again. Null for no time.
    fn until(&self) -> Option<DateTime> {
        self.0.until.map(DateTime::from)
    }

    /// What exactly. Empty if nobody said.
    fn note(&self) -> &str {
        &self.0.note
    }
}

pub(crate) struct SessionResolution {
    pub(super) row: domain::session::Resolution,
    pub(super) view: View,
}

/// What became of a session.
#[Object]
impl SessionResolution {
    /// When it was resolved, on the project's clock.
    fn at(&self) -> DateTime {
        self.row.at.into()
    }

    /// Who resolved it. Null for the desk itself.
    async fn by(&self) -> Result<Option<Agent>> {
        let Some(id) = self.row.by else { return Ok(None) };
        Ok(self.view.loaders().agents().load(id).await?.map(|agent| Agent::new(agent, &self.view)))
    }

    /// What was done. Empty if nobody said.
    fn summary(&self) -> &str {
        &self.row.summary
    }
}
