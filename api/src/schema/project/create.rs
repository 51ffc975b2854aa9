//! Adding a project.

use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, SimpleObject};
use desk::IdempotencyKeyRefusal;
use desk::project::{NewProject, ProjectCreateRefusal as Refusal};
use domain::name::NameRefusal;

use super::Project;
use crate::schema::error::Result;
use crate::schema::user_error::{Stop, UserError as _, settle, user_error};
use crate::view::View;

/// What `projectCreate` takes.
#[derive(InputObject)]
pub(crate) struct ProjectCreateInput {
    /// The name shown to agents, 1 to 100 characters.
    name: String,
    /// The token of the project's bot as BotFather gives it. It is kept encrypted and never shown again. Leave it out for
    /// a sandbox.
    #[graphql(secret)]
    bot_token: Option<String>,
    /// True for a project whose customers are simulated.
    #[graphql(default)]
    sandbox: bool,
    /// A key that you choose for this request, 1 to 255 bytes, best a random UUID. Within 24 hours the same key with the
    /// same input makes no other project and gives the first one. Null or left out: sending again is another request.
    idempotency_key: Option<String>,
}

/// What came of `projectCreate`.
#[derive(SimpleObject)]
pub(crate) struct ProjectCreatePayload {
    /// The new project. Null if none was added.
    project: Option<Project>,
    /// Why nothing was added. Empty if all went well.
    user_errors: Vec<ProjectCreateError>,
}

user_error! {
    /// Why `projectCreate` added nothing.
    ProjectCreateError,
    /// The reasons of `projectCreate` to add nothing.
    ProjectCreateErrorCode {
        /// You do not administer the workspace.
        NotAdministrator,
        /// The name has no visible character.
        NameEmpty,
        /// The name has more than 100 characters.
        NameTooLong,
        /// The name has a control character or one that turns the direction of writing.
        NameInvalid,
        /// There is neither a bot token nor `sandbox: true`, or both.
        BotOrSandbox,
        /// The bot token has not the form of one.
        BotTokenMalformed,
        /// Another project has this bot.
        BotTaken,
        /// The idempotency key is empty or too long.
        IdempotencyKeyMalformed,
        /// The idempotency key was used for another request within 24 hours.
        IdempotencyKeyReused,
    }
}

#[derive(Default)]
pub(crate) struct ProjectCreate;

#[Object]
impl ProjectCreate {
    /// Adds a project to your workspace. Its bot starts to work within seconds. For administrators of the workspace.
    async fn project_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The project to add.")] input: ProjectCreateInput,
    ) -> Result<ProjectCreatePayload> {
        let view = View::fresh(context).await?;
        let ProjectCreateInput { name, bot_token, sandbox, idempotency_key } = input;
        let new = NewProject { name, bot_token, sandbox, idempotency_key };
        let created = view.desk().project_create(view.actor(), &new).await;
        let (project, user_errors) = settle(created.map_err(|rejected| Stop::of(rejected, explain)))?;
        Ok(ProjectCreatePayload { project: project.map(|project| Project::new(Arc::new(project), &view)), user_errors })
    }
}

fn explain(refusal: Refusal) -> Stop<domain::Project, ProjectCreateError> {
    use ProjectCreateErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::NotAdministrator => (Code::NotAdministrator, None),
        Refusal::Name(NameRefusal::Empty) => (Code::NameEmpty, Some("name")),
        Refusal::Name(NameRefusal::TooLong) => (Code::NameTooLong, Some("name")),
        Refusal::Name(NameRefusal::Invalid) => (Code::NameInvalid, Some("name")),
        Refusal::BotOrSandbox => (Code::BotOrSandbox, None),
        Refusal::MalformedToken => (Code::BotTokenMalformed, Some("botToken")),
        Refusal::BotTaken => (Code::BotTaken, Some("botToken")),
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Malformed) => {
            (Code::IdempotencyKeyMalformed, Some("idempotencyKey"))
        }
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Reused) => (Code::IdempotencyKeyReused, Some("idempotencyKey")),
    };
    ProjectCreateError::new(code, field, refusal).into()
}
