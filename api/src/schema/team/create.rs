//! Making a team.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::IdempotencyKeyRefusal;
use desk::project::StandingRefusal;
use desk::team::{NewTeam, TeamRefusal as Refusal};
use domain::name::NameRefusal;

use super::Team;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `teamCreate` takes.
#[derive(InputObject)]
pub(crate) struct TeamCreateInput {
    /// The global id of the project.
    project_id: ID,
    /// The name, 1 to 100 characters, which no other team of the project has.
    name: String,
    /// The line of support, 1 to 3.
    line: i32,
    /// A key that you choose for this request, 1 to 255 bytes, best a random UUID. Within 24 hours the same key with the
    /// same input makes no other team and gives the first one. Null or left out: sending again is another request.
    idempotency_key: Option<String>,
}

/// What came of `teamCreate`.
#[derive(SimpleObject)]
pub(crate) struct TeamCreatePayload {
    /// The new team. Null if none was made.
    team: Option<Team>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TeamCreateError>,
}

user_error! {
    /// Why `teamCreate` did nothing.
    TeamCreateError,
    /// The reasons of `teamCreate` to do nothing.
    TeamCreateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
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
        /// The project has 100 teams.
        TooManyTeams,
        /// The idempotency key is empty or too long.
        IdempotencyKeyMalformed,
        /// The idempotency key was used for another request within 24 hours.
        IdempotencyKeyReused,
    }
}

#[derive(Default)]
pub(crate) struct TeamCreate;

#[Object]
impl TeamCreate {
    /// Makes a team. For supervisors and administrators of the project.
    async fn team_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The team to make.")] input: TeamCreateInput,
    ) -> Result<TeamCreatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(TeamCreatePayload { team: done.map(|team| Team::new(Arc::new(team), &view)), user_errors })
    }
}

async fn run(view: &View, input: TeamCreateInput) -> Result<domain::Team, Stop<domain::Team, TeamCreateError>> {
    let project_id = id::parse(&input.project_id)
        .map_err(|invalid| TeamCreateError::new(TeamCreateErrorCode::InvalidId, Some("projectId"), invalid))?;
    let TeamCreateInput { name, line, idempotency_key, .. } = input;
    let new = NewTeam { project_id, name, line, idempotency_key };
    let made = view.desk().team_create(view.actor(), &new).await;
    made.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Team, TeamCreateError> {
    use TeamCreateErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, Some("projectId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::Name(NameRefusal::Empty) => (Code::NameEmpty, Some("name")),
        Refusal::Name(NameRefusal::TooLong) => (Code::NameTooLong, Some("name")),
        Refusal::Name(NameRefusal::Invalid) => (Code::NameInvalid, Some("name")),
        Refusal::NameTaken => (Code::NameTaken, Some("name")),
        Refusal::Line => (Code::LineUnknown, Some("line")),
        Refusal::TooMany => (Code::TooManyTeams, None),
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Malformed) => {
            (Code::IdempotencyKeyMalformed, Some("idempotencyKey"))
        }
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Reused) => (Code::IdempotencyKeyReused, Some("idempotencyKey")),
        Refusal::NotFound | Refusal::VersionConflict(_) => return Stop::unexpected(refusal),
    };
    TeamCreateError::new(code, field, refusal).into()
}
