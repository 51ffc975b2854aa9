//! Changing a project.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::project::{ProjectChange, ProjectRefusal as Refusal};
use domain::name::NameRefusal;

use super::Project;
use super::refusal::current;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `projectUpdate` takes. What is left out or null stays as it is.
#[derive(InputObject)]
pub(crate) struct ProjectUpdateInput {
    /// The global id of the project.
    project_id: ID,
    /// The name shown to agents, 1 to 100 characters.
    name: Option<String>,
    /// A new token of the project's bot as BotFather gives it, after the old one was revoked. The token of another bot is
    /// taken only as long as nobody has written to the first. It is kept encrypted and never shown again.
    #[graphql(secret)]
    bot_token: Option<String>,
    /// The version of the project that you have seen. If given and the project has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `projectUpdate`.
#[derive(SimpleObject)]
pub(crate) struct ProjectUpdatePayload {
    /// The project as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    project: Option<Project>,
    /// Why the project was left as it is. Empty if all went well.
    user_errors: Vec<ProjectUpdateError>,
}

user_error! {
    /// Why `projectUpdate` left the project as it is.
    ProjectUpdateError,
    /// The reasons of `projectUpdate` to leave the project as it is.
    ProjectUpdateErrorCode {
        /// This is not the id of a project.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You administer neither the project nor the workspace.
        NotAdministrator,
        /// The project has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// The name has no visible character.
        NameEmpty,
        /// The name has more than 100 characters.
        NameTooLong,
        /// The name has a control character or one that turns the direction of writing.
        NameInvalid,
        /// The bot token has not the form of one.
        BotTokenMalformed,
        /// The project is a sandbox, which has no bot.
        BotOfSandbox,
        /// The token is that of another bot, and customers have written to the one that the project has.
        OtherBot,
        /// Another project, perhaps an archived one, has this bot.
        BotTaken,
    }
}

#[derive(Default)]
pub(crate) struct ProjectUpdate;

#[Object]
impl ProjectUpdate {
    /// Changes a project: its name, or the token of its bot, which works with the new one within seconds. For
    /// administrators of the project or of the workspace.
    async fn project_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The project and what is to change.")] input: ProjectUpdateInput,
    ) -> Result<ProjectUpdatePayload> {
        let view = View::fresh(context).await?;
        let (project, user_errors) = settled(update(&view, input)).await?;
        Ok(ProjectUpdatePayload { project: project.map(|project| Project::new(Arc::new(project), &view)), user_errors })
    }
}

async fn update(
    view: &View,
    input: ProjectUpdateInput,
) -> Result<domain::Project, Stop<domain::Project, ProjectUpdateError>> {
    let id = id::parse(&input.project_id)
        .map_err(|invalid| ProjectUpdateError::new(ProjectUpdateErrorCode::InvalidId, Some("projectId"), invalid))?;
    let ProjectUpdateInput { name, bot_token, expected_version, .. } = input;
    let change = ProjectChange { name, bot_token, expected_version };
    let updated = view.desk().project_update(view.actor(), id, &change).await;
    updated.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Project, ProjectUpdateError> {
    use ProjectUpdateErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::NotFound => (Code::ProjectNotFound, "projectId"),
        Refusal::NotAdministrator => (Code::NotAdministrator, "projectId"),
        Refusal::VersionConflict(_) => (Code::VersionConflict, "expectedVersion"),
        Refusal::Name(NameRefusal::Empty) => (Code::NameEmpty, "name"),
        Refusal::Name(NameRefusal::TooLong) => (Code::NameTooLong, "name"),
        Refusal::Name(NameRefusal::Invalid) => (Code::NameInvalid, "name"),
        Refusal::MalformedToken => (Code::BotTokenMalformed, "botToken"),
        Refusal::Sandbox => (Code::BotOfSandbox, "botToken"),
        Refusal::OtherBot => (Code::OtherBot, "botToken"),
        Refusal::BotTaken => (Code::BotTaken, "botToken"),
    };
    Stop::Refused { error: ProjectUpdateError::new(code, Some(field), &refusal), current: current(refusal) }
}
