//! Codes by which the staff link their chats.

use aws_lc_rs::digest;
use domain::staff::LINK_CODE_LIFETIME;
use domain::{AgentId, ProjectId, TeamId, Time};
use store::people::LinkCode;

use crate::keys::random_id;

/// Draws a code. Of what is kept nobody can tell what it is.
pub(crate) fn new_link_code(
    project_id: ProjectId,
    agent_id: AgentId,
    team_id: Option<TeamId>,
    now: Time,
) -> (String, LinkCode) {
    let code = random_id();
    let hash = hash_of(&code);
    (code, LinkCode { hash, project_id, agent_id, team_id, expires_at: now + LINK_CODE_LIFETIME })
}

/// What is kept of a code. It is drawn from 2^128, so that a plain hash does not give it away.
pub(super) fn hash_of(code: &str) -> String {
    digest::digest(&digest::SHA256, code.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_fits_into_a_deep_link_and_is_kept_as_a_hash() {
        let (code, link) = new_link_code(ProjectId(1), AgentId(2), None, Time::UNIX_EPOCH);
        assert!(code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert_eq!(link.hash, hash_of(&code));
        assert!(!link.hash.contains(&code));
    }
}
