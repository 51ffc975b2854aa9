//! Visiting customers again.

use std::collections::HashMap;

use domain::filter::Page;
use domain::todo::{TodoKind, return_visit_window, return_visitor};
use domain::{AgentId, Project, TeamId, Time, Todo};
use store::Tx;
use store::todos::NewTodo;

use super::{schedule_reminder, todo_event};
use crate::Error;
use crate::aftercare::Resolved;

/// The line that visits customers again.
const FIRST_LINE: i32 = 1;
/// How many of the first transfers of a session are looked at.
const TRANSFERS: usize = 100;

/// Has the customer whose issue was just resolved visited again a day later, by the first line that had the session. One visit
/// is for everything that was resolved in the session since the last one.
pub(crate) async fn plan_return_visit(
    tx: &mut Tx,
    project: &Project,
    resolved: Resolved<'_>,
    wall: Time,
) -> Result<(), Error> {
    let now = project.time(wall);
    let session = resolved.session;
    let (due_from, due_at) = return_visit_window(resolved.at);
    if let Some(planned) = planned(tx, resolved).await? {
        let todo = Todo { due_from: Some(due_from), due_at, reminded_at: None, updated_at: now, ..planned };
        let todo = tx.update_todo(&todo).await?;
        schedule_reminder(tx, &todo, now, wall).await?;
        return Ok(tx.append_events(&[todo_event(&todo, now)], wall).await?);
    }
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
    let owner = return_visitor(session, resolved.by, &transfers, &first_line, teams_of);
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

/// The visit that the desk has planned by itself and that has not been made, locked.
async fn planned(tx: &mut Tx, resolved: Resolved<'_>) -> Result<Option<Todo>, store::Error> {
    let open = tx.lock_open_todos_of(&[resolved.session.id.0]).await?;
    Ok(open.into_iter().find(|todo| todo.kind == TodoKind::ReturnVisit && todo.created_by.is_none()))
}
