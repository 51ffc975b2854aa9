//! The type `CannedReply`.

use std::sync::Arc;

use async_graphql::Object;

use crate::schema::agent::Agent;
use crate::schema::bot_text::BotText;
use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::scalar::DateTime;
use crate::view::View;

pub(crate) struct CannedReply {
    row: Arc<domain::CannedReply>,
    view: View,
}

impl CannedReply {
    pub(crate) fn new(row: Arc<domain::CannedReply>, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// A text that agents have ready, in several languages and with placeholders.
#[Object]
impl CannedReply {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// Whether all agents of the project share it.
    fn shared(&self) -> bool {
        self.row.owner_id.is_none()
    }

    /// Whose own it is. Null for one that all share.
    async fn owner(&self) -> Result<Option<Agent>> {
        let Some(owner) = self.row.owner_id else { return Ok(None) };
        Ok(self.view.loaders().agents().load(owner).await?.map(|agent| Agent::new(agent, &self.view)))
    }

    /// What agents type for it, which no other one of the same owner has.
    fn shortcut(&self) -> &str {
        &self.row.shortcut
    }

    /// What it is called.
    fn title(&self) -> &str {
        &self.row.title
    }

    /// The text in each language, with placeholders.
    fn texts(&self) -> Vec<BotText> {
        BotText::all_of(&self.row.texts)
    }

    /// How often it was sent with its `cannedReplyId`.
    fn uses(&self) -> i64 {
        self.row.uses
    }

    /// Grows with each change by `cannedReplyUpdate`.
    fn version(&self) -> i64 {
        self.row.version
    }

    /// When it was made, on the project's clock.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// When it was last changed, on the project's clock.
    fn updated_at(&self) -> DateTime {
        self.row.updated_at.into()
    }
}
