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
    /// Follows who is there. Told is what a look finds that is not as it was before.
    pub(super) fn follow_presence(&self) -> watch::Receiver<Option<Arc<Present>>> {
        self.present.subscribe()
    }

    /// Follows who is writing. Told is what a look finds that is not as it was before.
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
        show(&self.present, present);
    }

    pub(super) fn show_typing(&self, typing: Typing) {
        show(&self.typing, typing);
    }
}

/// Shows what a look has found, and wakes those who follow it if it is not as it was.
fn show<T: PartialEq>(shown: &watch::Sender<Option<Arc<T>>>, found: T) {
    shown.send_if_modified(|shown| {
        let is_new = shown.as_deref() != Some(&found);
        if is_new {
            *shown = Some(Arc::new(found));
        }
        is_new
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_that_finds_nothing_new_wakes_nobody() {
        let board = Board::default();
        let (mut present, mut typing) = (board.follow_presence(), board.follow_typing());
        let since = Time::from_timestamp(1_800_000_000, 0).unwrap();
        let ada = Present::from([((ProjectId(1), AgentId(7)), since)]);
        let writes = Typing::from([(SessionId(1), AgentId(7))]);
        for is_new in [true, false] {
            board.show_present(ada.clone());
            board.show_typing(writes.clone());
            assert_eq!((present.has_changed().unwrap(), typing.has_changed().unwrap()), (is_new, is_new));
            present.mark_unchanged();
            typing.mark_unchanged();
        }
        board.show_present(Present::new());
        assert!(present.has_changed().unwrap());
    }
}
