//! What the store gives out about refresh tokens.

use domain::{AgentId, Time, TokenFamilyId};

/// A refresh token as it is kept; the token itself is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// The family: one sign-in and everything renewed from it.
    pub family_id: TokenFamilyId,
    /// Whose it is.
    pub agent_id: AgentId,
    /// Whether it has been exchanged already.
    pub used: bool,
    /// Whether its family has been ended.
    pub revoked: bool,
    /// When its family runs out.
    pub expires_at: Time,
}
