//! Making a routing rule.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::IdempotencyKeyRefusal;
use desk::project::StandingRefusal;
use desk::routing::{NewRoutingRule, RoutingRuleRefusal as Refusal, ScopeRefusal};
use domain::name::NameRefusal;
use domain::routing::ListedRule;

use super::condition::{NotACondition, RoutingConditionInput, read_all};
use super::object::RoutingStrategy;
use super::rule::RoutingRule;
use super::scope::{NOT_ONE_SCOPE, NotAScope, RoutingScopeInput};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `routingRuleCreate` takes.
#[derive(InputObject)]
pub(crate) struct RoutingRuleCreateInput {
    /// The global id of the project.
    project_id: ID,
    /// The name shown to agents, 1 to 100 characters.
    name: String,
    /// What has to be true of a session, all of it, at most 20 conditions. Null, left out or empty for every session.
    conditions: Option<Vec<RoutingConditionInput>>,
    /// Who gets such sessions. Give this, or `strategy`, or both.
    scope: Option<RoutingScopeInput>,
    /// In which order agents get them. Give this, or `scope`, or both.
    strategy: Option<RoutingStrategy>,
    /// A key that you choose for this request, 1 to 255 bytes, best a random UUID. Within 24 hours the same key with the
    /// same input makes no other rule and gives the first one. Null or left out: sending again is another request.
    idempotency_key: Option<String>,
}

/// What came of `routingRuleCreate`.
#[derive(SimpleObject)]
pub(crate) struct RoutingRuleCreatePayload {
    /// The new rule, which comes behind the others. Null if none was made.
    routing_rule: Option<RoutingRule>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<RoutingRuleCreateError>,
}

user_error! {
    /// Why `routingRuleCreate` did nothing.
    RoutingRuleCreateError,
    /// The reasons of `routingRuleCreate` to do nothing.
    RoutingRuleCreateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The name has no visible character.
        NameEmpty,
        /// The name has more than 100 characters.
        NameTooLong,
        /// The name has a control character or one that turns the direction of writing.
        NameInvalid,
        /// There is neither a scope nor a strategy.
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
        /// The project has 50 rules.
        TooMany,
        /// The idempotency key is empty or too long.
        IdempotencyKeyMalformed,
        /// The idempotency key was used for another request within 24 hours.
        IdempotencyKeyReused,
    }
}

#[derive(Default)]
pub(crate) struct RoutingRuleCreate;

#[Object]
impl RoutingRuleCreate {
    /// Makes a rule that says who gets certain sessions, or in which order. For supervisors and administrators of the
    /// project.
    async fn routing_rule_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The rule to make.")] input: RoutingRuleCreateInput,
    ) -> Result<RoutingRuleCreatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        let routing_rule = done.map(|rule| RoutingRule::new(Arc::new(rule), &view));
        Ok(RoutingRuleCreatePayload { routing_rule, user_errors })
    }
}

async fn run(
    view: &View,
    input: RoutingRuleCreateInput,
) -> Result<ListedRule, Stop<ListedRule, RoutingRuleCreateError>> {
    use RoutingRuleCreateErrorCode as Code;
    let project_id = id::parse(&input.project_id)
        .map_err(|invalid| RoutingRuleCreateError::new(Code::InvalidId, Some("projectId"), invalid))?;
    let scope = input.scope.map(RoutingScopeInput::read).transpose().map_err(|not| match not {
        NotAScope::NotOne => RoutingRuleCreateError::new(Code::ScopeInvalid, Some("scope"), NOT_ONE_SCOPE),
        NotAScope::Id(invalid) => RoutingRuleCreateError::new(Code::InvalidId, Some("scope"), invalid),
    })?;
    let conditions = read_all(input.conditions.unwrap_or_default()).map_err(|(place, not)| {
        let code = match not {
            NotACondition::NotOne | NotACondition::NotOneTest => Code::ConditionInvalid,
            NotACondition::Id(_) => Code::InvalidId,
        };
        RoutingRuleCreateError::at(code, ["conditions".to_owned(), place.to_string()], not)
    })?;
    let RoutingRuleCreateInput { name, strategy, idempotency_key, .. } = input;
    let strategy = strategy.map(Into::into);
    let new = NewRoutingRule { project_id, name, conditions, scope, strategy, idempotency_key };
    let made = view.desk().routing_rule_create(view.actor(), &new).await;
    made.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<ListedRule, RoutingRuleCreateError> {
    use RoutingRuleCreateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, Some("projectId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
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
        Refusal::TooMany => (Code::TooMany, None),
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Malformed) => {
            (Code::IdempotencyKeyMalformed, Some("idempotencyKey"))
        }
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Reused) => (Code::IdempotencyKeyReused, Some("idempotencyKey")),
        Refusal::NotFound | Refusal::VersionConflict(_) | Refusal::NotAllRules => return Stop::unexpected(refusal),
    };
    let place = refusal.condition().map(|place| place.to_string());
    RoutingRuleCreateError::at(code, field.map(str::to_owned).into_iter().chain(place), refusal).into()
}
