//! The places of sessions in their lines.

use std::collections::{BTreeMap, HashMap};

use domain::routing::{Policy, place};
use domain::{ApiScope, ProjectId, SessionId};

use super::line::{LINE, needs_an_agent};
use super::request::waiting;
use crate::{Actor, Desk, Error};

impl Desk {
    /// The place of each of these sessions in the line of those that wait for the same agents, counted from 1. Those that
    /// do not wait, or that the actor does not see, are left out.
    pub async fn queue_places(&self, actor: &Actor, ids: &[SessionId]) -> Result<Vec<(SessionId, usize)>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let mut projects: BTreeMap<ProjectId, Vec<SessionId>> = BTreeMap::new();
        for session in self.sessions_by_id(actor, ids).await? {
            if session.queued_at.is_some() && needs_an_agent(&session) {
                projects.entry(session.project_id).or_default().push(session.id);
            }
        }
        let mut places = Vec::new();
        for (project, ids) in projects {
            let mut reader = self.store.read().await?;
            let policy = reader.routing_policy(project).await?.unwrap_or_else(|| Policy::usual(project));
            if !policy.enabled {
                continue;
            }
            let settings = policy.settings(reader.routing_rules(project).await?);
            let sessions = reader.waiting_sessions(project, LINE).await?;
            let waiting = waiting(&mut reader, &sessions, &HashMap::new()).await?;
            places.extend(ids.into_iter().filter_map(|id| Some((id, place(&settings, &waiting, id)?))));
        }
        Ok(places)
    }
}
