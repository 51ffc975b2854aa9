//! Everything that decisions about the sessions of a project go by.

use std::collections::{BTreeSet, HashMap};

use domain::routing::{Candidate, OfflineAgents, Policy, Presence, Settings, Turn};
use domain::{AgentId, Project, ProjectId, Session, SessionId, TeamId, Time};
use store::Tx;
use store::routing::Awaiting;

use super::place::places;
use super::roster::roster;

/// Everything that decisions about the sessions of a project go by. Whoever has it is alone in making them until the
/// transaction ends.
pub(super) struct Floor {
    pub(super) policy: Policy,
    pub(super) settings: Settings,
    pub(super) candidates: Vec<Candidate>,
    /// Since when those have been there who are, on the wall clock.
    pub(super) present_since: HashMap<AgentId, Time>,
    /// The places in line that were looked up together, if they are known; for as long as nobody has left the line since.
    places: HashMap<SessionId, Option<usize>>,
}

/// What somebody finds who wants to decide.
pub(super) enum Entry {
    /// They may.
    Open(Box<Floor>),
    /// The project does not want the desk to give out sessions.
    Off,
    /// Somebody else is about it. Who waited for them while they have the job that those are about to move would wait
    /// for ever.
    Busy,
}

impl Floor {
    /// Locks the decisions about a project's sessions.
    pub(super) async fn enter(tx: &mut Tx, project: &Project, wall: Time) -> Result<Entry, store::Error> {
        if !tx.routing_policy(project.id).await?.is_some_and(|policy| policy.enabled) {
            return Ok(Entry::Off);
        }
        let Some(policy) = tx.lock_routing_if_free(project.id).await? else { return Ok(Entry::Busy) };
        if !policy.enabled {
            return Ok(Entry::Off);
        }
        let rules = tx.routing_rules(project.id).await?;
        let (mut candidates, mut present_since) = (Vec::new(), HashMap::new());
        for agent in roster(tx, project, policy.capacity, wall).await? {
            if let Some(since) = agent.present_since {
                present_since.insert(agent.candidate.agent_id, since);
            }
            candidates.push(agent.candidate);
        }
        let settings = policy.settings(rules).among(&candidates);
        Ok(Entry::Open(Box::new(Self { policy, settings, candidates, present_since, places: HashMap::new() })))
    }

    /// Whether anybody could get a session at all.
    pub(super) fn has_room(&self) -> bool {
        self.free().next().is_some()
    }

    /// The sessions in line that anybody could get: those of teams in which nobody has room need not be looked at, nor do
    /// those of no team if nobody has room who gets such. Administrators get what was escalated to them.
    pub(super) fn awaiting(&self) -> Awaiting {
        let is_ruled = self.settings.has_ruled_scopes();
        let gets_any = |agent: &Candidate| is_ruled || agent.administers || self.settings.scope.includes(agent);
        let teams: BTreeSet<TeamId> = self.free().flat_map(|agent| agent.team_ids.iter().copied()).collect();
        Awaiting { anybody: self.free().any(gets_any), teams: teams.into_iter().collect() }
    }

    /// Those who have room.
    fn free(&self) -> impl Iterator<Item = &Candidate> {
        let takes_offline = self.settings.offline_agents == OfflineAgents::Eligible;
        let is_there = move |agent: &&Candidate| takes_offline || agent.presence == Presence::Online;
        self.candidates.iter().filter(|agent| agent.has_room()).filter(is_there)
    }

    /// Notes that an agent was given a session.
    pub(super) fn take(&mut self, agent: AgentId, turn: Turn) {
        for candidate in self.candidates.iter_mut().filter(|candidate| candidate.agent_id == agent) {
            candidate.take(turn);
        }
        self.places.clear();
    }

    /// Looks up the places of sessions that are decided about one after the other: where rules say who is in which line, it
    /// takes as long for one of them as for all.
    pub(super) async fn look_up_places(
        &mut self,
        tx: &mut Tx,
        project: ProjectId,
        ids: &[SessionId],
    ) -> Result<(), store::Error> {
        self.places = ids.iter().map(|id| (*id, None)).collect();
        for (id, place) in places(tx, &self.settings, project, ids).await? {
            self.places.insert(id, Some(place));
        }
        Ok(())
    }

    /// The place of a session in line, if it is known.
    pub(super) async fn place(&self, tx: &mut Tx, session: &Session) -> Result<Option<usize>, store::Error> {
        if let Some(place) = self.places.get(&session.id) {
            return Ok(*place);
        }
        let found = places(tx, &self.settings, session.project_id, &[session.id]).await?;
        Ok(found.first().map(|(_, place)| *place))
    }
}
