//! Teams and the Telegram groups that get their notices.

mod delete;
mod group;
mod list;
mod member;
mod write;

pub use group::{LinkInvitation, TeamGroupRefusal};
pub use member::TeamMemberRefusal;
pub use write::{MOST_TEAMS, NewTeam, TeamChange, TeamRefusal};
