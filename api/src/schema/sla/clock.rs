//! The type `SlaClock`.

use std::sync::Arc;

use async_graphql::{Enum, Object};
use domain::sla::Clock;

use super::segment::SlaSegment;
use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::scalar::DateTime;
use crate::schema::session::Session;
use crate::schema::ticket::TicketType;
use crate::view::View;

/// What is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::sla::Metric")]
pub(crate) enum SlaMetric {
    /// The first answer of an agent.
    FirstResponse,
    /// The answer to the first of the messages that nobody has answered since the last one.
    NextResponse,
    /// That the matter is resolved.
    Resolution,
}

/// Where a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::sla::State")]
pub(crate) enum SlaState {
    /// There is time.
    Pending,
    /// The time is about to run out.
    ImminentBreach,
    /// The customer is waited for, and the time stands still.
    Paused,
    /// The time has run out, and what was promised is still to be done.
    Breaching,
    /// What was promised was done late.
    Breached,
    /// What was promised was done in time.
    Achieved,
    /// What was promised is no longer to be done. It counts in no rate.
    Cancelled,
}

pub(crate) struct SlaClock {
    row: Arc<Clock>,
    view: View,
}

impl SlaClock {
    pub(crate) fn new(row: Arc<Clock>, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// The clock of one promise about a session or a ticket. Automatic texts never stop it.
#[Object]
impl SlaClock {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// What is promised.
    fn metric(&self) -> SlaMetric {
        self.row.metric.into()
    }

    /// By which type of matter. A ticket takes the stricter of the times of its type and of its priority.
    #[graphql(name = "type")]
    async fn kind(&self) -> TicketType {
        self.row.kind.into()
    }

    /// Where it stands, as the desk saw it last: within a second of the moment at which it changes.
    fn state(&self) -> SlaState {
        self.row.state.into()
    }

    /// When it was promised, on the project's clock.
    fn started_at(&self) -> DateTime {
        self.row.started_at.into()
    }

    /// The last moment that is in time, on the project's clock; of a clock that is late, the one that was missed. Null
    /// while the time stands still.
    fn due_at(&self) -> Option<DateTime> {
        self.row.due_at.map(DateTime::from)
    }

    /// Since when the time stands still, on the project's clock. Null if it does not.
    fn paused_at(&self) -> Option<DateTime> {
        self.row.paused_at.map(DateTime::from)
    }

    /// When it ended, on the project's clock: what was promised was done, or is no longer to be done. Null while it
    /// runs.
    fn ended_at(&self) -> Option<DateTime> {
        self.row.ended_at.map(DateTime::from)
    }

    /// How many seconds of working time were promised when it started.
    fn target_seconds(&self) -> i64 {
        self.row.terms.target.num_seconds()
    }

    /// The version of the project's policy by which it is promised.
    fn policy_version(&self) -> i64 {
        self.row.policy_version
    }

    /// The stretches of its time, without a gap from its start until now or until it ended, each with why it counts or
    /// does not.
    async fn explain(&self) -> Result<Vec<SlaSegment>> {
        let segments = self.view.loaders().sla_explanations().load(self.row.id).await?;
        Ok(segments.iter().flat_map(|segments| segments.iter()).copied().map(SlaSegment).collect())
    }

    /// The session that it is about, or in which its ticket was raised. Null if you may not see it.
    async fn session(&self) -> Result<Option<Session>> {
        let session = self.view.loaders().sessions().load(self.row.session_id).await?;
        Ok(session.map(|session| Session::new(session, &self.view)))
    }
}
