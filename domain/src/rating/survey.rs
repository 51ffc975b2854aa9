//! The question that a customer is asked after a resolution, and what they answered.

use chrono::Duration;

use super::Score;
use crate::text::without_nul;
use crate::{AgentId, CustomerId, MessageId, ProjectId, Session, SessionId, SurveyId, TeamId, TicketId, Time};

/// How long after the first answer the customer can take another one, since fingers slip. Then the answer stands.
pub const CHANGEABLE_FOR: Duration = Duration::minutes(10);

/// The longest comment that is kept with a score, in characters. The message itself is kept whole.
pub const COMMENT_CHARACTERS: usize = 2000;

/// The question how satisfied a customer is with one resolution of a session, or of a ticket whose session goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// The identifier.
    pub id: SurveyId,
    /// The project.
    pub project_id: ProjectId,
    /// The session that was resolved, or that of the ticket.
    pub session_id: SessionId,
    /// The ticket, if one was resolved while its session went on.
    pub ticket_id: Option<TicketId>,
    /// The customer.
    pub customer_id: CustomerId,
    /// When it was resolved, on the project's clock. What goes on and is resolved again has another survey.
    pub resolved_at: Time,
    /// The agent whom the score credits.
    pub agent_id: Option<AgentId>,
    /// The team whom the score credits.
    pub team_id: Option<TeamId>,
    /// The supervisors whom the score credits.
    pub supervisor_ids: Vec<AgentId>,
    /// When the customer was asked; empty until then.
    pub asked_at: Option<Time>,
    /// The message with the question.
    pub message_id: Option<MessageId>,
    /// Until when an answer counts.
    pub closes_at: Option<Time>,
    /// What the customer answered.
    pub score: Option<Score>,
    /// What they wrote about it.
    pub comment: Option<String>,
    /// When they first answered, on the project's clock.
    pub rated_at: Option<Time>,
}

/// Who is credited with a score: those who had to do with what was resolved at that time, whatever becomes of it or of them
/// later.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Credit {
    /// The agent who had it or, if nobody had it, who resolved it.
    pub agent_id: Option<AgentId>,
    /// The team that it was for or, if it was for none, the only one of the agent.
    pub team_id: Option<TeamId>,
    /// The supervisors in that team, and whoever resolved it for the agent.
    pub supervisor_ids: Vec<AgentId>,
}

impl Credit {
    /// Who is credited with what somebody resolves now that an agent has and that is for a team, if so. `supervisors` are
    /// those of the project, `team` those who are in the team.
    pub fn at_resolution(
        (holder, team_id): (Option<AgentId>, Option<TeamId>),
        resolver: Option<AgentId>,
        supervisors: &[AgentId],
        team: &[AgentId],
    ) -> Self {
        let agent_id = holder.or(resolver);
        let looked_after = |supervisor: &AgentId| {
            Some(*supervisor) != agent_id && (team.contains(supervisor) || resolver == Some(*supervisor))
        };
        let supervisor_ids = supervisors.iter().copied().filter(looked_after).collect();
        Self { agent_id, team_id, supervisor_ids }
    }
}

/// What a customer thinks of the support in a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    /// The session.
    pub session_id: SessionId,
    /// The stars.
    pub score: Score,
    /// What the customer wrote about it.
    pub comment: Option<String>,
    /// When they first answered, on the project's clock.
    pub rated_at: Time,
    /// Who is credited with it.
    pub credit: Credit,
}

/// What an answer to a survey comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It is the first.
    First,
    /// It takes the place of an earlier one.
    Changed,
    /// It has been given already.
    Same,
    /// Another one was given too long ago to be changed.
    Settled,
    /// It comes too late.
    Late,
}

impl Answer {
    /// Whether the score is to be written.
    pub fn counts(self) -> bool {
        matches!(self, Self::First | Self::Changed)
    }
}

impl Survey {
    /// What a score comes to that is given now.
    pub fn answer(&self, score: Score, now: Time) -> Answer {
        match (self.score, self.rated_at) {
            (Some(before), Some(rated_at)) if now - rated_at < CHANGEABLE_FOR => {
                if before == score {
                    Answer::Same
                } else {
                    Answer::Changed
                }
            }
            (Some(_), _) => Answer::Settled,
            _ if self.closes_at.is_some_and(|closes_at| now < closes_at) => Answer::First,
            _ => Answer::Late,
        }
    }

    /// Whether the customer was asked, and a score that comes now is still one: it counts, or the one that stands was given
    /// while the question is open.
    pub fn is_open(&self, now: Time) -> bool {
        self.closes_at.is_some_and(|closes_at| now < closes_at)
            || self.rated_at.is_some_and(|rated_at| now - rated_at < CHANGEABLE_FOR)
    }

    /// Whether its session is resolved so, and has not gone on since.
    pub fn is_about(&self, session: &Session) -> bool {
        session.resolution.as_ref().is_some_and(|resolution| resolution.at == self.resolved_at)
    }

    /// Whether a score that is typed in its session now can be nothing but an answer. While a session goes on beside a ticket
    /// that was resolved, it can be about whatever was said after the question.
    pub fn hears(&self, session: &Session, now: Time) -> bool {
        let is_asked_last = || self.message_id.is_some() && session.last_message_id == self.message_id;
        let is_meant = match self.ticket_id {
            None => self.is_about(session),
            Some(_) => session.resolution.is_some() || is_asked_last(),
        };
        is_meant && self.is_open(now)
    }

    /// What the customer answered, if they did.
    pub fn rating(self) -> Option<Rating> {
        Some(Rating {
            session_id: self.session_id,
            score: self.score?,
            comment: self.comment,
            rated_at: self.rated_at?,
            credit: Credit { agent_id: self.agent_id, team_id: self.team_id, supervisor_ids: self.supervisor_ids },
        })
    }
}

/// What is kept of a text as a comment on a score; nothing of one that says nothing.
pub fn comment(text: &str) -> Option<String> {
    let text = without_nul(text).trim().to_owned();
    (!text.is_empty()).then(|| text.chars().take(COMMENT_CHARACTERS).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::session::Resolution;
    use crate::session::tests::{noon, session_at};

    fn survey() -> Survey {
        Survey {
            id: SurveyId(1),
            project_id: ProjectId(1),
            session_id: SessionId(1),
            ticket_id: None,
            customer_id: CustomerId(1),
            resolved_at: noon(),
            agent_id: Some(AgentId(7)),
            team_id: None,
            supervisor_ids: Vec::new(),
            asked_at: Some(noon()),
            message_id: Some(MessageId(1)),
            closes_at: Some(noon() + Duration::days(7)),
            score: None,
            comment: None,
            rated_at: None,
        }
    }

    fn stars(stars: i64) -> Score {
        Score::try_from(stars).unwrap()
    }

    #[test]
    fn the_first_answer_counts_until_the_survey_closes() {
        let last_moment = noon() + Duration::days(7) - Duration::microseconds(1);
        assert_eq!(survey().answer(stars(5), last_moment), Answer::First);
        assert_eq!(survey().answer(stars(5), noon() + Duration::days(7)), Answer::Late);
        assert!(survey().is_open(last_moment) && !survey().is_open(noon() + Duration::days(7)));
        let not_asked = Survey { asked_at: None, message_id: None, closes_at: None, ..survey() };
        assert_eq!((not_asked.answer(stars(5), noon()), not_asked.is_open(noon())), (Answer::Late, false));
        assert_eq!(not_asked.rating(), None);
    }

    #[test]
    fn an_answer_can_be_taken_back_for_ten_minutes_and_then_stands() {
        let rated = Survey { score: Some(stars(2)), rated_at: Some(noon()), ..survey() };
        let soon = noon() + CHANGEABLE_FOR - Duration::microseconds(1);
        assert_eq!(rated.answer(stars(5), soon), Answer::Changed);
        assert_eq!(rated.answer(stars(2), soon), Answer::Same);
        assert_eq!(rated.answer(stars(5), noon() + CHANGEABLE_FOR), Answer::Settled);
        assert_eq!(rated.answer(stars(2), noon() + CHANGEABLE_FOR), Answer::Settled);
        assert!(rated.is_open(noon() + CHANGEABLE_FOR), "what comes again is an answer still");
        assert!(!rated.is_open(noon() + Duration::days(7)));
        let rating = rated.rating().unwrap();
        assert_eq!((rating.score, rating.rated_at, rating.credit.agent_id), (stars(2), noon(), Some(AgentId(7))));
    }

    #[test]
    fn those_are_credited_who_had_to_do_with_the_session() {
        let (agent, ann, bob) = (AgentId(7), AgentId(8), AgentId(9));
        let nobodys = Credit::at_resolution((None, None), Some(ann), &[ann, bob], &[]);
        assert_eq!(nobodys, Credit { agent_id: Some(ann), ..Credit::default() });
        let holders = (Some(agent), Some(TeamId(2)));
        let credit = Credit::at_resolution(holders, Some(agent), &[ann, bob], &[agent, bob]);
        assert_eq!(credit, Credit { agent_id: Some(agent), team_id: Some(TeamId(2)), supervisor_ids: vec![bob] });
        let credit = Credit::at_resolution(holders, Some(ann), &[ann, bob], &[agent]);
        assert_eq!(credit.supervisor_ids, [ann], "she resolved it for the agent");
    }

    #[test]
    fn what_is_typed_is_an_answer_unless_it_can_be_about_something_else() {
        let resolved = |at| {
            let mut session = session_at(noon());
            session.resolve(Resolution { at, by: None, summary: String::new() });
            session
        };
        let later = noon() + Duration::hours(1);
        assert!(survey().hears(&resolved(noon()), later));
        assert!(!survey().hears(&resolved(later), later), "it has gone on since");
        assert!(!survey().hears(&session_at(noon()), later));
        assert!(!survey().hears(&resolved(noon()), noon() + Duration::days(7)));

        let of_ticket = Survey { ticket_id: Some(TicketId(1)), ..survey() };
        let mut running = session_at(noon());
        assert!(of_ticket.hears(&resolved(later), later));
        assert!(!of_ticket.hears(&running, later), "something was said after the question");
        running.last_message_id = of_ticket.message_id;
        assert!(of_ticket.hears(&running, later));
        let not_asked = Survey { message_id: None, closes_at: None, ..of_ticket };
        assert!(!not_asked.hears(&resolved(later), later));
    }

    #[test]
    fn a_comment_says_something_and_has_an_end() {
        assert_eq!(comment(" slow\0 "), Some("slow".to_owned()));
        assert_eq!(comment(" \0"), None);
        assert_eq!(comment(&"é".repeat(3000)).map(|text| text.chars().count()), Some(COMMENT_CHARACTERS));
    }

    proptest! {
        #[test]
        fn whatever_counts_is_given_while_the_survey_is_open(
            rated in proptest::option::of((1..=5_i64, 0..20 * 60_i64)),
            given in 1..=5_i64,
            after in 0..14 * 24 * 3600_i64,
        ) {
            let rated_at = rated.map(|(_, seconds)| noon() + Duration::seconds(seconds));
            let survey = Survey { score: rated.map(|(score, _)| stars(score)), rated_at, ..survey() };
            let now = rated_at.unwrap_or(noon()) + Duration::seconds(after);
            let answer = survey.answer(stars(given), now);
            let asks_still = now < noon() + Duration::days(7);
            prop_assert_eq!(survey.is_open(now), asks_still || answer.counts() || answer == Answer::Same);
            prop_assert!(!asks_still || answer != Answer::Late);
        }
    }
}
