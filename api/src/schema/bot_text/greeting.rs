//! Changing what new customers are greeted with.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::greeting::BotTextsRefusal as Refusal;
use desk::project::StandingRefusal;
use domain::bot_text::BotTextRefusal;

use super::object::BotTextInput;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::project::Project;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `projectGreetingUpdate` takes.
#[derive(InputObject)]
pub(crate) struct ProjectGreetingUpdateInput {
    /// The global id of the project.
    project_id: ID,
    /// The greeting in each language, and one without a language for all others. An empty list greets nobody.
    texts: Vec<BotTextInput>,
    /// The version of the project that you have seen. If given and the project has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `projectGreetingUpdate`.
#[derive(SimpleObject)]
pub(crate) struct ProjectGreetingUpdatePayload {
    /// The project as it is now. Null if nothing was changed, except for `VERSION_CONFLICT`.
    project: Option<Project>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<ProjectGreetingUpdateError>,
}

user_error! {
    /// Why `projectGreetingUpdate` did nothing.
    ProjectGreetingUpdateError,
    /// The reasons of `projectGreetingUpdate` to do nothing.
    ProjectGreetingUpdateErrorCode {
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
        /// Telegram could not take a text: it is empty or too long.
        TextInvalid,
    }
}

#[derive(Default)]
pub(crate) struct ProjectGreetingUpdate;

#[Object]
impl ProjectGreetingUpdate {
    /// Changes what the bot writes to customers when they write for the first time, in their language. For supervisors and
    /// administrators of the project.
    async fn project_greeting_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The project and its greeting in every language.")] input: ProjectGreetingUpdateInput,
    ) -> Result<ProjectGreetingUpdatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(ProjectGreetingUpdatePayload {
            project: done.map(|project| Project::new(Arc::new(project), &view)),
            user_errors,
        })
    }
}

async fn run(
    view: &View,
    input: ProjectGreetingUpdateInput,
) -> Result<domain::Project, Stop<domain::Project, ProjectGreetingUpdateError>> {
    let project_id = id::parse(&input.project_id).map_err(|invalid| {
        ProjectGreetingUpdateError::new(ProjectGreetingUpdateErrorCode::InvalidId, Some("projectId"), invalid)
    })?;
    let texts = input.texts.into_iter().map(BotTextInput::parts).collect();
    let changed = view.desk().project_greeting_update(view.actor(), project_id, texts, input.expected_version).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Project, ProjectGreetingUpdateError> {
    use ProjectGreetingUpdateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, Some("projectId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::VersionConflict(_) => (Code::VersionConflict, Some("expectedVersion")),
        Refusal::Text(
            BotTextRefusal::Language(_) | BotTextRefusal::LanguageTwice(_) | BotTextRefusal::TooManyLanguages,
        ) => (Code::LanguageInvalid, Some("texts")),
        Refusal::Text(BotTextRefusal::NoFallback) => (Code::FallbackMissing, Some("texts")),
        Refusal::Text(BotTextRefusal::Text(_)) => (Code::TextInvalid, Some("texts")),
        Refusal::Text(_) => return Stop::unexpected(refusal),
    };
    let error = ProjectGreetingUpdateError::new(code, field, &refusal);
    let current = match refusal {
        Refusal::VersionConflict(project) => Some(*project),
        _ => None,
    };
    Stop::Refused { error, current }
}
