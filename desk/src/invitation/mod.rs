//! Invitations to become an agent.

mod invite;
mod list;
mod revoke;

pub(crate) use invite::audit;
pub use invite::{AgentInviteRefusal, InvitationCode, NewInvitation};
pub use revoke::InvitationRevokeRefusal;
pub(crate) use revoke::projects_of;
