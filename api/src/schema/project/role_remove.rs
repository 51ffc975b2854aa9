//! Taking an agent's role in a project away.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use desk::agent::ProjectRoleRefusal as Refusal;

use super::object::Project;
use super::parent::Parent;
use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `projectRoleRemove` takes.
#[derive(InputObject)]
pub(crate) struct ProjectRoleRemoveInput {
    /// The global id of the project.
    project_id: ID,
    /// The global id of the agent.
    agent_id: ID,
}

/// What came of `projectRoleRemove`.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct ProjectRoleRemovePayload {
    /// The agent as they are now. Null if nothing was changed.
    agent: Option<Agent>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<ProjectRoleRemoveError>,
    #[graphql(skip)]
    parent: Parent,
}

#[ComplexObject]
impl ProjectRoleRemovePayload {
    /// The project that the agent was a member of. Null if nothing was changed.
    async fn project(&self) -> Option<Result<Project>> {
        self.parent.project().await
    }
}

user_error! {
    /// Why `projectRoleRemove` did nothing.
    ProjectRoleRemoveError,
    /// The reasons of `projectRoleRemove` to do nothing.
    ProjectRoleRemoveErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You administer neither the project nor the workspace.
        NotAdministrator,
        /// There is no such agent in your workspace.
        AgentNotFound,
        /// The agent was given no role in the project.
        NoRole,
        /// The agent is the only administrator that the project has beside those of the workspace, who alone may change that.
        LastAdmin,
    }
}

#[derive(Default)]
pub(crate) struct ProjectRoleRemove;

#[Object]
impl ProjectRoleRemove {
    /// Takes an agent's role in a project away: within a second they see nothing of it any more. They leave its teams,
    /// their open sessions wait for others, and their tickets go back to their teams. Administrators of the workspace stay in
    /// each of its projects, whatever roles they were given. For administrators of the project, and not to be done with an
    /// API token.
    async fn project_role_remove(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The project and the agent.")] input: ProjectRoleRemoveInput,
    ) -> Result<ProjectRoleRemovePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, &input)).await?;
        // Who gives up a role of their own sees no more by it.
        let parent = Parent::new(done.is_some(), &input.project_id, &View::fresh(context).await?);
        let agent = done.map(|agent| Agent::new(Arc::new(agent), &view));
        Ok(ProjectRoleRemovePayload { agent, user_errors, parent })
    }
}

async fn run(
    view: &View,
    input: &ProjectRoleRemoveInput,
) -> Result<domain::Agent, Stop<domain::Agent, ProjectRoleRemoveError>> {
    let invalid =
        |field| move |invalid| ProjectRoleRemoveError::new(ProjectRoleRemoveErrorCode::InvalidId, Some(field), invalid);
    let project = id::parse(&input.project_id).map_err(invalid("projectId"))?;
    let agent = id::parse(&input.agent_id).map_err(invalid("agentId"))?;
    let changed = view.desk().project_role_remove(view.actor(), project, agent).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Agent, ProjectRoleRemoveError> {
    use ProjectRoleRemoveErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::ProjectNotFound => (Code::ProjectNotFound, Some("projectId")),
        Refusal::NotAdministrator => (Code::NotAdministrator, None),
        Refusal::AgentNotFound => (Code::AgentNotFound, Some("agentId")),
        Refusal::LastAdmin => (Code::LastAdmin, Some("agentId")),
        Refusal::NoRole => (Code::NoRole, Some("agentId")),
    };
    ProjectRoleRemoveError::new(code, field, refusal).into()
}
