//! The type `DiversionLink`.

use std::sync::Arc;

use async_graphql::Object;

use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::scalar::DateTime;
use crate::schema::tag::Tag;
use crate::schema::team::Team;
use crate::view::View;

pub(crate) struct DiversionLink {
    row: Arc<domain::DiversionLink>,
    view: View,
}

impl DiversionLink {
    pub(crate) fn new(row: Arc<domain::DiversionLink>, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// A way into the bot that says where a customer came from. Whoever opens the bot by it sends `/start` with its code,
/// and their session gets its source, tags, team and agent.
#[Object]
impl DiversionLink {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// The name shown to agents.
    fn name(&self) -> &str {
        &self.row.name
    }

    /// Where the customers come from, such as a campaign or a page. Empty if nothing was said.
    fn source(&self) -> &str {
        &self.row.source
    }

    /// What the customer sends behind `/start`. Nobody can guess it.
    fn code(&self) -> &str {
        &self.row.code
    }

    /// The address that opens the bot with the code. Null while the user name of the bot is not known, and in a sandbox.
    async fn url(&self) -> Result<Option<String>> {
        let project = self.view.loaders().projects().load(self.row.project_id).await?;
        let username = project.as_ref().and_then(|project| project.bot_username.as_deref());
        Ok(username.map(|username| domain::diversion::address(username, &self.row.code)))
    }

    /// The tags that the session gets.
    async fn tags(&self) -> Result<Vec<Tag>> {
        let mut tags = Vec::with_capacity(self.row.tag_ids.len());
        for id in &self.row.tag_ids {
            tags.extend(self.view.loaders().tags().load(*id).await?.map(Tag::new));
        }
        Ok(tags)
    }

    /// The team that the session is for. Null for no particular one.
    async fn team(&self) -> Result<Option<Team>> {
        let Some(id) = self.row.team_id else { return Ok(None) };
        Ok(self.view.loaders().teams().load(id).await?.map(|team| Team::new(team, &self.view)))
    }

    /// The agent who answers. Null for no particular one.
    async fn agent(&self) -> Result<Option<Agent>> {
        let Some(id) = self.row.agent_id else { return Ok(None) };
        Ok(self.view.loaders().agents().load(id).await?.map(|agent| Agent::new(agent, &self.view)))
    }

    /// False once the link works no more than a plain `/start`.
    fn active(&self) -> bool {
        self.row.active
    }

    /// How often somebody came by it.
    fn uses(&self) -> i64 {
        self.row.uses
    }

    /// Grows with each change by `diversionLinkUpdate`.
    fn version(&self) -> i64 {
        self.row.version
    }

    /// When the link was made.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }
}
