//! Who takes a session over.

use super::Session;
use crate::routing::Presence;
use crate::{AgentId, Role};

/// Why somebody does not take a session over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TakeOverRefusal {
    /// They are neither a supervisor or an administrator of the project, nor have they joined the session or a ticket to
    /// answer.
    #[error(
        "supervisors and those who read along take sessions over: ask one, or the agent who has it to hand it over"
    )]
    NotConcerned,
    /// They have joined and have no ticket to answer, and the agent who has it is there.
    #[error("the agent who has it is online: ask them to hand it over, or a supervisor to take it over")]
    AssigneeOnline,
}

/// Whether somebody may take a session over who has this role and does not have the session: a supervisor always, whoever
/// is to answer its customer by a ticket that was escalated, wherever that came of, and whoever has joined it while the agent
/// who has it is not there.
pub fn check_take_over(
    session: &Session,
    agent: AgentId,
    role: Role,
    assignee: Presence,
    is_to_answer: bool,
) -> Result<(), TakeOverRefusal> {
    if role >= Role::Supervisor || is_to_answer {
        return Ok(());
    }
    if !session.people.has_joined(agent) {
        return Err(TakeOverRefusal::NotConcerned);
    }
    match assignee {
        Presence::Online => Err(TakeOverRefusal::AssigneeOnline),
        Presence::Offline => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{noon, session_at};
    use super::*;

    #[test]
    fn supervisors_and_who_has_to_answer_always_may_and_those_who_joined_while_the_other_is_away() {
        const ME: AgentId = AgentId(5);
        let mut shown = session_at(noon());
        shown.assignee_id = Some(AgentId(6));
        let mut joined = shown.clone();
        joined.people.join(ME);
        let stranger = Err(TakeOverRefusal::NotConcerned);
        for (session, role, presence, expected) in [
            (&shown, Role::Agent, Presence::Offline, stranger),
            (&shown, Role::Agent, Presence::Online, stranger),
            (&joined, Role::Agent, Presence::Offline, Ok(())),
            (&joined, Role::Agent, Presence::Online, Err(TakeOverRefusal::AssigneeOnline)),
            (&shown, Role::Supervisor, Presence::Online, Ok(())),
            (&shown, Role::Admin, Presence::Offline, Ok(())),
        ] {
            assert_eq!(check_take_over(session, ME, role, presence, false), expected, "{role:?} {presence:?}");
            assert_eq!(check_take_over(session, ME, role, presence, true), Ok(()), "{role:?} {presence:?}");
        }
    }
}
