//! Signing in and staying signed in.

mod sign_in;
mod sign_out;
mod token_refresh;

pub(crate) use sign_in::SignIn;
pub(crate) use sign_out::SignOut;
pub(crate) use token_refresh::TokenRefresh;

use std::sync::Arc;

use desk::Desk;
use desk::identity::Grant;

use super::agent::Agent;
use super::error::{Failure, Result};
use crate::view::View;

/// The agent of a grant, who is not the caller of the operation yet.
async fn granted_agent(desk: &Desk, grant: &Grant) -> Result<Agent> {
    let (agent_id, family_id, _) = desk.verify_access_token(&grant.access_token).map_err(Failure::internal)?;
    let view = View::open(desk, agent_id, family_id).await?;
    Ok(Agent::new(Arc::new(grant.agent.clone()), &view))
}
