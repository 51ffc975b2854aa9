//! Following who is there.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use domain::routing::Presence;
use domain::{AgentId, ApiScope, ProjectId, Time};
use tokio::sync::watch;

use super::attendance::Attending;
use super::board::Present;
use crate::event::Permit;
use crate::{Actor, Desk, Error};

/// Somebody has come or gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PresenceChange {
    /// The agent.
    pub agent_id: AgentId,
    /// Whether they are there now.
    pub presence: Presence,
    /// Since when, on the wall clock.
    pub since: Time,
}

/// Tells who is there, and then who comes and goes.
pub struct PresenceFeed {
    desk: Desk,
    permit: Permit,
    project_id: ProjectId,
    known: BTreeMap<AgentId, Time>,
    ready: VecDeque<PresenceChange>,
    looks: watch::Receiver<Option<Arc<Present>>>,
    _attending: Option<Attending>,
}

impl Desk {
    /// Who is there in a project, and who comes and goes from now on.
    pub async fn presence(&self, actor: &Actor, project_id: ProjectId) -> Result<PresenceFeed, Error> {
        actor.needs(ApiScope::AgentsRead)?;
        self.role_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        let permit = Permit::of(self, actor.credential, project_id).await?;
        let mut looks = self.board.follow_presence();
        looks.mark_changed();
        Ok(PresenceFeed {
            desk: self.clone(),
            permit,
            project_id,
            known: BTreeMap::new(),
            ready: VecDeque::new(),
            looks,
            _attending: self.attend(project_id, actor.credential),
        })
    }
}

impl PresenceFeed {
    /// Waits for the next change. Fails when the reader may not see the project any more.
    pub async fn next(&mut self) -> Result<PresenceChange, Error> {
        loop {
            self.permit.check(&self.desk).await?;
            if let Some(change) = self.ready.pop_front() {
                return Ok(change);
            }
            tokio::select! {
                look = self.looks.changed() => {
                    look.map_err(|_| Error::internal("the board was closed while somebody followed it"))?;
                }
                () = self.permit.ended() => continue,
            }
            let present = self.looks.borrow_and_update().clone();
            if let Some(present) = present {
                self.compare(&present);
            }
        }
    }

    /// Notes who has come and gone.
    fn compare(&mut self, present: &Present) {
        let here = present.range((self.project_id, AgentId(i64::MIN))..=(self.project_id, AgentId(i64::MAX)));
        let here: BTreeMap<AgentId, Time> = here.map(|((_, agent), since)| (*agent, *since)).collect();
        let gone = self.known.keys().filter(|agent| !here.contains_key(agent));
        let since = self.desk.now();
        let gone = gone.map(|agent| PresenceChange { agent_id: *agent, presence: Presence::Offline, since });
        let come = here.iter().filter(|(agent, _)| !self.known.contains_key(agent));
        let come =
            come.map(|(agent, since)| PresenceChange { agent_id: *agent, presence: Presence::Online, since: *since });
        self.ready.extend(gone.chain(come));
        self.known = here;
    }

    /// Who reads, with the rights that were last looked at.
    pub fn actor(&self) -> &Arc<Actor> {
        self.permit.actor()
    }
}
