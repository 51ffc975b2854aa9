//! Whoever may get a session.

use async_graphql::{ID, InputObject, Object};
use domain::TeamId;
use domain::routing::Scope;
use futures_util::future::try_join_all;

use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::id::{self, InvalidId};
use crate::schema::team::Team;
use crate::view::View;

pub(crate) struct RoutingScope {
    scope: Scope,
    view: View,
}

impl RoutingScope {
    pub(super) fn new(scope: Scope, view: &View) -> Self {
        Self { scope, view: view.clone() }
    }
}

/// Whoever may get a session: all agents of the project, some of them, those of a team, or its administrators.
#[Object]
impl RoutingScope {
    /// Whether all agents of the project may: those who have a role of their own in it or are in one of its teams, as
    /// `Project.agents` lists them. Administrators of the workspace who did not make the project have one once
    /// `projectRoleSet` has given it to them.
    fn all_agents(&self) -> bool {
        self.scope == Scope::All
    }

    /// The agents who may. Empty if no agents are named. Those who are not active in the project get nothing.
    async fn agents(&self) -> Result<Vec<Agent>> {
        let Scope::Agents(ids) = &self.scope else { return Ok(Vec::new()) };
        let agents = self.view.loaders().agents();
        let named = try_join_all(ids.iter().map(|id| agents.load(*id))).await?;
        Ok(named.into_iter().flatten().map(|agent| Agent::new(agent, &self.view)).collect())
    }

    /// Whether the administrators of the project may: those of a session that was escalated to them. If a team owns it with
    /// them, its agents may as well.
    fn administrators(&self) -> bool {
        matches!(self.scope, Scope::Administrators(_))
    }

    /// The team whose agents may. Null if no team is named.
    async fn team(&self) -> Result<Option<Team>> {
        let (Scope::Team(id) | Scope::Administrators(Some(id))) = &self.scope else { return Ok(None) };
        Ok(self.view.loaders().teams().load(*id).await?.map(|team| Team::new(team, &self.view)))
    }
}

/// Whoever is to get sessions. Give one of the three.
#[derive(InputObject)]
pub(crate) struct RoutingScopeInput {
    /// True: all agents of the project.
    all_agents: Option<bool>,
    /// The global ids of the agents, 1 to 100.
    agent_ids: Option<Vec<ID>>,
    /// The global id of the team.
    team_id: Option<ID>,
}

/// Why an input names nobody in particular.
pub(super) enum NotAScope {
    /// None or several of the three are given.
    NotOne,
    /// An id is none.
    Id(InvalidId),
}

impl RoutingScopeInput {
    pub(super) fn read(self) -> Result<Scope, NotAScope> {
        match (self.all_agents, self.agent_ids, self.team_id) {
            (Some(true), None, None) => Ok(Scope::All),
            (None | Some(false), Some(ids), None) => {
                let ids = ids.iter().map(|agent| id::parse(agent)).collect::<Result<Vec<_>, _>>();
                ids.map(Scope::Agents).map_err(NotAScope::Id)
            }
            (None | Some(false), None, Some(team)) => {
                id::parse::<TeamId>(&team).map(Scope::Team).map_err(NotAScope::Id)
            }
            _ => Err(NotAScope::NotOne),
        }
    }
}

/// What is wrong with an input of which not one part was given.
pub(super) const NOT_ONE_SCOPE: &str = "the scope is not one: give `allAgents: true`, or `agentIds`, or `teamId`";
