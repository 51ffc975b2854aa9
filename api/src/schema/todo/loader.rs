//! To-dos by their ids.

use desk::Error;
use domain::TodoId;

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
