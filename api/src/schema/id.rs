//! Global ids: opaque text that names one object among all of the desk.

use std::borrow::Cow;
use std::fmt;
use std::io::Write as _;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{ContextSelectionSet, ID, OutputType, Positioned, ServerResult, Value};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{
    AgentId, ApiTokenId, CannedReplyId, CustomerId, DiversionLinkId, EscalationId, FileId, InvitationId,
    KnowledgeEntryId, MessageId, NoteId, ProjectId, RoutingRuleId, SavedViewId, ScheduledMessageId, SessionId,
    SlaCalendarId, SlaClockId, TagId, TeamId, TicketId, TodoId, TriggerFiringId, TriggerId, UpdateRowId, WordListId,
};

use super::error::{Failure, sentence};
use crate::transport::ErrorCode;

/// A type of object that has a global id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Agent,
    ApiToken,
    CannedReply,
    Customer,
    DiversionLink,
    Escalation,
    File,
    Invitation,
    KnowledgeEntry,
    Message,
    Note,
    Project,
    RoutingRule,
    SavedView,
    ScheduledMessage,
    Session,
    SlaCalendar,
    SlaClock,
    Tag,
    Team,
    TelegramUpdate,
    Ticket,
    Todo,
    Trigger,
    TriggerFiring,
    WordList,
}

impl Kind {
    const ALL: [Self; 26] = [
        Self::Agent,
        Self::ApiToken,
        Self::CannedReply,
        Self::Customer,
        Self::DiversionLink,
        Self::Escalation,
        Self::File,
        Self::Invitation,
        Self::KnowledgeEntry,
        Self::Message,
        Self::Note,
        Self::Project,
        Self::SavedView,
        Self::RoutingRule,
        Self::ScheduledMessage,
        Self::Session,
        Self::SlaCalendar,
        Self::SlaClock,
        Self::Tag,
        Self::Team,
        Self::TelegramUpdate,
        Self::Ticket,
        Self::Todo,
        Self::Trigger,
        Self::TriggerFiring,
        Self::WordList,
    ];

    /// The kind with a name, written in capitals with underscores between its words.
    pub(crate) fn in_capitals(name: &str) -> Option<Self> {
        let name = name.replace('_', "");
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(&name))
    }

    /// The name of the type in the schema.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Agent => "Agent",
            Self::ApiToken => "ApiToken",
            Self::CannedReply => "CannedReply",
            Self::Customer => "Customer",
            Self::Escalation => "Escalation",
            Self::File => "File",
            Self::Invitation => "Invitation",
            Self::KnowledgeEntry => "KnowledgeEntry",
            Self::Message => "Message",
            Self::Note => "Note",
            Self::Project => "Project",
            Self::SavedView => "SavedView",
            Self::RoutingRule => "RoutingRule",
            Self::ScheduledMessage => "ScheduledMessage",
            Self::Session => "Session",
            Self::SlaCalendar => "SlaCalendar",
            Self::SlaClock => "SlaClock",
            Self::Tag => "Tag",
            Self::Team => "Team",
            Self::DiversionLink => "DiversionLink",
            Self::TelegramUpdate => "TelegramUpdate",
            Self::Ticket => "Ticket",
            Self::Todo => "Todo",
            Self::Trigger => "Trigger",
            Self::TriggerFiring => "TriggerFiring",
            Self::WordList => "WordList",
        }
    }
}

/// The identifier of a kind of object.
pub(crate) trait Identifier: Copy {
    const KIND: Kind;
    fn of_number(number: i64) -> Self;
    fn number(self) -> i64;
}

macro_rules! identifiers {
    ($($id:ident: $kind:ident),+) => { $(
        impl Identifier for $id {
            const KIND: Kind = Kind::$kind;

            fn of_number(number: i64) -> Self {
                Self(number)
            }

            fn number(self) -> i64 {
                self.0
            }
        }
    )+ };
}

identifiers!(AgentId: Agent, ApiTokenId: ApiToken, CannedReplyId: CannedReply, CustomerId: Customer, EscalationId: Escalation, FileId: File, InvitationId: Invitation, KnowledgeEntryId: KnowledgeEntry, MessageId: Message, NoteId: Note, ProjectId: Project, RoutingRuleId: RoutingRule, SavedViewId: SavedView, ScheduledMessageId: ScheduledMessage, SessionId: Session, SlaCalendarId: SlaCalendar, SlaClockId: SlaClock, UpdateRowId: TelegramUpdate, DiversionLinkId: DiversionLink, TagId: Tag, TeamId: Team, TicketId: Ticket, TodoId: Todo, TriggerId: Trigger, TriggerFiringId: TriggerFiring, WordListId: WordList);

/// The longest `Type:number` is `ScheduledMessage:` with 19 digits.
const LONGEST: usize = 36;

/// A global id: the base64url form of `Type:number`, without padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Id {
    pub(crate) kind: Kind,
    pub(crate) number: i64,
}

impl<I: Identifier> From<I> for Id {
    fn from(id: I) -> Self {
        Self { kind: I::KIND, number: id.number() }
    }
}

impl Id {
    pub(crate) fn text(self) -> String {
        let mut plain = [0; LONGEST];
        let mut rest = &mut plain[..];
        write!(rest, "{}:{}", self.kind.name(), self.number).expect("no name and positive number is longer");
        let length = LONGEST - rest.len();
        URL_SAFE_NO_PAD.encode(&plain[..length])
    }

    /// Reads a global id. Only the very text that this desk gives an object is taken.
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidId> {
        Self::read(text).ok_or(InvalidId { expected: None })
    }

    fn read(text: &str) -> Option<Self> {
        // Four characters for every three bytes, so that longer ones need not be decoded.
        if text.len() > LONGEST * 4 / 3 + 1 {
            return None;
        }
        let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (name, number) = plain.split_once(':')?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name)?;
        let number = number.parse().ok().filter(|number| *number > 0)?;
        let id = Self { kind, number };
        (id.text() == text).then_some(id)
    }
}

/// Reads the global id of one kind of object.
pub(crate) fn parse<I: Identifier>(text: &str) -> Result<I, InvalidId> {
    match Id::read(text) {
        Some(id) if id.kind == I::KIND => Ok(I::of_number(id.number)),
        _ => Err(InvalidId { expected: Some(I::KIND) }),
    }
}

/// The text is not the id of an object, or not of one of the kind that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InvalidId {
    expected: Option<Kind>,
}

impl fmt::Display for InvalidId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.expected {
            Some(kind) => write!(formatter, "this is not the id of an object of type {}", kind.name())?,
            None => formatter.write_str("this is not the id of an object")?,
        }
        formatter.write_str(": send an `id` as this API returned it")
    }
}

impl From<InvalidId> for Failure {
    fn from(error: InvalidId) -> Self {
        Self::new(ErrorCode::InvalidId, sentence(error))
    }
}

/// Written into answers as the scalar `ID`, without a string in between.
impl OutputType for Id {
    fn type_name() -> Cow<'static, str> {
        <ID as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <ID as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::String(self.text()))
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use domain::{CustomerId, ProjectId, SessionId};

    use super::{Id, InvalidId, Kind, parse};

    #[test]
    fn every_id_comes_back() {
        for kind in Kind::ALL {
            for number in [1, 7, i64::MAX] {
                let id = Id { kind, number };
                assert_eq!(Id::parse(&id.text()), Ok(id));
            }
        }
        let text = Id::from(CustomerId(i64::MAX)).text();
        assert_eq!(parse::<CustomerId>(&text), Ok(CustomerId(i64::MAX)));
    }

    #[test]
    fn an_id_of_another_type_is_refused() {
        let text = Id::from(ProjectId(7)).text();
        assert_eq!(parse::<SessionId>(&text), Err(InvalidId { expected: Some(Kind::Session) }));
    }

    #[test]
    fn nothing_else_is_an_id() {
        let spelled =
            ["Session:07", "Session:+7", "Session:0", "Session:-7", "Session: 7", "session:7", "Session", "7", ""];
        for plain in spelled {
            assert!(Id::parse(&URL_SAFE_NO_PAD.encode(plain)).is_err(), "{plain}");
        }
        let padded = STANDARD.encode("Session:77");
        let too_long = URL_SAFE_NO_PAD.encode(format!("Session:{}", "7".repeat(1000)));
        for text in ["7", "Session:7", padded.as_str(), too_long.as_str(), "💥", "\0"] {
            assert!(Id::parse(text).is_err(), "{text}");
        }
    }
}
