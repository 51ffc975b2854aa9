//! Linking a Telegram group to a team.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::team::{LinkInvitation as Made, TeamGroupRefusal as Refusal};

use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::staff::LinkInvitation;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `teamGroupLinkCreate` takes.
#[derive(InputObject)]
pub(crate) struct TeamGroupLinkCreateInput {
    /// The global id of the team.
    team_id: ID,
}

/// What came of `teamGroupLinkCreate`.
#[derive(SimpleObject)]
pub(crate) struct TeamGroupLinkCreatePayload {
    /// What links the group, valid for 15 minutes. Null if nothing was made.
    invitation: Option<LinkInvitation>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TeamGroupLinkCreateError>,
}

user_error! {
    /// Why `teamGroupLinkCreate` did nothing.
    TeamGroupLinkCreateError,
    /// The reasons of `teamGroupLinkCreate` to do nothing.
    TeamGroupLinkCreateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such team, or you may not see it.
        TeamNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
    }
}

#[derive(Default)]
pub(crate) struct TeamGroupLinkCreate;

#[Object]
impl TeamGroupLinkCreate {
    /// Makes a deep link by which the bot is put into a Telegram group that then gets the notices of a team: which sessions
    /// have begun that nobody has. It works once and for 15 minutes. For supervisors and administrators of the project, and
    /// not to be done with an API token.
    async fn team_group_link_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The team that is to get a group.")] input: TeamGroupLinkCreateInput,
    ) -> Result<TeamGroupLinkCreatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(TeamGroupLinkCreatePayload {
            invitation: done.map(|made| LinkInvitation::new(made, domain::diversion::group_address)),
            user_errors,
        })
    }
}

async fn run(view: &View, input: TeamGroupLinkCreateInput) -> Result<Made, Stop<Made, TeamGroupLinkCreateError>> {
    let team_id = id::parse(&input.team_id).map_err(|invalid| {
        TeamGroupLinkCreateError::new(TeamGroupLinkCreateErrorCode::InvalidId, Some("teamId"), invalid)
    })?;
    let made = view.desk().team_group_link_create(view.actor(), team_id).await;
    made.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<Made, TeamGroupLinkCreateError> {
    use TeamGroupLinkCreateErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::TeamNotFound | Refusal::Standing(StandingRefusal::NotFound) => (Code::TeamNotFound, Some("teamId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::NotLinked => return Stop::unexpected(refusal),
    };
    TeamGroupLinkCreateError::new(code, field, refusal).into()
}
