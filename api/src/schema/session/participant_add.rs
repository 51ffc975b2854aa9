//! Having an agent read along in a session.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::session::{SessionParticipantRefusal as Refusal, SessionRefusal};

use super::Session;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `sessionParticipantAdd` takes.
#[derive(InputObject)]
pub(crate) struct SessionParticipantAddInput {
    /// The global id of the session.
    session_id: ID,
    /// The global id of the agent.
    agent_id: ID,
}

/// What came of `sessionParticipantAdd`.
#[derive(SimpleObject)]
pub(crate) struct SessionParticipantAddPayload {
    /// The session as it is now. Null if it was left as it is.
    session: Option<Session>,
    /// Why the session was left as it is. Empty if all went well.
    user_errors: Vec<SessionParticipantAddError>,
}

user_error! {
    /// Why `sessionParticipantAdd` left the session as it is.
    SessionParticipantAddError,
    /// The reasons of `sessionParticipantAdd` to leave the session as it is.
    SessionParticipantAddErrorCode {
        /// This is not the id of a session, or of an agent.
        InvalidId,
        /// There is no such session, or you may not see it, or it has ended for you.
        SessionNotFound,
        /// There is no such agent, or they do not work in this project.
        AgentNotFound,
        /// The session is closed.
        AlreadyClosed,
        /// The agent answers in the session.
        IsAssignee,
        /// Another agent has the session, and you are not a supervisor.
        TakenByAnother,
        /// 20 agents read along already.
        TooMany,
    }
}

#[derive(Default)]
pub(crate) struct SessionParticipantAdd;

#[Object]
impl SessionParticipantAdd {
    /// Has an agent read along in a session, from its first message on, and write notes in it. Only the agent who has the
    /// session answers the customer. The one who has it and supervisors ask others in, yourself included; in a session
    /// that nobody has, everybody who sees it.
    async fn session_participant_add(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session and the agent.")] input: SessionParticipantAddInput,
    ) -> Result<SessionParticipantAddPayload> {
        let view = View::fresh(context).await?;
        let (session, user_errors) = settled(add(&view, &input)).await?;
        let session = session.map(|session| Session::new(Arc::new(session), &view));
        Ok(SessionParticipantAddPayload { session, user_errors })
    }
}

async fn add(
    view: &View,
    input: &SessionParticipantAddInput,
) -> Result<domain::Session, Stop<domain::Session, SessionParticipantAddError>> {
    use SessionParticipantAddErrorCode as Code;
    let invalid =
        |field| move |invalid: id::InvalidId| SessionParticipantAddError::new(Code::InvalidId, Some(field), invalid);
    let id = id::parse(&input.session_id).map_err(invalid("sessionId"))?;
    let agent = id::parse(&input.agent_id).map_err(invalid("agentId"))?;
    let added = view.desk().session_participant_add(view.actor(), id, agent).await;
    added.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Session, SessionParticipantAddError> {
    use SessionParticipantAddErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Session(SessionRefusal::NotFound) => (Code::SessionNotFound, "sessionId"),
        Refusal::Session(SessionRefusal::AlreadyClosed) => (Code::AlreadyClosed, "sessionId"),
        Refusal::Session(_) => return Stop::unexpected(refusal),
        Refusal::NoSuchAgent => (Code::AgentNotFound, "agentId"),
        Refusal::IsAssignee => (Code::IsAssignee, "agentId"),
        Refusal::TakenByAnother => (Code::TakenByAnother, "sessionId"),
        Refusal::TooMany => (Code::TooMany, "agentId"),
    };
    SessionParticipantAddError::new(code, Some(field), &refusal).into()
}
