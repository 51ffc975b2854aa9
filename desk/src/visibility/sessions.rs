//! Sessions as an actor sees them.

use std::collections::HashMap;

use domain::{AgentId, ProjectId, Session, SessionId, Sight};

use super::{View, Views};
use crate::{Actor, Desk, Error};

impl Desk {
    /// How the actor sees these sessions. What goes on for them takes no further statement.
    pub(crate) async fn views(&self, actor: &Actor, sessions: &[Session]) -> Result<Views, Error> {
        let mut views = Views::with_capacity(sessions.len());
        let mut sights: HashMap<ProjectId, Option<Sight>> = HashMap::new();
        let mut past: HashMap<ProjectId, Vec<i64>> = HashMap::new();
        for session in sessions {
            let sight = match sights.get(&session.project_id) {
                Some(sight) => sight.clone(),
                None => self.sight_in(actor, session.project_id).await?,
            };
            sights.insert(session.project_id, sight.clone());
            match sight {
                Some(sight) if sight.takes_in(&session.audience_before) => {
                    views.insert(session.id, View::Whole);
                }
                Some(_) => past.entry(session.project_id).or_default().push(session.id.0),
                None => {}
            }
        }
        for (project, ids) in past {
            if let Some(Some(sight)) = sights.get(&project) {
                views.extend(self.past_views(actor.agent.id, sight, &ids).await?);
            }
        }
        Ok(views)
    }

    /// How an agent sees sessions that do not go on for them: as they were at the end, or as history.
    async fn past_views(&self, agent: AgentId, sight: &Sight, ids: &[i64]) -> Result<Views, Error> {
        let mut reader = self.store.read().await?;
        let readable = reader.readable_sessions(sight, ids).await?;
        let mut views: Views = readable.into_iter().map(|id| (id, View::Whole)).collect();
        for departure in reader.departures(agent, ids).await? {
            views.insert(departure.session_id, View::AsLeft(Box::new(departure)));
        }
        Ok(views)
    }

    /// Those of the sessions that the actor may see, each as they see it, in the given order.
    pub(crate) async fn visible_sessions(&self, actor: &Actor, found: Vec<Session>) -> Result<Vec<Session>, Error> {
        let views = self.views(actor, &found).await?;
        Ok(found.into_iter().filter_map(|session| Some(views.get(&session.id)?.of(session))).collect())
    }

    /// How the actor sees one session; nothing if they do not.
    pub(crate) async fn view(&self, actor: &Actor, id: SessionId) -> Result<Option<View>, Error> {
        let found = self.store.read().await?.session(id).await?;
        let Some(session) = found else { return Ok(None) };
        Ok(self.views(actor, &[session]).await?.remove(&id))
    }
}
