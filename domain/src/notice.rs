//! Notices to the staff. They name a session and never quote a message.

use chrono::Duration;

use crate::named_enum;
use crate::text::{breaks_line, turns_direction};
use crate::todo::TodoKind;

/// Within this time a chat gets no second notice of the same kind about one session.
pub const NOTICE_PAUSE: Duration = Duration::minutes(5);

named_enum! {
    /// What a notice is about.
    pub enum NoticeKind {
        /// A session has begun that nobody has.
        NewSession = "NEW_SESSION",
        /// Somebody gave a session to the agent.
        Assigned = "ASSIGNED",
        /// A message of the agent did not arrive.
        NotSent = "NOT_SENT",
        /// Nobody can tell whether a message of the agent arrived.
        Uncertain = "UNCERTAIN",
        /// What a session of the agent waited for is due.
        FollowUpDue = "FOLLOW_UP_DUE",
        /// Somebody handed a session to the team.
        HandedOver = "HANDED_OVER",
    }
}

impl NoticeKind {
    /// The text of the notice about a session of a customer.
    pub fn text(self, session_number: i64, customer: &str) -> String {
        let customer = shown(customer);
        match self {
            Self::NewSession => format!("New session #{session_number} with {customer}: nobody has it yet."),
            Self::Assigned => format!("Session #{session_number} with {customer} was assigned to you."),
            Self::NotSent => {
                format!(
                    "Session #{session_number} with {customer}: a message of yours was not sent. Look at the reason there."
                )
            }
            Self::Uncertain => format!(
                "Session #{session_number} with {customer}: nobody can tell whether a message of yours arrived. \
                 Ask the customer, or send it again."
            ),
            Self::FollowUpDue => {
                format!("Session #{session_number} with {customer}: the time until which it waited has come.")
            }
            Self::HandedOver => {
                format!("Session #{session_number} with {customer} was handed to your team: nobody has it yet.")
            }
        }
    }
}

/// What became of a ticket that those who work on it are to know. It is told each time, since each time is news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketNews {
    /// It was escalated to them.
    Escalated,
    /// It was escalated to them, and its customer goes on in the session with this number: that is where to answer.
    EscalatedBeside(i64),
    /// The customer said that it cannot wait.
    Urgent,
}

impl TicketNews {
    /// The text of the notice about a ticket of a session. It has numbers alone: who works on the ticket may not see the
    /// session.
    pub fn text(self, ticket_number: i64, session_number: i64) -> String {
        match self {
            Self::Escalated => {
                format!("Ticket #{ticket_number}: session #{session_number} was escalated and waits for an answer.")
            }
            Self::EscalatedBeside(present) => {
                format!(
                    "Ticket #{ticket_number}: session #{session_number} was escalated. \
                     Its customer waits for an answer in session #{present}."
                )
            }
            Self::Urgent => {
                format!("Ticket #{ticket_number} of session #{session_number}: the customer says that it is urgent.")
            }
        }
    }
}

/// The text of the notice that something is due that is owed to a customer, or that the time for it has passed. Who may not
/// see the session is told no name.
pub fn todo_notice(todo: (TodoKind, bool), session_number: i64, customer: Option<&str>) -> String {
    let due = match todo {
        (TodoKind::ReturnVisit, false) => "ask whether all is well now",
        (TodoKind::ReturnVisit, true) => "nobody has asked whether all is well, and the time for it is over",
        (TodoKind::Promise, false) => "a promise is due",
        (TodoKind::Promise, true) => "a promise is due, and the time for it is over",
        (TodoKind::ThirdParty, false) => "ask the third party again",
        (TodoKind::ThirdParty, true) => "nobody has asked the third party again, and the time for it is over",
    };
    let with = customer.map(|customer| format!(" with {}", shown(customer))).unwrap_or_default();
    format!("To-do for session #{session_number}{with}: {due}.")
}

/// The name as it can stand in a line; of a nameless customer something in its place.
fn shown(name: &str) -> String {
    const CHARACTERS: usize = 64;
    let characters = name.chars().filter(|one| !turns_direction(*one)).take(CHARACTERS);
    let line: String = characters.map(|one| if breaks_line(one) { ' ' } else { one }).collect();
    if line.trim().is_empty() { "a customer".to_owned() } else { line.trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_one_line_with_the_number_and_the_name() {
        let text = NoticeKind::NewSession.text(7, "Kim\nLee");
        assert_eq!(text, "New session #7 with Kim Lee: nobody has it yet.");
        let turned = NoticeKind::NewSession.text(7, "\u{202e}eeL\u{2028}miK\u{2066}");
        assert_eq!(turned, "New session #7 with eeL miK: nobody has it yet.");
        assert!(NoticeKind::Assigned.text(7, "\u{202e} ").contains("with a customer was"));
        assert!(NoticeKind::Assigned.text(7, "  ").contains("with a customer was"));
        let beside = TicketNews::EscalatedBeside(9).text(2, 7);
        assert_eq!(beside, "Ticket #2: session #7 was escalated. Its customer waits for an answer in session #9.");
        let urgent = TicketNews::Urgent.text(2, 7);
        assert_eq!(urgent, "Ticket #2 of session #7: the customer says that it is urgent.");
        let visit = todo_notice((TodoKind::ReturnVisit, false), 7, Some("Kim\nLee"));
        assert_eq!(visit, "To-do for session #7 with Kim Lee: ask whether all is well now.");
        let promise = todo_notice((TodoKind::Promise, true), 7, None);
        assert_eq!(promise, "To-do for session #7: a promise is due, and the time for it is over.");
        for kind in NoticeKind::ALL {
            assert!(!kind.text(7, &"x".repeat(1000)).contains('\n'));
            assert!(kind.text(7, &"x".repeat(1000)).len() < 300);
        }
    }
}
