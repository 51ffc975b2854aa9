//! Signing in and staying signed in.

mod sign_in;
mod sign_out;
mod token_refresh;

pub(crate) use sign_in::SignIn;
pub(crate) use sign_out::SignOut;
pub(crate) use token_refresh::TokenRefresh;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::Context;
use desk::Desk;
use desk::identity::Grant;

use super::agent::Agent;
use super::error::{Failure, Result};
use crate::transport::ClientAddress;
use crate::view::View;

/// The agent of a grant, who is not the caller of the operation yet.
pub(crate) async fn granted_agent(desk: &Desk, grant: &Grant) -> Result<Agent> {
    let (credential, _) = desk.verify_access_token(&grant.access_token).map_err(Failure::internal)?;
    let view = View::open(desk, credential).await?;
    Ok(Agent::new(Arc::new(grant.agent.clone()), &view))
}

/// The network that failures count for. Operations that came over none share one count.
pub(crate) fn network(context: &Context<'_>) -> IpAddr {
    context.data_opt::<ClientAddress>().copied().unwrap_or_default().network()
}

/// A wait in milliseconds, so that whoever waits for them has waited long enough.
pub(crate) fn milliseconds(wait: Duration) -> i32 {
    i32::try_from(wait.as_nanos().div_ceil(1_000_000)).unwrap_or(i32::MAX)
}
