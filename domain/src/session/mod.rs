//! Sessions: one conversation with a customer, from the first message to closing.

mod follow_up;
mod inbound;
mod life;
mod pace;
mod reply;
mod resolve;
mod silence;
mod standing;
mod take_over;
mod transfer;

pub use follow_up::{Awaited, FollowUp, FollowUpRefusal};
pub use inbound::{Arrival, arrival};
pub use life::{NotALife, SessionLife};
pub use pace::{Pace, Rush};
pub use reply::{ReplyRefusal, check_replier};
pub use resolve::{Resolution, SUMMARY_CHARACTERS, Summary, SummaryRefusal};
pub use standing::Standing;
pub use take_over::{TakeOverRefusal, check_take_over};
pub use transfer::{Description, DescriptionRefusal, TRANSFER_CHARACTERS, Target, Transfer, TransferKind};

use crate::message::Thread;
use crate::visibility::{Audience, People};
use crate::{AgentId, ChatId, CustomerId, DiversionLinkId, MessageId, ProjectId, SessionId, TeamId, Time, named_enum};

named_enum! {
    /// Where a session stands.
    pub enum Status {
        /// Whoever is to answer has not viewed it: nobody has it yet, or not since the customer wrote or it changed hands.
        Unread = "UNREAD",
        /// An agent is on it.
        Processing = "PROCESSING",
        /// It waits for the customer, a third party or a promised time.
        FollowUp = "FOLLOW_UP",
        /// It is over.
        Closed = "CLOSED",
    }
}

named_enum! {
    /// How pressing a session is.
    pub enum Priority {
        /// Can wait.
        Low = "LOW",
        /// The usual.
        Medium = "MEDIUM",
        /// Before the usual.
        High = "HIGH",
        /// Before everything else.
        Urgent = "URGENT",
    }
}

named_enum! {
    /// Why a session was closed.
    pub enum CloseReason {
        /// An agent closed it.
        Agent = "AGENT",
        /// The customer was silent for too long after the agent's last message.
        NoResponse = "NO_RESPONSE",
        /// Its group got another number in Telegram, under which another session was open already and goes on.
        Migration = "MIGRATION",
        /// It was resolved, and nothing came back.
        Resolved = "RESOLVED",
    }
}

/// One conversation with a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The identifier.
    pub id: SessionId,
    /// The project.
    pub project_id: ProjectId,
    /// The number that people say aloud, counted from 1 within the project.
    pub number: i64,
    /// The customer.
    pub customer_id: CustomerId,
    /// The chat that was last written in, which is where answers go.
    pub chat_id: ChatId,
    /// The conversation within that chat.
    pub thread: Thread,
    /// Where it stands.
    pub status: Status,
    /// How pressing it is.
    pub priority: Priority,
    /// The agent who answers, if one has been chosen.
    pub assignee_id: Option<AgentId>,
    /// The team that it is for, if one has been chosen.
    pub team_id: Option<TeamId>,
    /// Who else has to do with it.
    pub people: People,
    /// When the present agent got it; empty while nobody has it.
    pub assigned_at: Option<Time>,
    /// Since when it has waited for the desk to find an agent.
    pub queued_at: Option<Time>,
    /// When the customer wrote the first message that nobody has answered.
    pub waiting_since: Option<Time>,
    /// What it waits for; empty unless it is [`Status::FollowUp`].
    pub follow_up: Option<FollowUp>,
    /// What became of it; empty until it is resolved.
    pub resolution: Option<Resolution>,
    /// The diversion link by which the customer came.
    pub link_id: Option<DiversionLinkId>,
    /// The newest message.
    pub last_message_id: Option<MessageId>,
    /// When the newest message was taken in.
    pub last_message_at: Time,
    /// Which way the newest message went, in order to know who waits for whom.
    pub last_direction: crate::Direction,
    /// How many messages the customer has written in it.
    pub inbound_count: i64,
    /// How fast the customer writes.
    pub pace: Pace,
    /// Why it was closed; empty while it is open.
    pub close_reason: Option<CloseReason>,
    /// When it was closed; empty while it is open.
    pub closed_at: Option<Time>,
    /// When an agent last opened it again; empty if none did.
    pub reopened_at: Option<Time>,
    /// Grows with each change.
    pub version: i64,
    /// When it started.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
    /// Those for whom it went on when it was read, or last written.
    pub audience_before: Audience,
}

impl Session {
    /// Those for whom it goes on.
    pub fn audience(&self) -> Audience {
        Audience { assignee_id: self.assignee_id, team_id: self.team_id, people: self.people.clone() }
    }

    /// The audience that it had before, if another one has it now; from now on the present one counts as told.
    pub fn take_audience_before(&mut self) -> Option<Audience> {
        let is_same = self.audience_before.assignee_id == self.assignee_id
            && self.audience_before.team_id == self.team_id
            && self.audience_before.people == self.people;
        (!is_same).then(|| {
            let present = self.audience();
            std::mem::replace(&mut self.audience_before, present)
        })
    }

    /// Whether it is to be given to somebody: it is there to be worked on, and nobody has it.
    pub fn needs_an_agent(&self) -> bool {
        self.assignee_id.is_none()
            && self.resolution.is_none()
            && matches!(self.status, Status::Unread | Status::Processing)
    }

    /// Whether somebody of a team could take it: nobody has it, and it is for no other team.
    pub fn is_up_to(&self, team: TeamId) -> bool {
        self.is_open() && self.assignee_id.is_none() && self.team_id.is_none_or(|of| of == team)
    }

    /// Whether the conversation is still going on.
    pub fn is_open(&self) -> bool {
        self.status != Status::Closed
    }

    /// When the work on it was over, if it is, and who had it then: when it was resolved or, without that, closed.
    pub fn concluded(&self) -> Option<(Time, Option<AgentId>)> {
        let resolved = self.resolution.as_ref().map(|resolution| (resolution.at, self.assignee_id.or(resolution.by)));
        resolved.or_else(|| Some((self.closed_at?, self.assignee_id)))
    }

    /// Closes the session.
    pub fn close(&mut self, reason: CloseReason, now: Time) {
        self.status = Status::Closed;
        self.close_reason = Some(reason);
        self.closed_at = Some(now);
        self.follow_up = None;
        self.queued_at = None;
        self.waiting_since = None;
    }

    /// Opens a closed session again, unread. How long its customer may be silent counts anew.
    pub fn reopen(&mut self, now: Time) {
        self.status = Status::Unread;
        self.close_reason = None;
        self.closed_at = None;
        self.reopened_at = Some(now);
        self.resolution = None;
    }

    /// Gives it to an agent, or to nobody. If another agent gets it, it ends for the one who had it; if nobody does, it
    /// waits for whoever takes it, that one included. Whoever gets it has not looked at it yet.
    pub fn assign(&mut self, agent: Option<AgentId>, now: Time) {
        if self.assignee_id == agent {
            return;
        }
        if let (Some(before), Some(_)) = (self.assignee_id, agent) {
            self.people.leave(before);
        }
        self.assignee_id = agent;
        self.assigned_at = agent.map(|_| now);
        if let Some(agent) = agent {
            self.people.answer(agent);
            self.queued_at = None;
        }
        self.ask_for_a_look();
    }

    /// It is in other hands, so that it is unread again unless it waits for something, is resolved or is over.
    fn ask_for_a_look(&mut self) {
        if self.status == Status::Processing && self.resolution.is_none() {
            self.status = Status::Unread;
        }
    }

    /// Takes it from the agent who let it lie, for whom it ends: it waits for another one.
    pub fn wait_for_another(&mut self, now: Time) {
        if let Some(before) = self.assignee_id.take() {
            self.people.leave(before);
        }
        self.assigned_at = None;
        self.queued_at = Some(now);
        self.ask_for_a_look();
    }

    /// The agent is no longer there for it. If it was theirs it waits for whoever takes it, unread unless it waits for
    /// something else or is over. For them it ends. Answers whether they had to do with it.
    pub fn release(&mut self, agent: AgentId) -> bool {
        let was_theirs = self.assignee_id == Some(agent);
        let had_joined = self.people.joined.binary_search(&agent).is_ok();
        if was_theirs {
            self.assignee_id = None;
            self.assigned_at = None;
            self.ask_for_a_look();
        }
        if was_theirs || had_joined {
            self.people.leave(agent);
        }
        was_theirs || had_joined
    }

    /// Hands it to a team, where it waits for somebody. For the agent who had it it ends, whatever teams they are in.
    pub fn hand_to_team(&mut self, team: TeamId) {
        if let Some(before) = self.assignee_id.take() {
            self.people.leave(before);
        }
        self.assigned_at = None;
        self.team_id = Some(team);
        self.ask_for_a_look();
    }

    /// An agent takes it over from whoever has it, who goes on reading along or for whom it ends.
    pub fn take_over(&mut self, agent: AgentId, keeps_previous: bool, now: Time) {
        let previous = self.assignee_id.filter(|previous| *previous != agent);
        self.assign(Some(agent), now);
        if let Some(previous) = previous.filter(|_| keeps_previous) {
            self.people.join(previous);
        }
    }

    /// The agent looks at the session. Only the assigned agent makes an unread session
    /// `PROCESSING`; the answer says whether anything changed.
    pub fn viewed_by(&mut self, agent: AgentId) -> bool {
        let takes_up = self.status == Status::Unread && self.assignee_id == Some(agent);
        if takes_up {
            self.status = Status::Processing;
        }
        takes_up
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::Direction;

    pub(crate) fn noon() -> Time {
        chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    pub(crate) fn session_at(time: Time) -> Session {
        Session {
            id: SessionId(1),
            project_id: ProjectId(1),
            number: 1,
            customer_id: CustomerId(1),
            chat_id: ChatId(1),
            thread: Thread::default(),
            status: Status::Unread,
            priority: Priority::Medium,
            assignee_id: None,
            team_id: None,
            people: People::default(),
            assigned_at: None,
            queued_at: None,
            waiting_since: None,
            follow_up: None,
            resolution: None,
            link_id: None,
            last_message_id: None,
            last_message_at: time,
            last_direction: Direction::Inbound,
            inbound_count: 1,
            pace: Pace::default(),
            close_reason: None,
            closed_at: None,
            reopened_at: None,
            version: 1,
            created_at: time,
            updated_at: time,
            audience_before: Audience::default(),
        }
    }

    #[test]
    fn a_session_ends_for_whoever_hands_it_over_and_begins_anew_when_they_get_it_back() {
        let (one, other) = (AgentId(7), AgentId(8));
        let mut session = session_at(noon());
        session.assign(Some(one), noon());
        session.assign(Some(other), noon());
        assert_eq!(session.people.left, [one]);
        session.assign(Some(one), noon());
        assert_eq!(session.people.left, [other]);
        session.hand_to_team(TeamId(2));
        assert_eq!((session.assignee_id, session.assigned_at), (None, None));
        assert_eq!(session.people.left, [one, other]);
        session.assign(Some(one), noon());
        session.assign(None, noon());
        assert_eq!(session.people.left, [other], "who puts it back may take it again");
    }

    #[test]
    fn the_work_on_a_session_is_over_when_it_is_resolved_or_closed() {
        let (ann, bob, later) = (AgentId(7), AgentId(8), noon() + chrono::Duration::hours(1));
        let mut session = session_at(noon());
        assert_eq!(session.concluded(), None);
        session.resolve(Resolution { at: noon(), by: Some(bob), summary: String::new() });
        assert_eq!(session.concluded(), Some((noon(), Some(bob))), "nobody had it");
        session.assign(Some(ann), noon());
        assert_eq!(session.concluded(), Some((noon(), Some(ann))));
        session.close(CloseReason::Resolved, later);
        assert_eq!(session.concluded(), Some((noon(), Some(ann))));
        session.reopen(later);
        assert_eq!(session.concluded(), None);
        session.close(CloseReason::Agent, later);
        assert_eq!(session.concluded(), Some((later, Some(ann))));
    }

    #[test]
    fn who_is_taken_over_from_reads_along_or_leaves() {
        let (one, other, third) = (AgentId(7), AgentId(8), AgentId(9));
        let mut session = session_at(noon());
        session.take_over(one, true, noon());
        assert_eq!(session.people, People::default(), "nobody had it");
        session.take_over(other, true, noon());
        assert_eq!((session.assignee_id, session.people.joined.as_slice()), (Some(other), [one].as_slice()));
        session.take_over(one, false, noon());
        assert_eq!((session.people.joined.len(), session.people.left.as_slice()), (0, [other].as_slice()));
        session.take_over(one, false, noon());
        session.take_over(third, true, noon());
        assert_eq!(
            (session.people.joined.as_slice(), session.people.left.as_slice()),
            ([one].as_slice(), [other].as_slice())
        );
    }

    #[test]
    fn who_is_no_longer_there_leaves_everything_to_others() {
        let (one, other) = (AgentId(7), AgentId(8));
        let mut session = session_at(noon());
        assert!(!session.release(one));
        session.assign(Some(one), noon());
        session.people.join(other);
        session.status = Status::Processing;
        assert!(session.release(one));
        assert_eq!((session.assignee_id, session.assigned_at, session.status), (None, None, Status::Unread));
        assert!(session.release(other));
        assert_eq!((session.people.joined.len(), session.people.left.as_slice()), (0, [one, other].as_slice()));
        assert!(!session.release(other));
        session.assign(Some(one), noon());
        assert_eq!(session.people.left, [other], "who comes back and gets it has it again");
        session.status = Status::FollowUp;
        assert!(session.release(one));
        assert_eq!(session.status, Status::FollowUp, "it waits for what it waited for");
    }

    #[test]
    fn whoever_gets_it_has_not_looked_at_it() {
        let (one, other) = (AgentId(7), AgentId(8));
        let moves: [fn(&mut Session); 5] = [
            |session| session.assign(Some(AgentId(8)), noon()),
            |session| session.assign(None, noon()),
            |session| session.wait_for_another(noon()),
            |session| session.hand_to_team(TeamId(2)),
            |session| session.take_over(AgentId(8), true, noon()),
        ];
        for (place, moves) in moves.iter().enumerate() {
            let mut session = session_at(noon());
            session.assign(Some(one), noon());
            session.status = Status::Processing;
            moves(&mut session);
            assert_eq!(session.status, Status::Unread, "move {place}");
        }
        let mut session = session_at(noon());
        session.assign(Some(one), noon());
        session.status = Status::Processing;
        session.assign(Some(one), noon());
        assert_eq!(session.status, Status::Processing, "it is in the same hands");
        session.status = Status::FollowUp;
        session.assign(Some(other), noon());
        assert_eq!(session.status, Status::FollowUp, "it waits for what it waited for");
        session.close(CloseReason::Agent, noon());
        session.assign(Some(one), noon());
        assert_eq!(session.status, Status::Closed);
    }

    #[test]
    fn a_change_of_the_audience_is_told_once() {
        let mut session = session_at(noon());
        assert_eq!(session.take_audience_before(), None);
        session.assign(Some(AgentId(7)), noon());
        assert_eq!(session.take_audience_before(), Some(Audience::default()));
        assert_eq!(session.take_audience_before(), None);
        session.people.leave(AgentId(8));
        assert_eq!(session.take_audience_before().and_then(|before| before.assignee_id), Some(AgentId(7)));
    }

    #[test]
    fn only_the_assigned_agent_takes_up_an_unread_session_by_viewing_it() {
        let mut session = session_at(noon());
        assert!(!session.viewed_by(AgentId(7)));
        session.assignee_id = Some(AgentId(7));
        assert!(!session.viewed_by(AgentId(8)));
        assert!(session.viewed_by(AgentId(7)));
        assert_eq!(session.status, Status::Processing);
        assert!(!session.viewed_by(AgentId(7)));
    }
}
