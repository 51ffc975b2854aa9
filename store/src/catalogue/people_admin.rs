//! Queries of how people come and go.

use domain::filter::Page;
use domain::{
    Agent, AgentId, Invitation, InvitationId, ProjectId, Role, Seats, SessionId, Team, TeamId, Time, WorkspaceId,
};

use crate::error::Result;
use crate::invitations::NewInvitation;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// How many seats a workspace has and how many of them are taken.
    seats = seats::of_workspace(workspace: WorkspaceId, now: Time) -> Seats;
    /// Whether somebody else who is active administers the workspace.
    has_other_admin = seats::has_other_admin(workspace: WorkspaceId, agent: AgentId) -> bool;
    /// Whether somebody else who is active has the role of an administrator in the project.
    has_other_project_admin = seats::has_other_project_admin(project: ProjectId, agent: AgentId) -> bool;

    /// The invitations with these identifiers, in no order.
    invitations = invitations::many(ids: &[i64]) -> Vec<Invitation>;
    /// The invitation with the hash of a code.
    invitation_by_hash = invitations::by_hash(hash: &str) -> Option<Invitation>;
    /// The invitation of an e-mail address to a workspace that was neither accepted nor taken back.
    pending_invitation = invitations::pending(workspace: WorkspaceId, email: &str) -> Option<Invitation>;
    /// One page of the invitations to a workspace, or of those that give a role in a project of it, newest first, in the
    /// order of reading from the asked end.
    invitation_page = invitations::page(workspace: WorkspaceId, project: Option<ProjectId>, page: Page<InvitationId>) -> Vec<Invitation>;
    /// How many invitations to a workspace there are, or how many of them give a role in a project of it.
    invitation_count = invitations::count(workspace: WorkspaceId, project: Option<ProjectId>) -> i64;

    /// One page of the agents of a workspace, or of those who are active or are not, oldest first, in the order of reading
    /// from the asked end.
    agent_page = members::of_workspace(workspace: WorkspaceId, active: Option<bool>, page: Page<AgentId>) -> Vec<Agent>;
    /// How many agents a workspace has, or how many of them are active or are not.
    agent_count = members::count_of_workspace(workspace: WorkspaceId, active: Option<bool>) -> i64;
    /// One page of the active agents who work in a project of a workspace, each with the role that they were given there, if
    /// they were given one, oldest first, in the order of reading from the asked end.
    member_page = members::of_project(workspace: WorkspaceId, project: ProjectId, page: Page<AgentId>) -> Vec<(Agent, Option<Role>)>;
    /// How many active agents work in a project of a workspace.
    member_count = members::count_of_project(workspace: WorkspaceId, project: ProjectId) -> i64;

    /// So many of the open sessions of a project that an agent has or has joined, in ascending order.
    open_sessions_of_agent = releases::of_agent(project: ProjectId, agent: AgentId, limit: usize) -> Vec<SessionId>;
    /// So many of the open sessions of a project that are for a team, in ascending order.
    open_sessions_of_team = releases::of_team(project: ProjectId, team: TeamId, limit: usize) -> Vec<SessionId>;
}

catalogue! { Tx:
    /// Waits until nobody else changes who is in a workspace, and has others wait until the transaction ends.
    lock_people = seats::lock_people(workspace: WorkspaceId) -> ();
    /// Sets how many seats a workspace has; nothing for any number.
    set_seats = seats::set_limit(workspace: WorkspaceId, limit: Option<i64>) -> ();

    /// Adds an invitation.
    insert_invitation = invitations::insert(new: &NewInvitation) -> Invitation;
    /// One invitation, locked.
    lock_invitation = invitations::lock(id: InvitationId) -> Option<Invitation>;
    /// Notes who has come of an invitation.
    accept_invitation = invitations::accept(id: InvitationId, agent: AgentId, now: Time) -> ();
    /// Takes an invitation back.
    revoke_invitation = invitations::revoke(id: InvitationId, now: Time) -> ();
    /// Takes back what an agent of a workspace has handed out and nobody has accepted. Answers how many there were.
    revoke_invitations_of = invitations::revoke_of(workspace: WorkspaceId, agent: AgentId, now: Time) -> usize;

    /// Has a team be gone: nobody is in it, nothing leads to it, and its name is free. Answers whether it was there.
    delete_team = teams::delete(team: &Team, now: Time) -> bool;
    /// Takes an agent out of every team of a project.
    leave_teams = teams::remove_from_all(project: ProjectId, agent: AgentId) -> ();
}
