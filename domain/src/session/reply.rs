//! Who may answer a customer.

use super::Session;
use crate::AgentId;

/// Why an agent may not answer in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReplyRefusal {
    /// The session is over.
    #[error("the session is closed: reopen it before answering")]
    Closed,
    /// Another agent answers in it.
    #[error("another agent answers in this session: take it over before answering")]
    NotActiveReplier,
}

/// Only the assigned agent answers, so that the customer hears one voice. In a session that
/// nobody has, the first to answer becomes the assigned agent.
pub fn check_replier(session: &Session, agent: AgentId) -> Result<(), ReplyRefusal> {
    if !session.is_open() {
        return Err(ReplyRefusal::Closed);
    }
    match session.assignee_id {
        Some(assignee) if assignee != agent => Err(ReplyRefusal::NotActiveReplier),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CloseReason;
    use crate::session::tests::{noon, session_at};

    #[test]
    fn only_the_assigned_agent_answers_and_anyone_while_there_is_none() {
        let mut session = session_at(noon());
        assert_eq!(check_replier(&session, AgentId(1)), Ok(()));
        session.assignee_id = Some(AgentId(1));
        assert_eq!(check_replier(&session, AgentId(1)), Ok(()));
        assert_eq!(check_replier(&session, AgentId(2)), Err(ReplyRefusal::NotActiveReplier));
    }

    #[test]
    fn nobody_answers_in_a_closed_session() {
        let mut session = session_at(noon());
        session.close(CloseReason::Agent, noon());
        assert_eq!(check_replier(&session, AgentId(1)), Err(ReplyRefusal::Closed));
    }
}
