//! Agents: who is there, what they are in projects, and how they go.

mod activity;
mod list;
mod role;
mod seats;

pub use activity::AgentActivityRefusal;
pub(crate) use activity::{SeatLimitReached, check_seat, retire};
pub use list::Member;
pub use role::ProjectRoleRefusal;
pub(crate) use role::leave_project;
