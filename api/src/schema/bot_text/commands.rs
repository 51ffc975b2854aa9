//! Changing the commands of a bot.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::greeting::BotTextsRefusal as Refusal;
use desk::project::StandingRefusal;
use domain::bot_text::BotTextRefusal;

use super::object::BotCommandInput;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::project::Project;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `projectCommandsUpdate` takes.
#[derive(InputObject)]
pub(crate) struct ProjectCommandsUpdateInput {
    /// The global id of the project.
    project_id: ID,
    /// The commands in the order in which Telegram shows them, at most 100.
    commands: Vec<BotCommandInput>,
    /// The version of the project that you have seen. If given and the project has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `projectCommandsUpdate`.
#[derive(SimpleObject)]
pub(crate) struct ProjectCommandsUpdatePayload {
    /// The project as it is now. Null if nothing was changed, except for `VERSION_CONFLICT`.
    project: Option<Project>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<ProjectCommandsUpdateError>,
}

user_error! {
    /// Why `projectCommandsUpdate` did nothing.
    ProjectCommandsUpdateError,
    /// The reasons of `projectCommandsUpdate` to do nothing.
    ProjectCommandsUpdateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The project has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// A language is not an IETF tag, is there twice, or there are too many.
        LanguageInvalid,
        /// There is no text without a language.
        FallbackMissing,
        /// A command is not 1 to 32 lower-case letters of English, digits and `_`, is there twice, or there are more than 100.
        CommandInvalid,
        /// A description is empty or has more than 256 characters.
        DescriptionInvalid,
    }
}

#[derive(Default)]
pub(crate) struct ProjectCommandsUpdate;

#[Object]
impl ProjectCommandsUpdate {
    /// Changes the commands that the bot offers in Telegram, within moments, and lists on `/help`. For supervisors and
    /// administrators of the project.
    async fn project_commands_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The project and all its commands.")] input: ProjectCommandsUpdateInput,
    ) -> Result<ProjectCommandsUpdatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(ProjectCommandsUpdatePayload {
            project: done.map(|project| Project::new(Arc::new(project), &view)),
            user_errors,
        })
    }
}

async fn run(
    view: &View,
    input: ProjectCommandsUpdateInput,
) -> Result<domain::Project, Stop<domain::Project, ProjectCommandsUpdateError>> {
    let project_id = id::parse(&input.project_id).map_err(|invalid| {
        ProjectCommandsUpdateError::new(ProjectCommandsUpdateErrorCode::InvalidId, Some("projectId"), invalid)
    })?;
    let commands = input.commands.into_iter().map(BotCommandInput::parts).collect();
    let changed = view.desk().project_commands_update(view.actor(), project_id, commands, input.expected_version).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Project, ProjectCommandsUpdateError> {
    use ProjectCommandsUpdateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, Some("projectId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::VersionConflict(_) => (Code::VersionConflict, Some("expectedVersion")),
        Refusal::Text(
            BotTextRefusal::Language(_) | BotTextRefusal::LanguageTwice(_) | BotTextRefusal::TooManyLanguages,
        ) => (Code::LanguageInvalid, Some("commands")),
        Refusal::Text(BotTextRefusal::NoFallback) => (Code::FallbackMissing, Some("commands")),
        Refusal::Text(BotTextRefusal::Description | BotTextRefusal::Text(_)) => {
            (Code::DescriptionInvalid, Some("commands"))
        }
        Refusal::Text(
            BotTextRefusal::Command(_) | BotTextRefusal::CommandTwice(_) | BotTextRefusal::TooManyCommands,
        ) => (Code::CommandInvalid, Some("commands")),
    };
    let error = ProjectCommandsUpdateError::new(code, field, &refusal);
    let current = match refusal {
        Refusal::VersionConflict(project) => Some(*project),
        _ => None,
    };
    Stop::Refused { error, current }
}
