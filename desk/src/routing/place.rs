//! The places of sessions in their lines.

use std::collections::{BTreeMap, HashMap};

use domain::routing::{Policy, Scope, Settings, place};
use domain::{ApiScope, ProjectId, SessionId};
use store::Queries;
use store::routing::Awaiting;

use super::line::Line;
use super::request::waiting;
use super::roster::roster;
use crate::{Actor, Desk, Error};

/// How far into a line places are looked for where rules decide who is in which.
const LOOKED_AT: usize = 2_000;

/// The places of these sessions of a project, counted from 1, each in the line of those that wait for the same agents. Left
/// out are those that do not wait, and those that are so far behind that their place is not known.
pub(super) async fn places(
    queries: &mut Queries,
    settings: &Settings,
    project: ProjectId,
    ids: &[SessionId],
) -> Result<Vec<(SessionId, usize)>, store::Error> {
    if !settings.has_ruled_scopes() {
        let team = if let Scope::Team(team) = settings.scope { Some(team) } else { None };
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let places = queries.places_in_line(project, &ids, team).await?.into_iter();
        return Ok(places.filter_map(|(id, place)| Some((id, usize::try_from(place).ok()?))).collect());
    }
    // What the rules say of a session hangs on what is known of its customer.
    let teams = queries.teams_of_project(project).await?.into_iter().map(|team| team.id).collect();
    let mut line = Line::new(project, Awaiting { anybody: true, teams });
    let mut seen = Vec::new();
    while seen.len() < LOOKED_AT {
        let page = line.next(queries).await?;
        if page.is_empty() {
            break;
        }
        seen.extend(waiting(queries, &page, &HashMap::new()).await?);
    }
    Ok(ids.iter().filter_map(|id| Some((*id, place(settings, &seen, *id)?))).collect())
}

impl Desk {
    /// The place of each of these sessions in the line of those that wait for the same agents, counted from 1. Those that
    /// do not wait, or that the actor does not see, are left out, and those whose place is not known.
    pub async fn queue_places(&self, actor: &Actor, ids: &[SessionId]) -> Result<Vec<(SessionId, usize)>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let mut projects: BTreeMap<ProjectId, Vec<SessionId>> = BTreeMap::new();
        for session in self.sessions_by_id(actor, ids).await? {
            if session.queued_at.is_some() && session.needs_an_agent() {
                projects.entry(session.project_id).or_default().push(session.id);
            }
        }
        let mut all = Vec::new();
        for (id, ids) in projects {
            let mut reader = self.store.read().await?;
            let policy = reader.routing_policy(id).await?.unwrap_or_else(|| Policy::usual(id));
            if !policy.enabled {
                continue;
            }
            let mut settings = policy.settings(reader.routing_rules(id).await?);
            if !settings.is_for_all() {
                let Some(project) = reader.project(id).await? else { continue };
                let agents = roster(&mut reader, &project, policy.capacity, self.now()).await?.into_iter();
                let candidates: Vec<_> = agents.map(|agent| agent.candidate).collect();
                settings = settings.among(&candidates);
            }
            all.extend(places(&mut reader, &settings, id, &ids).await?);
        }
        Ok(all)
    }
}
