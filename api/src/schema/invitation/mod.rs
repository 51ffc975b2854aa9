//! Invitations to become an agent.

mod accept;
mod invite;
mod loader;
mod object;
mod query;
mod revoke;

pub(crate) use accept::InvitationAccept;
pub(crate) use invite::AgentInvite;
pub(crate) use loader::InvitationById;
pub(crate) use object::Invitation;
pub(crate) use query::InvitationQuery;
pub(crate) use revoke::InvitationRevoke;
