//! The to-dos of a session.

use std::sync::Arc;

use async_graphql::Context;
use domain::SessionId;
use domain::todo::TodoKey;

use super::Todo;
use crate::schema::connection::Connection;
use crate::schema::cursor::{List, Place};
use crate::schema::error::Result;
use crate::schema::page::PageArguments;
use crate::view::View;

/// A page of the to-dos of a session, those first that are due first.
pub(crate) async fn todos_of_session(
    context: &Context<'_>,
    view: &View,
    session: SessionId,
    page: PageArguments,
) -> Result<Connection<Todo>> {
    let list = List::todos_of_session(session);
    let page = page.of(context, list, |place| TodoKey { micros: place.micros, id: place.id })?;
    let todos = view.loaders().todos_of_sessions().load(session).await?;
    let todos: Vec<Arc<domain::Todo>> = todos.iter().flat_map(|todos| todos.iter()).cloned().collect();
    let page = page.cut(todos, |todo| TodoKey::of(todo))?;
    Ok(Connection::new(list, page, |key| Place { micros: key.micros, id: key.id }, |todo| Todo::new(todo, view)))
}
