//! Who is there and who is writing according to the database, for those in this process who want to know.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{AgentId, ProjectId, SessionId, Time};
use tokio::sync::{Notify, watch};

/// Since when each agent has been there, by project.
pub(super) type Present = BTreeMap<(ProjectId, AgentId), Time>;

/// Who is writing, by session.
pub(crate) type Typing = BTreeSet<(SessionId, AgentId)>;

/// Who is there and who is writing, as it was last looked at. Nobody looks while nobody wants to know.
pub(crate) struct Board {
    present: watch::Sender<Option<Arc<Present>>>,
    typing: watch::Sender<Option<Arc<Typing>>>,
    wanted: Notify,
}

impl Default for Board {
    fn default() -> Self {
        Self { present: watch::Sender::new(None), typing: watch::Sender::new(None), wanted: Notify::new() }
    }
}

impl Board {
    /// Follows who is there. Each look is told, whether anything changed or not.
    pub(super) fn follow_presence(&self) -> watch::Receiver<Option<Arc<Present>>> {
        self.present.subscribe()
    }

    /// Follows who is writing. Each look is told, whether anything changed or not.
    pub(crate) fn follow_typing(&self) -> watch::Receiver<Option<Arc<Typing>>> {
        self.typing.subscribe()
    }

    /// Has somebody look soon, since something changed.
    pub(crate) fn want_look(&self) {
        self.wanted.notify_one();
    }

    /// Waits until somebody has something to look at.
    pub(super) async fn wanted(&self) {
        self.wanted.notified().await;
    }

    pub(super) fn is_presence_followed(&self) -> bool {
        self.present.receiver_count() > 0
    }

    pub(super) fn is_typing_followed(&self) -> bool {
        self.typing.receiver_count() > 0
    }

    pub(super) fn show_present(&self, present: Present) {
        self.present.send_replace(Some(Arc::new(present)));
    }

    pub(super) fn show_typing(&self, typing: Typing) {
        self.typing.send_replace(Some(Arc::new(typing)));
    }
}
