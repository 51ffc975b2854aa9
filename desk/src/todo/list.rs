//! Reading what is owed to customers.

use std::collections::{BTreeMap, HashSet};

use domain::todo::{TodoFilter, TodoKey};
use domain::{ApiScope, ProjectId, SessionId, Sight, Todo, TodoId};

use crate::{Actor, Connection, Desk, Error, PageRequest};

/// How many to-dos of a session are shown beside those that are open.
const NEWEST_SHOWN: i64 = 50;

impl Desk {
    /// A page of the to-dos of a project that are for the actor to see, those first that are due first.
    pub async fn todos(
        &self,
        actor: &Actor,
        project: ProjectId,
        filter: &TodoFilter,
        request: PageRequest<TodoKey>,
    ) -> Result<Connection<Todo, TodoKey>, Error> {
        let sight = self.todo_sight(actor, project).await?;
        let page = request.page()?;
        let mut reader = request.reader(&self.store).await?;
        let rows = reader.todo_page(project, &sight, filter, page).await?;
        let total = request.total(reader.todo_count(project, &sight, filter)).await?;
        reader.end().await?;
        Ok(Connection::new(page, rows, total, TodoKey::of))
    }

    async fn todo_sight(&self, actor: &Actor, project: ProjectId) -> Result<Sight, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        self.sight_in(actor, project).await?.ok_or(Error::NotFound("project"))
    }

    /// Those of the to-dos that are for the actor to see, in no order.
    pub async fn todos_by_id(&self, actor: &Actor, ids: &[TodoId]) -> Result<Vec<Todo>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let found = self.store.read().await?.todos(&ids).await?;
        self.seen_todos(actor, found).await
    }

    /// The to-dos of these sessions that are for the actor to see, those first that are due first: all that are open, and
    /// beside them the newest [`NEWEST_SHOWN`] of each session.
    pub async fn todos_of_sessions(&self, actor: &Actor, sessions: &[SessionId]) -> Result<Vec<Todo>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = sessions.iter().map(|id| id.0).collect();
        let mut found = self.store.read().await?.newest_todos_of(&ids, NEWEST_SHOWN).await?;
        found.sort_by_key(TodoKey::of);
        self.seen_todos(actor, found).await
    }

    async fn seen_todos(&self, actor: &Actor, found: Vec<Todo>) -> Result<Vec<Todo>, Error> {
        let mut of_project: BTreeMap<ProjectId, Vec<i64>> = BTreeMap::new();
        for todo in &found {
            of_project.entry(todo.project_id).or_default().push(todo.id.0);
        }
        let mut visible = HashSet::new();
        for (project, ids) in of_project {
            if let Some(sight) = self.sight_in(actor, project).await? {
                visible.extend(self.store.read().await?.visible_todos(&sight, &ids).await?);
            }
        }
        Ok(found.into_iter().filter(|todo| visible.contains(&todo.id)).collect())
    }
}
