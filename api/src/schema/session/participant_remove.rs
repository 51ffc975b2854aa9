//! Having an agent read along no longer.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::session::{SessionParticipantRefusal as Refusal, SessionRefusal};

use super::Session;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `sessionParticipantRemove` takes.
#[derive(InputObject)]
pub(crate) struct SessionParticipantRemoveInput {
    /// The global id of the session.
    session_id: ID,
    /// The global id of the agent.
    agent_id: ID,
}

/// What came of `sessionParticipantRemove`.
#[derive(SimpleObject)]
pub(crate) struct SessionParticipantRemovePayload {
    /// The session as it is now. Null if it was left as it is.
    session: Option<Session>,
    /// Why the session was left as it is. Empty if all went well.
    user_errors: Vec<SessionParticipantRemoveError>,
}

user_error! {
    /// Why `sessionParticipantRemove` left the session as it is.
    SessionParticipantRemoveError,
    /// The reasons of `sessionParticipantRemove` to leave the session as it is.
    SessionParticipantRemoveErrorCode {
        /// This is not the id of a session, or of an agent.
        InvalidId,
        /// There is no such session, or you may not see it, or it has ended for you.
        SessionNotFound,
        /// The agent answers in the session: hand it over instead.
        IsAssignee,
        /// Another agent has the session, and you are not a supervisor.
        TakenByAnother,
    }
}

#[derive(Default)]
pub(crate) struct SessionParticipantRemove;

#[Object]
impl SessionParticipantRemove {
    /// Has an agent read along no longer. It ends for them: they go on seeing it as it was (`sessionsLeft`), and nothing
    /// later reaches them. The one who has the session and supervisors remove others; everybody removes themselves.
    async fn session_participant_remove(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session and the agent.")] input: SessionParticipantRemoveInput,
    ) -> Result<SessionParticipantRemovePayload> {
        let view = View::fresh(context).await?;
        let (session, user_errors) = settled(remove(&view, &input)).await?;
        let session = session.map(|session| Session::new(Arc::new(session), &view));
        Ok(SessionParticipantRemovePayload { session, user_errors })
    }
}

async fn remove(
    view: &View,
    input: &SessionParticipantRemoveInput,
) -> Result<domain::Session, Stop<domain::Session, SessionParticipantRemoveError>> {
    use SessionParticipantRemoveErrorCode as Code;
    let invalid =
        |field| move |invalid: id::InvalidId| SessionParticipantRemoveError::new(Code::InvalidId, Some(field), invalid);
    let id = id::parse(&input.session_id).map_err(invalid("sessionId"))?;
    let agent = id::parse(&input.agent_id).map_err(invalid("agentId"))?;
    let removed = view.desk().session_participant_remove(view.actor(), id, agent).await;
    removed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Session, SessionParticipantRemoveError> {
    use SessionParticipantRemoveErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Session(SessionRefusal::NotFound) => (Code::SessionNotFound, "sessionId"),
        Refusal::IsAssignee => (Code::IsAssignee, "agentId"),
        Refusal::TakenByAnother => (Code::TakenByAnother, "sessionId"),
        Refusal::Session(_) | Refusal::NoSuchAgent | Refusal::TooMany => return Stop::unexpected(refusal),
    };
    SessionParticipantRemoveError::new(code, Some(field), &refusal).into()
}
