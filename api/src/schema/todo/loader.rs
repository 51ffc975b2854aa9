//! To-dos by their ids and by their sessions.

use std::collections::HashMap;
use std::sync::Arc;

use desk::Error;
use domain::{SessionId, TodoId};

use crate::loader::{Found, Relation, Source};

/// The to-dos with given ids.
pub(crate) struct TodoById;

impl Relation for TodoById {
    type Key = TodoId;
    type Value = domain::Todo;

    async fn load(source: &Source, keys: &[TodoId]) -> Result<Found<Self>, Error> {
        let found = source.desk.todos_by_id(&source.actor, keys).await?;
        Ok(found.into_iter().map(|todo| (todo.id, todo)).collect())
    }
}

/// The to-dos of sessions.
pub(crate) struct TodosInSession;

impl Relation for TodosInSession {
    type Key = SessionId;
    type Value = Vec<Arc<domain::Todo>>;

    async fn load(source: &Source, keys: &[SessionId]) -> Result<Found<Self>, Error> {
        let mut of_session: HashMap<SessionId, Vec<Arc<domain::Todo>>> = HashMap::new();
        for todo in source.desk.todos_of_sessions(&source.actor, keys).await? {
            of_session.entry(todo.session_id).or_default().push(Arc::new(todo));
        }
        Ok(of_session.into_iter().collect())
    }
}
