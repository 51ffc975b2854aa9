//! Changing a team.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::team::{TeamChange, TeamRefusal as Refusal};
use domain::name::NameRefusal;

use super::Team;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `teamUpdate` takes.
#[derive(InputObject)]
pub(crate) struct TeamUpdateInput {
    /// The global id of the team.
    team_id: ID,
    /// The new name, 1 to 100 characters. Null or left out: it stays as it is.
    name: Option<String>,
    /// The new line of support, 1 to 3. Null or left out: it stays as it is.
    line: Option<i32>,
    /// The version of the team that you have seen. If given and the team has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `teamUpdate`.
#[derive(SimpleObject)]
pub(crate) struct TeamUpdatePayload {
    /// The team as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    team: Option<Team>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TeamUpdateError>,
}

user_error! {
    /// Why `teamUpdate` did nothing.
    TeamUpdateError,
    /// The reasons of `teamUpdate` to do nothing.
    TeamUpdateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such team, or you may not see it.
        TeamNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The team has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// The name has no visible character.
        NameEmpty,
        /// The name has more than 100 characters.
        NameTooLong,
        /// The name has a control character or one that turns the direction of writing.
        NameInvalid,
        /// Something else of the kind in the project has this name.
        NameTaken,
        /// The line is not 1, 2 or 3.
        LineUnknown,
    }
}

#[derive(Default)]
pub(crate) struct TeamUpdate;

#[Object]
impl TeamUpdate {
    /// Changes a team. For supervisors and administrators of the project.
    async fn team_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The team and what is to change.")] input: TeamUpdateInput,
    ) -> Result<TeamUpdatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(TeamUpdatePayload { team: done.map(|team| Team::new(Arc::new(team), &view)), user_errors })
    }
}

async fn run(view: &View, input: TeamUpdateInput) -> Result<domain::Team, Stop<domain::Team, TeamUpdateError>> {
    let team_id = id::parse(&input.team_id)
        .map_err(|invalid| TeamUpdateError::new(TeamUpdateErrorCode::InvalidId, Some("teamId"), invalid))?;
    let TeamUpdateInput { name, line, expected_version, .. } = input;
    let change = TeamChange { name, line, expected_version };
    let changed = view.desk().team_update(view.actor(), team_id, &change).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Team, TeamUpdateError> {
    use TeamUpdateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::NotFound | Refusal::Standing(StandingRefusal::NotFound) => (Code::TeamNotFound, Some("teamId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::VersionConflict(_) => (Code::VersionConflict, Some("expectedVersion")),
        Refusal::Name(NameRefusal::Empty) => (Code::NameEmpty, Some("name")),
        Refusal::Name(NameRefusal::TooLong) => (Code::NameTooLong, Some("name")),
        Refusal::Name(NameRefusal::Invalid) => (Code::NameInvalid, Some("name")),
        Refusal::NameTaken => (Code::NameTaken, Some("name")),
        Refusal::Line => (Code::LineUnknown, Some("line")),
        Refusal::TooMany | Refusal::IdempotencyKey(_) => return Stop::unexpected(refusal),
    };
    let error = TeamUpdateError::new(code, field, &refusal);
    let current = if let Refusal::VersionConflict(team) = refusal { Some(*team) } else { None };
    Stop::Refused { error, current }
}
