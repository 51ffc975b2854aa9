//! Seats, invitations, members and teams.

use domain::filter::Page;
use domain::invitation::InvitedRole;
use domain::{AgentId, InvitationId, ProjectId, Role, TeamId, WorkspaceRole};
use store::invitations::NewInvitation;
use store::people::NewTeam;
use store::{Queries, Tx};

use crate::now;

pub async fn read_people_admin(queries: &mut Queries, project: ProjectId, agent: AgentId) {
    let workspace = queries.first_workspace().await.unwrap().unwrap();
    queries.seats(workspace, now()).await.unwrap();
    queries.has_other_admin(workspace, agent).await.unwrap();
    queries.has_other_project_admin(project, agent).await.unwrap();
    queries.invitations(&[1, 2, 3]).await.unwrap();
    queries.invitation_by_hash("hash").await.unwrap();
    queries.pending_invitation(workspace, "eve@example.org").await.unwrap();
    for of in [None, Some(project)] {
        let page = Page { after: Some(InvitationId(9)), before: None, size: 5, from_end: false };
        queries.invitation_page(workspace, of, page).await.unwrap();
        queries.invitation_count(workspace, of).await.unwrap();
    }
    for active in [None, Some(true)] {
        let page = Page { after: Some(AgentId(0)), before: None, size: 5, from_end: false };
        queries.agent_page(workspace, active, page).await.unwrap();
        queries.agent_count(workspace, active).await.unwrap();
    }
    let page = Page { after: Some(AgentId(0)), before: None, size: 5, from_end: false };
    queries.member_page(workspace, project, page).await.unwrap();
    queries.member_count(workspace, project).await.unwrap();
    queries.open_sessions_of_agent(project, agent, 5).await.unwrap();
    queries.open_sessions_of_team(project, TeamId(1), 5).await.unwrap();
}

pub async fn write_people_admin(tx: &mut Tx, project: ProjectId, agent: AgentId, round: i64) {
    let workspace_id = tx.agent(agent).await.unwrap().unwrap().workspace_id;
    tx.lock_people(workspace_id).await.unwrap();
    tx.set_seats(workspace_id, Some(5)).await.unwrap();
    let role = InvitedRole { project_id: project, role: Role::Agent, team_ids: vec![TeamId(1)] };
    let new = NewInvitation {
        workspace_id,
        hash: format!("hash {round}"),
        email: format!("eve{round}@example.org"),
        name: "Eve".to_owned(),
        workspace_role: WorkspaceRole::Member,
        roles: vec![role],
        invited_by: agent,
        created_at: now(),
        expires_at: now(),
    };
    let invitation = tx.insert_invitation(&new).await.unwrap();
    assert_eq!(tx.lock_invitation(invitation.id).await.unwrap().as_ref(), Some(&invitation));
    tx.revoke_invitations_of(workspace_id, agent, now()).await.unwrap();
    tx.revoke_invitation(invitation.id, now()).await.unwrap();
    tx.accept_invitation(invitation.id, agent, now()).await.unwrap();
    let new = NewTeam { project_id: project, name: "Gone".to_owned(), line: 1, created_at: now() };
    let team = tx.insert_team(&new).await.unwrap();
    tx.leave_teams(project, agent).await.unwrap();
    assert!(tx.delete_team(&team, now()).await.unwrap() && !tx.delete_team(&team, now()).await.unwrap());
    assert_eq!(tx.update_team(&team).await.unwrap(), None);
}
