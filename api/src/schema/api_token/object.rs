//! The type `ApiToken`.

use std::sync::Arc;

use async_graphql::Object;

use super::scope::ApiScope;
use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::scalar::DateTime;
use crate::view::View;

pub(crate) struct ApiToken {
    row: Arc<domain::ApiToken>,
    view: View,
}

impl ApiToken {
    pub(crate) fn new(row: Arc<domain::ApiToken>, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// What an integration acts with in place of an agent who signs in: within its scopes, and with no more than the rights
/// that the agent has at that moment. It ends when it is revoked, when its time comes, and when the agent is
/// deactivated. Its secret is shown once, by `apiTokenCreate`. An API token itself cannot see or manage API tokens.
#[Object]
impl ApiToken {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// What the agent calls it.
    fn name(&self) -> &str {
        &self.row.name
    }

    /// What it is good for.
    fn scopes(&self) -> Vec<ApiScope> {
        self.row.scopes.iter().copied().map(ApiScope::from).collect()
    }

    /// Who made it, and as whom it acts.
    async fn agent(&self) -> Result<Agent> {
        let agent = self.view.loaders().agents().load(self.row.agent_id).await?;
        Ok(Agent::new(agent.ok_or(desk::Error::NotFound("agent"))?, &self.view))
    }

    /// When it was made.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// When it ends by itself. Null if never.
    fn expires_at(&self) -> Option<DateTime> {
        self.row.expires_at.map(DateTime::from)
    }

    /// When it was last used, to the minute. Null if never.
    fn last_used_at(&self) -> Option<DateTime> {
        self.row.last_used_at.map(DateTime::from)
    }

    /// When it was revoked. Null if it was not.
    fn revoked_at(&self) -> Option<DateTime> {
        self.row.revoked_at.map(DateTime::from)
    }
}
