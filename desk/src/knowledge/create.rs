//! Making a knowledge entry.

use domain::audit::ObjectKind;
use domain::filter::Page;
use domain::knowledge::{MOST_ENTRIES, QUESTION_CHARACTERS, check_answer, parse_keywords, parse_question};
use domain::{ApiScope, Direction, KnowledgeEntry, Project, ProjectId, Role, SessionId, Sight, Ticket, TicketId};
use store::Tx;

use super::KnowledgeEntryRefusal as Refusal;
use crate::audit::Audited;
use crate::idempotency::Request;
use crate::retry::retried;
use crate::{Actor, Desk, Error, Rejected};

/// The name under which requests are remembered.
pub(super) const OPERATION: &str = "knowledgeEntryCreate";
/// How many of the first messages of a session are looked at for what the customer asked.
const FIRST_MESSAGES: usize = 20;

/// A knowledge entry to be made.
#[derive(Debug, Clone, serde::Serialize)]
pub struct NewKnowledgeEntry {
    /// The project.
    pub project_id: ProjectId,
    /// The resolved session from which it is made, if it is made from one.
    pub session_id: Option<SessionId>,
    /// The resolved ticket from whose session it is made, if it is made from one.
    pub ticket_id: Option<TicketId>,
    /// The question; nothing for what the customer asked first in the session.
    pub question: Option<String>,
    /// The answer; nothing for what was done about the ticket.
    pub answer: Option<String>,
    /// The language of both; nothing for customers of any language.
    pub language: Option<String>,
    /// Words and phrases that make a message this question.
    pub keywords: Vec<String>,
    /// Makes sending the same request again harmless for 24 hours.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

impl Desk {
    /// Makes a knowledge entry, which the bot answers customers with from now on. Supervisors do so, and agents of tickets that
    /// they have or that a team of theirs owns.
    pub async fn knowledge_entry_create(
        &self,
        actor: &Actor,
        new: &NewKnowledgeEntry,
    ) -> Result<KnowledgeEntry, Rejected<Refusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        let key = new.idempotency_key.as_deref();
        let request = Request::new(actor.agent.id, key, OPERATION, new)??;
        retried(|| self.try_knowledge_entry_create(actor, new, &request)).await
    }

    async fn try_knowledge_entry_create(
        &self,
        actor: &Actor,
        new: &NewKnowledgeEntry,
        request: &Request<'_>,
    ) -> Result<KnowledgeEntry, Rejected<Refusal>> {
        let least = if new.ticket_id.is_some() { Role::Agent } else { Role::Supervisor };
        let (mut tx, project) = self.change_in_project(actor, new.project_id, least).await??;
        tx.lock_project(project.id).await?;
        if let Some((earlier, _)) = request.earlier_several(self, &mut tx).await?? {
            return Ok(tx.knowledge_entries(&[earlier]).await?.pop().ok_or(Error::NotFound("knowledge entry"))?);
        }
        let Source { session_id, resolution } = source_of(&mut tx, actor, &project, new).await??;
        let question = match (&new.question, session_id) {
            (Some(question), _) => question.clone(),
            (None, Some(session)) => first_question(&mut tx, session).await?,
            (None, None) => String::new(),
        };
        let answer = new.answer.clone().or(resolution).unwrap_or_default();
        let (answer, language) = check_answer(&answer, new.language.as_deref())?;
        let entry = store::knowledge::NewKnowledgeEntry {
            project_id: project.id,
            session_id,
            question: parse_question(&question)?,
            answer,
            language,
            keywords: parse_keywords(&new.keywords)?,
            created_by: actor.agent.id,
            created_at: project.time(self.now()),
        };
        let count = i64::try_from(tx.knowledge_entries_of(project.id).await?.len()).map_err(Error::internal)?;
        if count >= MOST_ENTRIES {
            return Err(Refusal::TooMany.into());
        }
        let entry = tx.insert_knowledge_entry(&entry).await?;
        tx.raise_project_version(project.id).await?;
        request.answer(self, &mut tx, entry.id.0).await?;
        let object = (ObjectKind::KnowledgeEntry, entry.id.0);
        Audited::in_project(&actor.agent, &project, OPERATION, object, self.now()).write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(entry)
    }
}

/// From what an entry is made.
#[derive(Default)]
struct Source {
    /// The session: that of the ticket, if one is named.
    session_id: Option<SessionId>,
    /// What was done about the ticket.
    resolution: Option<String>,
}

/// From what an entry is made, if the actor may make it of that.
async fn source_of(
    tx: &mut Tx,
    actor: &Actor,
    project: &Project,
    new: &NewKnowledgeEntry,
) -> Result<Result<Source, Refusal>, store::Error> {
    if let Some(id) = new.ticket_id {
        let ticket = tx.tickets(&[id.0]).await?.pop().filter(|ticket| ticket.project_id == project.id);
        let sight = actor.sight_in(project.id, project.workspace_id);
        let (Some(ticket), Some(sight)) = (ticket, sight) else { return Ok(Err(Refusal::TicketNotFound)) };
        if tx.tickets_in_sight(&sight, &[id.0]).await?.is_empty() {
            return Ok(Err(Refusal::TicketNotFound));
        }
        return Ok(if !is_worked_on(&ticket, &sight) {
            Err(Refusal::NotSupervisor)
        } else if new.session_id.is_some_and(|session| session != ticket.session_id) {
            Err(Refusal::SessionNotFound)
        } else if ticket.is_open() {
            Err(Refusal::TicketNotResolved)
        } else {
            Ok(Source { session_id: Some(ticket.session_id), resolution: ticket.resolution })
        });
    }
    let Some(id) = new.session_id else { return Ok(Ok(Source::default())) };
    let session = tx.session(id).await?.filter(|session| session.project_id == project.id);
    Ok(match session {
        None => Err(Refusal::SessionNotFound),
        Some(session) if session.resolution.is_none() => Err(Refusal::NotResolved),
        Some(_) => Ok(Source { session_id: Some(id), resolution: None }),
    })
}

/// Whether a ticket is work of somebody who sees so far.
fn is_worked_on(ticket: &Ticket, sight: &Sight) -> bool {
    match sight {
        Sight::Everything => true,
        Sight::Own { agent_id, team_ids } => {
            ticket.assignee_id == Some(*agent_id) || ticket.team_id.is_some_and(|team| team_ids.contains(&team))
        }
    }
}

/// What the customer wrote first in a session, cut where it is too long for a question. Empty if it was no text.
async fn first_question(tx: &mut Tx, session: SessionId) -> Result<String, store::Error> {
    let page = Page { after: None, before: None, size: FIRST_MESSAGES, from_end: false };
    let messages = tx.message_page(session, page).await?;
    let said = |message: &&domain::Message| {
        message.direction == Direction::Inbound && !message.text.starts_with('/') && !message.text.is_empty()
    };
    let first = messages.iter().find(said).map(|message| message.text.chars().take(QUESTION_CHARACTERS).collect());
    Ok(first.unwrap_or_default())
}
