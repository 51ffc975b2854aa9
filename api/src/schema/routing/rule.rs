//! The type `RoutingRule`.

use std::sync::Arc;

use async_graphql::Object;
use domain::routing::ListedRule;

use super::condition::RoutingCondition;
use super::object::RoutingStrategy;
use super::scope::RoutingScope;
use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::project::Project;
use crate::schema::scalar::DateTime;
use crate::view::View;

pub(crate) struct RoutingRule {
    row: Arc<ListedRule>,
    view: View,
}

impl RoutingRule {
    pub(crate) fn new(row: Arc<ListedRule>, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// Who gets the sessions that meet its conditions, or in which order, or both.
#[Object]
impl RoutingRule {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id().into()
    }

    /// The name shown to agents.
    fn name(&self) -> &str {
        &self.row.name
    }

    /// What has to be true of a session, all of it. Empty for every session.
    fn conditions(&self) -> Vec<RoutingCondition> {
        let conditions = self.row.rule.conditions.iter().cloned();
        conditions.map(|condition| RoutingCondition::new(condition, &self.view)).collect()
    }

    /// Who gets such sessions. A session to which the rule gives a team is for that team from then on, as its
    /// `Session.team`. Null if the rule does not say. As long as none of them is active in the project it is as if the rule
    /// did not say.
    fn scope(&self) -> Option<RoutingScope> {
        self.row.rule.scope.clone().map(|scope| RoutingScope::new(scope, &self.view))
    }

    /// In which order agents get them. Null if the rule does not say.
    fn strategy(&self) -> Option<RoutingStrategy> {
        self.row.rule.strategy.map(RoutingStrategy::from)
    }

    /// False if the rule is passed over. The team that is its scope being deleted makes it so.
    fn active(&self) -> bool {
        self.row.active
    }

    /// The project.
    async fn project(&self) -> Result<Project> {
        Project::load(self.row.project_id, &self.view).await
    }

    /// Grows with each change by `routingRuleUpdate`, and when the rule is switched off since its team is deleted.
    fn version(&self) -> i64 {
        self.row.version
    }

    /// When the rule was made.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }
}
