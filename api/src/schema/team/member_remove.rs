//! Taking an agent out of a team.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::team::TeamMemberRefusal as Refusal;

use super::Team;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `teamMemberRemove` takes.
#[derive(InputObject)]
pub(crate) struct TeamMemberRemoveInput {
    /// The global id of the team.
    team_id: ID,
    /// The global id of the agent.
    agent_id: ID,
}

/// What came of `teamMemberRemove`.
#[derive(SimpleObject)]
pub(crate) struct TeamMemberRemovePayload {
    /// The team as it is now. Null if nothing was changed.
    team: Option<Team>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TeamMemberRemoveError>,
}

user_error! {
    /// Why `teamMemberRemove` did nothing.
    TeamMemberRemoveError,
    /// The reasons of `teamMemberRemove` to do nothing.
    TeamMemberRemoveErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such team, or you may not see it.
        TeamNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
    }
}

#[derive(Default)]
pub(crate) struct TeamMemberRemove;

#[Object]
impl TeamMemberRemove {
    /// Takes an agent out of a team: they see no longer what waits for it, and keep the sessions that they answer. To do it
    /// again changes nothing. For supervisors and administrators of the project.
    async fn team_member_remove(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The team and the agent.")] input: TeamMemberRemoveInput,
    ) -> Result<TeamMemberRemovePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, &input)).await?;
        Ok(TeamMemberRemovePayload { team: done.map(|team| Team::new(Arc::new(team), &view)), user_errors })
    }
}

async fn run(
    view: &View,
    input: &TeamMemberRemoveInput,
) -> Result<domain::Team, Stop<domain::Team, TeamMemberRemoveError>> {
    let invalid =
        |field| move |invalid| TeamMemberRemoveError::new(TeamMemberRemoveErrorCode::InvalidId, Some(field), invalid);
    let team = id::parse(&input.team_id).map_err(invalid("teamId"))?;
    let agent = id::parse(&input.agent_id).map_err(invalid("agentId"))?;
    let changed = view.desk().team_member_remove(view.actor(), team, agent).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Team, TeamMemberRemoveError> {
    use TeamMemberRemoveErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::TeamNotFound | Refusal::Standing(StandingRefusal::NotFound) => (Code::TeamNotFound, Some("teamId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::AgentNotFound => return Stop::unexpected(refusal),
    };
    TeamMemberRemoveError::new(code, field, refusal).into()
}
