//! The type `Ticket`.

#![warn(clippy::large_futures)]

use std::sync::Arc;

use async_graphql::{Context, Enum, Object};
use futures_util::future::try_join_all;

use super::Escalation;
use super::entry::TicketEntry;
use crate::schema::agent::Agent;
use crate::schema::connection::Connection;
use crate::schema::cursor::{List, Place};
use crate::schema::customer::Customer;
use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::message::Message;
use crate::schema::page::PageArguments;
use crate::schema::project::Project;
use crate::schema::scalar::DateTime;
use crate::schema::session::{Session, SessionPriority};
use crate::schema::sla::SlaClock;
use crate::schema::team::Team;
use crate::view::View;

/// What kind of work a ticket is, by which its targets are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::TicketKind")]
pub(crate) enum TicketType {
    /// What an agent has noted to be done.
    Standard,
    /// What went to another line.
    Escalated,
    /// What a customer complains about.
    Complaint,
}

/// Where a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::TicketStatus")]
pub(crate) enum TicketStatus {
    /// Nobody has begun.
    Open,
    /// Somebody is on it.
    InProgress,
    /// It waits for the customer, and goes on when they write.
    Waiting,
    /// It waits for a third party.
    OnHold,
    /// It is done.
    Resolved,
}

pub(crate) struct Ticket {
    row: Arc<domain::Ticket>,
    view: View,
}

impl Ticket {
    pub(crate) fn new(row: Arc<domain::Ticket>, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// A traceable piece of work that came of a session. Who sees its session sees it, and so do its agent, its team and those whom
/// others have watch it.
#[Object]
impl Ticket {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// The number that people say aloud, counted from 1 within the project. Customers read it as `#12`.
    fn number(&self) -> i64 {
        self.row.number
    }

    /// What kind of work it is.
    #[graphql(name = "type")]
    fn kind(&self) -> TicketType {
        self.row.kind.into()
    }

    /// The line of support that works on it, from 1 to 3.
    fn line(&self) -> i32 {
        self.row.line
    }

    /// How pressing it is.
    fn priority(&self) -> SessionPriority {
        self.row.priority.into()
    }

    /// Where it stands.
    fn status(&self) -> TicketStatus {
        self.row.status.into()
    }

    /// The team that owns it. Null if none does.
    async fn team(&self) -> Result<Option<Team>> {
        let Some(id) = self.row.team_id else { return Ok(None) };
        Ok(self.view.loaders().teams().load(id).await?.map(|team| Team::new(team, &self.view)))
    }

    /// The agent who works on it. Null if nobody does.
    async fn assignee(&self) -> Result<Option<Agent>> {
        let Some(id) = self.row.assignee_id else { return Ok(None) };
        Ok(self.view.loaders().agents().load(id).await?.map(|agent| Agent::new(agent, &self.view)))
    }

    /// The agents who watch it, 50 at most. Who does so by themselves is told of it for as long as they see it anyway.
    async fn watchers(&self) -> Result<Vec<Agent>> {
        let watchers = self.view.loaders().ticket_watchers().load(self.row.id).await?;
        let agents = self.view.loaders().agents();
        let ids = watchers.iter().flat_map(|watchers| watchers.iter());
        let found = try_join_all(ids.map(|id| agents.load(*id))).await?;
        Ok(found.into_iter().flatten().map(|agent| Agent::new(agent, &self.view)).collect())
    }

    /// What is to be done. Empty once the customer was erased.
    fn description(&self) -> &str {
        &self.row.description
    }

    /// The session that it came of, as you see it. Null if you do not see it.
    async fn session(&self) -> Result<Option<Session>> {
        let session = self.view.loaders().sessions().load(self.row.session_id).await?;
        Ok(session.map(|session| Session::new(session, &self.view)))
    }

    /// The customer. Null if you see none of their sessions.
    async fn customer(&self) -> Result<Option<Customer>> {
        let customer = self.view.loaders().customers().load(self.row.customer_id).await?;
        Ok(customer.map(|customer| Customer::new(customer, &self.view)))
    }

    /// The messages that were linked to it, oldest first, 100 at most; those of them that you see.
    async fn messages(&self) -> Result<Vec<Message>> {
        let linked = self.view.loaders().ticket_messages().load(self.row.id).await?;
        let messages = self.view.loaders().messages();
        let ids = linked.iter().flat_map(|linked| linked.iter());
        let found = try_join_all(ids.map(|id| messages.load(*id))).await?;
        Ok(found.into_iter().flatten().map(|message| Message::new(message, &self.view)).collect())
    }

    /// What has become of it, step by step, oldest first. Nothing if you see it no longer.
    async fn history(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<TicketEntry>> {
        let (ticket, view) = (self.row.id, &self.view);
        let list = List::history_of_ticket(ticket);
        let page = PageArguments { first, after, last, before }.of(context, list, |place| place.id)?;
        let page = Box::pin(view.desk().ticket_entries(view.actor(), ticket, page)).await?;
        Ok(Connection::new(list, page, |id| Place { micros: 0, id }, |entry| TicketEntry::new(entry, view)))
    }

    /// The clocks of what the customer is promised about it: of each promise the newest one, oldest first.
    async fn sla(&self) -> Result<Vec<SlaClock>> {
        let clocks = self.view.loaders().sla_clocks_of_tickets().load(self.row.id).await?;
        let clocks = clocks.iter().flat_map(|clocks| clocks.iter()).cloned();
        Ok(clocks.map(|clock| SlaClock::new(clock, &self.view)).collect())
    }

    /// Each time that it was escalated, oldest first. Nothing if you see it no longer.
    async fn escalations(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<Escalation>> {
        let (ticket, view) = (self.row.id, &self.view);
        let list = List::escalations_of_ticket(ticket);
        let page = PageArguments { first, after, last, before }.of(context, list, |place| place.id)?;
        let page = Box::pin(view.desk().escalations_of_ticket(view.actor(), ticket, page)).await?;
        let shown = |escalation| Escalation::new(Arc::new(escalation), view);
        Ok(Connection::new(list, page, |id| Place { micros: 0, id }, shown))
    }

    /// When it was opened, on the project's clock.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// When it last changed, on the project's clock.
    fn updated_at(&self) -> DateTime {
        self.row.updated_at.into()
    }

    /// When it was last escalated, on the project's clock. Null if it never was.
    fn escalated_at(&self) -> Option<DateTime> {
        self.row.escalated_at.map(DateTime::from)
    }

    /// When it was resolved, on the project's clock. Null until it is.
    fn resolved_at(&self) -> Option<DateTime> {
        self.row.resolved_at.map(DateTime::from)
    }

    /// What was done. Null until it is resolved, and empty once the customer was erased.
    fn resolution(&self) -> Option<&str> {
        self.row.resolution.as_deref()
    }

    /// Grows with each change of the ticket. Send it as `expectedVersion` to change only what you have seen.
    fn version(&self) -> i64 {
        self.row.version
    }

    /// The project.
    async fn project(&self) -> Result<Project> {
        Project::load(self.row.project_id, &self.view).await
    }
}
