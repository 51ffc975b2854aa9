//! Choosing who answers.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use desk::session::{SessionAssignRefusal as Refusal, SessionRefusal};
use domain::AgentId;

use super::Session;
use super::refusal::current;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `sessionAssign` takes.
#[derive(InputObject)]
pub(crate) struct SessionAssignInput {
    /// The global id of the session.
    session_id: ID,
    /// The global id of the agent who shall answer. Null takes the session from its agent; leaving it out is an error,
    /// so that a forgotten variable takes no session from anybody. One that was escalated to the administrators or to one
    /// agent goes to an administrator then.
    agent_id: MaybeUndefined<ID>,
    /// The version of the session that you have seen. If given and the session has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `sessionAssign`.
#[derive(SimpleObject)]
pub(crate) struct SessionAssignPayload {
    /// The session as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    session: Option<Session>,
    /// Why the session was left as it is. Empty if all went well.
    user_errors: Vec<SessionAssignError>,
}

user_error! {
    /// Why `sessionAssign` left the session as it is.
    SessionAssignError,
    /// The reasons of `sessionAssign` to leave the session as it is.
    SessionAssignErrorCode {
        /// This is not the id of a session, or of an agent.
        InvalidId,
        /// There is no such session, or you may not see it.
        SessionNotFound,
        /// The session has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// The session is closed.
        SessionClosed,
        /// `agentId` was left out: send the id of an agent, or null for nobody.
        AgentIdMissing,
        /// There is no such agent, or they do not work in this project.
        AgentNotFound,
        /// Another agent has the session, and you are not a supervisor.
        TakenByAnother,
    }
}

#[derive(Default)]
pub(crate) struct SessionAssign;

#[Object]
impl SessionAssign {
    /// Chooses who answers in a session, or that nobody does. Agents take sessions that nobody has and hand on their own;
    /// supervisors assign every session.
    async fn session_assign(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session and its agent.")] input: SessionAssignInput,
    ) -> Result<SessionAssignPayload> {
        let view = View::fresh(context).await?;
        let (session, user_errors) = settled(assign(&view, &input)).await?;
        Ok(SessionAssignPayload { session: session.map(|session| Session::new(Arc::new(session), &view)), user_errors })
    }
}

async fn assign(
    view: &View,
    input: &SessionAssignInput,
) -> Result<domain::Session, Stop<domain::Session, SessionAssignError>> {
    use SessionAssignErrorCode as Code;
    let id = id::parse(&input.session_id)
        .map_err(|invalid| SessionAssignError::new(Code::InvalidId, Some("sessionId"), invalid))?;
    let assignee: Option<AgentId> = match &input.agent_id {
        MaybeUndefined::Undefined => {
            let message = "`agentId` was left out: send the id of an agent, or null for nobody";
            return Err(SessionAssignError::new(Code::AgentIdMissing, Some("agentId"), message).into());
        }
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(agent) => {
            let invalid = |invalid| SessionAssignError::new(Code::InvalidId, Some("agentId"), invalid);
            Some(id::parse(agent).map_err(invalid)?)
        }
    };
    let assigned = view.desk().session_assign(view.actor(), id, assignee, input.expected_version).await;
    assigned.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Session, SessionAssignError> {
    use SessionAssignErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Session(SessionRefusal::NotFound) => (Code::SessionNotFound, "sessionId"),
        Refusal::Session(SessionRefusal::VersionConflict(_)) => (Code::VersionConflict, "expectedVersion"),
        Refusal::Session(SessionRefusal::AlreadyClosed) => (Code::SessionClosed, "sessionId"),
        Refusal::Session(_) => return Stop::unexpected(refusal),
        Refusal::NoSuchAgent => (Code::AgentNotFound, "agentId"),
        Refusal::TakenByAnother => (Code::TakenByAnother, "sessionId"),
    };
    let error = SessionAssignError::new(code, Some(field), &refusal);
    let current = if let Refusal::Session(refusal) = refusal { current(refusal) } else { None };
    Stop::Refused { error, current }
}
