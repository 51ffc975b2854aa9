//! Agents: who is there, what they are in projects, and how they go.

mod activity;
mod list;
mod member;
mod role;
mod seats;
mod sight_change;

pub use activity::AgentActivityRefusal;
pub(crate) use activity::{SeatLimitReached, bring_back, check_seat, retire};
pub use list::Member;
pub(crate) use member::{member, sight_of};
pub use role::ProjectRoleRefusal;
pub(crate) use role::leave_project;
pub(crate) use sight_change::SightChange;
