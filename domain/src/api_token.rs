//! API tokens, by which integrations act as the agent who made them.

use crate::name::{NAME_CHARACTERS, NameRefusal};
use crate::{AgentId, ApiTokenId, Time, named_enum};

named_enum! {
    /// What an API token is good for. None includes another one, and none gives a right that
    /// the agent has not.
    pub enum ApiScope {
        /// Look at the projects that the agent may see.
        ProjectsRead = "PROJECTS_READ",
        /// Add projects.
        ProjectsWrite = "PROJECTS_WRITE",
        /// Look at the colleagues in the workspace.
        AgentsRead = "AGENTS_READ",
        /// Look at sessions, their customers and messages, and follow what happens to them.
        SessionsRead = "SESSIONS_READ",
        /// Assign, close and reopen sessions, and mark them as viewed.
        SessionsWrite = "SESSIONS_WRITE",
        /// Answer customers.
        MessagesSend = "MESSAGES_SEND",
        /// Push what is known of customers.
        CustomersWrite = "CUSTOMERS_WRITE",
        /// Write as simulated customers and move the clocks of sandboxes.
        SandboxWrite = "SANDBOX_WRITE",
    }
}

/// An API token as it is kept; its secret is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// The identifier.
    pub id: ApiTokenId,
    /// Who made it, and as whom it acts.
    pub agent_id: AgentId,
    /// What the agent calls it.
    pub name: String,
    /// What it is good for, in the order of declaration and each once.
    pub scopes: Vec<ApiScope>,
    /// When it ends by itself, if ever.
    pub expires_at: Option<Time>,
    /// When it was made.
    pub created_at: Time,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Time>,
    /// When it was revoked.
    pub revoked_at: Option<Time>,
}

impl ApiToken {
    /// Whether the token is taken at a time.
    pub fn is_live(&self, now: Time) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

/// Why a token cannot be made as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApiTokenRefusal {
    /// Nothing but white space.
    #[error("the name is empty: say in 1 to {NAME_CHARACTERS} characters what the token is for")]
    NameEmpty,
    /// More than [`NAME_CHARACTERS`].
    #[error("{}", NameRefusal::TooLong)]
    NameTooLong,
    /// It has a character that hides what it says.
    #[error("{}", NameRefusal::Invalid)]
    NameInvalid,
    /// It would be good for nothing.
    #[error("the token has no scope: name at least one, and no more than it needs")]
    NoScope,
    /// It would be over before it began.
    #[error("the token would have ended already: give `expiresAt` a time in the future, or leave it out")]
    EndsInThePast,
}

/// Checks the name of a token, as the name of anything else.
pub fn parse_name(name: &str) -> Result<String, ApiTokenRefusal> {
    crate::name::parse_name(name).map_err(|refusal| match refusal {
        NameRefusal::Empty => ApiTokenRefusal::NameEmpty,
        NameRefusal::TooLong => ApiTokenRefusal::NameTooLong,
        NameRefusal::Invalid => ApiTokenRefusal::NameInvalid,
    })
}

/// Checks the scopes of a token and puts them in order, each once.
pub fn parse_scopes(mut scopes: Vec<ApiScope>) -> Result<Vec<ApiScope>, ApiTokenRefusal> {
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() { Err(ApiTokenRefusal::NoScope) } else { Ok(scopes) }
}

/// Checks when a token is to end.
pub fn parse_end(expires_at: Option<Time>, now: Time) -> Result<Option<Time>, ApiTokenRefusal> {
    if expires_at.is_some_and(|end| end <= now) { Err(ApiTokenRefusal::EndsInThePast) } else { Ok(expires_at) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn a_token_is_taken_until_it_is_revoked_or_ends() {
        let token = ApiToken {
            id: ApiTokenId(1),
            agent_id: AgentId(1),
            name: "Import".to_owned(),
            scopes: vec![ApiScope::SessionsRead],
            expires_at: Some(at(100)),
            created_at: at(0),
            last_used_at: None,
            revoked_at: None,
        };
        assert!(token.is_live(at(99)));
        assert!(!token.is_live(at(100)));
        assert!(ApiToken { expires_at: None, ..token.clone() }.is_live(at(1_000_000_000)));
        assert!(!ApiToken { revoked_at: Some(at(1)), ..token }.is_live(at(2)));
    }

    #[test]
    fn a_token_has_a_name_a_scope_and_a_future() {
        assert_eq!(parse_name("  CRM import "), Ok("CRM import".to_owned()));
        assert_eq!(parse_name(" \n"), Err(ApiTokenRefusal::NameEmpty));
        assert_eq!(parse_name(&"é".repeat(NAME_CHARACTERS)), Ok("é".repeat(NAME_CHARACTERS)));
        assert_eq!(parse_name(&"é".repeat(NAME_CHARACTERS + 1)), Err(ApiTokenRefusal::NameTooLong));
        let scopes = vec![ApiScope::SandboxWrite, ApiScope::ProjectsRead, ApiScope::SandboxWrite];
        assert_eq!(parse_scopes(scopes), Ok(vec![ApiScope::ProjectsRead, ApiScope::SandboxWrite]));
        assert_eq!(parse_scopes(Vec::new()), Err(ApiTokenRefusal::NoScope));
        assert_eq!(parse_end(None, at(5)), Ok(None));
        assert_eq!(parse_end(Some(at(6)), at(5)), Ok(Some(at(6))));
        assert_eq!(parse_end(Some(at(5)), at(5)), Err(ApiTokenRefusal::EndsInThePast));
    }
}
