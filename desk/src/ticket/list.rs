//! Reading tickets and what hangs on them.

use std::collections::{BTreeMap, HashSet};

use domain::ticket::{TicketEntry, TicketFilter, TicketKey, TicketOrder};
use domain::{AgentId, ApiScope, Escalation, EscalationId, MessageId, ProjectId, Sight, Ticket, TicketId};

use crate::{Actor, Connection, Desk, Error, PageRequest};

impl Desk {
    /// Those of the tickets that the actor may see, in no order.
    pub async fn tickets_by_id(&self, actor: &Actor, ids: &[TicketId]) -> Result<Vec<Ticket>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        self.visible_tickets(actor, ids).await
    }

    /// The same for whoever is to change one of them, for which nobody has to be allowed to read.
    pub(super) async fn visible_tickets(&self, actor: &Actor, ids: &[TicketId]) -> Result<Vec<Ticket>, Error> {
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        // The connection goes back before rights are asked for, which may take another one.
        let found = self.store.read().await?.tickets(&ids).await?;
        let mut of_project: BTreeMap<ProjectId, Vec<i64>> = BTreeMap::new();
        for ticket in &found {
            of_project.entry(ticket.project_id).or_default().push(ticket.id.0);
        }
        let mut seen: HashSet<TicketId> = HashSet::new();
        for (project, ids) in of_project {
            match self.sight_in(actor, project).await? {
                None => {}
                Some(Sight::Everything) => seen.extend(ids.into_iter().map(TicketId)),
                Some(own) => seen.extend(self.store.read().await?.tickets_in_sight(&own, &ids).await?),
            }
        }
        Ok(found.into_iter().filter(|ticket| seen.contains(&ticket.id)).collect())
    }

    /// A page of those of a project's tickets that the actor sees.
    pub async fn tickets(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        filter: &TicketFilter,
        order: TicketOrder,
        request: PageRequest<TicketKey>,
    ) -> Result<Connection<Ticket, TicketKey>, Error> {
        let filter = self.ticket_filter_of(actor, project_id, filter).await?;
        let page = request.page()?;
        let mut reader = request.reader(&self.store).await?;
        let rows = reader.ticket_page(project_id, &filter, order, page).await?;
        let total = request.total(reader.ticket_count(project_id, &filter)).await?;
        reader.end().await?;
        Ok(Connection::new(page, rows, total, |ticket| TicketKey::of(ticket, order.field)))
    }

    async fn ticket_filter_of(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        filter: &TicketFilter,
    ) -> Result<TicketFilter, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let sight = self.sight_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        filter.check().map_err(|refusal| Error::InvalidArgument(refusal.to_string()))?;
        Ok(match sight {
            Sight::Everything => filter.clone(),
            own @ Sight::Own { .. } => TicketFilter::All(vec![TicketFilter::VisibleTo(own), filter.clone()]),
        })
    }

    /// A page of the history of a ticket, oldest first. Of one that the actor does not see there is none.
    pub async fn ticket_entries(
        &self,
        actor: &Actor,
        ticket: TicketId,
        request: PageRequest<i64>,
    ) -> Result<Connection<TicketEntry, i64>, Error> {
        let page = request.page()?;
        let mut reader = request.reader(&self.store).await?;
        let rows = reader.ticket_entry_page(ticket, page).await?;
        let total = request.total(reader.ticket_entry_count(ticket)).await?;
        // The connection goes back before rights are asked for, which may take another one.
        reader.end().await?;
        let (rows, total) = self.if_seen(actor, ticket, (rows, total)).await?;
        Ok(Connection::new(page, rows, total, |entry| entry.id))
    }

    /// What was read about a ticket with how much there is of it, unless the actor does not see the ticket by now.
    async fn if_seen<T>(
        &self,
        actor: &Actor,
        ticket: TicketId,
        (rows, total): (Vec<T>, Option<i64>),
    ) -> Result<(Vec<T>, Option<i64>), Error> {
        let is_seen = !self.tickets_by_id(actor, &[ticket]).await?.is_empty();
        Ok(if is_seen { (rows, total) } else { (Vec::new(), total.map(|_| 0)) })
    }

    /// Those who watch these tickets, of those that the actor sees, in ascending order.
    pub async fn watchers_of_tickets(
        &self,
        actor: &Actor,
        tickets: &[TicketId],
    ) -> Result<Vec<(TicketId, AgentId)>, Error> {
        let ids: Vec<i64> = tickets.iter().map(|id| id.0).collect();
        let found = self.store.read().await?.ticket_watchers(&ids).await?;
        let seen = self.seen_tickets(actor, tickets).await?;
        let found = found.into_iter().filter(|watcher| seen.contains(&watcher.ticket_id));
        Ok(found.map(|watcher| (watcher.ticket_id, watcher.agent_id)).collect())
    }

    /// The messages that people linked to these tickets, of those that the actor sees, in their order.
    pub async fn messages_of_tickets(
        &self,
        actor: &Actor,
        tickets: &[TicketId],
    ) -> Result<Vec<(TicketId, MessageId)>, Error> {
        let ids: Vec<i64> = tickets.iter().map(|id| id.0).collect();
        let mut found = self.store.read().await?.ticket_messages(&ids).await?;
        let seen = self.seen_tickets(actor, tickets).await?;
        found.retain(|(ticket, _)| seen.contains(ticket));
        Ok(found)
    }

    /// A page of the escalations of a ticket, oldest first. Of one that the actor does not see there is none.
    pub async fn escalations_of_ticket(
        &self,
        actor: &Actor,
        ticket: TicketId,
        request: PageRequest<i64>,
    ) -> Result<Connection<Escalation, i64>, Error> {
        let page = request.page()?;
        let mut reader = request.reader(&self.store).await?;
        let rows = reader.escalation_page(ticket, page).await?;
        let total = request.total(reader.escalation_count(ticket)).await?;
        reader.end().await?;
        let (rows, total) = self.if_seen(actor, ticket, (rows, total)).await?;
        Ok(Connection::new(page, rows, total, |escalation| escalation.id.0))
    }

    /// Those of the escalations whose ticket the actor sees, in no order.
    pub async fn escalations_by_id(&self, actor: &Actor, ids: &[EscalationId]) -> Result<Vec<Escalation>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        self.visible_escalations(actor, ids).await
    }

    /// The same for whoever is to change one of them, for which nobody has to be allowed to read.
    pub(super) async fn visible_escalations(
        &self,
        actor: &Actor,
        ids: &[EscalationId],
    ) -> Result<Vec<Escalation>, Error> {
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let mut found = self.store.read().await?.escalations(&ids).await?;
        let tickets: Vec<TicketId> = found.iter().map(|escalation| escalation.ticket_id).collect();
        let seen = ids_of(self.visible_tickets(actor, &tickets).await?);
        found.retain(|escalation| seen.contains(&escalation.ticket_id));
        Ok(found)
    }

    async fn seen_tickets(&self, actor: &Actor, tickets: &[TicketId]) -> Result<HashSet<TicketId>, Error> {
        Ok(ids_of(self.tickets_by_id(actor, tickets).await?))
    }
}

fn ids_of(tickets: Vec<Ticket>) -> HashSet<TicketId> {
    tickets.into_iter().map(|ticket| ticket.id).collect()
}
