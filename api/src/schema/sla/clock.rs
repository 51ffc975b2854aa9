//! The type `SlaClock`.

#![warn(clippy::large_futures)]

use std::sync::Arc;

use async_graphql::{Context, Enum, Object};
use domain::sla::Clock;

use super::change::SlaClockChange;
use super::segment::SlaSegment;
use crate::schema::connection::Connection;
use crate::schema::cursor::{List, Place};
use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::page::PageArguments;
use crate::schema::scalar::DateTime;
use crate::schema::session::Session;
use crate::schema::ticket::{Ticket, TicketType};
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
    /// What was promised was done late, or given up when it was late.
    Breached,
    /// What was promised was done in time.
    Achieved,
    /// What was promised was given up when there was time left. It counts in no rate.
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

    /// Where it stands now or, in an event, by that event.
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

    /// When those concerned are warned, or were, on the project's clock. Null if the time stands still, if it has run out,
    /// once it ended, and by a policy that warns nobody.
    fn warn_at(&self) -> Option<DateTime> {
        self.row.warn_at.map(DateTime::from)
    }

    /// How many seconds of working time are left now, or were left when it ended: 0 once the time has run out. Null if you
    /// may not see it any more.
    async fn remaining_seconds(&self) -> Result<Option<i64>> {
        let standing = self.view.loaders().sla_standings().load(self.row.id).await?;
        Ok(standing.map(|standing| standing.remaining.num_seconds()))
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
    /// does not, 500 at most.
    async fn explain(&self) -> Result<Vec<SlaSegment>> {
        let explanation = self.view.loaders().sla_explanations().load(self.row.id).await?;
        let segments = explanation.iter().flat_map(|explanation| &explanation.segments);
        Ok(segments.copied().map(SlaSegment).collect())
    }

    /// Whether there are more stretches than `explain` gives, which begins at the start.
    async fn explain_truncated(&self) -> Result<bool> {
        let explanation = self.view.loaders().sla_explanations().load(self.row.id).await?;
        Ok(explanation.is_some_and(|explanation| explanation.is_cut_off))
    }

    /// What happened to it, oldest first, beginning with the promise.
    async fn history(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<SlaClockChange>> {
        let list = List::history_of_clock(self.row.id);
        let page = PageArguments { first, after, last, before }.of(context, list, |place| place.id)?;
        let page = Box::pin(self.view.desk().sla_clock_history(self.view.actor(), self.row.id, page)).await?;
        Ok(Connection::new(list, page, |id| Place { micros: 0, id }, SlaClockChange))
    }

    /// The ticket that it is about. Null if it is about its session itself, or if you may not see the ticket.
    async fn ticket(&self) -> Result<Option<Ticket>> {
        let Some(id) = self.row.ticket_id else { return Ok(None) };
        let ticket = self.view.loaders().tickets().load(id).await?;
        Ok(ticket.map(|ticket| Ticket::new(ticket, &self.view)))
    }

    /// The session that it is about, or in which its ticket was raised. Null if you may not see it.
    async fn session(&self) -> Result<Option<Session>> {
        let session = self.view.loaders().sessions().load(self.row.session_id).await?;
        Ok(session.map(|session| Session::new(session, &self.view)))
    }
}
