//! Taking a canned reply away.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::canned::CannedReplyRefusal as Refusal;

use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::project::Project;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `cannedReplyDelete` takes.
#[derive(InputObject)]
pub(crate) struct CannedReplyDeleteInput {
    /// The global id of the canned reply.
    canned_reply_id: ID,
}

/// What came of `cannedReplyDelete`.
#[derive(SimpleObject)]
pub(crate) struct CannedReplyDeletePayload {
    /// The project that it was in. Null if nothing was taken away.
    project: Option<Project>,
    /// The global id of the canned reply that is gone. Null if none was taken away.
    deleted_canned_reply_id: Option<ID>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<CannedReplyDeleteError>,
}

user_error! {
    /// Why `cannedReplyDelete` did nothing.
    CannedReplyDeleteError,
    /// The reasons of `cannedReplyDelete` to do nothing.
    CannedReplyDeleteErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such canned reply, or it is somebody else's own.
        CannedReplyNotFound,
        /// It is shared, and you are neither a supervisor nor an administrator of the project.
        NotSupervisor,
    }
}

#[derive(Default)]
pub(crate) struct CannedReplyDelete;

#[Object]
impl CannedReplyDelete {
    /// Takes a canned reply away: your own or, for supervisors and administrators, a shared one. What was sent stays.
    async fn canned_reply_delete(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The canned reply.")] input: CannedReplyDeleteInput,
    ) -> Result<CannedReplyDeletePayload> {
        let view = View::fresh(context).await?;
        let id = input.canned_reply_id.clone();
        let (done, user_errors) = settled(run(&view, input)).await?;
        let deleted_canned_reply_id = done.is_some().then_some(id);
        let project = done.map(|done| Project::new(Arc::new(done), &view));
        Ok(CannedReplyDeletePayload { project, deleted_canned_reply_id, user_errors })
    }
}

async fn run(
    view: &View,
    input: CannedReplyDeleteInput,
) -> Result<domain::Project, Stop<domain::Project, CannedReplyDeleteError>> {
    use CannedReplyDeleteErrorCode as Code;
    let invalid = |field| move |invalid| CannedReplyDeleteError::new(Code::InvalidId, Some(field), invalid);
    let id = id::parse(&input.canned_reply_id).map_err(invalid("cannedReplyId"))?;
    let deleted = view.desk().canned_reply_delete(view.actor(), id).await;
    deleted.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Project, CannedReplyDeleteError> {
    use CannedReplyDeleteErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::NotFound => (Code::CannedReplyNotFound, Some("cannedReplyId")),
        Refusal::NotSupervisor => (Code::NotSupervisor, None),
        _ => return Stop::unexpected(refusal),
    };
    CannedReplyDeleteError::new(code, field, refusal).into()
}
