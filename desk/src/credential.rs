//! What an agent acts through.

use domain::{AgentId, ApiTokenId, TokenFamilyId};

/// What a caller showed to act as an agent. It says nothing about rights: those are looked up each time it is used,
/// since they can be taken away at any moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Credential {
    /// A sign-in with a password.
    SignIn {
        /// Who signed in.
        agent_id: AgentId,
        /// The sign-in itself.
        family_id: TokenFamilyId,
    },
    /// An API token.
    ApiToken(ApiTokenId),
}
