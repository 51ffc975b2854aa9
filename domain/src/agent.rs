//! Agents and what they may do.

use crate::{AgentId, Time, WorkspaceId, named_enum};

named_enum! {
    /// What an agent may do in one project. Later roles include the earlier ones.
    pub enum Role {
        /// Answers customers.
        Agent = "AGENT",
        /// Sees every session and manages the work of the agents.
        Supervisor = "SUPERVISOR",
        /// Manages the project itself.
        Admin = "ADMIN",
    }
}

named_enum! {
    /// What an agent is in their workspace.
    pub enum WorkspaceRole {
        /// Has the rights given project by project.
        Member = "MEMBER",
        /// Is an administrator of every project of the workspace.
        Admin = "ADMIN",
    }
}

/// A member of a workspace who answers customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// The identifier.
    pub id: AgentId,
    /// The workspace the agent belongs to.
    pub workspace_id: WorkspaceId,
    /// The address the agent signs in with, in lower case.
    pub email: String,
    /// The name shown to colleagues.
    pub name: String,
    /// What the agent is in the workspace.
    pub workspace_role: WorkspaceRole,
    /// False once the agent may no longer sign in.
    pub active: bool,
    /// When the agent was added.
    pub created_at: Time,
}

/// The longest e-mail address, in bytes (RFC 5321, section 4.5.3.1.3, without the brackets).
pub const EMAIL_BYTES: usize = 254;

/// The text is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not an e-mail address: write it like anna@example.com, in at most {EMAIL_BYTES} bytes")]
pub struct NotAnEmail;

/// Checks an e-mail address as far as that can be done without writing to it, and brings it to its normal form.
pub fn parse_email(email: &str) -> Result<String, NotAnEmail> {
    let email = normal_email(email);
    let (account, host) = email.rsplit_once('@').ok_or(NotAnEmail)?;
    let is_whole = !account.is_empty() && !host.is_empty() && email.len() <= EMAIL_BYTES;
    let is_one_word = !email.chars().any(|character| character.is_whitespace() || character.is_control());
    if is_whole && is_one_word { Ok(email) } else { Err(NotAnEmail) }
}

/// Brings an e-mail address to the form in which accounts are compared.
pub fn normal_email(email: &str) -> String {
    crate::text::without_nul(email).trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_an_account_a_host_and_no_gap() {
        assert_eq!(parse_email(" Ada\0@Example.COM\n"), Ok("ada@example.com".to_owned()));
        for text in ["", "ada", "@", "@example.com", "ada@", "ada @example.com", "a@b\u{7f}", "a@b c"] {
            assert_eq!(parse_email(text), Err(NotAnEmail), "{text:?}");
        }
        let longest = format!("{}@example.com", "x".repeat(EMAIL_BYTES - 12));
        assert_eq!(parse_email(&longest).as_deref(), Ok(longest.as_str()));
        assert_eq!(parse_email(&format!("x{longest}")), Err(NotAnEmail));
    }
}
