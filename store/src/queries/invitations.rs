//! Invitations.

use diesel::prelude::*;
use domain::filter::Page;
use domain::invitation::InvitedRole;
use domain::{AgentId, Invitation, InvitationId, ProjectId, Role, TeamId, Time, WorkspaceId, WorkspaceRole};

use super::prepared::{FreeForm, RunQueryDsl};
use super::{Conn, Db, dialect};
use crate::invitations::NewInvitation;
use crate::mapping::{At, IntoDomain, Json, Named, json, micros};

diesel::table! {
    invitations (id) {
        id -> BigInt,
        workspace_id -> BigInt,
        hash -> Text,
        email -> Text,
        name -> Text,
        workspace_role -> Text,
        invited_by -> BigInt,
        created_at -> BigInt,
        expires_at -> BigInt,
        accepted_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
        agent_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    invitation_roles (invitation_id, project_id) {
        invitation_id -> BigInt,
        project_id -> BigInt,
        role -> Text,
        team_ids -> Nullable<Text>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(invitations, invitation_roles);

#[derive(Queryable, Selectable)]
#[diesel(table_name = invitations, check_for_backend(Db))]
struct InvitationRow {
    id: i64,
    workspace_id: i64,
    email: String,
    name: String,
    workspace_role: Named<WorkspaceRole>,
    invited_by: i64,
    created_at: At,
    expires_at: At,
    accepted_at: Option<At>,
    revoked_at: Option<At>,
    agent_id: Option<i64>,
}

impl InvitationRow {
    fn with(self, roles: Vec<InvitedRole>) -> Invitation {
        Invitation {
            id: InvitationId(self.id),
            workspace_id: self.workspace_id.into_domain(),
            email: self.email,
            name: self.name,
            workspace_role: self.workspace_role.0,
            roles,
            invited_by: self.invited_by.into_domain(),
            created_at: self.created_at.0,
            expires_at: self.expires_at.0,
            accepted_at: self.accepted_at.into_domain(),
            revoked_at: self.revoked_at.into_domain(),
            agent_id: self.agent_id.into_domain(),
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = invitation_roles, check_for_backend(Db))]
struct RoleRow {
    invitation_id: i64,
    project_id: i64,
    role: Named<Role>,
    team_ids: Json<Vec<TeamId>>,
}

/// The rows with their roles, in the same order.
async fn whole(conn: &mut Conn, rows: Vec<InvitationRow>) -> QueryResult<Vec<Invitation>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut roles: Vec<RoleRow> = invitation_roles::table
        .filter(dialect::one_of("invitation_roles.invitation_id", &ids))
        .order((invitation_roles::invitation_id, invitation_roles::project_id))
        .select(RoleRow::as_select())
        .load(conn)
        .await?;
    let role = |row: RoleRow| InvitedRole {
        project_id: ProjectId(row.project_id),
        role: row.role.0,
        team_ids: row.team_ids.0,
    };
    let invitation = |row: InvitationRow| {
        let own = roles.extract_if(.., |role| role.invitation_id == row.id).map(role).collect();
        row.with(own)
    };
    Ok(rows.into_iter().map(invitation).collect())
}

async fn whole_one(conn: &mut Conn, row: Option<InvitationRow>) -> QueryResult<Option<Invitation>> {
    Ok(whole(conn, row.into_iter().collect()).await?.pop())
}

/// Adds an invitation.
pub async fn insert(conn: &mut Conn, new: &NewInvitation) -> QueryResult<Invitation> {
    let row: InvitationRow = diesel::insert_into(invitations::table)
        .values((
            invitations::workspace_id.eq(new.workspace_id.0),
            invitations::hash.eq(&new.hash),
            invitations::email.eq(&new.email),
            invitations::name.eq(&new.name),
            invitations::workspace_role.eq(new.workspace_role.name()),
            invitations::invited_by.eq(new.invited_by.0),
            invitations::created_at.eq(micros(new.created_at)),
            invitations::expires_at.eq(micros(new.expires_at)),
        ))
        .returning(InvitationRow::as_returning())
        .get_result(conn)
        .await?;
    for InvitedRole { project_id, role, team_ids } in &new.roles {
        diesel::insert_into(invitation_roles::table)
            .values((
                invitation_roles::invitation_id.eq(row.id),
                invitation_roles::project_id.eq(project_id.0),
                invitation_roles::role.eq(role.name()),
                invitation_roles::team_ids.eq(json(team_ids)),
            ))
            .execute(conn)
            .await?;
    }
    Ok(row.with(new.roles.clone()))
}

/// The invitations with these identifiers, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Invitation>> {
    let rows = invitations::table
        .filter(dialect::looked_up("invitations.id", ids))
        .select(InvitationRow::as_select())
        .load(conn)
        .await?;
    whole(conn, rows).await
}

/// One invitation, locked.
pub async fn lock(conn: &mut Conn, id: InvitationId) -> QueryResult<Option<Invitation>> {
    let query = for_update!(invitations::table.find(id.0).select(InvitationRow::as_select()));
    let row = query.first(conn).await.optional()?;
    whole_one(conn, row).await
}

/// The invitation with the hash of a code.
pub async fn by_hash(conn: &mut Conn, hash: &str) -> QueryResult<Option<Invitation>> {
    let row = invitations::table
        .filter(invitations::hash.eq(hash))
        .select(InvitationRow::as_select())
        .first(conn)
        .await
        .optional()?;
    whole_one(conn, row).await
}

/// The invitation of an e-mail address to a workspace that was neither accepted nor taken back.
pub async fn pending(conn: &mut Conn, workspace: WorkspaceId, email: &str) -> QueryResult<Option<Invitation>> {
    let row = invitations::table
        .filter(invitations::workspace_id.eq(workspace.0).and(invitations::email.eq(email)))
        .filter(invitations::accepted_at.is_null().and(invitations::revoked_at.is_null()))
        .select(InvitationRow::as_select())
        .first(conn)
        .await
        .optional()?;
    whole_one(conn, row).await
}

/// Notes who has come of an invitation.
pub async fn accept(conn: &mut Conn, id: InvitationId, agent: AgentId, now: Time) -> QueryResult<()> {
    diesel::update(invitations::table.find(id.0))
        .set((invitations::accepted_at.eq(micros(now)), invitations::agent_id.eq(agent.0)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes an invitation back.
pub async fn revoke(conn: &mut Conn, id: InvitationId, now: Time) -> QueryResult<()> {
    diesel::update(invitations::table.find(id.0)).set(invitations::revoked_at.eq(micros(now))).execute(conn).await?;
    Ok(())
}

/// Takes back what an agent of a workspace has handed out and nobody has accepted.
pub async fn revoke_of(conn: &mut Conn, workspace: WorkspaceId, agent: AgentId, now: Time) -> QueryResult<usize> {
    diesel::update(invitations::table)
        .filter(invitations::workspace_id.eq(workspace.0).and(invitations::invited_by.eq(agent.0)))
        .filter(invitations::accepted_at.is_null().and(invitations::revoked_at.is_null()))
        .set(invitations::revoked_at.eq(micros(now)))
        .execute(conn)
        .await
}

macro_rules! of_workspace {
    ($workspace:expr, $project:expr) => {{
        let mut query = invitations::table.filter(invitations::workspace_id.eq($workspace.0)).into_boxed::<Db>();
        if let Some(project) = $project {
            let of_project = invitation_roles::table
                .filter(invitation_roles::project_id.eq(project.0))
                .select(invitation_roles::invitation_id);
            query = query.filter(invitations::id.eq_any(of_project));
        }
        query
    }};
}

/// One page of the invitations to a workspace, or of those that give a role in a project of it, newest first, in the order
/// of reading from the asked end.
pub async fn page(
    conn: &mut Conn,
    workspace: WorkspaceId,
    project: Option<ProjectId>,
    page: Page<InvitationId>,
) -> QueryResult<Vec<Invitation>> {
    let limit = i64::try_from(page.size).unwrap_or(i64::MAX);
    let mut query = of_workspace!(workspace, project).select(InvitationRow::as_select()).limit(limit);
    if let Some(after) = page.after {
        query = query.filter(invitations::id.lt(after.0));
    }
    if let Some(before) = page.before {
        query = query.filter(invitations::id.gt(before.0));
    }
    query = if page.from_end { query.order(invitations::id.asc()) } else { query.order(invitations::id.desc()) };
    let rows: Vec<InvitationRow> = dialect::load_all(FreeForm(query), conn).await?;
    whole(conn, rows).await
}

/// How many invitations to a workspace there are, or how many of them give a role in a project of it.
pub async fn count(conn: &mut Conn, workspace: WorkspaceId, project: Option<ProjectId>) -> QueryResult<i64> {
    diesel_async::RunQueryDsl::get_result(FreeForm(of_workspace!(workspace, project).count()), conn).await
}
