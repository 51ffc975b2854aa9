//! What is owed to customers.

use domain::filter::Page;
use domain::todo::{Owner, TodoFilter, TodoKey, TodoKind, TodoState};
use domain::{AgentId, ProjectId, Role, Session, Sight, TeamId};
use store::todos::NewTodo;
use store::{Queries, Tx};

use crate::now;

pub async fn write_todos(tx: &mut Tx, project_id: ProjectId, agent_id: AgentId, session: &Session, round: i64) {
    let is_even = round % 2 == 0;
    let new = NewTodo {
        project_id,
        session_id: session.id,
        customer_id: session.customer_id,
        kind: TodoKind::Promise,
        text: "call back".to_owned(),
        due_from: is_even.then(now),
        due_at: now(),
        owner: Owner { agent_id: is_even.then_some(agent_id), team_id: None },
        created_by: is_even.then_some(agent_id),
        created_at: now(),
    };
    let todo = tx.insert_todo(&new).await.unwrap();
    tx.lock_todo(todo.id).await.unwrap();
    tx.lock_todo_if_free(todo.id).await.unwrap();
    let mut todo = tx.lock_open_todos_of(&[session.id.0]).await.unwrap().remove(0);
    tx.lock_open_todos_of_team(project_id, TeamId(1)).await.unwrap();
    tx.hand_over_todos(&[session.id.0], session.customer_id).await.unwrap();
    todo.settle(TodoState::Done, is_even.then_some(agent_id), now());
    tx.update_todo(&todo).await.unwrap();
}

pub async fn read_todos(queries: &mut Queries, project: ProjectId, agent: AgentId, session: &Session) {
    let ids = [1, 2, 3];
    queries.todos(&ids).await.unwrap();
    queries.todos_of_sessions(&[session.id.0]).await.unwrap();
    queries.newest_todos_of(&[session.id.0], 2).await.unwrap();
    queries.open_todo_count(session.id).await.unwrap();
    let filter = TodoFilter {
        agents: vec![vec![agent]],
        has_agent: Some(true),
        teams: vec![vec![TeamId(1)]],
        has_team: Some(false),
        kinds: vec![vec![TodoKind::Promise]],
        states: vec![vec![TodoState::Open]],
        sessions: vec![vec![session.id]],
        due_since: Some(now()),
        due_before: Some(now()),
    };
    let own = Sight::of(Role::Agent, agent, &[TeamId(1), TeamId(2)].into());
    for sight in [Sight::Everything, own] {
        queries.visible_todos(&sight, &ids).await.unwrap();
        for filter in [&TodoFilter::default(), &filter] {
            let page = Page { after: Some(TodoKey { micros: 1, id: 1 }), before: None, size: 5, from_end: false };
            queries.todo_page(project, &sight, filter, page).await.unwrap();
            queries.todo_count(project, &sight, filter).await.unwrap();
        }
    }
}
