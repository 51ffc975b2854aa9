//! Projects: each is one Telegram bot with its own customers, agents and rules.

use chrono::Duration;

use crate::chat_theme::ChatTheme;
use crate::night::Night;
use crate::session::SessionLife;
use crate::{ProjectId, Time, WorkspaceId};

/// One Telegram bot of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// The identifier.
    pub id: ProjectId,
    /// The workspace that owns it.
    pub workspace_id: WorkspaceId,
    /// The name shown to agents.
    pub name: String,
    /// True when its customers are simulated and no Telegram stands behind it.
    pub sandbox: bool,
    /// The user name of the bot without `@`, once Telegram has told it.
    pub bot_username: Option<String>,
    /// How far the project's clock is ahead of the wall clock. Only a sandbox's clock moves.
    pub clock_offset: Duration,
    /// How long sessions live.
    pub session_life: SessionLife,
    /// When it is night for customers.
    pub night: Night,
    /// How consoles show the conversations.
    pub chat_theme: ChatTheme,
    /// Grows with each change.
    pub version: i64,
    /// When it was created.
    pub created_at: Time,
    /// When it was put away, if it was. Then its bot is not served, and lists leave it out.
    pub archived_at: Option<Time>,
}

/// The farthest that a project's clock is ahead of the wall clock: a hundred years. Beyond lies, sooner or later, what
/// is no time any more.
pub const FARTHEST_CLOCK_OFFSET: Duration = Duration::days(100 * 366);

impl Project {
    /// The time on this project's clock, which is never farther ahead than [`FARTHEST_CLOCK_OFFSET`].
    pub fn time(&self, wall: Time) -> Time {
        wall + self.ahead()
    }

    /// The time on the wall clock when it is this time on the project's clock.
    pub fn wall(&self, now: Time) -> Time {
        now - self.ahead()
    }

    fn ahead(&self) -> Duration {
        self.clock_offset.clamp(Duration::zero(), FARTHEST_CLOCK_OFFSET)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_never_leaves_the_calendar() {
        let wall = Time::from_timestamp(1_800_000_000, 0).unwrap();
        let at = |clock_offset| {
            let project = Project {
                id: ProjectId(1),
                workspace_id: WorkspaceId(1),
                name: "Sandbox".to_owned(),
                sandbox: true,
                bot_username: None,
                clock_offset,
                session_life: SessionLife::default(),
                night: Night::default(),
                chat_theme: ChatTheme::default(),
                version: 1,
                created_at: wall,
                archived_at: None,
            };
            project.time(wall)
        };
        assert_eq!(at(Duration::days(5)), wall + Duration::days(5));
        assert_eq!(at(Duration::microseconds(i64::MAX)), wall + FARTHEST_CLOCK_OFFSET);
        assert_eq!(at(Duration::microseconds(i64::MIN)), wall);
    }
}
