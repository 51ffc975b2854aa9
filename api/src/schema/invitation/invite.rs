//! Inviting somebody.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::IdempotencyKeyRefusal;
use desk::invitation::{AgentInviteRefusal as Refusal, InvitationCode, NewInvitation};
use domain::invitation::InvitedRole;
use domain::name::NameRefusal;

use super::Invitation;
use crate::schema::agent::WorkspaceRole;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::project::ProjectRole;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `agentInvite` takes.
#[derive(InputObject)]
pub(crate) struct AgentInviteInput {
    /// The address that they are to sign in with. Nothing is sent there: hand the code over yourself.
    email: String,
    /// The name that is to be shown to colleagues, 1 to 100 characters.
    name: String,
    /// What they are to be in the workspace. Null or left out: `MEMBER`. Only administrators of the workspace make others.
    workspace_role: Option<WorkspaceRole>,
    /// What they are to be in projects, each named once, 100 at most. Null or left out: nothing yet, which only
    /// administrators of the workspace may ask for.
    projects: Option<Vec<AgentInviteProjectInput>>,
    /// A key that you choose for this request, 1 to 255 bytes, best a random UUID. Within 24 hours the same key with the
    /// same input makes no other invitation and gives the first one, without its code. Null or left out: sending again is
    /// another request.
    idempotency_key: Option<String>,
}

/// What somebody who is invited is to be in a project.
#[derive(InputObject)]
pub(crate) struct AgentInviteProjectInput {
    /// The global id of the project, which you have to administer.
    project_id: ID,
    /// What they may do there.
    role: ProjectRole,
    /// The global ids of the teams of the project that they are to be in. Null or left out: none.
    team_ids: Option<Vec<ID>>,
}

/// What came of `agentInvite`.
#[derive(SimpleObject, Default)]
pub(crate) struct AgentInvitePayload {
    /// The invitation. Null if none was made.
    invitation: Option<Invitation>,
    /// What `invitationAccept` takes, valid for 7 days and once. It is shown this once and kept as a hash only: hand it to
    /// the person and to nobody else. Null if no invitation was made, and if an earlier request with the same idempotency
    /// key made it.
    accept_code: Option<String>,
    /// Why nobody was invited. Empty if all went well.
    user_errors: Vec<AgentInviteError>,
}

user_error! {
    /// Why `agentInvite` invited nobody.
    AgentInviteError,
    /// The reasons of `agentInvite` to invite nobody.
    AgentInviteErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// You administer neither the workspace nor a project.
        NotAdministrator,
        /// You do not administer the workspace and name no project.
        ProjectRequired,
        /// What the agent is to be is more than you administer: in the workspace, or in a project.
        RoleTooHigh,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// A project is named twice.
        ProjectRepeated,
        /// More than 100 projects are named.
        TooManyProjects,
        /// There is no such team in the project.
        TeamNotFound,
        /// This is no e-mail address.
        EmailMalformed,
        /// An agent has the address.
        EmailTaken,
        /// An invitation for the address is open.
        AlreadyInvited,
        /// The name has no visible character.
        NameEmpty,
        /// The name has more than 100 characters.
        NameTooLong,
        /// The name has a control character or one that turns the direction of writing.
        NameInvalid,
        /// Every seat of the workspace is taken.
        SeatLimitReached,
        /// The idempotency key is empty or too long.
        IdempotencyKeyMalformed,
        /// The idempotency key was used for another request within 24 hours.
        IdempotencyKeyReused,
    }
}

#[derive(Default)]
pub(crate) struct AgentInvite;

#[Object]
impl AgentInvite {
    /// Invites somebody to become an agent of your workspace: whoever tells `invitationAccept` the code. An open invitation
    /// takes a seat. It works no more once you are deactivated or may no longer give what it gives. For administrators of
    /// the workspace, for those of projects within their projects, and not to be done with an API token.
    async fn agent_invite(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Who is invited, and what they are to be.")] input: AgentInviteInput,
    ) -> Result<AgentInvitePayload> {
        let view = View::fresh(context).await?;
        let (made, user_errors) = settled(run(&view, input)).await?;
        let Some(InvitationCode { invitation, code }) = made else {
            return Ok(AgentInvitePayload { user_errors, ..AgentInvitePayload::default() });
        };
        let invitation = Some(Invitation::new(Arc::new(invitation), &view));
        Ok(AgentInvitePayload { invitation, accept_code: code, user_errors })
    }
}

async fn run(view: &View, input: AgentInviteInput) -> Result<InvitationCode, Stop<InvitationCode, AgentInviteError>> {
    let AgentInviteInput { email, name, workspace_role, projects, idempotency_key } = input;
    let projects = projects.unwrap_or_default();
    let roles = projects.iter().enumerate().map(|(place, project)| role(place, project));
    let roles = roles.collect::<Result<_, _>>()?;
    let workspace_role = workspace_role.map_or(domain::WorkspaceRole::Member, domain::WorkspaceRole::from);
    let new = NewInvitation { email, name, workspace_role, roles, idempotency_key };
    let made = view.desk().agent_invite(view.actor(), &new).await;
    made.map_err(|rejected| Stop::of(rejected, explain))
}

fn role(place: usize, input: &AgentInviteProjectInput) -> Result<InvitedRole, AgentInviteError> {
    let invalid = |field: Vec<String>| {
        move |invalid| AgentInviteError::at(AgentInviteErrorCode::InvalidId, in_projects(place, field), invalid)
    };
    let project_id = id::parse(&input.project_id).map_err(invalid(vec!["projectId".to_owned()]))?;
    let teams = input.team_ids.as_deref().unwrap_or_default().iter().enumerate();
    let team_ids =
        teams.map(|(number, team)| id::parse(team).map_err(invalid(vec!["teamIds".to_owned(), number.to_string()])));
    Ok(InvitedRole { project_id, role: input.role.into(), team_ids: team_ids.collect::<Result<_, _>>()? })
}

/// The place of a field of one of the projects.
fn in_projects(place: usize, field: Vec<String>) -> impl Iterator<Item = String> {
    ["projects".to_owned(), place.to_string()].into_iter().chain(field)
}

fn explain(refusal: Refusal) -> Stop<InvitationCode, AgentInviteError> {
    use AgentInviteErrorCode as Code;
    let in_projects = |place, field: &str| Vec::from_iter(in_projects(place, vec![field.to_owned()]));
    let field = |name: &str| vec![name.to_owned()];
    let (code, place) = match refusal {
        Refusal::NotAdministrator => (Code::NotAdministrator, Vec::new()),
        Refusal::ProjectRequired => (Code::ProjectRequired, field("projects")),
        Refusal::RoleTooHigh => (Code::RoleTooHigh, Vec::new()),
        Refusal::ProjectNotFound { place } => (Code::ProjectNotFound, in_projects(place, "projectId")),
        Refusal::ProjectRepeated { place } => (Code::ProjectRepeated, in_projects(place, "projectId")),
        Refusal::TooManyProjects => (Code::TooManyProjects, field("projects")),
        Refusal::TeamNotFound { place } => (Code::TeamNotFound, in_projects(place, "teamIds")),
        Refusal::Email(_) => (Code::EmailMalformed, field("email")),
        Refusal::EmailTaken => (Code::EmailTaken, field("email")),
        Refusal::AlreadyInvited => (Code::AlreadyInvited, field("email")),
        Refusal::Name(NameRefusal::Empty) => (Code::NameEmpty, field("name")),
        Refusal::Name(NameRefusal::TooLong) => (Code::NameTooLong, field("name")),
        Refusal::Name(NameRefusal::Invalid) => (Code::NameInvalid, field("name")),
        Refusal::SeatLimit(_) => (Code::SeatLimitReached, Vec::new()),
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Malformed) => {
            (Code::IdempotencyKeyMalformed, field("idempotencyKey"))
        }
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Reused) => (Code::IdempotencyKeyReused, field("idempotencyKey")),
    };
    AgentInviteError::at(code, place, refusal).into()
}
