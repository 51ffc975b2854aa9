//! Reading tickets and what hangs on them.

use std::collections::{BTreeMap, HashSet};

use domain::ticket::{TicketEntry, TicketFilter, TicketKey, TicketOrder};
use domain::{AgentId, ApiScope, Escalation, EscalationId, MessageId, ProjectId, Sight, Ticket, TicketId};

use crate::{Actor, Connection, Desk, Error, PageRequest};

impl Desk {
    /// Those of the tickets that the actor may see, in no order.
    pub async fn tickets_by_id(&self, actor: &Actor, ids: &[TicketId]) -> Result<Vec<Ticket>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
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

    /// A page of the history of a ticket, oldest first.
    pub async fn ticket_entries(
        &self,
        actor: &Actor,
        ticket: TicketId,
        request: PageRequest<i64>,
    ) -> Result<Connection<TicketEntry, i64>, Error> {
        self.see_ticket(actor, ticket).await?;
        let page = request.page()?;
        let mut reader = request.reader(&self.store).await?;
        let rows = reader.ticket_entry_page(ticket, page).await?;
        let total = request.total(reader.ticket_entry_count(ticket)).await?;
        // The connection goes back before rights are asked for, which may take another one.
        reader.end().await?;
        // Whoever lost sight of it meanwhile sees nothing of what came after.
        self.see_ticket(actor, ticket).await?;
        Ok(Connection::new(page, rows, total, |entry| entry.id))
    }

    async fn see_ticket(&self, actor: &Actor, ticket: TicketId) -> Result<(), Error> {
        let seen = self.tickets_by_id(actor, &[ticket]).await?;
        if seen.is_empty() { Err(Error::NotFound("ticket")) } else { Ok(()) }
    }

    /// Those who watch these tickets, of those that the actor sees, in ascending order.
    pub async fn watchers_of_tickets(
        &self,
        actor: &Actor,
        tickets: &[TicketId],
    ) -> Result<Vec<(TicketId, AgentId)>, Error> {
        let ids: Vec<i64> = tickets.iter().map(|id| id.0).collect();
        let mut found = self.store.read().await?.ticket_watchers(&ids).await?;
        let seen = self.seen_tickets(actor, tickets).await?;
        found.retain(|(ticket, _)| seen.contains(ticket));
        Ok(found)
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

    /// The escalations of these tickets, of those that the actor sees, oldest first.
    pub async fn escalations_of_tickets(&self, actor: &Actor, tickets: &[TicketId]) -> Result<Vec<Escalation>, Error> {
        let ids: Vec<i64> = tickets.iter().map(|id| id.0).collect();
        let mut found = self.store.read().await?.escalations_of_tickets(&ids).await?;
        let seen = self.seen_tickets(actor, tickets).await?;
        found.retain(|escalation| seen.contains(&escalation.ticket_id));
        Ok(found)
    }

    /// Those of the escalations whose ticket the actor sees, in no order.
    pub async fn escalations_by_id(&self, actor: &Actor, ids: &[EscalationId]) -> Result<Vec<Escalation>, Error> {
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let mut found = self.store.read().await?.escalations(&ids).await?;
        let tickets: Vec<TicketId> = found.iter().map(|escalation| escalation.ticket_id).collect();
        let seen = self.seen_tickets(actor, &tickets).await?;
        found.retain(|escalation| seen.contains(&escalation.ticket_id));
        Ok(found)
    }

    async fn seen_tickets(&self, actor: &Actor, tickets: &[TicketId]) -> Result<HashSet<TicketId>, Error> {
        Ok(self.tickets_by_id(actor, tickets).await?.into_iter().map(|ticket| ticket.id).collect())
    }
}
