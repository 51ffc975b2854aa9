//! What every change of a session has in common.

use domain::audit::ObjectKind;
use domain::event::{Cause, NewEvent};
use domain::notice::NoticeKind;
use domain::session::TransferKind;
use domain::{Agent, AgentId, EventKind, Project, Role, Session, SessionId, TeamId, Time};
use serde_json::{Value, json};
use store::Tx;
use store::bulk_requests::BULK_REQUEST;
use store::transfers::NewTransfer;

use crate::agent::sight_of;
use crate::audit::{Audited, operation_of};
use crate::routing::put_back;
use crate::scheduled::give_up_scheduled;
use crate::staff::tell_agent;
use crate::{Actor, Desk, Error, Rejected, sla, ticket, todo};

/// Why a session was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionRefusal {
    /// There is no such session, or the actor may not know of it.
    #[error("there is no such session, or it has ended for you")]
    NotFound,
    /// The session is not at the version that the actor has seen.
    #[error("the session has changed since you read it: look at it again and repeat the request")]
    VersionConflict(Box<Session>),
    /// The session is over already.
    #[error("the session is closed already: to change anything about it, reopen it first")]
    AlreadyClosed,
    /// The session is not over.
    #[error("the session is open: only a closed session can be reopened")]
    NotClosed,
    /// The customer has another session that is open.
    #[error("the customer has another open session: go on in that one")]
    NewerSessionOpen,
    /// Everything about the customer was erased, so that nobody can be reached in it.
    #[error("the customer was erased: nobody can be reached in this session any more")]
    CustomerErased,
}

impl From<SessionRefusal> for Rejected<SessionRefusal> {
    fn from(refusal: SessionRefusal) -> Self {
        Self::Refused(refusal)
    }
}

/// On what the change of a session hangs.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Premise {
    /// On the version that the actor has seen, if on any.
    Seen(Option<i64>),
    /// On nothing: the same is done to many sessions, by the request with this number if it came under a key.
    OneOfMany(Option<i64>),
}

/// A session that is being changed in a transaction, on its project's clock.
pub(crate) struct SessionChange {
    pub(crate) tx: Tx,
    pub(crate) session: Session,
    pub(crate) role: Role,
    /// Where it stood and who had it when it was read.
    before: Value,
    /// What else the audit log is to say of the change.
    pub(crate) noted: Option<(&'static str, Value)>,
    /// The request under a key that does the same to many sessions, if this is one of them.
    bulk_request: Option<i64>,
    /// Who changes it.
    pub(crate) agent: Agent,
    pub(crate) project: Project,
    pub(crate) now: Time,
    /// The same moment on the wall clock.
    pub(crate) wall: Time,
}

impl SessionChange {
    /// Whether the actor may say what becomes of the session: it is theirs or nobody's, or they look after all of them.
    pub(crate) fn may_answer_for(&self) -> bool {
        self.role >= Role::Supervisor || self.session.assignee_id.is_none_or(|assignee| assignee == self.agent.id)
    }

    /// An agent has it no longer, and nobody has it. If it waits for a team that they are not in, it ends for them; what
    /// they read of it stays readable for them. The desk looks for somebody else, if the project wants that, and always for
    /// an administrator if it was escalated to people.
    pub(crate) async fn release(&mut self, previous: AgentId) -> Result<(), Error> {
        ticket::keep(&mut self.tx, &self.project, &mut self.session, previous, self.wall).await?;
        let sight = sight_of(&mut self.tx, &self.project, previous).await?;
        if !sight.is_some_and(|sight| sight.takes_in(&self.session.audience())) {
            self.session.people.leave(previous);
        }
        put_back(&mut self.tx, &self.project, &mut self.session, Some(previous), self.wall).await?;
        Ok(())
    }

    /// The actor gives it to somebody else. If they see it no longer, it ends for them, and what they read of it stays
    /// readable for them, whether or not it was theirs.
    pub(crate) fn leave_if_out_of_sight(&mut self, actor: &Actor) {
        let sight = actor.sight_in(self.project.id, self.project.workspace_id);
        if sight.is_some_and(|sight| !sight.takes_in(&self.session.audience())) {
            self.session.people.leave(actor.agent.id);
        }
    }

    /// Keeps that the actor brought it into other hands, without a word about it.
    pub(crate) async fn note_move(
        &mut self,
        from: (Option<AgentId>, Option<TeamId>),
        kind: TransferKind,
    ) -> Result<(), store::Error> {
        let (session_id, session_version) = (self.session.id, self.session.version + 1);
        let to = (self.session.assignee_id, self.session.team_id.filter(|_| self.session.assignee_id.is_none()));
        let (by, at) = (Some(self.agent.id), self.now);
        let moved = NewTransfer { session_id, session_version, kind, from, to, description: "", by, at };
        self.tx.insert_transfer(&moved).await?;
        Ok(())
    }

    /// Tells an agent that they got the session, if a chat of theirs is linked.
    pub(crate) async fn tell_assignee(&mut self, assignee: AgentId) -> Result<(), Error> {
        tell_agent(&mut self.tx, &self.project, &self.session, assignee, NoticeKind::Assigned, self.wall).await
    }
}

impl Desk {
    /// Locks a session for a change by the actor. `expected_version` is the version that the
    /// actor has seen, if the change depends on it.
    pub(crate) async fn change_session(
        &self,
        actor: &Actor,
        id: SessionId,
        expected_version: Option<i64>,
    ) -> Result<SessionChange, Rejected<SessionRefusal>> {
        let change = self.change_any_session(actor, id).await?.ok_or(SessionRefusal::NotFound)?;
        at_version(change, expected_version)
    }

    /// The same for a session that may not be its customer's newest one, which is locked before it.
    pub(crate) async fn change_old_session(
        &self,
        actor: &Actor,
        id: SessionId,
        expected_version: Option<i64>,
    ) -> Result<SessionChange, Rejected<SessionRefusal>> {
        let mut tx = self.store.begin().await?;
        let session = tx.session(id).await?.ok_or(SessionRefusal::NotFound)?;
        tx.lock_newest_session(session.customer_id).await?;
        let change = self.change_in(tx, actor, id).await?.ok_or(SessionRefusal::NotFound)?;
        at_version(change, expected_version)
    }

    /// Locks a session for a change by the actor that hangs on this.
    pub(crate) async fn change_session_on(
        &self,
        actor: &Actor,
        id: SessionId,
        premise: Premise,
    ) -> Result<SessionChange, Rejected<SessionRefusal>> {
        let (expected_version, bulk_request) = match premise {
            Premise::Seen(version) => (version, None),
            Premise::OneOfMany(request) => (None, request),
        };
        let change = self.change_session(actor, id, expected_version).await?;
        Ok(SessionChange { bulk_request, ..change })
    }

    /// The same at whatever version the session is; nothing if there is no such session, or the actor may not know of it.
    pub(crate) async fn change_any_session(
        &self,
        actor: &Actor,
        id: SessionId,
    ) -> Result<Option<SessionChange>, Error> {
        let tx = self.store.begin().await?;
        self.change_in(tx, actor, id).await
    }

    /// The same in a transaction that has begun.
    async fn change_in(&self, mut tx: Tx, actor: &Actor, id: SessionId) -> Result<Option<SessionChange>, Error> {
        let Some(session) = tx.lock_session(id).await? else { return Ok(None) };
        // Not by a look of its own, for which it would need a second connection while it has one.
        let project = tx.project(session.project_id).await?.ok_or(Error::NotFound("project"))?;
        let Some(role) = actor.role_in(project.id, project.workspace_id) else { return Ok(None) };
        let sight = actor.sight_in(project.id, project.workspace_id);
        if !sight.is_some_and(|sight| sight.takes_in(&session.audience_before)) {
            return Ok(None);
        }
        let wall = self.now();
        let now = project.time(wall);
        let (before, agent) = (whereabouts(&session), actor.agent.clone());
        Ok(Some(SessionChange {
            tx,
            session,
            role,
            before,
            noted: None,
            bulk_request: None,
            agent,
            project,
            now,
            wall,
        }))
    }

    /// Writes the changed session with its event and its audit entry, and commits.
    pub(crate) async fn finish_session(&self, change: SessionChange, cause: Cause) -> Result<Session, Error> {
        self.finish_session_as(change, operation_of(cause), cause).await
    }

    /// As above, by an operation that the cause does not tell.
    pub(crate) async fn finish_session_as(
        &self,
        mut change: SessionChange,
        action: &'static str,
        cause: Cause,
    ) -> Result<Session, Error> {
        if cause != Cause::Viewed {
            audit_session(&mut change, action).await?;
        }
        let event = touch(&mut change.tx, &mut change.session, cause, change.now).await?;
        change.tx.append_events(&[event], self.now()).await?;
        self.commit(change.tx).await?;
        Ok(change.session)
    }
}

impl Desk {
    /// Writes the session that changed with something in it, with the event and the entry about that, and commits.
    pub(crate) async fn finish_within_session(
        &self,
        mut change: SessionChange,
        cause: Cause,
        action: &'static str,
        object: (ObjectKind, i64),
    ) -> Result<Session, Error> {
        let mut details = json!({ "session": change.session.id });
        if let Some((name, value)) = change.noted.take() {
            details[name] = value;
        }
        let audited = Audited::in_project(&change.agent, &change.project, action, object, change.wall);
        audited.with(&details).write(&mut change.tx).await?;
        let event = touch(&mut change.tx, &mut change.session, cause, change.now).await?;
        change.tx.append_events(&[event], change.wall).await?;
        self.commit(change.tx).await?;
        Ok(change.session)
    }
}

/// The change, if it is of the session at the version that the actor has seen.
fn at_version(change: SessionChange, expected: Option<i64>) -> Result<SessionChange, Rejected<SessionRefusal>> {
    if expected.is_some_and(|expected| expected != change.session.version) {
        return Err(SessionRefusal::VersionConflict(Box::new(change.session)).into());
    }
    Ok(change)
}

/// Notes in the audit log what was done to a session, with where it stands and who has it then and before.
pub(crate) async fn audit_session(change: &mut SessionChange, action: &'static str) -> Result<(), store::Error> {
    let object = (ObjectKind::Session, change.session.id.0);
    let audited = Audited::in_project(&change.agent, &change.project, action, object, change.wall);
    let mut details = whereabouts(&change.session);
    details["before"] = change.before.take();
    if let Some((name, value)) = change.noted.take() {
        details[name] = value;
    }
    if let Some(request) = change.bulk_request {
        details[BULK_REQUEST] = json!(request);
    }
    audited.with(&details).write(&mut change.tx).await
}

/// Where a session stands, how pressing it is and who has it, for the audit log.
fn whereabouts(session: &Session) -> Value {
    json!({
        "status": session.status.name(),
        "priority": session.priority.name(),
        "assignee": session.assignee_id,
        "team": session.team_id,
    })
}

/// Writes a session that a job changed, with its event and its audit entry, which names nobody. `wall` is the wall clock.
pub(crate) async fn touch_by_desk(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    cause: Cause,
    wall: Time,
) -> Result<(), store::Error> {
    let event = touch(tx, session, cause, project.time(wall)).await?;
    let object = (ObjectKind::Session, session.id.0);
    Audited::by_desk(project, cause.name(), object, wall).with(&whereabouts(session)).write(tx).await?;
    tx.append_events(&[event], wall).await
}

/// Writes a changed session under its next version, with its people if these are others now, and gives the event to be
/// appended, which tells those who saw the session before. What was to be sent later by somebody who does not answer in it
/// any more, or in a session that is over now, is given up; what they owe the customer goes along with the session, and so
/// do its tickets.
pub(crate) async fn touch(
    tx: &mut Tx,
    session: &mut Session,
    cause: Cause,
    now: Time,
) -> Result<NewEvent, store::Error> {
    session.version += 1;
    session.updated_at = now;
    tx.update_session(session).await?;
    if let Some((at, by)) = session.concluded() {
        tx.note_conclusion(session, by, at).await?;
    }
    let is_in_other_hands = session.audience_before.assignee_id != session.assignee_id;
    if is_in_other_hands || !session.is_open() {
        give_up_scheduled(tx, session, now).await?;
    }
    if let Some(before) = session.audience_before.assignee_id.filter(|_| is_in_other_hands) {
        todo::go_along(tx, session, before, now).await?;
    }
    let audience_before = session.take_audience_before();
    if audience_before.as_ref().is_some_and(|before| before.people != session.people) {
        tx.set_people(session, now).await?;
    }
    if let Some(before) = &audience_before {
        // Boxed, since it is rare and every message would carry the room for it.
        Box::pin(ticket::go_along(tx, session, before, cause, now)).await?;
    }
    if !session.is_open() {
        sla::session_ended(tx, session, cause, now).await?;
    }
    Ok(NewEvent { audience_before, ..session_event(session, EventKind::SessionUpdated, cause, now) })
}

/// An event about a session.
pub(crate) fn session_event(session: &Session, kind: EventKind, cause: Cause, at: Time) -> NewEvent {
    NewEvent {
        project_id: session.project_id,
        kind,
        session_id: session.id,
        customer_id: session.customer_id,
        message_id: None,
        ticket: None,
        clock_id: None,
        todo_id: None,
        cause,
        at,
        audience_before: None,
    }
}
