//! Linking your Telegram account.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::staff::StaffLinkRefusal as Refusal;
use desk::team::LinkInvitation as Made;

use super::LinkInvitation;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `staffLinkCreate` takes.
#[derive(InputObject)]
pub(crate) struct StaffLinkCreateInput {
    /// The global id of the project.
    project_id: ID,
}

/// What came of `staffLinkCreate`.
#[derive(SimpleObject)]
pub(crate) struct StaffLinkCreatePayload {
    /// What links the account, valid for 15 minutes. Null if nothing was made.
    invitation: Option<LinkInvitation>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<StaffLinkCreateError>,
}

user_error! {
    /// Why `staffLinkCreate` did nothing.
    StaffLinkCreateError,
    /// The reasons of `staffLinkCreate` to do nothing.
    StaffLinkCreateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
    }
}

#[derive(Default)]
pub(crate) struct StaffLinkCreate;

#[Object]
impl StaffLinkCreate {
    /// Makes a deep link by which you link your Telegram account, which then gets your notices in the project. It works once
    /// and for 15 minutes. Not to be done with an API token.
    async fn staff_link_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The project whose notices you want.")] input: StaffLinkCreateInput,
    ) -> Result<StaffLinkCreatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(StaffLinkCreatePayload {
            invitation: done.map(|made| LinkInvitation::new(made, domain::diversion::address)),
            user_errors,
        })
    }
}

async fn run(view: &View, input: StaffLinkCreateInput) -> Result<Made, Stop<Made, StaffLinkCreateError>> {
    let project_id = id::parse(&input.project_id).map_err(|invalid| {
        StaffLinkCreateError::new(StaffLinkCreateErrorCode::InvalidId, Some("projectId"), invalid)
    })?;
    let made = view.desk().staff_link_create(view.actor(), project_id).await;
    made.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<Made, StaffLinkCreateError> {
    use StaffLinkCreateErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, Some("projectId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) | Refusal::NotLinked => return Stop::unexpected(refusal),
    };
    StaffLinkCreateError::new(code, field, refusal).into()
}
