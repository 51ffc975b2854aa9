//! The type `TelegramUpdate`.

use std::sync::Arc;

use async_graphql::{Enum, Object};
use desk::intake::KeptUpdate;

use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::project::Project;
use crate::schema::scalar::{DateTime, Json};
use crate::view::View;

/// Where an update stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "desk::intake::UpdateState")]
pub(crate) enum TelegramUpdateState {
    /// It waits to be worked off.
    Pending,
    /// It was worked off.
    Done,
    /// It could not be worked off: see `error`. It can be tried again.
    Failed,
    /// It was put by: see `shelf`. It can be let in.
    Shelved,
}

/// Why an update was put by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "desk::intake::Shelf")]
pub(crate) enum TelegramUpdateShelf {
    /// The customer is banned.
    Banned,
    /// The customer wrote too much at once.
    Flood,
}

pub(crate) struct TelegramUpdate {
    row: Arc<KeptUpdate>,
    view: View,
}

impl TelegramUpdate {
    pub(crate) fn new(row: Arc<KeptUpdate>, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// What Telegram delivered to the bot of a project, as it came. It is kept for 30 days after it was worked off or put by,
/// and until then if it failed. For administrators and supervisors of the project.
#[Object]
impl TelegramUpdate {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// The project whose bot got it.
    async fn project(&self) -> Result<Project> {
        Project::load(self.row.project_id, &self.view).await
    }

    /// The kind as the Bot API names it: `message`, `callback_query` and so on, or a name that is new.
    fn kind(&self) -> &str {
        &self.row.kind
    }

    /// Where it stands.
    fn state(&self) -> TelegramUpdateState {
        self.row.state.into()
    }

    /// Why it was put by, also when it was let in later. Null if it never was.
    fn shelf(&self) -> Option<TelegramUpdateShelf> {
        self.row.shelf.map(Into::into)
    }

    /// Why working it off failed last, for people. Null if it never did.
    fn error(&self) -> Option<&str> {
        self.row.error.as_deref()
    }

    /// How often working it off has failed.
    fn attempts(&self) -> i32 {
        self.row.attempts
    }

    /// The whole update as Telegram sent it.
    fn raw(&self) -> Json {
        Json(self.row.raw.clone())
    }

    /// When it arrived.
    fn received_at(&self) -> DateTime {
        self.row.received_at.into()
    }
}
