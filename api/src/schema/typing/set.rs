//! Saying that one is writing.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::typing::TypingRefusal as Refusal;

use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `typingSet` takes.
#[derive(InputObject)]
pub(crate) struct TypingSetInput {
    /// The global id of the session.
    session_id: ID,
    /// Whether you are writing. True if left out or null.
    typing: Option<bool>,
}

/// What came of `typingSet`.
#[derive(SimpleObject)]
pub(crate) struct TypingSetPayload {
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TypingSetError>,
}

user_error! {
    /// Why `typingSet` did nothing.
    TypingSetError,
    /// The reasons of `typingSet` to do nothing.
    TypingSetErrorCode {
        /// This is not the id of a session.
        InvalidId,
        /// There is no such session, or it does not go on for you.
        SessionNotFound,
        /// The session is closed.
        SessionClosed,
    }
}

#[derive(Default)]
pub(crate) struct TypingSet;

#[Object]
impl TypingSet {
    /// Shows to colleagues that you are writing in a session, and to the customer, too, if it is you who answers them. It
    /// is over by itself after six seconds: say it again every few seconds for as long as you write.
    async fn typing_set(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The session and whether you are writing.")] input: TypingSetInput,
    ) -> Result<TypingSetPayload> {
        let view = View::fresh(context).await?;
        let (_, user_errors) = settled(run(&view, &input)).await?;
        Ok(TypingSetPayload { user_errors })
    }
}

async fn run(view: &View, input: &TypingSetInput) -> Result<(), Stop<(), TypingSetError>> {
    let id = id::parse(&input.session_id)
        .map_err(|invalid| TypingSetError::new(TypingSetErrorCode::InvalidId, Some("sessionId"), invalid))?;
    let set = view.desk().typing_set(view.actor(), id, input.typing.unwrap_or(true)).await;
    set.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<(), TypingSetError> {
    let code = match refusal {
        Refusal::NotFound => TypingSetErrorCode::SessionNotFound,
        Refusal::Closed => TypingSetErrorCode::SessionClosed,
    };
    TypingSetError::new(code, Some("sessionId"), refusal).into()
}
