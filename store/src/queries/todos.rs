//! What is owed to customers.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool};
use domain::filter::Page;
use domain::todo::{TodoFilter, TodoKey, TodoKind, TodoState};
use domain::{CustomerId, ProjectId, SessionId, Sight, TeamId, Todo, TodoId};

use super::newest::Newest;
use super::prepared::{FreeForm, Prepared, RunQueryDsl};
use super::visibility::{condition, live};
use super::{Conn, Db, dialect};
use crate::mapping::{At, Named, micros, row};
use crate::todos::NewTodo;

diesel::table! {
    todos (id) {
        id -> BigInt,
        project_id -> BigInt,
        session_id -> BigInt,
        customer_id -> BigInt,
        kind -> Text,
        text -> Text,
        due_from -> Nullable<BigInt>,
        due_at -> BigInt,
        agent_id -> Nullable<BigInt>,
        team_id -> Nullable<BigInt>,
        state -> Text,
        settled_at -> Nullable<BigInt>,
        settled_by -> Nullable<BigInt>,
        reminded_at -> Nullable<BigInt>,
        created_by -> Nullable<BigInt>,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

row! { TodoRow of todos is Todo {
    id: i64,
    project_id: i64,
    session_id: i64,
    customer_id: i64,
    kind: Named<TodoKind>,
    text: String,
    due_from: Option<At>,
    due_at: At,
    agent_id: Option<i64>,
    team_id: Option<i64>,
    state: Named<TodoState>,
    settled_at: Option<At>,
    settled_by: Option<i64>,
    reminded_at: Option<At>,
    created_by: Option<i64>,
    version: i64,
    created_at: At,
    updated_at: At,
} }

/// The condition that a to-do is for somebody to see: they see to it, or its session goes on for them.
struct TodoInSight(Sight);

impl QueryFragment<Db> for TodoInSight {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        let Sight::Own { agent_id, team_ids } = &self.0 else {
            out.push_sql("(1 = 1)");
            return Ok(());
        };
        out.push_sql("(todos.agent_id = ");
        out.push_bind_param::<BigInt, _>(&agent_id.0)?;
        for (place, team) in team_ids.iter().enumerate() {
            out.push_sql(if place == 0 { " OR todos.team_id IN (" } else { ", " });
            out.push_bind_param::<BigInt, _>(&team.0)?;
        }
        out.push_sql(if team_ids.is_empty() { "" } else { ")" });
        out.push_sql(" OR EXISTS (SELECT 1 FROM sessions AS their WHERE their.id = todos.session_id AND ");
        live(&mut out, "their", agent_id, team_ids)?;
        out.push_sql("))");
        Ok(())
    }
}

condition!(TodoInSight, todos);

/// The to-dos with these identifiers, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Todo>> {
    let query = todos::table.filter(dialect::looked_up("todos.id", ids)).select(TodoRow::as_select());
    let rows: Vec<TodoRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(Todo::from).collect())
}

/// Every to-do of these sessions, oldest first.
pub async fn of_sessions(conn: &mut Conn, sessions: &[i64]) -> QueryResult<Vec<Todo>> {
    let query = todos::table
        .filter(dialect::one_of("todos.session_id", sessions))
        .order(todos::id)
        .select(TodoRow::as_select());
    let rows: Vec<TodoRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(Todo::from).collect())
}

/// The newest to-dos of each of these sessions and all that are open, in no order.
pub async fn newest_of(conn: &mut Conn, sessions: &[i64], newest: i64) -> QueryResult<Vec<Todo>> {
    let is_newest = Newest { table: "todos", left_by: None, newest };
    let query = todos::table
        .filter(dialect::one_of("todos.session_id", sessions))
        .filter(is_newest.or(todos::state.eq(TodoState::Open.name())))
        .select(TodoRow::as_select());
    let rows: Vec<TodoRow> = dialect::load_all(FreeForm(query), conn).await?;
    Ok(rows.into_iter().map(Todo::from).collect())
}

/// The to-dos of these sessions that are open, locked, oldest first.
pub async fn lock_open_of(conn: &mut Conn, sessions: &[i64]) -> QueryResult<Vec<Todo>> {
    let query = for_no_key_update!(
        todos::table
            .filter(dialect::one_of("todos.session_id", sessions))
            .filter(todos::state.eq(TodoState::Open.name()))
            .order(todos::id)
            .select(TodoRow::as_select())
    );
    let rows: Vec<TodoRow> = query.load(conn).await?;
    Ok(rows.into_iter().map(Todo::from).collect())
}

/// The to-dos of a team that are open, locked, oldest first.
pub async fn lock_open_of_team(conn: &mut Conn, project: ProjectId, team: TeamId) -> QueryResult<Vec<Todo>> {
    let query = for_no_key_update!(
        todos::table
            .filter(todos::project_id.eq(project.0))
            .filter(todos::team_id.eq(team.0))
            .filter(todos::state.eq(TodoState::Open.name()))
            .order(todos::id)
            .select(TodoRow::as_select())
    );
    let rows: Vec<TodoRow> = query.load(conn).await?;
    Ok(rows.into_iter().map(Todo::from).collect())
}

/// One to-do, locked.
pub async fn lock(conn: &mut Conn, id: TodoId) -> QueryResult<Option<Todo>> {
    let query = for_no_key_update!(todos::table.find(id.0).select(TodoRow::as_select()));
    Ok(query.first(conn).await.optional()?.map(|row: TodoRow| row.into()))
}

/// One to-do as above; nothing, without waiting, if another transaction has it.
pub async fn lock_if_free(conn: &mut Conn, id: TodoId) -> QueryResult<Option<Todo>> {
    let query = for_no_key_update_skip_locked!(todos::table.find(id.0).select(TodoRow::as_select()));
    Ok(query.first(conn).await.optional()?.map(|row: TodoRow| row.into()))
}

/// Those of the to-dos that are for somebody to see, in no order.
pub async fn visible(conn: &mut Conn, sight: &Sight, ids: &[i64]) -> QueryResult<Vec<TodoId>> {
    let query =
        todos::table.filter(dialect::one_of("todos.id", ids)).filter(TodoInSight(sight.clone())).select(todos::id);
    let found: Vec<i64> = dialect::load_all(FreeForm(query), conn).await?;
    Ok(found.into_iter().map(TodoId).collect())
}

macro_rules! of_project {
    ($project:expr, $sight:expr, $filter:expr) => {{
        let filter: &TodoFilter = $filter;
        let mut query = todos::table
            .filter(todos::project_id.eq($project.0))
            .filter(TodoInSight($sight.clone()))
            .into_boxed::<Db>();
        for agents in &filter.agents {
            let agents: Vec<i64> = agents.iter().map(|id| id.0).collect();
            query = query.filter(dialect::one_of("todos.agent_id", &agents));
        }
        query = match filter.has_agent {
            None => query,
            Some(true) => query.filter(todos::agent_id.is_not_null()),
            Some(false) => query.filter(todos::agent_id.is_null()),
        };
        for teams in &filter.teams {
            let teams: Vec<i64> = teams.iter().map(|id| id.0).collect();
            query = query.filter(dialect::one_of("todos.team_id", &teams));
        }
        query = match filter.has_team {
            None => query,
            Some(true) => query.filter(todos::team_id.is_not_null()),
            Some(false) => query.filter(todos::team_id.is_null()),
        };
        for kinds in &filter.kinds {
            let kinds: Vec<String> = kinds.iter().map(|kind| kind.name().to_owned()).collect();
            query = query.filter(dialect::one_of_texts("todos.kind", &kinds));
        }
        for states in &filter.states {
            let states: Vec<String> = states.iter().map(|state| state.name().to_owned()).collect();
            query = query.filter(dialect::one_of_texts("todos.state", &states));
        }
        for sessions in &filter.sessions {
            let sessions: Vec<i64> = sessions.iter().map(|id| id.0).collect();
            query = query.filter(dialect::one_of("todos.session_id", &sessions));
        }
        if let Some(since) = filter.due_since {
            query = query.filter(todos::due_at.ge(micros(since)));
        }
        if let Some(before) = filter.due_before {
            query = query.filter(todos::due_at.lt(micros(before)));
        }
        query
    }};
}

/// One page of the to-dos of a project that are for somebody to see, those first that are due first, in the order of
/// reading from the asked end.
pub async fn page(
    conn: &mut Conn,
    project: ProjectId,
    sight: &Sight,
    filter: &TodoFilter,
    page: Page<TodoKey>,
) -> QueryResult<Vec<Todo>> {
    let limit = i64::try_from(page.size).unwrap_or(i64::MAX);
    let mut query = of_project!(project, sight, filter).select(TodoRow::as_select()).limit(limit);
    if let Some(after) = page.after {
        let later = todos::due_at.gt(after.micros).or(todos::due_at.eq(after.micros).and(todos::id.gt(after.id)));
        query = query.filter(later);
    }
    if let Some(before) = page.before {
        let earlier = todos::due_at.lt(before.micros).or(todos::due_at.eq(before.micros).and(todos::id.lt(before.id)));
        query = query.filter(earlier);
    }
    query = if page.from_end {
        query.order((todos::due_at.desc(), todos::id.desc()))
    } else {
        query.order((todos::due_at.asc(), todos::id.asc()))
    };
    let rows: Vec<TodoRow> = dialect::load_all(FreeForm(query), conn).await?;
    Ok(rows.into_iter().map(Todo::from).collect())
}

/// How many to-dos of a project are for somebody to see.
pub async fn count(conn: &mut Conn, project: ProjectId, sight: &Sight, filter: &TodoFilter) -> QueryResult<i64> {
    let query = of_project!(project, sight, filter).count();
    diesel_async::RunQueryDsl::get_result(FreeForm(query), conn).await
}

/// How many to-dos of a session are open.
pub async fn open_count(conn: &mut Conn, session: SessionId) -> QueryResult<i64> {
    todos::table
        .filter(todos::session_id.eq(session.0))
        .filter(todos::state.eq(TodoState::Open.name()))
        .count()
        .get_result(conn)
        .await
}

/// Adds a to-do.
pub async fn insert(conn: &mut Conn, todo: &NewTodo) -> QueryResult<Todo> {
    diesel::insert_into(todos::table)
        .values((
            todos::project_id.eq(todo.project_id.0),
            todos::session_id.eq(todo.session_id.0),
            todos::customer_id.eq(todo.customer_id.0),
            todos::kind.eq(todo.kind.name()),
            todos::text.eq(&todo.text),
            todos::due_from.eq(todo.due_from.map(micros)),
            todos::due_at.eq(micros(todo.due_at)),
            todos::agent_id.eq(todo.owner.agent_id.map(|id| id.0)),
            todos::team_id.eq(todo.owner.team_id.map(|id| id.0)),
            todos::state.eq(TodoState::Open.name()),
            todos::created_by.eq(todo.created_by.map(|id| id.0)),
            todos::version.eq(1),
            todos::created_at.eq(micros(todo.created_at)),
            todos::updated_at.eq(micros(todo.created_at)),
        ))
        .returning(TodoRow::as_select())
        .get_result(conn)
        .await
        .map(Todo::from)
}

/// Gives a customer the to-dos of these sessions.
pub async fn hand_over(conn: &mut Conn, sessions: &[i64], to: CustomerId) -> QueryResult<()> {
    diesel::update(todos::table)
        .filter(dialect::one_of("todos.session_id", sessions))
        .set(todos::customer_id.eq(to.0))
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes everything about a to-do that can change, under its next version.
pub async fn update(conn: &mut Conn, todo: &Todo) -> QueryResult<Todo> {
    diesel::update(todos::table.find(todo.id.0))
        .set((
            todos::text.eq(&todo.text),
            todos::due_from.eq(todo.due_from.map(micros)),
            todos::due_at.eq(micros(todo.due_at)),
            todos::agent_id.eq(todo.agent_id.map(|id| id.0)),
            todos::team_id.eq(todo.team_id.map(|id| id.0)),
            todos::state.eq(todo.state.name()),
            todos::settled_at.eq(todo.settled_at.map(micros)),
            todos::settled_by.eq(todo.settled_by.map(|id| id.0)),
            todos::reminded_at.eq(todo.reminded_at.map(micros)),
            todos::updated_at.eq(micros(todo.updated_at)),
            todos::version.eq(todos::version + 1),
        ))
        .returning(TodoRow::as_select())
        .get_result(conn)
        .await
        .map(Todo::from)
}
