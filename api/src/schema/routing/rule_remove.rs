//! Removing a routing rule.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::routing::RoutingRuleRefusal as Refusal;
use domain::routing::ListedRule;

use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `routingRuleRemove` takes.
#[derive(InputObject)]
pub(crate) struct RoutingRuleRemoveInput {
    /// The global id of the rule.
    routing_rule_id: ID,
    /// The version of the rule that you have seen. If given and the rule has changed since, it stays.
    expected_version: Option<i64>,
}

/// What came of `routingRuleRemove`.
#[derive(SimpleObject)]
pub(crate) struct RoutingRuleRemovePayload {
    /// The global id of the rule that is gone. Null if none was removed.
    removed_routing_rule_id: Option<ID>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<RoutingRuleRemoveError>,
}

user_error! {
    /// Why `routingRuleRemove` did nothing.
    RoutingRuleRemoveError,
    /// The reasons of `routingRuleRemove` to do nothing.
    RoutingRuleRemoveErrorCode {
        /// This is not the id of a routing rule.
        InvalidId,
        /// There is no such rule, or you may not see it.
        RoutingRuleNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The rule has changed since the version you expect.
        VersionConflict,
    }
}

#[derive(Default)]
pub(crate) struct RoutingRuleRemove;

#[Object]
impl RoutingRuleRemove {
    /// Removes a routing rule. For supervisors and administrators of the project.
    async fn routing_rule_remove(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The rule to remove.")] input: RoutingRuleRemoveInput,
    ) -> Result<RoutingRuleRemovePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, &input)).await?;
        let removed_routing_rule_id = done.map(|_| input.routing_rule_id);
        Ok(RoutingRuleRemovePayload { removed_routing_rule_id, user_errors })
    }
}

async fn run(
    view: &View,
    input: &RoutingRuleRemoveInput,
) -> Result<ListedRule, Stop<ListedRule, RoutingRuleRemoveError>> {
    use RoutingRuleRemoveErrorCode as Code;
    let id = id::parse(&input.routing_rule_id)
        .map_err(|invalid| RoutingRuleRemoveError::new(Code::InvalidId, Some("routingRuleId"), invalid))?;
    let removed = view.desk().routing_rule_remove(view.actor(), id, input.expected_version).await;
    removed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<ListedRule, RoutingRuleRemoveError> {
    use RoutingRuleRemoveErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::NotFound | Refusal::Standing(StandingRefusal::NotFound) => {
            (Code::RoutingRuleNotFound, Some("routingRuleId"))
        }
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::VersionConflict(_) => (Code::VersionConflict, Some("expectedVersion")),
        _ => return Stop::unexpected(refusal),
    };
    RoutingRuleRemoveError::new(code, field, refusal).into()
}
