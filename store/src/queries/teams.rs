//! Teams and the groups that get their notices.

use diesel::prelude::*;
use domain::{AgentId, ChatId, ProjectId, Team, TeamGroup, TeamId, Time};

use super::prepared::{Prepared, RunQueryDsl};
use super::schema::{diversion_links, link_codes, team_groups, team_members, teams};
use super::{Conn, Db, dialect};
use crate::mapping::{At, micros, row};
use crate::people::NewTeam;

row! { TeamRow of teams is Team {
    id: i64,
    project_id: i64,
    name: String,
    line: i32,
    version: i64,
    created_at: At,
} }

row! { GroupRow of team_groups is TeamGroup {
    project_id: i64,
    team_id: i64,
    chat_id: i64,
    title: String,
    linked_at: At,
} }

/// The teams with these identifiers that are not gone, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Team>> {
    let query = teams::table
        .filter(dialect::one_of("teams.id", ids))
        .filter(teams::deleted_at.is_null())
        .select(TeamRow::as_select());
    let rows: Vec<TeamRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(Team::from).collect())
}

/// Every team of a project, by line and name.
pub async fn of_project(conn: &mut Conn, project: ProjectId) -> QueryResult<Vec<Team>> {
    let rows: Vec<TeamRow> = teams::table
        .filter(teams::project_id.eq(project.0).and(teams::deleted_at.is_null()))
        .order((teams::line, teams::name, teams::id))
        .select(TeamRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(Team::from).collect())
}

/// Adds a team.
pub async fn insert(conn: &mut Conn, team: &NewTeam) -> QueryResult<Team> {
    diesel::insert_into(teams::table)
        .values((
            teams::project_id.eq(team.project_id.0),
            teams::name.eq(&team.name),
            teams::line.eq(team.line),
            teams::version.eq(1),
            teams::created_at.eq(micros(team.created_at)),
        ))
        .returning(TeamRow::as_select())
        .get_result(conn)
        .await
        .map(Team::from)
}

/// Writes everything about a team that can change, under the next version. Nothing if the team is gone.
pub async fn update(conn: &mut Conn, team: &Team) -> QueryResult<Option<Team>> {
    let row: Option<TeamRow> = diesel::update(teams::table.find(team.id.0))
        .filter(teams::deleted_at.is_null())
        .set((teams::name.eq(&team.name), teams::line.eq(team.line), teams::version.eq(teams::version + 1)))
        .returning(TeamRow::as_select())
        .get_result(conn)
        .await
        .optional()?;
    Ok(row.map(Team::from))
}

/// Has a team be gone: nobody is in it, nothing leads to it, and its name is free. Its row stays for the closed sessions
/// that were for it. Answers whether it was there.
pub async fn delete(conn: &mut Conn, team: &Team, now: Time) -> QueryResult<bool> {
    // The name of a project's team is unique, whether the team is gone or not.
    let name = format!("{} (deleted {})", team.name, team.id);
    let deleted = diesel::update(teams::table.find(team.id.0))
        .filter(teams::deleted_at.is_null())
        .set((teams::name.eq(name), teams::deleted_at.eq(micros(now)), teams::version.eq(teams::version + 1)))
        .execute(conn)
        .await?;
    diesel::delete(team_members::table).filter(team_members::team_id.eq(team.id.0)).execute(conn).await?;
    diesel::delete(team_groups::table).filter(team_groups::team_id.eq(team.id.0)).execute(conn).await?;
    diesel::delete(link_codes::table).filter(link_codes::team_id.eq(team.id.0)).execute(conn).await?;
    diesel::update(diversion_links::table)
        .filter(diversion_links::project_id.eq(team.project_id.0).and(diversion_links::team_id.eq(team.id.0)))
        .set((diversion_links::team_id.eq(None::<i64>), diversion_links::version.eq(diversion_links::version + 1)))
        .execute(conn)
        .await?;
    Ok(deleted > 0)
}

/// Takes an agent out of every team of a project.
pub async fn remove_from_all(conn: &mut Conn, project: ProjectId, agent: AgentId) -> QueryResult<()> {
    let of_project = teams::table.filter(teams::project_id.eq(project.0)).select(teams::id);
    diesel::delete(team_members::table)
        .filter(team_members::agent_id.eq(agent.0).and(team_members::team_id.eq_any(of_project)))
        .execute(conn)
        .await?;
    Ok(())
}

/// The groups of these teams, oldest first.
pub async fn groups_of(conn: &mut Conn, teams: &[i64]) -> QueryResult<Vec<TeamGroup>> {
    let rows: Vec<GroupRow> = team_groups::table
        .filter(dialect::one_of("team_groups.team_id", teams))
        .order((team_groups::linked_at, team_groups::chat_id))
        .select(GroupRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(TeamGroup::from).collect())
}

/// Every group of a project, oldest first.
pub async fn groups_of_project(conn: &mut Conn, project: ProjectId) -> QueryResult<Vec<TeamGroup>> {
    let rows: Vec<GroupRow> = team_groups::table
        .filter(team_groups::project_id.eq(project.0))
        .order((team_groups::linked_at, team_groups::chat_id))
        .select(GroupRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(TeamGroup::from).collect())
}

/// The team group that a chat is, if it is one.
pub async fn group_in(conn: &mut Conn, project: ProjectId, chat: ChatId) -> QueryResult<Option<TeamGroup>> {
    let row: Option<GroupRow> =
        team_groups::table.find((project.0, chat.0)).select(GroupRow::as_select()).first(conn).await.optional()?;
    Ok(row.map(TeamGroup::from))
}

/// Has a chat get the notices of a team, and no longer those of another one.
pub async fn link_group(conn: &mut Conn, group: &TeamGroup) -> QueryResult<()> {
    let of_team = (
        team_groups::team_id.eq(group.team_id.0),
        team_groups::title.eq(&group.title),
        team_groups::linked_at.eq(micros(group.linked_at)),
    );
    diesel::insert_into(team_groups::table)
        .values((team_groups::project_id.eq(group.project_id.0), team_groups::chat_id.eq(group.chat_id.0), of_team))
        .on_conflict((team_groups::project_id, team_groups::chat_id))
        .do_update()
        .set(of_team)
        .execute(conn)
        .await?;
    Ok(())
}

/// Has a chat get no notices any more. Answers whether it did.
pub async fn unlink_group(conn: &mut Conn, project: ProjectId, chat: ChatId) -> QueryResult<bool> {
    let removed = diesel::delete(team_groups::table.find((project.0, chat.0))).execute(conn).await?;
    Ok(removed > 0)
}

/// Has the notices to a group that got another number go there. Whoever was linked there before stays.
pub async fn move_group(conn: &mut Conn, project: ProjectId, from: ChatId, to: ChatId) -> QueryResult<()> {
    let Some(group) = group_in(conn, project, from).await? else { return Ok(()) };
    if group_in(conn, project, to).await?.is_none() {
        link_group(conn, &TeamGroup { chat_id: to, ..group }).await?;
    }
    unlink_group(conn, project, from).await?;
    Ok(())
}

/// The teams that these agents are in, in ascending order.
pub async fn of_agents(conn: &mut Conn, agents: &[i64]) -> QueryResult<Vec<(AgentId, TeamId)>> {
    let rows: Vec<(i64, i64)> = team_members::table
        .filter(dialect::one_of("team_members.agent_id", agents))
        .order((team_members::agent_id, team_members::team_id))
        .select((team_members::agent_id, team_members::team_id))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(agent, team)| (AgentId(agent), TeamId(team))).collect())
}

/// The agents in these teams, in ascending order.
pub async fn members(conn: &mut Conn, teams: &[i64]) -> QueryResult<Vec<(TeamId, AgentId)>> {
    let rows: Vec<(i64, i64)> = team_members::table
        .filter(dialect::one_of("team_members.team_id", teams))
        .order((team_members::team_id, team_members::agent_id))
        .select((team_members::team_id, team_members::agent_id))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(team, agent)| (TeamId(team), AgentId(agent))).collect())
}

/// Puts an agent into a team. Answers whether they were not in it.
pub async fn add_member(conn: &mut Conn, team: TeamId, agent: AgentId) -> QueryResult<bool> {
    let added = diesel::insert_into(team_members::table)
        .values((team_members::team_id.eq(team.0), team_members::agent_id.eq(agent.0)))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(added > 0)
}

/// Takes an agent out of a team. Answers whether they were in it.
pub async fn remove_member(conn: &mut Conn, team: TeamId, agent: AgentId) -> QueryResult<bool> {
    let removed = diesel::delete(team_members::table.find((team.0, agent.0))).execute(conn).await?;
    Ok(removed > 0)
}
