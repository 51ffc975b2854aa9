//! What activating and deactivating an agent have in common.

use async_graphql::ID;
use desk::Rejected;
use desk::agent::AgentActivityRefusal;
use domain::{Agent, AgentId};

use crate::schema::id;
use crate::schema::user_error::{Stop, UserError};

/// The id of the agent, or the error for one that is none.
pub(super) fn agent_id<E: UserError>(id: &ID, code: E::Code) -> Result<AgentId, Stop<Agent, E>> {
    id::parse(id).map_err(|invalid| E::new(code, Some("agentId"), invalid).into())
}

/// What came of it, with the refusal explained by a code and the field that is the cause.
pub(super) fn explained<E: UserError>(
    outcome: Result<Agent, Rejected<AgentActivityRefusal>>,
    explain: impl FnOnce(AgentActivityRefusal) -> Option<(E::Code, Option<&'static str>)>,
) -> Result<Agent, Stop<Agent, E>> {
    outcome.map_err(|rejected| {
        Stop::of(rejected, |refusal| match explain(refusal) {
            Some((code, field)) => E::new(code, field, refusal).into(),
            None => Stop::unexpected(refusal),
        })
    })
}
