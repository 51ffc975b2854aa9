//! What a project says about routing.

use chrono::Duration;
use domain::audit::ObjectKind;
use domain::bot_text::{BotTextRefusal, InLanguage, Texts};
use domain::routing::{
    MOST_CAPACITY, MOST_VALUES, OfflineAgents, Policy, REROUTE_RANGE, Scope, Strategy, UnknownPlace,
    check_queue_message,
};
use domain::{ApiScope, Project, ProjectId, Role};
use serde_json::json;
use store::Tx;

use super::roster::roster;
use super::round::hasten_round;
use crate::audit::Audited;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Error, Rejected};

/// What is to change of how a project routes; nothing of what is left out.
#[derive(Debug, Clone, Default)]
pub struct RoutingChange {
    /// Whether the desk gives out sessions.
    pub enabled: Option<bool>,
    /// Who gets the sessions that no rule is for.
    pub scope: Option<Scope>,
    /// In which order.
    pub strategy: Option<Strategy>,
    /// Whether agents who are offline get sessions.
    pub offline_agents: Option<OfflineAgents>,
    /// How many sessions an agent has at most, or any number.
    pub capacity: Option<Option<u32>>,
    /// After which time an unanswered session moves on, if it does.
    pub reroute_after: Option<Option<Duration>>,
    /// What a customer is told who has to wait; nothing for the words of the desk.
    pub queue_message: Option<Option<Vec<InLanguage>>>,
    /// The version that the actor has seen, if the change depends on it.
    pub expected_version: Option<i64>,
}

/// Why the routing of a project was left as it is.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RoutingRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// The settings are not at the version that the actor has seen.
    #[error("the routing settings have changed since you read them: look at them again and repeat the request")]
    VersionConflict(Box<Policy>),
    /// The scope cannot be.
    #[error(transparent)]
    Scope(#[from] ScopeRefusal),
    /// The capacity is below zero or above [`MOST_CAPACITY`].
    #[error("the capacity is not from 0 to 10,000: give one that is, or none for any number")]
    Capacity,
    /// The time is out of [`REROUTE_RANGE`].
    #[error("the time is not between 10 and 604,800 seconds: give one that is, or none for sessions that stay")]
    RerouteAfter,
    /// The texts cannot be taken.
    #[error(transparent)]
    Text(#[from] BotTextRefusal),
    /// A text names something that stands for nothing.
    #[error(transparent)]
    Placeholder(#[from] UnknownPlace),
}

/// Why somebody cannot be chosen for sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScopeRefusal {
    /// The team is not of the project.
    #[error("there is no such team in this project: choose one of its teams")]
    NoSuchTeam,
    /// An agent is unknown, not active, or has no role in the project; or nobody is named.
    #[error(
        "there is no such agent in this project: choose one or more of its active agents; administrators of the workspace \
         are among them once `projectRoleSet` has given them a role in it"
    )]
    NoSuchAgent,
    /// More than [`MOST_VALUES`] agents.
    #[error("there are more than {MOST_VALUES} agents: put them into a team and choose that")]
    TooManyAgents,
}

impl<E: Into<RoutingRefusal>> From<E> for Rejected<RoutingRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// What a project says about routing.
    pub async fn routing_policy(&self, actor: &Actor, project_id: ProjectId) -> Result<Policy, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        self.role_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        let policy = self.store.read().await?.routing_policy(project_id).await?;
        Ok(policy.unwrap_or_else(|| Policy::usual(project_id)))
    }

    /// Changes how a project routes. Sessions that agents have stay with them; those that nobody has are given out.
    pub async fn routing_settings_update(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        change: &RoutingChange,
    ) -> Result<Policy, Rejected<RoutingRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_routing_settings_update(actor, project_id, change)).await
    }

    async fn try_routing_settings_update(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        change: &RoutingChange,
    ) -> Result<Policy, Rejected<RoutingRefusal>> {
        let (mut tx, project) = self.change_in_project(actor, project_id, Role::Supervisor).await??;
        let before = lock(&mut tx, project_id).await?.unwrap_or_else(|| Policy::usual(project_id));
        if change.expected_version.is_some_and(|expected| expected != before.version) {
            return Err(RoutingRefusal::VersionConflict(Box::new(before)).into());
        }
        let policy = changed(before.clone(), change)?;
        check_scope(&mut tx, &project, &policy.scope).await.map_err(Rejected::widened)?;
        if policy == before {
            return Ok(before);
        }
        let policy = tx.set_routing_policy(&policy).await?;
        let object = (ObjectKind::Routing, project_id.0);
        let audited = Audited::in_project(&actor.agent, &project, "routingSettingsUpdate", object, self.now());
        audited.with(&json!({ "before": told(&before), "after": told(&policy) })).write(&mut tx).await?;
        hasten_round(&mut tx, project_id, self.now()).await?;
        self.commit(tx).await?;
        Ok(policy)
    }
}

/// Locks what a project says about routing, also while it has said nothing. Whoever decides about its sessions has the same
/// lock. Nobody who has it locks the project, but for the very first time: whoever needs both takes the project first.
pub(crate) async fn lock(tx: &mut Tx, project_id: ProjectId) -> Result<Option<Policy>, store::Error> {
    if let Some(policy) = tx.lock_routing(project_id).await? {
        return Ok(Some(policy));
    }
    tx.lock_project(project_id).await?;
    tx.lock_routing(project_id).await
}

fn changed(before: Policy, change: &RoutingChange) -> Result<Policy, RoutingRefusal> {
    let queue_message = match &change.queue_message {
        None => before.queue_message,
        Some(None) => None,
        Some(Some(texts)) => {
            let texts = Texts::parse_messages(texts.clone())?;
            check_queue_message(&texts)?;
            Some(texts)
        }
    };
    let policy = Policy {
        enabled: change.enabled.unwrap_or(before.enabled),
        scope: change.scope.clone().unwrap_or(before.scope),
        strategy: change.strategy.unwrap_or(before.strategy),
        offline_agents: change.offline_agents.unwrap_or(before.offline_agents),
        capacity: change.capacity.unwrap_or(before.capacity),
        reroute_after: change.reroute_after.unwrap_or(before.reroute_after),
        queue_message,
        ..before
    };
    if policy.capacity.is_some_and(|capacity| capacity > MOST_CAPACITY) {
        return Err(RoutingRefusal::Capacity);
    }
    if policy.reroute_after.is_some_and(|after| !REROUTE_RANGE.contains(&after)) {
        return Err(RoutingRefusal::RerouteAfter);
    }
    Ok(policy)
}

/// Checks that those who are chosen for sessions are of the project.
pub(super) async fn check_scope(tx: &mut Tx, project: &Project, scope: &Scope) -> Result<(), Rejected<ScopeRefusal>> {
    let refuse = |refusal| Err(Rejected::Refused(refusal));
    match scope {
        Scope::All | Scope::Administrators(None) => {}
        Scope::Team(team) | Scope::Administrators(Some(team)) => {
            if !tx.teams(&[team.0]).await?.iter().any(|team| team.project_id == project.id) {
                return refuse(ScopeRefusal::NoSuchTeam);
            }
        }
        Scope::Agents(agents) if agents.len() > MOST_VALUES => return refuse(ScopeRefusal::TooManyAgents),
        Scope::Agents(agents) if agents.is_empty() => return refuse(ScopeRefusal::NoSuchAgent),
        Scope::Agents(agents) => {
            let roster = roster(tx, project, None, project.created_at).await?;
            if agents.iter().any(|agent| !roster.iter().any(|one| one.candidate.agent_id == *agent)) {
                return refuse(ScopeRefusal::NoSuchAgent);
            }
        }
    }
    Ok(())
}

/// The settings as the audit log has them, without the texts.
pub(super) fn told(policy: &Policy) -> serde_json::Value {
    json!({
        "enabled": policy.enabled,
        "scope": policy.scope,
        "strategy": policy.strategy.name(),
        "offlineAgents": policy.offline_agents.name(),
        "capacity": policy.capacity,
        "rerouteAfterSeconds": policy.reroute_after.map(|after| after.num_seconds()),
    })
}
