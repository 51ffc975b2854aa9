//! The rules of a project.

use domain::audit::ObjectKind;
use domain::bot_text::is_language;
use domain::name::{NameRefusal, parse_name};
use domain::routing::{
    AttributeTest, AttributeValue, Condition, ListedRule, MOST_CONDITIONS, MOST_RULES, MOST_VALUES, Rule, Scope,
    Strategy,
};
use domain::{ApiScope, Project, ProjectId, Role, RoutingRuleId};
use serde_json::json;
use store::Tx;
use store::routing::NewRule;

use super::policy::{ScopeRefusal, check_scope, lock};
use super::round::hasten_round;
use crate::audit::Audited;
use crate::idempotency::Request;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Error, IdempotencyKeyRefusal, Rejected};

/// A rule to be made.
#[derive(Debug, Clone, serde::Serialize)]
pub struct NewRoutingRule {
    /// The project.
    pub project_id: ProjectId,
    /// The name shown to agents.
    pub name: String,
    /// What has to be true of a session, all of it.
    pub conditions: Vec<Condition>,
    /// Who gets such sessions, if the rule says so.
    pub scope: Option<Scope>,
    /// In which order, if the rule says so.
    #[serde(serialize_with = "by_name")]
    pub strategy: Option<Strategy>,
    /// Makes sending the same request again harmless for 24 hours.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

fn by_name<S: serde::Serializer>(strategy: &Option<Strategy>, serializer: S) -> Result<S::Ok, S::Error> {
    serde::Serialize::serialize(&strategy.map(Strategy::name), serializer)
}

/// What is to change of a rule; nothing of what is left out.
#[derive(Debug, Clone, Default)]
pub struct RuleChange {
    /// The name.
    pub name: Option<String>,
    /// What has to be true of a session.
    pub conditions: Option<Vec<Condition>>,
    /// Who gets such sessions, or nothing about it.
    pub scope: Option<Option<Scope>>,
    /// In which order, or nothing about it.
    pub strategy: Option<Option<Strategy>>,
    /// Whether it is asked.
    pub active: Option<bool>,
    /// The version that the actor has seen, if the change depends on it.
    pub expected_version: Option<i64>,
}

/// Why a rule was not made, changed or removed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RoutingRuleRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// There is no such rule, or the actor may not know of it.
    #[error("there is no such routing rule")]
    NotFound,
    /// The rule is not at the version that the actor has seen.
    #[error("the rule has changed since you read it: look at it again and repeat the request")]
    VersionConflict(Box<ListedRule>),
    /// The name cannot be taken.
    #[error(transparent)]
    Name(#[from] NameRefusal),
    /// It says nothing.
    #[error("the rule says neither who gets the sessions nor in which order: give a scope, a strategy, or both")]
    Empty,
    /// The scope cannot be.
    #[error(transparent)]
    Scope(#[from] ScopeRefusal),
    /// There are more than [`MOST_CONDITIONS`].
    #[error("a rule has at most {MOST_CONDITIONS} conditions: leave some out")]
    Conditions,
    /// The condition at this place, counted from 0, names too much, or nothing.
    #[error("a condition names 1 to {MOST_VALUES} values of 1 to 100 characters: give so many")]
    Condition(usize),
    /// The condition at this place names a language that is none.
    #[error("{language:?} is not a language: give an IETF tag such as `de` or `pt-BR`")]
    Language {
        /// The place, counted from 0.
        place: usize,
        /// What was given.
        language: String,
    },
    /// The condition at this place names something that is not of the project.
    #[error("a condition names a tag, team or link that is not of this project: choose those of the project")]
    Unknown(usize),
    /// The project has [`MOST_RULES`].
    #[error("a project has at most {MOST_RULES} rules: change one, or remove one that is not needed")]
    TooMany,
    /// The list for a new order is not one of the rules.
    #[error("the list does not name each rule of the project once: read the rules again and give all of them")]
    NotAllRules,
    /// The idempotency key cannot be taken.
    #[error(transparent)]
    IdempotencyKey(#[from] IdempotencyKeyRefusal),
}

impl RoutingRuleRefusal {
    /// The place, counted from 0, of the condition that is the cause.
    pub fn condition(&self) -> Option<usize> {
        match self {
            Self::Condition(place) | Self::Language { place, .. } | Self::Unknown(place) => Some(*place),
            _ => None,
        }
    }
}

impl<E: Into<RoutingRuleRefusal>> From<E> for Rejected<RoutingRuleRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// The rules of a project, in their order.
    pub async fn routing_rules(&self, actor: &Actor, project_id: ProjectId) -> Result<Vec<ListedRule>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        self.role_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        Ok(self.store.read().await?.routing_rules(project_id).await?)
    }

    /// Those of the rules that the actor may see, in no order.
    pub async fn routing_rules_by_id(&self, actor: &Actor, ids: &[RoutingRuleId]) -> Result<Vec<ListedRule>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let found = self.store.read().await?.routing_rules_by_id(&ids).await?;
        let mut visible = Vec::with_capacity(found.len());
        for listed in found {
            if self.role_in(actor, listed.project_id).await?.is_some() {
                visible.push(listed);
            }
        }
        Ok(visible)
    }

    /// Makes a rule, which comes behind the others.
    pub async fn routing_rule_create(
        &self,
        actor: &Actor,
        new: &NewRoutingRule,
    ) -> Result<ListedRule, Rejected<RoutingRuleRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        let request = Request::new(actor.agent.id, new.idempotency_key.as_deref(), "routingRuleCreate", new)??;
        retried(|| self.try_routing_rule_create(actor, new, &request)).await
    }

    async fn try_routing_rule_create(
        &self,
        actor: &Actor,
        new: &NewRoutingRule,
        request: &Request<'_>,
    ) -> Result<ListedRule, Rejected<RoutingRuleRefusal>> {
        let (mut tx, project) = self.change_rules(actor, new.project_id).await?;
        if let Some(earlier) = request.earlier(self, &mut tx).await?? {
            let found = tx.routing_rules_by_id(&[earlier]).await?.pop();
            return Ok(found.ok_or(Error::NotFound("routing rule"))?);
        }
        let name = parse_name(&new.name)?;
        if tx.routing_rules(project.id).await?.len() >= MOST_RULES {
            return Err(RoutingRuleRefusal::TooMany.into());
        }
        let (conditions, scope) = (new.conditions.clone(), new.scope.clone());
        let rule = Rule { id: RoutingRuleId(0), conditions, scope, strategy: new.strategy };
        check(&mut tx, &project, &rule).await?;
        let new = NewRule { project_id: project.id, name, rule, active: true, created_at: project.time(self.now()) };
        let listed = tx.insert_routing_rule(&new).await?;
        request.answer(self, &mut tx, listed.rule.id.0).await?;
        self.finish_rules(tx, actor, &project, "routingRuleCreate", &listed).await?;
        Ok(listed)
    }

    /// Changes a rule.
    pub async fn routing_rule_update(
        &self,
        actor: &Actor,
        id: RoutingRuleId,
        change: &RuleChange,
    ) -> Result<ListedRule, Rejected<RoutingRuleRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_routing_rule_update(actor, id, change)).await
    }

    async fn try_routing_rule_update(
        &self,
        actor: &Actor,
        id: RoutingRuleId,
        change: &RuleChange,
    ) -> Result<ListedRule, Rejected<RoutingRuleRefusal>> {
        let (mut tx, project, mut listed) = self.change_rule(actor, id, change.expected_version).await?;
        if let Some(name) = &change.name {
            listed.name = parse_name(name)?;
        }
        if let Some(conditions) = &change.conditions {
            listed.rule.conditions.clone_from(conditions);
        }
        if let Some(scope) = &change.scope {
            listed.rule.scope.clone_from(scope);
        }
        listed.rule.strategy = change.strategy.unwrap_or(listed.rule.strategy);
        let was_active = listed.active;
        listed.active = change.active.unwrap_or(was_active);
        if listed.active && !was_active {
            check(&mut tx, &project, &listed.rule).await?;
        } else {
            check_says_something(&listed.rule)?;
            // What the rule had before may name what is gone by now, and is no reason to refuse what is asked for.
            if let Some(Some(scope)) = &change.scope {
                check_scope(&mut tx, &project, scope).await.map_err(Rejected::widened)?;
            }
            check_conditions(&mut tx, &project, change.conditions.as_deref().unwrap_or_default()).await?;
        }
        let changed = tx.update_routing_rule(&listed).await?;
        self.finish_rules(tx, actor, &project, "routingRuleUpdate", &changed).await?;
        Ok(changed)
    }

    /// Removes a rule.
    pub async fn routing_rule_remove(
        &self,
        actor: &Actor,
        id: RoutingRuleId,
        expected_version: Option<i64>,
    ) -> Result<ListedRule, Rejected<RoutingRuleRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_routing_rule_remove(actor, id, expected_version)).await
    }

    async fn try_routing_rule_remove(
        &self,
        actor: &Actor,
        id: RoutingRuleId,
        expected_version: Option<i64>,
    ) -> Result<ListedRule, Rejected<RoutingRuleRefusal>> {
        let (mut tx, project, listed) = self.change_rule(actor, id, expected_version).await?;
        tx.delete_routing_rule(id).await?;
        self.finish_rules(tx, actor, &project, "routingRuleRemove", &listed).await?;
        Ok(listed)
    }

    /// Puts the rules of a project into another order.
    pub async fn routing_rules_reorder(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        order: &[RoutingRuleId],
    ) -> Result<Vec<ListedRule>, Rejected<RoutingRuleRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_routing_rules_reorder(actor, project_id, order)).await
    }

    async fn try_routing_rules_reorder(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        order: &[RoutingRuleId],
    ) -> Result<Vec<ListedRule>, Rejected<RoutingRuleRefusal>> {
        let (mut tx, project) = self.change_rules(actor, project_id).await?;
        let mut known: Vec<RoutingRuleId> = tx.routing_rules(project_id).await?.iter().map(ListedRule::id).collect();
        let mut named = order.to_vec();
        known.sort_unstable();
        named.sort_unstable();
        if known != named {
            return Err(RoutingRuleRefusal::NotAllRules.into());
        }
        for (place, id) in (1..).zip(order) {
            tx.place_routing_rule(*id, place).await?;
        }
        let rules = tx.routing_rules(project_id).await?;
        let object = (ObjectKind::Routing, project_id.0);
        let audited = Audited::in_project(&actor.agent, &project, "routingRuleReorder", object, self.now());
        audited.with(&json!({ "order": order })).write(&mut tx).await?;
        hasten_round(&mut tx, project_id, self.now()).await?;
        self.commit(tx).await?;
        Ok(rules)
    }

    /// Begins a change of a project's rules, alone.
    async fn change_rules(
        &self,
        actor: &Actor,
        project_id: ProjectId,
    ) -> Result<(Tx, Project), Rejected<RoutingRuleRefusal>> {
        let (mut tx, project) = self.change_in_project(actor, project_id, Role::Supervisor).await??;
        lock(&mut tx, project_id).await?;
        Ok((tx, project))
    }

    async fn change_rule(
        &self,
        actor: &Actor,
        id: RoutingRuleId,
        expected_version: Option<i64>,
    ) -> Result<(Tx, Project, ListedRule), Rejected<RoutingRuleRefusal>> {
        let known = self.routing_rules_by_id(actor, &[id]).await?.pop().ok_or(RoutingRuleRefusal::NotFound)?;
        let (mut tx, project) = self.change_rules(actor, known.project_id).await?;
        // What somebody else was changing is read as they left it.
        let listed = tx.routing_rules_by_id(&[id.0]).await?.pop().ok_or(RoutingRuleRefusal::NotFound)?;
        if expected_version.is_some_and(|expected| expected != listed.version) {
            return Err(RoutingRuleRefusal::VersionConflict(Box::new(listed)).into());
        }
        Ok((tx, project, listed))
    }

    async fn finish_rules(
        &self,
        mut tx: Tx,
        actor: &Actor,
        project: &Project,
        action: &'static str,
        listed: &ListedRule,
    ) -> Result<(), Error> {
        let object = (ObjectKind::RoutingRule, listed.id().0);
        let audited = Audited::in_project(&actor.agent, project, action, object, self.now());
        audited.with(&told(listed)).write(&mut tx).await?;
        hasten_round(&mut tx, project.id, self.now()).await?;
        self.commit(tx).await
    }
}

/// A rule as the audit log has it.
pub(super) fn told(listed: &ListedRule) -> serde_json::Value {
    json!({
        "scope": listed.rule.scope,
        "strategy": listed.rule.strategy.map(Strategy::name),
        "conditions": listed.rule.conditions,
        "active": listed.active,
    })
}

async fn check(tx: &mut Tx, project: &Project, rule: &Rule) -> Result<(), Rejected<RoutingRuleRefusal>> {
    check_says_something(rule)?;
    if let Some(scope) = &rule.scope {
        check_scope(tx, project, scope).await.map_err(Rejected::widened)?;
    }
    check_conditions(tx, project, &rule.conditions).await
}

fn check_says_something(rule: &Rule) -> Result<(), RoutingRuleRefusal> {
    if rule.scope.is_none() && rule.strategy.is_none() {
        return Err(RoutingRuleRefusal::Empty);
    }
    Ok(())
}

async fn check_conditions(
    tx: &mut Tx,
    project: &Project,
    conditions: &[Condition],
) -> Result<(), Rejected<RoutingRuleRefusal>> {
    if conditions.len() > MOST_CONDITIONS {
        return Err(RoutingRuleRefusal::Conditions.into());
    }
    for (place, condition) in conditions.iter().enumerate() {
        if !is_bounded(condition) {
            return Err(RoutingRuleRefusal::Condition(place).into());
        }
        if let Condition::Language(languages) = condition
            && let Some(other) = languages.iter().find(|language| !is_language(language))
        {
            return Err(RoutingRuleRefusal::Language { place, language: other.clone() }.into());
        }
        if !is_of_project(tx, project, condition).await? {
            return Err(RoutingRuleRefusal::Unknown(place).into());
        }
    }
    Ok(())
}

/// Whether a condition names something, and not too much.
fn is_bounded(condition: &Condition) -> bool {
    let count = |count: usize| (1..=MOST_VALUES).contains(&count);
    let text = |text: &String| (1..=100).contains(&text.trim().chars().count());
    let value = |value: &AttributeValue| match value {
        AttributeValue::Text(value) => text(value),
        AttributeValue::Number(number) => number.is_finite(),
        AttributeValue::Flag(_) | AttributeValue::Time(_) => true,
    };
    match condition {
        Condition::Language(texts) | Condition::Plan(texts) => count(texts.len()) && texts.iter().all(text),
        Condition::Link(ids) => count(ids.len()),
        Condition::Tag(ids) => count(ids.len()),
        Condition::Team(ids) => count(ids.len()),
        Condition::Attribute { name, test } => {
            let test_is_bounded = match test {
                AttributeTest::Present => true,
                AttributeTest::OneOf(values) => count(values.len()) && values.iter().all(value),
                AttributeTest::AtLeast(number) | AttributeTest::AtMost(number) => number.is_finite(),
            };
            text(name) && test_is_bounded
        }
    }
}

/// Whether everything that a condition names is of the project.
async fn is_of_project(tx: &mut Tx, project: &Project, condition: &Condition) -> Result<bool, store::Error> {
    let (named, found): (Vec<i64>, Vec<(i64, ProjectId)>) = match condition {
        Condition::Link(ids) => {
            let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
            let found = tx.diversion_links(&ids).await?;
            (ids, found.into_iter().map(|link| (link.id.0, link.project_id)).collect())
        }
        Condition::Tag(ids) => {
            let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
            let found = tx.tags(&ids).await?;
            (ids, found.into_iter().map(|tag| (tag.id.0, tag.project_id)).collect())
        }
        Condition::Team(ids) => {
            let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
            let found = tx.teams(&ids).await?;
            (ids, found.into_iter().map(|team| (team.id.0, team.project_id)).collect())
        }
        Condition::Language(_) | Condition::Plan(_) | Condition::Attribute { .. } => return Ok(true),
    };
    Ok(named.iter().all(|id| found.contains(&(*id, project.id))))
}
