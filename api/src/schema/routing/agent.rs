//! The type `ProjectAgent`.

use async_graphql::{Enum, Object};
use desk::routing::AtWork;

use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::project::ProjectRole;
use crate::schema::scalar::DateTime;
use crate::schema::team::Team;
use crate::view::View;

/// Whether an agent is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::routing::Presence")]
pub(crate) enum AgentPresence {
    /// The agent follows the project by a subscription, or did less than a minute ago.
    Online,
    /// The agent does not.
    Offline,
}

pub(crate) struct ProjectAgent {
    row: AtWork,
    view: View,
}

impl ProjectAgent {
    pub(crate) fn new(row: AtWork, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// An agent who has a role of their own in a project or is in one of its teams, with what they are doing there.
#[Object]
impl ProjectAgent {
    /// The agent.
    async fn agent(&self) -> Result<Agent> {
        let agent = self.view.loaders().agents().load(self.row.candidate.agent_id).await?;
        Ok(Agent::new(agent.ok_or(desk::Error::NotFound("agent"))?, &self.view))
    }

    /// What the agent may do in the project.
    fn role(&self) -> ProjectRole {
        self.row.role.into()
    }

    /// The teams of the project that the agent is in.
    async fn teams(&self) -> Result<Vec<Team>> {
        let mut teams = Vec::with_capacity(self.row.candidate.team_ids.len());
        for id in &self.row.candidate.team_ids {
            teams.extend(self.view.loaders().teams().load(*id).await?.map(|team| Team::new(team, &self.view)));
        }
        Ok(teams)
    }

    /// Whether the agent is there.
    fn presence(&self) -> AgentPresence {
        self.row.candidate.presence.into()
    }

    /// Since when the agent has been there. Null if they are not.
    fn present_since(&self) -> Option<DateTime> {
        self.row.present_since.map(DateTime::from)
    }

    /// How many sessions the agent has that need work: those that are unread or in processing, and not resolved.
    fn load(&self) -> u32 {
        self.row.candidate.load
    }

    /// How many of those the agent may have before the desk gives them no more. Null for any number.
    fn capacity(&self) -> Option<u32> {
        self.row.candidate.capacity
    }
}
