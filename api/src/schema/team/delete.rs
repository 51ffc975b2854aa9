//! Deleting a team.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::team::TeamRefusal as Refusal;
use domain::TeamId;

use crate::schema::error::Result;
use crate::schema::id::{self, Id};
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `teamDelete` takes.
#[derive(InputObject)]
pub(crate) struct TeamDeleteInput {
    /// The global id of the team.
    team_id: ID,
    /// The version of the team that you have seen. If given and the team has changed since, it stays.
    expected_version: Option<i64>,
}

/// What came of `teamDelete`.
#[derive(SimpleObject)]
pub(crate) struct TeamDeletePayload {
    /// The global id of the team that is gone. Null if none was deleted.
    deleted_team_id: Option<Id>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TeamDeleteError>,
}

user_error! {
    /// Why `teamDelete` did nothing.
    TeamDeleteError,
    /// The reasons of `teamDelete` to do nothing.
    TeamDeleteErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such team, or you may not see it.
        TeamNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The team has changed since the version you expect.
        VersionConflict,
    }
}

#[derive(Default)]
pub(crate) struct TeamDelete;

#[Object]
impl TeamDelete {
    /// Deletes a team. Its open sessions are for no particular team from then on, so that every agent of the project sees
    /// those that nobody has: hand them to another team before if that must not be. Closed sessions stay with it, and are
    /// seen by supervisors and administrators. Its groups get no more notices, and diversion links that led to it lead to no
    /// team. Routing rules with it as their scope are switched off until you give them another one, and if it was the
    /// scope of the project's settings, all agents are from then on. For supervisors and administrators of the project.
    async fn team_delete(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The team that is to be deleted.")] input: TeamDeleteInput,
    ) -> Result<TeamDeletePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, &input)).await?;
        Ok(TeamDeletePayload { deleted_team_id: done.map(Id::from), user_errors })
    }
}

async fn run(view: &View, input: &TeamDeleteInput) -> Result<TeamId, Stop<TeamId, TeamDeleteError>> {
    let id = id::parse(&input.team_id)
        .map_err(|invalid| TeamDeleteError::new(TeamDeleteErrorCode::InvalidId, Some("teamId"), invalid))?;
    let deleted = view.desk().team_delete(view.actor(), id, input.expected_version).await;
    deleted.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<TeamId, TeamDeleteError> {
    use TeamDeleteErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::NotFound | Refusal::Standing(StandingRefusal::NotFound) => (Code::TeamNotFound, Some("teamId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::VersionConflict(_) => (Code::VersionConflict, Some("expectedVersion")),
        Refusal::Name(_) | Refusal::NameTaken | Refusal::Line | Refusal::TooMany | Refusal::IdempotencyKey(_) => {
            return Stop::unexpected(refusal);
        }
    };
    TeamDeleteError::new(code, field, refusal).into()
}
