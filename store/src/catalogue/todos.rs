//! Queries of what is owed to customers.

use domain::filter::Page;
use domain::todo::{TodoFilter, TodoKey};
use domain::{CustomerId, ProjectId, SessionId, Sight, TeamId, Todo, TodoId};

use crate::error::Result;
use crate::todos::NewTodo;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// The to-dos with these identifiers, in no order.
    todos = todos::many(ids: &[i64]) -> Vec<Todo>;
    /// Every to-do of these sessions, oldest first.
    todos_of_sessions = todos::of_sessions(sessions: &[i64]) -> Vec<Todo>;
    /// The newest to-dos of each of these sessions and all that are open, in no order.
    newest_todos_of = todos::newest_of(sessions: &[i64], newest: i64) -> Vec<Todo>;
    /// Those of the to-dos that are for somebody to see, in no order.
    visible_todos = todos::visible(sight: &Sight, ids: &[i64]) -> Vec<TodoId>;
    /// One page of the to-dos of a project that are for somebody to see, those first that are due first, in the order of
    /// reading from the asked end.
    todo_page = todos::page(project: ProjectId, sight: &Sight, filter: &TodoFilter, page: Page<TodoKey>) -> Vec<Todo>;
    /// How many to-dos of a project are for somebody to see.
    todo_count = todos::count(project: ProjectId, sight: &Sight, filter: &TodoFilter) -> i64;
    /// How many to-dos of a session are open.
    open_todo_count = todos::open_count(session: SessionId) -> i64;
}

catalogue! { Tx:
    /// Adds a to-do.
    insert_todo = todos::insert(todo: &NewTodo) -> Todo;
    /// One to-do, locked.
    lock_todo = todos::lock(id: TodoId) -> Option<Todo>;
    /// One to-do as above; nothing, without waiting, if another transaction has it.
    lock_todo_if_free = todos::lock_if_free(id: TodoId) -> Option<Todo>;
    /// The to-dos of these sessions that are open, locked, oldest first.
    lock_open_todos_of = todos::lock_open_of(sessions: &[i64]) -> Vec<Todo>;
    /// The to-dos of a team that are open, locked, oldest first.
    lock_open_todos_of_team = todos::lock_open_of_team(project: ProjectId, team: TeamId) -> Vec<Todo>;
    /// Gives a customer the to-dos of these sessions.
    hand_over_todos = todos::hand_over(sessions: &[i64], to: CustomerId) -> ();
    /// Writes everything about a to-do that can change, under its next version.
    update_todo = todos::update(todo: &Todo) -> Todo;
}
