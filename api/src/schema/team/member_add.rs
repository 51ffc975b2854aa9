//! Putting an agent into a team.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::team::TeamMemberRefusal as Refusal;

use super::Team;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `teamMemberAdd` takes.
#[derive(InputObject)]
pub(crate) struct TeamMemberAddInput {
    /// The global id of the team.
    team_id: ID,
    /// The global id of the agent.
    agent_id: ID,
}

/// What came of `teamMemberAdd`.
#[derive(SimpleObject)]
pub(crate) struct TeamMemberAddPayload {
    /// The team as it is now. Null if nothing was changed.
    team: Option<Team>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TeamMemberAddError>,
}

user_error! {
    /// Why `teamMemberAdd` did nothing.
    TeamMemberAddError,
    /// The reasons of `teamMemberAdd` to do nothing.
    TeamMemberAddErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such team, or you may not see it.
        TeamNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// There is no such active agent in the project.
        AgentNotFound,
    }
}

#[derive(Default)]
pub(crate) struct TeamMemberAdd;

#[Object]
impl TeamMemberAdd {
    /// Puts an agent of the project into a team: they see what waits for it. To do it again changes nothing. For supervisors
    /// and administrators of the project.
    async fn team_member_add(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The team and the agent.")] input: TeamMemberAddInput,
    ) -> Result<TeamMemberAddPayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, &input)).await?;
        Ok(TeamMemberAddPayload { team: done.map(|team| Team::new(Arc::new(team), &view)), user_errors })
    }
}

async fn run(view: &View, input: &TeamMemberAddInput) -> Result<domain::Team, Stop<domain::Team, TeamMemberAddError>> {
    let invalid =
        |field| move |invalid| TeamMemberAddError::new(TeamMemberAddErrorCode::InvalidId, Some(field), invalid);
    let team = id::parse(&input.team_id).map_err(invalid("teamId"))?;
    let agent = id::parse(&input.agent_id).map_err(invalid("agentId"))?;
    let changed = view.desk().team_member_add(view.actor(), team, agent).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Team, TeamMemberAddError> {
    use TeamMemberAddErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::TeamNotFound | Refusal::Standing(StandingRefusal::NotFound) => (Code::TeamNotFound, Some("teamId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::AgentNotFound => (Code::AgentNotFound, Some("agentId")),
    };
    TeamMemberAddError::new(code, field, refusal).into()
}
