//! Changing how a project routes.

use async_graphql::{ComplexObject, Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use chrono::Duration;
use desk::project::StandingRefusal;
use desk::routing::{RoutingChange, RoutingRefusal as Refusal, ScopeRefusal};
use domain::bot_text::BotTextRefusal;
use domain::routing::Policy;

use super::object::{ProjectRouting, RoutingOfflineAgents, RoutingStrategy};
use super::scope::{NOT_ONE_SCOPE, NotAScope, RoutingScopeInput};
use crate::schema::bot_text::BotTextInput;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::project::{Parent, Project};
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `routingSettingsUpdate` takes. What is left out stays as it is.
#[derive(InputObject)]
pub(crate) struct RoutingSettingsUpdateInput {
    /// The global id of the project.
    project_id: ID,
    /// Whether the desk gives out sessions. Null or left out: it stays as it is.
    enabled: Option<bool>,
    /// Who gets the sessions that no rule is for. Null or left out: it stays as it is.
    scope: Option<RoutingScopeInput>,
    /// In which order. Null or left out: it stays as it is.
    strategy: Option<RoutingStrategy>,
    /// Whether agents who are offline get sessions. Null or left out: it stays as it is.
    offline_agents: Option<RoutingOfflineAgents>,
    /// How many sessions that need work an agent has at most, 0 to 10000; null for any number. Left out: it stays as it is.
    capacity: MaybeUndefined<i64>,
    /// After how many seconds an unanswered session moves on, 10 to 604800; null if it stays. Left out: it stays as it is.
    reroute_after_seconds: MaybeUndefined<i64>,
    /// What a customer is told who has to wait, in each language, with `{place}` for their place in line; an empty list says
    /// nothing; null for the words of the desk. Left out: it stays as it is.
    queue_message: MaybeUndefined<Vec<BotTextInput>>,
    /// The version of the settings that you have seen. If given and they have changed since, they are left as they are.
    expected_version: Option<i64>,
}

/// What came of `routingSettingsUpdate`.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct RoutingSettingsUpdatePayload {
    /// The settings as they are now. Null if nothing was changed, except for `VERSION_CONFLICT`.
    routing: Option<ProjectRouting>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<RoutingSettingsUpdateError>,
    #[graphql(skip)]
    parent: Parent,
}

#[ComplexObject]
impl RoutingSettingsUpdatePayload {
    /// The project whose settings these are. Null if none are shown.
    async fn project(&self) -> Option<Result<Project>> {
        self.parent.project().await
    }
}

user_error! {
    /// Why `routingSettingsUpdate` did nothing.
    RoutingSettingsUpdateError,
    /// The reasons of `routingSettingsUpdate` to do nothing.
    RoutingSettingsUpdateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The settings have changed since the version you expect; the payload shows them as they are.
        VersionConflict,
        /// The scope names none or several of all agents, some agents and a team; or more than 100 agents.
        ScopeInvalid,
        /// The team is not of the project.
        NoSuchTeam,
        /// An agent is unknown, not active, or has no role in the project.
        NoSuchAgent,
        /// The capacity is below 0 or above 10000.
        CapacityOutOfRange,
        /// The number of seconds is below 10 or above 604800.
        SecondsOutOfRange,
        /// A language is not an IETF tag, is there twice, or there are too many.
        LanguageInvalid,
        /// There is no text without a language.
        FallbackMissing,
        /// Telegram could not take a text: it is empty or too long.
        TextInvalid,
        /// A text has something other than `{place}` in braces, or it is not closed.
        UnknownPlaceholder,
    }
}

#[derive(Default)]
pub(crate) struct RoutingSettingsUpdate;

#[Object]
impl RoutingSettingsUpdate {
    /// Changes how the desk gives out the sessions of a project. What agents have stays with them; what nobody has is given
    /// out. For supervisors and administrators of the project.
    async fn routing_settings_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The project and what is to change.")] input: RoutingSettingsUpdateInput,
    ) -> Result<RoutingSettingsUpdatePayload> {
        let view = View::fresh(context).await?;
        let project_id = input.project_id.clone();
        let (done, user_errors) = settled(run(&view, input)).await?;
        let parent = Parent::new(done.is_some(), &project_id, &view);
        let routing = done.map(|policy| ProjectRouting::new(policy, &view));
        Ok(RoutingSettingsUpdatePayload { routing, user_errors, parent })
    }
}

async fn run(
    view: &View,
    input: RoutingSettingsUpdateInput,
) -> Result<Policy, Stop<Policy, RoutingSettingsUpdateError>> {
    use RoutingSettingsUpdateErrorCode as Code;
    let project_id = id::parse(&input.project_id)
        .map_err(|invalid| RoutingSettingsUpdateError::new(Code::InvalidId, Some("projectId"), invalid))?;
    let scope = input.scope.map(RoutingScopeInput::read).transpose().map_err(|not| match not {
        NotAScope::NotOne => RoutingSettingsUpdateError::new(Code::ScopeInvalid, Some("scope"), NOT_ONE_SCOPE),
        NotAScope::Id(invalid) => RoutingSettingsUpdateError::new(Code::InvalidId, Some("scope"), invalid),
    })?;
    let change = RoutingChange {
        enabled: input.enabled,
        scope,
        strategy: input.strategy.map(Into::into),
        offline_agents: input.offline_agents.map(Into::into),
        // No number that is too low or too high is taken for another one.
        capacity: given(input.capacity).map(|capacity| capacity.map(|most| u32::try_from(most).unwrap_or(u32::MAX))),
        reroute_after: given(input.reroute_after_seconds)
            .map(|after| after.map(|seconds| Duration::try_seconds(seconds).unwrap_or(Duration::MAX))),
        queue_message: given(input.queue_message)
            .map(|texts| texts.map(|texts| texts.into_iter().map(BotTextInput::parts).collect())),
        expected_version: input.expected_version,
    };
    let changed = view.desk().routing_settings_update(view.actor(), project_id, &change).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

pub(super) fn given<T>(value: MaybeUndefined<T>) -> Option<Option<T>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}

fn explain(refusal: Refusal) -> Stop<Policy, RoutingSettingsUpdateError> {
    use RoutingSettingsUpdateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, Some("projectId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::VersionConflict(_) => (Code::VersionConflict, Some("expectedVersion")),
        Refusal::Scope(ScopeRefusal::NoSuchTeam) => (Code::NoSuchTeam, Some("scope")),
        Refusal::Scope(ScopeRefusal::NoSuchAgent) => (Code::NoSuchAgent, Some("scope")),
        Refusal::Scope(ScopeRefusal::TooManyAgents) => (Code::ScopeInvalid, Some("scope")),
        Refusal::Capacity => (Code::CapacityOutOfRange, Some("capacity")),
        Refusal::RerouteAfter => (Code::SecondsOutOfRange, Some("rerouteAfterSeconds")),
        Refusal::Text(
            BotTextRefusal::Language(_) | BotTextRefusal::LanguageTwice(_) | BotTextRefusal::TooManyLanguages,
        ) => (Code::LanguageInvalid, Some("queueMessage")),
        Refusal::Text(BotTextRefusal::NoFallback) => (Code::FallbackMissing, Some("queueMessage")),
        Refusal::Text(BotTextRefusal::Text(_)) => (Code::TextInvalid, Some("queueMessage")),
        Refusal::Text(_) => return Stop::unexpected(refusal),
        Refusal::Placeholder(_) => (Code::UnknownPlaceholder, Some("queueMessage")),
    };
    let error = RoutingSettingsUpdateError::new(code, field, &refusal);
    let current = match refusal {
        Refusal::VersionConflict(policy) => Some(*policy),
        _ => None,
    };
    Stop::Refused { error, current }
}
