//! Sessions as an actor sees them.

use std::collections::HashMap;

use domain::{AgentId, ApiScope, ProjectId, Session, SessionId, Sight, Time};

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
        let whole = reader.whole_sessions(sight, ids).await?;
        let mut views: Views = whole.into_iter().map(|id| (id, View::Whole)).collect();
        for departure in reader.departures(agent, ids).await? {
            // What ended with a newer session is theirs to read again as the history of another one.
            if departure.through_id.is_none() || !views.contains_key(&departure.session_id) {
                views.insert(departure.session_id, View::AsLeft(Box::new(departure)));
            }
        }
        Ok(views)
    }

    /// Those of these sessions that have ended for the actor and that they see as they were then.
    pub(crate) async fn left_of(&self, actor: &Actor, ids: &[i64]) -> Result<Vec<i64>, Error> {
        // Who administers the workspace sees every session as it is.
        if actor.is_workspace_admin() {
            return Ok(Vec::new());
        }
        let sessions = self.store.read().await?.sessions(ids).await?;
        let views = self.views(actor, &sessions).await?;
        let left = views.into_iter().filter(|(_, view)| matches!(view, View::AsLeft(_)));
        Ok(left.map(|(id, _)| id.0).collect())
    }

    /// Those of the sessions that the actor may see, each as they see it, in the given order.
    pub(crate) async fn visible_sessions(&self, actor: &Actor, found: Vec<Session>) -> Result<Vec<Session>, Error> {
        let views = self.views(actor, &found).await?;
        Ok(found.into_iter().filter_map(|session| Some(views.get(&session.id)?.of(session))).collect())
    }

    /// When each of these sessions ended for the actor, on its project's clock; none of those that go on for them, or are
    /// history.
    pub async fn left_at(&self, actor: &Actor, ids: &[SessionId]) -> Result<Vec<(SessionId, Time)>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let sessions = self.store.read().await?.sessions(&ids).await?;
        let views = self.views(actor, &sessions).await?;
        let ended = |(id, view)| match view {
            View::Whole => None,
            View::AsLeft(departure) => Some((id, departure.left_at)),
        };
        Ok(views.into_iter().filter_map(ended).collect())
    }

    /// Whether a session has ended for the actor while something of it was read by this view, and how they see it then: it
    /// is to be read again, since it may hold what came later. Fails if they do not see it at all any more.
    pub(crate) async fn ended_since(&self, actor: &Actor, id: SessionId, view: &View) -> Result<Option<View>, Error> {
        // Who administers the workspace sees every session as it is.
        if matches!(view, View::AsLeft(_)) || actor.is_workspace_admin() {
            return Ok(None);
        }
        let now = self.view(actor, id).await?.ok_or(Error::NotFound("session"))?;
        Ok(Some(now).filter(|now| matches!(now, View::AsLeft(_))))
    }

    /// How the actor sees one session; nothing if they do not.
    pub(crate) async fn view(&self, actor: &Actor, id: SessionId) -> Result<Option<View>, Error> {
        let found = self.store.read().await?.session(id).await?;
        let Some(session) = found else { return Ok(None) };
        Ok(self.views(actor, &[session]).await?.remove(&id))
    }
}
