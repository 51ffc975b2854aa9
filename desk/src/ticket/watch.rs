//! Watching a ticket.

use domain::audit::ObjectKind;
use domain::event::Cause;
use domain::ticket::{MOST_WATCHERS, Watcher};
use domain::{AgentId, ApiScope, EventKind, Ticket, TicketId};
use serde_json::json;

use super::TicketRefusal;
use super::change::{TicketChange, ticket_event, watchers_of};
use super::update::check_assignee;
use crate::audit::Audited;
use crate::retry::retried;
use crate::{Actor, Desk, Error, Rejected};

/// Why nobody watches a ticket, or still does.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TicketWatchRefusal {
    /// As for every change of a ticket.
    #[error(transparent)]
    Ticket(#[from] TicketRefusal),
    /// The agent is unknown, not active, or has no role in the project.
    #[error("there is no such agent in this project: choose one of its active agents")]
    NoSuchAgent,
    /// There are [`MOST_WATCHERS`].
    #[error("a ticket has at most {MOST_WATCHERS} who watch it")]
    TooMany,
}

impl<E: Into<TicketWatchRefusal>> From<E> for Rejected<TicketWatchRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Has an agent watch a ticket. Those who work on it do so for others, who see it from then on and are told of it,
    /// whoever has its session. Everybody who sees it does so for themselves, and for as long as they see it anyway.
    pub async fn ticket_watch(
        &self,
        actor: &Actor,
        id: TicketId,
        agent: AgentId,
    ) -> Result<Ticket, Rejected<TicketWatchRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_ticket_watch(actor, id, agent)).await
    }

    async fn try_ticket_watch(
        &self,
        actor: &Actor,
        id: TicketId,
        agent: AgentId,
    ) -> Result<Ticket, Rejected<TicketWatchRefusal>> {
        let mut change = self.change_watchers(actor, id, agent).await.map_err(Rejected::widened)?;
        if check_assignee(&mut change.tx, &change.project, agent).await?.is_err() {
            return Err(TicketWatchRefusal::NoSuchAgent.into());
        }
        let watchers = watchers_of(&mut change.tx, id).await?;
        let watcher = Watcher { ticket_id: id, agent_id: agent, is_given: agent != actor.agent.id };
        let known = watchers.iter().find(|known| known.agent_id == agent);
        if known.is_some_and(|known| known.is_given || !watcher.is_given) {
            return Ok(change.ticket);
        }
        if known.is_none() && watchers.len() >= MOST_WATCHERS {
            return Err(TicketWatchRefusal::TooMany.into());
        }
        change.tx.watch_ticket(watcher, change.now).await?;
        Ok(self.finish_watchers(change, &watchers, agent, "ticketWatch").await?)
    }

    /// Has an agent watch a ticket no longer.
    pub async fn ticket_unwatch(
        &self,
        actor: &Actor,
        id: TicketId,
        agent: AgentId,
    ) -> Result<Ticket, Rejected<TicketWatchRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_ticket_unwatch(actor, id, agent)).await
    }

    async fn try_ticket_unwatch(
        &self,
        actor: &Actor,
        id: TicketId,
        agent: AgentId,
    ) -> Result<Ticket, Rejected<TicketWatchRefusal>> {
        let mut change = self.change_watchers(actor, id, agent).await.map_err(Rejected::widened)?;
        let watchers = watchers_of(&mut change.tx, id).await?;
        if !change.tx.unwatch_ticket(id, agent).await? {
            return Ok(change.ticket);
        }
        Ok(self.finish_watchers(change, &watchers, agent, "ticketUnwatch").await?)
    }

    async fn change_watchers(
        &self,
        actor: &Actor,
        id: TicketId,
        agent: AgentId,
    ) -> Result<TicketChange, Rejected<TicketRefusal>> {
        if agent == actor.agent.id {
            self.change_ticket(self.store.begin().await?, actor, id, None).await
        } else {
            self.change_own_ticket(self.store.begin().await?, actor, id, None).await
        }
    }

    /// Tells of those who watch a ticket now, notes who changed that, and commits. The ticket itself is as it was.
    async fn finish_watchers(
        &self,
        mut change: TicketChange,
        before: &[Watcher],
        agent: AgentId,
        action: &'static str,
    ) -> Result<Ticket, Error> {
        let object = (ObjectKind::Ticket, change.ticket.id.0);
        let audited = Audited::in_project(&change.agent, &change.project, action, object, change.wall);
        audited.with(&json!({ "agent": agent })).write(&mut change.tx).await?;
        let before = change.ticket.audience(before);
        let mut event = ticket_event(&change.ticket, EventKind::TicketUpdated, Cause::Ticket, Some(before));
        event.at = change.now;
        change.tx.append_events(&[event], change.wall).await?;
        self.commit(change.tx).await?;
        Ok(change.ticket)
    }
}
