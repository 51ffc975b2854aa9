//! What goes along with an escalation: the six items and the checklist of the article (step 2).

use serde::{Deserialize, Serialize};

use super::{Draft, Emotion};
use crate::text::{is_blank, without_nul};
use crate::ticket::TICKET_TEXT_CHARACTERS;
use crate::{CustomerId, MessageId, Priority, Time};

/// How many key messages go along; fewer only where a session has not so many.
pub const KEY_MESSAGES: std::ops::RangeInclusive<usize> = 3..=5;
/// How many solutions the first line has to have tried (checklist, item 3).
pub const SOLUTIONS: usize = 3;
/// The most solutions that are listed.
pub const MOST_SOLUTIONS: usize = 20;

/// What goes along with an escalation. Where the form was skipped, as much as was known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packet {
    /// The customer.
    #[serde(default)]
    pub customer_id: Option<CustomerId>,
    /// The Telegram user name without `@`, if the customer has one.
    #[serde(default)]
    pub username: Option<String>,
    /// The name of the customer.
    #[serde(default)]
    pub customer_name: String,
    /// The problem in the customer's own words.
    #[serde(default)]
    pub problem: String,
    /// What was tried.
    #[serde(default)]
    pub solutions: Vec<String>,
    /// The messages that show what it is about, oldest first.
    #[serde(default)]
    pub key_message_ids: Vec<MessageId>,
    /// How the customer feels.
    #[serde(default)]
    pub emotion: Option<Emotion>,
    /// When the problem was first seen.
    #[serde(default)]
    pub first_seen_at: Option<Time>,
    /// Whether screenshots or logs were asked for, or are there.
    #[serde(default)]
    pub evidence_requested: Option<bool>,
    /// By when the customer expects it to be resolved.
    #[serde(default)]
    pub expected_resolution_at: Option<Time>,
}

/// What an agent says of the packet; the desk fills in what is left out, as far as it knows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PacketInput {
    /// The problem in the customer's own words.
    pub problem: Option<String>,
    /// What was tried.
    pub solutions: Option<Vec<String>>,
    /// The messages that show what it is about.
    pub key_message_ids: Option<Vec<MessageId>>,
    /// How the customer feels.
    pub emotion: Option<Emotion>,
    /// When the problem was first seen.
    pub first_seen_at: Option<Time>,
    /// Whether screenshots or logs were asked for.
    pub evidence_requested: Option<bool>,
    /// By when the customer expects it to be resolved.
    pub expected_resolution_at: Option<Time>,
}

/// What a packet lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PacketRefusal {
    /// Nobody said what the problem is.
    #[error("say what the problem is, in the customer's own words")]
    ProblemRequired,
    /// The problem is too long.
    #[error("the problem has more than {TICKET_TEXT_CHARACTERS} characters: shorten it")]
    ProblemTooLong,
    /// Too few solutions were tried.
    #[error("list {SOLUTIONS} solutions that were tried, or escalate quickly if it is an emergency")]
    SolutionsRequired,
    /// Too many solutions, or one is too long.
    #[error("list at most {MOST_SOLUTIONS} solutions of at most {TICKET_TEXT_CHARACTERS} characters each")]
    SolutionsTooLong,
    /// Not as many key messages as there are to be.
    #[error("choose 3 to 5 key messages, or all of a session that has fewer")]
    KeyMessagesOutOfRange,
    /// A key message is not one of the session.
    #[error("there is no such message in this session")]
    NoSuchMessage,
    /// Nobody said how the customer feels.
    #[error("say how the customer feels")]
    EmotionRequired,
    /// Nobody said since when there is the problem.
    #[error("say when the problem was first seen")]
    FirstSeenRequired,
    /// Nobody said whether screenshots or logs were asked for.
    #[error("say whether screenshots or logs were asked for")]
    EvidenceRequired,
    /// Nobody said by when the customer expects a solution.
    #[error("say by when the customer expects it to be resolved")]
    ExpectedResolutionRequired,
}

impl PacketRefusal {
    /// The part of the packet that it is about, by its name in the API.
    pub const fn field(self) -> &'static str {
        match self {
            Self::ProblemRequired | Self::ProblemTooLong => "problem",
            Self::SolutionsRequired | Self::SolutionsTooLong => "solutions",
            Self::KeyMessagesOutOfRange | Self::NoSuchMessage => "keyMessageIds",
            Self::EmotionRequired => "emotion",
            Self::FirstSeenRequired => "firstSeenAt",
            Self::EvidenceRequired => "evidenceRequested",
            Self::ExpectedResolutionRequired => "expectedResolutionAt",
        }
    }
}

impl Packet {
    /// What is known, with what an agent says in its place.
    pub fn of(draft: &Draft, given: &PacketInput) -> Self {
        let known = draft.packet.clone();
        let text = |text: &String| without_nul(text).trim().to_owned();
        let listed = |texts: &Vec<String>| {
            texts.iter().map(text).filter(|solution| !is_blank(solution)).collect::<Vec<String>>()
        };
        let key_message_ids = given.key_message_ids.clone().map(|mut ids| {
            ids.sort_unstable();
            ids.dedup();
            ids
        });
        Self {
            problem: given.problem.as_ref().map(text).unwrap_or(known.problem),
            solutions: given.solutions.as_ref().map(listed).unwrap_or(known.solutions),
            key_message_ids: key_message_ids.unwrap_or(known.key_message_ids),
            emotion: given.emotion.or(known.emotion),
            first_seen_at: given.first_seen_at.or(known.first_seen_at),
            evidence_requested: given.evidence_requested.or(known.evidence_requested),
            expected_resolution_at: given.expected_resolution_at.or(known.expected_resolution_at),
            ..known
        }
    }

    /// The first thing that is too much or wrong, whether or not the form is skipped. `messages` are those that the
    /// session has.
    pub fn check_bounds(&self, messages: &[MessageId]) -> Result<(), PacketRefusal> {
        let is_too_long = |text: &String| text.chars().count() > TICKET_TEXT_CHARACTERS;
        if is_too_long(&self.problem) {
            return Err(PacketRefusal::ProblemTooLong);
        }
        if self.solutions.len() > MOST_SOLUTIONS || self.solutions.iter().any(is_too_long) {
            return Err(PacketRefusal::SolutionsTooLong);
        }
        if self.key_message_ids.len() > *KEY_MESSAGES.end() {
            return Err(PacketRefusal::KeyMessagesOutOfRange);
        }
        if !self.key_message_ids.iter().all(|id| messages.contains(id)) {
            return Err(PacketRefusal::NoSuchMessage);
        }
        Ok(())
    }

    /// The first thing that is missing. `message_count` says how many messages the session has that could be chosen.
    pub fn check_whole(&self, message_count: usize) -> Result<(), PacketRefusal> {
        let least = message_count.min(*KEY_MESSAGES.start());
        let missing = [
            (is_blank(&self.problem), PacketRefusal::ProblemRequired),
            (self.solutions.len() < SOLUTIONS, PacketRefusal::SolutionsRequired),
            (self.key_message_ids.len() < least, PacketRefusal::KeyMessagesOutOfRange),
            (self.emotion.is_none(), PacketRefusal::EmotionRequired),
            (self.first_seen_at.is_none(), PacketRefusal::FirstSeenRequired),
            (self.evidence_requested.is_none(), PacketRefusal::EvidenceRequired),
            (self.expected_resolution_at.is_none(), PacketRefusal::ExpectedResolutionRequired),
        ];
        missing.into_iter().find(|(is_missing, _)| *is_missing).map_or(Ok(()), |(_, refusal)| Err(refusal))
    }

    /// Everything that is missing, by its name in the API.
    pub fn missing(&self, message_count: usize) -> Vec<&'static str> {
        let mut filled = self.clone();
        let mut missing = Vec::new();
        while let Err(refusal) = filled.check_whole(message_count) {
            missing.push(refusal.field());
            filled.fill(refusal, message_count);
        }
        missing
    }

    /// Puts something in the place of what is missing.
    fn fill(&mut self, refusal: PacketRefusal, message_count: usize) {
        match refusal {
            PacketRefusal::SolutionsRequired | PacketRefusal::SolutionsTooLong => {
                self.solutions = vec!["-".to_owned(); SOLUTIONS];
            }
            PacketRefusal::KeyMessagesOutOfRange | PacketRefusal::NoSuchMessage => {
                self.key_message_ids = vec![MessageId(0); message_count.min(*KEY_MESSAGES.end())];
            }
            PacketRefusal::ProblemRequired | PacketRefusal::ProblemTooLong => self.problem = "-".to_owned(),
            PacketRefusal::EmotionRequired => self.emotion = Some(Emotion::Calm),
            PacketRefusal::FirstSeenRequired => self.first_seen_at = Some(Time::UNIX_EPOCH),
            PacketRefusal::EvidenceRequired => self.evidence_requested = Some(false),
            PacketRefusal::ExpectedResolutionRequired => self.expected_resolution_at = Some(Time::UNIX_EPOCH),
        }
    }
}

/// How pressing a ticket is from an escalation on: as an agent says, but never less than it was.
pub fn priority_after(before: Priority, given: Option<Priority>) -> Priority {
    given.map_or(before, |given| given.max(before))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whole() -> Packet {
        Packet {
            customer_id: Some(CustomerId(1)),
            username: None,
            customer_name: "Kim".to_owned(),
            problem: "It says error 5".to_owned(),
            solutions: vec!["restart".to_owned(), "reinstall".to_owned(), "another network".to_owned()],
            key_message_ids: vec![MessageId(1), MessageId(2), MessageId(3)],
            emotion: Some(Emotion::Calm),
            first_seen_at: Some(Time::UNIX_EPOCH),
            evidence_requested: Some(true),
            expected_resolution_at: Some(Time::UNIX_EPOCH),
        }
    }

    #[test]
    fn each_item_is_asked_for_by_its_name() {
        assert_eq!(whole().check_whole(9), Ok(()));
        let lacking = |change: fn(&mut Packet)| {
            let mut packet = whole();
            change(&mut packet);
            packet.missing(9)
        };
        assert_eq!(lacking(|packet| packet.problem = " ".to_owned()), ["problem"]);
        assert_eq!(lacking(|packet| packet.solutions.truncate(2)), ["solutions"]);
        assert_eq!(lacking(|packet| packet.key_message_ids.truncate(2)), ["keyMessageIds"]);
        assert_eq!(lacking(|packet| packet.emotion = None), ["emotion"]);
        assert_eq!(lacking(|packet| packet.evidence_requested = None), ["evidenceRequested"]);
        assert_eq!(Packet::default().missing(0).len(), 6, "a session without messages lacks no key messages");
        assert_eq!(Packet::default().missing(1).len(), 7);
    }

    #[test]
    fn what_an_agent_says_stands_in_the_place_of_what_is_known() {
        let draft = Draft { packet: whole(), message_count: 9 };
        assert_eq!(Packet::of(&draft, &PacketInput::default()), whole());
        let given = PacketInput {
            problem: Some(" no\0 money ".to_owned()),
            solutions: Some(vec![" one ".to_owned(), "\u{200b}".to_owned()]),
            key_message_ids: Some(vec![MessageId(3), MessageId(1), MessageId(3)]),
            ..PacketInput::default()
        };
        let packet = Packet::of(&draft, &given);
        assert_eq!((packet.problem.as_str(), packet.solutions.as_slice()), ("no money", ["one".to_owned()].as_slice()));
        assert_eq!(packet.key_message_ids, [MessageId(1), MessageId(3)]);
        assert_eq!(packet.customer_name, "Kim");
    }

    #[test]
    fn bounds_hold_even_in_an_emergency() {
        let there: Vec<MessageId> = (1..=9).map(MessageId).collect();
        assert_eq!(whole().check_bounds(&there), Ok(()));
        assert_eq!(whole().check_bounds(&there[..2]), Err(PacketRefusal::NoSuchMessage));
        let many = Packet { key_message_ids: there[..6].to_vec(), ..whole() };
        assert_eq!(many.check_bounds(&there), Err(PacketRefusal::KeyMessagesOutOfRange));
        let long = Packet { problem: "x".repeat(TICKET_TEXT_CHARACTERS + 1), ..whole() };
        assert_eq!(long.check_bounds(&there), Err(PacketRefusal::ProblemTooLong));
        let listed = Packet { solutions: vec![String::new(); MOST_SOLUTIONS + 1], ..whole() };
        assert_eq!(listed.check_bounds(&there), Err(PacketRefusal::SolutionsTooLong));
    }

    proptest! {
        #[test]
        fn nothing_is_missing_exactly_where_it_is_whole(
            solutions in 0..5_usize,
            messages in 0..6_usize,
            count in 0..9_usize,
            is_known: bool,
        ) {
            let packet = Packet {
                solutions: vec!["x".to_owned(); solutions],
                key_message_ids: (1..).map(MessageId).take(messages).collect(),
                emotion: is_known.then_some(Emotion::Angry),
                ..whole()
            };
            prop_assert_eq!(packet.missing(count).is_empty(), packet.check_whole(count).is_ok());
        }

        #[test]
        fn no_escalation_lowers_a_priority(before in 0..4_usize, given in proptest::option::of(0..4_usize)) {
            let before = Priority::ALL[before];
            prop_assert!(priority_after(before, given.map(|place| Priority::ALL[place])) >= before);
        }
    }
}
