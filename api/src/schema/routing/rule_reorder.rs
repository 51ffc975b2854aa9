//! Putting the routing rules of a project into another order.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::routing::RoutingRuleRefusal as Refusal;
use domain::routing::ListedRule;

use super::rule::RoutingRule;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::project::{Parent, Project};
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `routingRuleReorder` takes.
#[derive(InputObject)]
pub(crate) struct RoutingRuleReorderInput {
    /// The global id of the project.
    project_id: ID,
    /// The global ids of all rules of the project, in the order in which they are to be asked.
    routing_rule_ids: Vec<ID>,
}

/// What came of `routingRuleReorder`.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct RoutingRuleReorderPayload {
    /// The rules in their order now. Null if nothing was changed.
    routing_rules: Option<Vec<RoutingRule>>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<RoutingRuleReorderError>,
    #[graphql(skip)]
    parent: Parent,
}

#[ComplexObject]
impl RoutingRuleReorderPayload {
    /// The project whose rules these are. Null if nothing was changed.
    async fn project(&self) -> Option<Result<Project>> {
        self.parent.project().await
    }
}

user_error! {
    /// Why `routingRuleReorder` did nothing.
    RoutingRuleReorderError,
    /// The reasons of `routingRuleReorder` to do nothing.
    RoutingRuleReorderErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The list does not name each rule of the project once.
        NotAllRules,
    }
}

#[derive(Default)]
pub(crate) struct RoutingRuleReorder;

#[Object]
impl RoutingRuleReorder {
    /// Puts the routing rules of a project into another order. For supervisors and administrators of the project.
    async fn routing_rule_reorder(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The project and its rules in their new order.")] input: RoutingRuleReorderInput,
    ) -> Result<RoutingRuleReorderPayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, &input)).await?;
        let parent = Parent::new(done.is_some(), &input.project_id, &view);
        let rules = |rules: Vec<ListedRule>| {
            rules.into_iter().map(|rule| RoutingRule::new(Arc::new(rule), &view)).collect::<Vec<_>>()
        };
        Ok(RoutingRuleReorderPayload { routing_rules: done.map(rules), user_errors, parent })
    }
}

async fn run(
    view: &View,
    input: &RoutingRuleReorderInput,
) -> Result<Vec<ListedRule>, Stop<Vec<ListedRule>, RoutingRuleReorderError>> {
    use RoutingRuleReorderErrorCode as Code;
    let project_id = id::parse(&input.project_id)
        .map_err(|invalid| RoutingRuleReorderError::new(Code::InvalidId, Some("projectId"), invalid))?;
    let order = input.routing_rule_ids.iter().map(|rule| id::parse(rule)).collect::<Result<Vec<_>, _>>();
    let order =
        order.map_err(|invalid| RoutingRuleReorderError::new(Code::InvalidId, Some("routingRuleIds"), invalid))?;
    let changed = view.desk().routing_rules_reorder(view.actor(), project_id, &order).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<Vec<ListedRule>, RoutingRuleReorderError> {
    use RoutingRuleReorderErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, Some("projectId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::NotAllRules => (Code::NotAllRules, Some("routingRuleIds")),
        _ => return Stop::unexpected(refusal),
    };
    RoutingRuleReorderError::new(code, field, refusal).into()
}
