//! Visiting customers again.

use std::collections::HashMap;

use domain::filter::Page;
use domain::todo::{TodoKind, return_visit_window, return_visitor};
use domain::{AgentId, Project, Session, TeamId, Time};
use store::Tx;
use store::todos::NewTodo;

use super::{schedule_reminder, todo_event};
use crate::Error;

/// The line that visits customers again.
const FIRST_LINE: i32 = 1;
/// How many of the first transfers of a session are looked at.
const TRANSFERS: usize = 100;

/// Has the customer of a session that was just resolved visited again a day later, by the first line that had it.
pub(crate) async fn plan_return_visit(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    wall: Time,
) -> Result<(), Error> {
    let Some(resolution) = &session.resolution else { return Ok(()) };
    let now = project.time(wall);
    let page = Page { after: None, before: None, size: TRANSFERS, from_end: false };
    let transfers = tx.transfer_page(session.id, session.version, page).await?;
    let teams = tx.teams_of_project(project.id).await?.into_iter();
    let first_line: Vec<TeamId> = teams.filter(|team| team.line == FIRST_LINE).map(|team| team.id).collect();
    let mut teams_of: HashMap<AgentId, Vec<TeamId>> = HashMap::new();
    if !first_line.is_empty() {
        for (agent, team) in tx.team_members_of_project(project.id).await? {
            teams_of.entry(agent).or_default().push(team);
        }
    }
    let teams_of = |agent: AgentId| teams_of.get(&agent).cloned().unwrap_or_default();
    let owner = return_visitor(session, resolution.by, &transfers, &first_line, teams_of);
    let (due_from, due_at) = return_visit_window(resolution.at);
    let new = NewTodo {
        project_id: project.id,
        session_id: session.id,
        customer_id: session.customer_id,
        kind: TodoKind::ReturnVisit,
        text: String::new(),
        due_from: Some(due_from),
        due_at,
        owner,
        created_by: None,
        created_at: now,
    };
    let todo = tx.insert_todo(&new).await?;
    schedule_reminder(tx, &todo, now, wall).await?;
    Ok(tx.append_events(&[todo_event(&todo, now)], wall).await?)
}
