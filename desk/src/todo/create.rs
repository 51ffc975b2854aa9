//! Noting what is owed to a customer.

use domain::audit::ObjectKind;
use domain::todo::{MOST_OPEN, Owner, TodoContentRefusal, TodoKind, check_due, parse_text};
use domain::{AgentId, ApiScope, Project, SessionId, TeamId, Time, Todo};
use serde_json::json;
use store::Tx;

use super::{OPERATION, schedule_reminder, todo_event};
use crate::agent::member;
use crate::audit::Audited;
use crate::idempotency::Request;
use crate::retry::retried;
use crate::{Actor, Desk, Error, IdempotencyKeyRefusal, Rejected};

/// Something that is owed, to be noted.
#[derive(Debug, Clone, serde::Serialize)]
pub struct NewTodo {
    /// The session in which it came up.
    pub session_id: SessionId,
    /// What is owed, by its name.
    #[serde(serialize_with = "by_name")]
    pub kind: TodoKind,
    /// What there is to say about it.
    pub text: String,
    /// From when on it can be done.
    pub due_from: Option<Time>,
    /// Until when it is to be done.
    pub due_at: Time,
    /// The agent who sees to it.
    pub agent_id: Option<AgentId>,
    /// The team that sees to it.
    pub team_id: Option<TeamId>,
    /// Makes sending the same request again harmless for 24 hours.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

fn by_name<S: serde::Serializer>(kind: &TodoKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.name())
}

/// Why something was not noted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TodoCreateRefusal {
    /// There is no such session, or it does not go on for the actor.
    #[error("there is no such session, or it has ended for you")]
    SessionNotFound,
    /// It cannot be taken.
    #[error(transparent)]
    Content(#[from] TodoContentRefusal),
    /// Nobody can see to it so.
    #[error(transparent)]
    Owner(#[from] OwnerRefusal),
    /// There are as many as there may be.
    #[error("a session has at most {MOST_OPEN} open to-dos: do some of them first")]
    TooMany,
    /// The key cannot be taken.
    #[error(transparent)]
    IdempotencyKey(#[from] IdempotencyKeyRefusal),
}

/// Why somebody cannot see to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OwnerRefusal {
    /// Two see to it.
    #[error("one sees to it: give an agent or a team")]
    Both,
    /// The agent does not work in the project.
    #[error("there is no such active agent in this project: choose one of its members")]
    NoSuchAgent,
    /// The team is not of the project.
    #[error("there is no such team in this project: choose one of its teams")]
    NoSuchTeam,
}

impl<E: Into<TodoCreateRefusal>> From<E> for Rejected<TodoCreateRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

/// Checks that somebody can see to something in a project.
pub(super) async fn check_owner(
    tx: &mut Tx,
    project: &Project,
    owner: Owner,
) -> Result<Result<(), OwnerRefusal>, Error> {
    if owner.agent_id.is_some() && owner.team_id.is_some() {
        return Ok(Err(OwnerRefusal::Both));
    }
    if let Some(agent) = owner.agent_id
        && member(tx, project, agent).await?.is_none()
    {
        return Ok(Err(OwnerRefusal::NoSuchAgent));
    }
    if let Some(team) = owner.team_id
        && !tx.teams(&[team.0]).await?.iter().any(|team| team.project_id == project.id)
    {
        return Ok(Err(OwnerRefusal::NoSuchTeam));
    }
    Ok(Ok(()))
}

impl Desk {
    /// Notes what is owed to the customer of a session that goes on for the actor. Without an agent or a team the actor
    /// sees to it.
    pub async fn todo_create(&self, actor: &Actor, new: &NewTodo) -> Result<Todo, Rejected<TodoCreateRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        let text = parse_text(new.kind, &new.text)?;
        let request = Request::new(actor.agent.id, new.idempotency_key.as_deref(), OPERATION, new)??;
        retried(|| self.try_todo_create(actor, new, &text, &request)).await
    }

    async fn try_todo_create(
        &self,
        actor: &Actor,
        new: &NewTodo,
        text: &str,
        request: &Request<'_>,
    ) -> Result<Todo, Rejected<TodoCreateRefusal>> {
        let change = self.change_any_session(actor, new.session_id).await?;
        let mut change = change.ok_or(TodoCreateRefusal::SessionNotFound)?;
        if let Some((earlier, _)) = request.earlier_several(self, &mut change.tx).await?? {
            return Ok(change.tx.todos(&[earlier]).await?.pop().ok_or(Error::NotFound("to-do"))?);
        }
        check_due(new.due_from, new.due_at, change.now)?;
        let mut owner = Owner { agent_id: new.agent_id, team_id: new.team_id };
        check_owner(&mut change.tx, &change.project, owner).await??;
        if owner == Owner::default() {
            owner.agent_id = Some(actor.agent.id);
        }
        if change.tx.open_todo_count(new.session_id).await? >= MOST_OPEN {
            return Err(TodoCreateRefusal::TooMany.into());
        }
        let new = store::todos::NewTodo {
            project_id: change.project.id,
            session_id: change.session.id,
            customer_id: change.session.customer_id,
            kind: new.kind,
            text: text.to_owned(),
            due_from: new.due_from,
            due_at: new.due_at,
            owner,
            created_by: Some(actor.agent.id),
            created_at: change.now,
        };
        let todo = change.tx.insert_todo(&new).await?;
        schedule_reminder(&mut change.tx, &todo, change.now, change.wall).await?;
        request.answer(self, &mut change.tx, todo.id.0).await?;
        let object = (ObjectKind::Todo, todo.id.0);
        let audited = Audited::in_project(&actor.agent, &change.project, "todoCreate", object, change.wall);
        audited.with(&json!({ "session": todo.session_id, "kind": todo.kind.name() })).write(&mut change.tx).await?;
        change.tx.append_events(&[todo_event(&todo, change.now)], change.wall).await?;
        self.commit(change.tx).await?;
        Ok(todo)
    }
}
