//! How the consoles of a project show conversations.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use desk::project::{ChatThemeChange, ChatThemeRefusal as Refusal, StandingRefusal};

use super::Project;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What a conversation looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::chat_theme::Appearance")]
pub(crate) enum ChatAppearance {
    /// Dark text on a light ground.
    Light,
    /// Light text on a dark ground.
    Dark,
    /// As in Telegram.
    Telegram,
}

/// How the consoles of a project show conversations. The desk keeps it; consoles go by it.
#[derive(SimpleObject)]
pub(crate) struct ChatTheme {
    /// What a conversation looks like.
    appearance: ChatAppearance,
    /// The colours of what is behind it, as `#rrggbb`, as Telegram has them: one fills it, two are a gradient, three or
    /// four a gradient in all directions. Empty for what the appearance brings with it.
    background: Vec<String>,
}

impl ChatTheme {
    pub(super) fn of(theme: &domain::chat_theme::ChatTheme) -> Self {
        Self { appearance: theme.appearance.into(), background: theme.background.clone() }
    }
}

/// What `projectChatThemeUpdate` takes.
#[derive(InputObject)]
pub(crate) struct ProjectChatThemeUpdateInput {
    /// The global id of the project.
    project_id: ID,
    /// What a conversation is to look like. Null or left out: it stays as it is.
    appearance: Option<ChatAppearance>,
    /// One to four colours such as `#dbddbb`, or an empty list for what the appearance brings with it. Null or left out: it
    /// stays as it is.
    background: Option<Vec<String>>,
    /// The version of the project that you have seen. If given and the project has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `projectChatThemeUpdate`.
#[derive(SimpleObject)]
pub(crate) struct ProjectChatThemeUpdatePayload {
    /// The project as it is now. Null if nothing was changed, except for `VERSION_CONFLICT`.
    project: Option<Project>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<ProjectChatThemeUpdateError>,
}

user_error! {
    /// Why `projectChatThemeUpdate` did nothing.
    ProjectChatThemeUpdateError,
    /// The reasons of `projectChatThemeUpdate` to do nothing.
    ProjectChatThemeUpdateErrorCode {
        /// This is not the id of a project.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The project has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// There are more than four colours, or one of them is not of the form `#rrggbb`.
        BackgroundInvalid,
    }
}

#[derive(Default)]
pub(crate) struct ProjectChatThemeUpdate;

#[Object]
impl ProjectChatThemeUpdate {
    /// Changes how the consoles of a project show conversations. For supervisors and administrators of the project.
    async fn project_chat_theme_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The project and what to change of its theme.")] input: ProjectChatThemeUpdateInput,
    ) -> Result<ProjectChatThemeUpdatePayload> {
        let view = View::fresh(context).await?;
        let (project, user_errors) = settled(update(&view, input)).await?;
        let project = project.map(|project| Project::new(Arc::new(project), &view));
        Ok(ProjectChatThemeUpdatePayload { project, user_errors })
    }
}

async fn update(
    view: &View,
    input: ProjectChatThemeUpdateInput,
) -> Result<domain::Project, Stop<domain::Project, ProjectChatThemeUpdateError>> {
    use ProjectChatThemeUpdateErrorCode as Code;
    let id = id::parse(&input.project_id)
        .map_err(|invalid| ProjectChatThemeUpdateError::new(Code::InvalidId, Some("projectId"), invalid))?;
    let appearance = input.appearance.map(domain::chat_theme::Appearance::from);
    let (background, expected_version) = (input.background, input.expected_version);
    let change = ChatThemeChange { appearance, background, expected_version };
    let changed = view.desk().project_chat_theme_update(view.actor(), id, &change).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Project, ProjectChatThemeUpdateError> {
    use ProjectChatThemeUpdateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, Some("projectId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::VersionConflict(_) => (Code::VersionConflict, Some("expectedVersion")),
        Refusal::Background(_) => (Code::BackgroundInvalid, Some("background")),
    };
    let error = ProjectChatThemeUpdateError::new(code, field, &refusal);
    let current = match refusal {
        Refusal::VersionConflict(project) => Some(*project),
        _ => None,
    };
    Stop::Refused { error, current }
}
