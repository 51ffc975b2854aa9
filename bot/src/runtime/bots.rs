//! The bots of a desk as endpoints, whether this process serves them or not.

use std::sync::Arc;

use domain::ProjectId;

use super::Shared;
use crate::telegram::{Client, Endpoint};

/// Where the calls of bots go, and the client that makes them.
pub(crate) struct Bots(Arc<Shared>);

impl Bots {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self(shared)
    }

    /// The client that all bots share.
    pub(crate) fn client(&self) -> &Client {
        &self.0.client
    }

    /// The endpoint of a simulated bot, in this process.
    pub(crate) fn simulated(&self, project_id: ProjectId) -> Endpoint {
        self.0.sandbox.admit(project_id)
    }

    /// The endpoint of the bot with a token, if it is one.
    pub(crate) fn real(&self, token: &str) -> Option<Endpoint> {
        Some(self.0.telegram.with_token(token.trim().parse().ok()?))
    }
}
