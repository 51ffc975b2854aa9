//! Handing a session to another agent or to a team.

use super::Session;
use crate::text::{is_blank, without_nul};
use crate::{AgentId, SessionId, TeamId, Time, TransferId, named_enum};

/// The longest description of a transfer, in characters.
pub const TRANSFER_CHARACTERS: usize = 2000;

/// To whom a session is handed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// An agent, who answers from then on.
    Agent(AgentId),
    /// A team, in which it waits for somebody.
    Team(TeamId),
}

/// What whoever gets a session needs to know: what it is about and what is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description(String);

/// Why a description was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DescriptionRefusal {
    /// There is nothing in it.
    #[error("a transfer needs a description: say what it is about and what is to be done")]
    Required,
    /// It is longer than [`TRANSFER_CHARACTERS`].
    #[error("the description is longer than {TRANSFER_CHARACTERS} characters: shorten it")]
    TooLong,
}

impl Description {
    /// Checks a description and trims it.
    pub fn parse(text: &str) -> Result<Self, DescriptionRefusal> {
        let text = without_nul(text).trim().to_owned();
        if is_blank(&text) {
            return Err(DescriptionRefusal::Required);
        }
        if text.chars().count() > TRANSFER_CHARACTERS { Err(DescriptionRefusal::TooLong) } else { Ok(Self(text)) }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

named_enum! {
    /// By what a session came into other hands.
    pub enum TransferKind {
        /// Somebody handed it over, and said what it is about.
        Transfer = "TRANSFER",
        /// Somebody chose who answers.
        Assignment = "ASSIGNMENT",
        /// A supervisor took it over.
        TakeOver = "TAKE_OVER",
        /// The desk moved it on, since it was not answered.
        Rerouting = "REROUTING",
        /// A ticket of it was escalated.
        Escalation = "ESCALATION",
    }
}

/// A session came into other hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// The identifier.
    pub id: TransferId,
    /// The session.
    pub session_id: SessionId,
    /// The version of the session right after it.
    pub session_version: i64,
    /// Who had it; empty if nobody did.
    pub from_agent_id: Option<AgentId>,
    /// The team that it was for; empty for no particular one.
    pub from_team_id: Option<TeamId>,
    /// The agent who got it; empty if a team did, or nobody.
    pub to_agent_id: Option<AgentId>,
    /// The team that got it; empty if an agent did, or nobody.
    pub to_team_id: Option<TeamId>,
    /// What it is about. Empty unless it was a [`TransferKind::Transfer`] or a [`TransferKind::Escalation`], and once the
    /// customer was erased.
    pub description: String,
    /// Who did it; empty for the desk itself.
    pub by_agent_id: Option<AgentId>,
    /// When it was, on the project's clock.
    pub at: Time,
    /// By what.
    pub kind: TransferKind,
}

impl Session {
    /// Whether it is where a transfer would bring it.
    pub fn is_with(&self, target: Target) -> bool {
        match target {
            Target::Agent(agent) => self.assignee_id == Some(agent),
            Target::Team(team) => self.assignee_id.is_none() && self.team_id == Some(team),
        }
    }

    /// Hands it on.
    pub fn hand_to(&mut self, target: Target, now: Time) {
        match target {
            Target::Agent(agent) => self.assign(Some(agent), now),
            Target::Team(team) => self.hand_to_team(team),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{noon, session_at};
    use super::*;
    use crate::session::{Resolution, Status};

    #[test]
    fn a_description_says_something_and_is_not_endless() {
        for nothing in ["\u{0} \n", "\u{200b}"] {
            assert_eq!(Description::parse(nothing), Err(DescriptionRefusal::Required));
        }
        assert_eq!(Description::parse(&"x".repeat(TRANSFER_CHARACTERS + 1)), Err(DescriptionRefusal::TooLong));
        let longest = "ж".repeat(TRANSFER_CHARACTERS);
        assert_eq!(Description::parse(&format!(" {longest}\n")).map(|text| text.0), Ok(longest));
    }

    #[test]
    fn whoever_gets_a_session_has_not_looked_at_it() {
        let (agent, team) = (Target::Agent(AgentId(7)), Target::Team(TeamId(2)));
        let mut session = session_at(noon());
        for (target, other) in [(agent, team), (team, agent)] {
            session.status = Status::Processing;
            session.hand_to(target, noon());
            assert_eq!(session.status, Status::Unread);
            assert!(session.is_with(target) && !session.is_with(other));
        }
        session.resolve(Resolution { at: noon(), by: None, summary: String::new() });
        session.hand_to(agent, noon());
        assert_eq!(session.status, Status::Processing, "what is resolved asks for nobody's look");
    }
}
