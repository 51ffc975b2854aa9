//! Changing a routing rule.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::routing::{RoutingRuleRefusal as Refusal, RuleChange, ScopeRefusal};
use domain::name::NameRefusal;
use domain::routing::ListedRule;

use super::condition::{NotACondition, RoutingConditionInput, read_all};
use super::object::RoutingStrategy;
use super::rule::RoutingRule;
use super::scope::{NOT_ONE_SCOPE, NotAScope, RoutingScopeInput};
use super::settings_update::given;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `routingRuleUpdate` takes.
#[derive(InputObject)]
pub(crate) struct RoutingRuleUpdateInput {
    /// The global id of the rule.
    routing_rule_id: ID,
    /// The new name. Null or left out: it stays as it is.
    name: Option<String>,
    /// The new conditions. Null or left out: they stay as they are.
    conditions: Option<Vec<RoutingConditionInput>>,
    /// Who gets such sessions; null if the rule is not to say. Left out: it stays as it is.
    scope: MaybeUndefined<RoutingScopeInput>,
    /// In which order agents get them; null if the rule is not to say. Left out: it stays as it is.
    strategy: MaybeUndefined<RoutingStrategy>,
    /// Whether the rule is asked. Null or left out: it stays as it is.
    active: Option<bool>,
    /// The version of the rule that you have seen. If given and the rule has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `routingRuleUpdate`.
#[derive(SimpleObject)]
pub(crate) struct RoutingRuleUpdatePayload {
    /// The rule as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    routing_rule: Option<RoutingRule>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<RoutingRuleUpdateError>,
}

user_error! {
    /// Why `routingRuleUpdate` did nothing.
    RoutingRuleUpdateError,
    /// The reasons of `routingRuleUpdate` to do nothing.
    RoutingRuleUpdateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such rule, or you may not see it.
        RoutingRuleNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The rule has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// The name has no visible character.
        NameEmpty,
        /// The name has more than 100 characters.
        NameTooLong,
        /// The name has a control character or one that turns the direction of writing.
        NameInvalid,
        /// There would be neither a scope nor a strategy.
        EmptyRule,
        /// The scope names none or several of all agents, some agents and a team; or more than 100 agents.
        ScopeInvalid,
        /// The team is not of the project.
        NoSuchTeam,
        /// An agent is unknown, not active, or has no role in the project.
        NoSuchAgent,
        /// A condition asks for none or several things, names too much or a language that is none, or there are too many
        /// conditions.
        ConditionInvalid,
        /// A condition names a tag, team or link that is not of the project.
        ConditionUnknown,
    }
}

#[derive(Default)]
pub(crate) struct RoutingRuleUpdate;

#[Object]
impl RoutingRuleUpdate {
    /// Changes a routing rule, or has it be passed over. For supervisors and administrators of the project.
    async fn routing_rule_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The rule and what is to change.")] input: RoutingRuleUpdateInput,
    ) -> Result<RoutingRuleUpdatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        let routing_rule = done.map(|rule| RoutingRule::new(Arc::new(rule), &view));
        Ok(RoutingRuleUpdatePayload { routing_rule, user_errors })
    }
}

async fn run(
    view: &View,
    input: RoutingRuleUpdateInput,
) -> Result<ListedRule, Stop<ListedRule, RoutingRuleUpdateError>> {
    use RoutingRuleUpdateErrorCode as Code;
    let id = id::parse(&input.routing_rule_id)
        .map_err(|invalid| RoutingRuleUpdateError::new(Code::InvalidId, Some("routingRuleId"), invalid))?;
    let scope = given(input.scope).map(|scope| scope.map(RoutingScopeInput::read).transpose()).transpose();
    let scope = scope.map_err(|not| match not {
        NotAScope::NotOne => RoutingRuleUpdateError::new(Code::ScopeInvalid, Some("scope"), NOT_ONE_SCOPE),
        NotAScope::Id(invalid) => RoutingRuleUpdateError::new(Code::InvalidId, Some("scope"), invalid),
    })?;
    let conditions = input.conditions.map(read_all).transpose().map_err(|(place, not)| {
        let code = match not {
            NotACondition::NotOne | NotACondition::NotOneTest => Code::ConditionInvalid,
            NotACondition::Id(_) => Code::InvalidId,
        };
        RoutingRuleUpdateError::at(code, ["conditions".to_owned(), place.to_string()], not)
    })?;
    let change = RuleChange {
        name: input.name,
        conditions,
        scope,
        strategy: given(input.strategy).map(|strategy| strategy.map(Into::into)),
        active: input.active,
        expected_version: input.expected_version,
    };
    let changed = view.desk().routing_rule_update(view.actor(), id, &change).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<ListedRule, RoutingRuleUpdateError> {
    use RoutingRuleUpdateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::NotFound | Refusal::Standing(StandingRefusal::NotFound) => {
            (Code::RoutingRuleNotFound, Some("routingRuleId"))
        }
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::VersionConflict(_) => (Code::VersionConflict, Some("expectedVersion")),
        Refusal::Name(NameRefusal::Empty) => (Code::NameEmpty, Some("name")),
        Refusal::Name(NameRefusal::TooLong) => (Code::NameTooLong, Some("name")),
        Refusal::Name(NameRefusal::Invalid) => (Code::NameInvalid, Some("name")),
        Refusal::Empty => (Code::EmptyRule, None),
        Refusal::Scope(ScopeRefusal::NoSuchTeam) => (Code::NoSuchTeam, Some("scope")),
        Refusal::Scope(ScopeRefusal::NoSuchAgent) => (Code::NoSuchAgent, Some("scope")),
        Refusal::Scope(ScopeRefusal::TooManyAgents) => (Code::ScopeInvalid, Some("scope")),
        Refusal::Conditions | Refusal::Condition(_) | Refusal::Language { .. } => {
            (Code::ConditionInvalid, Some("conditions"))
        }
        Refusal::Unknown(_) => (Code::ConditionUnknown, Some("conditions")),
        Refusal::TooMany | Refusal::NotAllRules | Refusal::IdempotencyKey(_) => return Stop::unexpected(refusal),
    };
    let place = refusal.condition().map(|place| place.to_string());
    let error = RoutingRuleUpdateError::at(code, field.map(str::to_owned).into_iter().chain(place), &refusal);
    let current = match refusal {
        Refusal::VersionConflict(rule) => Some(*rule),
        _ => None,
    };
    Stop::Refused { error, current }
}
