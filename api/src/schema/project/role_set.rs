//! Giving an agent a role in a project.

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use desk::agent::{Member, ProjectRoleRefusal as Refusal};

use super::member::ProjectMember;
use super::object::{Project, ProjectRole};
use super::parent::Parent;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `projectRoleSet` takes.
#[derive(InputObject)]
pub(crate) struct ProjectRoleSetInput {
    /// The global id of the project.
    project_id: ID,
    /// The global id of the agent.
    agent_id: ID,
    /// What they are to do there. It takes the place of the role that they had.
    role: ProjectRole,
}

/// What came of `projectRoleSet`.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct ProjectRoleSetPayload {
    /// The agent as a member of the project. Null if nothing was changed.
    member: Option<ProjectMember>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<ProjectRoleSetError>,
    #[graphql(skip)]
    parent: Parent,
}

#[ComplexObject]
impl ProjectRoleSetPayload {
    /// The project that the agent is a member of. Null if nothing was changed.
    async fn project(&self) -> Option<Result<Project>> {
        self.parent.project().await
    }
}

user_error! {
    /// Why `projectRoleSet` did nothing.
    ProjectRoleSetError,
    /// The reasons of `projectRoleSet` to do nothing.
    ProjectRoleSetErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You administer neither the project nor the workspace.
        NotAdministrator,
        /// There is no such active agent in your workspace.
        AgentNotFound,
        /// The agent is the only administrator that the project has beside those of the workspace, who alone may change that.
        LastAdmin,
    }
}

#[derive(Default)]
pub(crate) struct ProjectRoleSet;

#[Object]
impl ProjectRoleSet {
    /// Gives an agent of your workspace a role in a project, in place of the one that they had. For administrators of the
    /// project, and not to be done with an API token.
    async fn project_role_set(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The project, the agent and the role.")] input: ProjectRoleSetInput,
    ) -> Result<ProjectRoleSetPayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, &input)).await?;
        let parent = Parent::new(done.is_some(), &input.project_id, &view);
        let member = done.map(|member| ProjectMember::new(member, &view));
        Ok(ProjectRoleSetPayload { member, user_errors, parent })
    }
}

async fn run(view: &View, input: &ProjectRoleSetInput) -> Result<Member, Stop<Member, ProjectRoleSetError>> {
    let invalid =
        |field| move |invalid| ProjectRoleSetError::new(ProjectRoleSetErrorCode::InvalidId, Some(field), invalid);
    let project = id::parse(&input.project_id).map_err(invalid("projectId"))?;
    let agent = id::parse(&input.agent_id).map_err(invalid("agentId"))?;
    let changed = view.desk().project_role_set(view.actor(), project, agent, input.role.into()).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<Member, ProjectRoleSetError> {
    use ProjectRoleSetErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::ProjectNotFound => (Code::ProjectNotFound, Some("projectId")),
        Refusal::NotAdministrator => (Code::NotAdministrator, None),
        Refusal::AgentNotFound => (Code::AgentNotFound, Some("agentId")),
        Refusal::LastAdmin => (Code::LastAdmin, Some("agentId")),
        Refusal::NoRole => return Stop::unexpected(refusal),
    };
    ProjectRoleSetError::new(code, field, refusal).into()
}
