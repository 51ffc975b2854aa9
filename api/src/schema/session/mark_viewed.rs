//! Looking at a session.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::session::SessionRefusal as Refusal;

use super::Session;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `sessionMarkViewed` takes.
#[derive(InputObject)]
pub(crate) struct SessionMarkViewedInput {
    /// The global id of the session.
    session_id: ID,
}

/// What came of `sessionMarkViewed`.
#[derive(SimpleObject)]
pub(crate) struct SessionMarkViewedPayload {
    /// The session as it is now. Null if nothing was noted.
    session: Option<Session>,
    /// Why nothing was noted. Empty if all went well.
    user_errors: Vec<SessionMarkViewedError>,
}

user_error! {
    /// Why `sessionMarkViewed` noted nothing.
    SessionMarkViewedError,
    /// The reasons of `sessionMarkViewed` to note nothing.
    SessionMarkViewedErrorCode {
        /// This is not the id of a session.
        InvalidId,
        /// There is no such session, or you may not see it.
        SessionNotFound,
    }
}

#[derive(Default)]
pub(crate) struct SessionMarkViewed;

#[Object]
impl SessionMarkViewed {
    /// Notes that you have seen every message that the session has now: its `unreadCount` becomes 0 for you. If you are
    /// its assignee, an unread session becomes `PROCESSING`.
    async fn session_mark_viewed(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session that you look at.")] input: SessionMarkViewedInput,
    ) -> Result<SessionMarkViewedPayload> {
        let view = View::fresh(context).await?;
        let (session, user_errors) = settled(mark_viewed(&view, &input)).await?;
        let session = session.map(|session| Session::new(Arc::new(session), &view));
        Ok(SessionMarkViewedPayload { session, user_errors })
    }
}

async fn mark_viewed(
    view: &View,
    input: &SessionMarkViewedInput,
) -> Result<domain::Session, Stop<domain::Session, SessionMarkViewedError>> {
    use SessionMarkViewedErrorCode as Code;
    let error = |code, message: &dyn std::fmt::Display| SessionMarkViewedError::new(code, Some("sessionId"), message);
    let id = id::parse(&input.session_id).map_err(|invalid| error(Code::InvalidId, &invalid))?;
    let viewed = view.desk().session_mark_viewed(view.actor(), id).await;
    viewed.map_err(|rejected| {
        Stop::of(rejected, |refusal| match refusal {
            Refusal::NotFound => error(Code::SessionNotFound, &refusal).into(),
            other => Stop::unexpected(other),
        })
    })
}
