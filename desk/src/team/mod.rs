//! Teams and the Telegram groups that get their notices.

mod group;
mod list;
mod write;

pub use group::{LinkInvitation, TeamGroupRefusal};
pub use write::{MOST_TEAMS, NewTeam, TeamChange, TeamRefusal};
