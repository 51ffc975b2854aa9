//! API tokens: an integration that has one acts as the agent who made it, within its scopes and
//! with no more than the rights that the agent has at that moment.

mod authenticate;
mod create;
mod list;
mod revoke;

pub(crate) use authenticate::KnownApiTokens;
pub use create::{ApiTokenCreateRefusal, MOST_TOKENS, NewApiToken, NewApiTokenSecret};
pub use list::ApiTokenOwners;
pub use revoke::ApiTokenRevokeRefusal;
