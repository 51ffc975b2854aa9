//! Opening a ticket.

use domain::audit::ObjectKind;
use domain::team::LINES;
use domain::ticket::{MOST_LINKED_MESSAGES, MOST_TICKETS_OF_SESSION, TicketText};
use domain::todo::Owner;
use domain::{AgentId, ApiScope, MessageId, Priority, SessionId, TeamId, Ticket, TicketKind};
use serde_json::json;

use super::TicketFieldsRefusal as Fields;
use super::change::{open, whereabouts};
use super::update::{check_assignee, check_team};
use crate::audit::Audited;
use crate::idempotency::Request;
use crate::retry::retried;
use crate::session::{SessionChange, SessionRefusal};
use crate::{Actor, Desk, Error, IdempotencyKeyRefusal, Rejected};

/// A ticket to be opened.
#[derive(Debug, Clone)]
pub struct NewTicket {
    /// The session that it comes of.
    pub session_id: SessionId,
    /// What kind of work it is.
    pub kind: TicketKind,
    /// The line that works on it.
    pub line: i32,
    /// How pressing it is; as the session is if left out.
    pub priority: Option<Priority>,
    /// The team that owns it; the one of the session if neither this nor an agent is given.
    pub team_id: Option<TeamId>,
    /// The agent who works on it; the one of the session if neither this nor a team is given.
    pub assignee_id: Option<AgentId>,
    /// What is to be done.
    pub description: String,
    /// Messages of the session that belong to it.
    pub message_ids: Vec<MessageId>,
    /// Makes sending the same request again harmless for 24 hours.
    pub idempotency_key: Option<String>,
}

/// Why a ticket was not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TicketCreateRefusal {
    /// As for every change of a session.
    #[error(transparent)]
    Session(#[from] SessionRefusal),
    /// Something about it cannot be so.
    #[error(transparent)]
    Fields(#[from] Fields),
    /// A message is not one of the session, or there are too many.
    #[error("there is no such message in this session, or there are more than {MOST_LINKED_MESSAGES}")]
    NoSuchMessage,
    /// There are [`MOST_TICKETS_OF_SESSION`].
    #[error("a session has at most {MOST_TICKETS_OF_SESSION} tickets")]
    TooMany,
    /// The key cannot be taken.
    #[error(transparent)]
    IdempotencyKey(#[from] IdempotencyKeyRefusal),
}

impl<E: Into<TicketCreateRefusal>> From<E> for Rejected<TicketCreateRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

/// The name under which requests are remembered.
pub(super) const OPERATION: &str = "ticketCreate";

impl Desk {
    /// Opens a ticket in a session that goes on for the actor.
    pub async fn ticket_create(&self, actor: &Actor, new: &NewTicket) -> Result<Ticket, Rejected<TicketCreateRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        let input = json!({
            "session": new.session_id, "kind": new.kind.name(), "line": new.line, "team": new.team_id,
            "priority": new.priority.map(Priority::name), "assignee": new.assignee_id,
            "description": new.description, "messages": new.message_ids,
        });
        let request = Request::new(actor.agent.id, new.idempotency_key.as_deref(), OPERATION, &input)??;
        retried(|| self.try_ticket_create(actor, new, &request)).await
    }

    async fn try_ticket_create(
        &self,
        actor: &Actor,
        new: &NewTicket,
        request: &Request<'_>,
    ) -> Result<Ticket, Rejected<TicketCreateRefusal>> {
        let mut change = self.change_session(actor, new.session_id, None).await.map_err(Rejected::widened)?;
        if let Some((earlier, _)) = request.earlier_several(self, &mut change.tx).await?? {
            return Ok(change.tx.tickets(&[earlier]).await?.pop().ok_or(Error::NotFound("ticket"))?);
        }
        if change.tx.tickets_of_sessions(&[new.session_id.0]).await?.len() >= MOST_TICKETS_OF_SESSION {
            return Err(TicketCreateRefusal::TooMany.into());
        }
        let description = TicketText::parse(&new.description).map_err(Fields::Description)?;
        if !LINES.contains(&new.line) {
            return Err(Fields::NoSuchLine.into());
        }
        if let Some(team) = new.team_id {
            check_team(&mut change.tx, &change.project, team).await??;
        }
        if let Some(assignee) = new.assignee_id {
            check_assignee(&mut change.tx, &change.project, assignee).await??;
        }
        let numbers: Vec<i64> = new.message_ids.iter().map(|message| message.0).collect();
        let messages = if numbers.is_empty() { Vec::new() } else { change.tx.messages(&numbers).await? };
        let is_there = |id: &MessageId| messages.iter().any(|one| one.id == *id && one.session_id == new.session_id);
        if numbers.len() > MOST_LINKED_MESSAGES || !new.message_ids.iter().all(is_there) {
            return Err(TicketCreateRefusal::NoSuchMessage.into());
        }
        let owner = match (new.assignee_id, new.team_id) {
            (None, None) => owner_of_session(&mut change).await?,
            (agent_id, team_id) => Owner { agent_id, team_id },
        };
        let opened = store::tickets::NewTicket {
            project_id: change.project.id,
            number: 0,
            session_id: change.session.id,
            customer_id: change.session.customer_id,
            kind: new.kind,
            line: new.line,
            priority: new.priority.unwrap_or(change.session.priority),
            team_id: owner.team_id,
            assignee_id: owner.agent_id,
            description: description.into_string(),
            created_at: change.now,
            escalated_at: None,
        };
        let ticket = open(&mut change.tx, &change.project, opened, Some(actor.agent.id), change.wall).await?;
        for message in &new.message_ids {
            change.tx.link_ticket_message(ticket.id, *message, false).await?;
        }
        request.answer(self, &mut change.tx, ticket.id.0).await?;
        let object = (ObjectKind::Ticket, ticket.id.0);
        let audited = Audited::in_project(&change.agent, &change.project, OPERATION, object, change.wall);
        audited.with(&whereabouts(&ticket)).write(&mut change.tx).await?;
        self.commit(change.tx).await?;
        Ok(ticket)
    }
}

/// Who has the session in which a ticket is opened, which is theirs if nobody else is named. Of a closed one they may be gone
/// by now.
async fn owner_of_session(change: &mut SessionChange) -> Result<Owner, Error> {
    let mut owner = Owner { agent_id: change.session.assignee_id, team_id: change.session.team_id };
    if let Some(agent) = owner.agent_id
        && check_assignee(&mut change.tx, &change.project, agent).await?.is_err()
    {
        owner.agent_id = None;
    }
    if let Some(team) = owner.team_id
        && check_team(&mut change.tx, &change.project, team).await?.is_err()
    {
        owner.team_id = None;
    }
    Ok(owner)
}
