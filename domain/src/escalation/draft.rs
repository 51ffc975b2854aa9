//! What the desk knows of a packet before anybody fills it in.

use super::{Emotion, KEY_MESSAGES, Packet};
use crate::message::MediaKind;
use crate::text::is_blank;
use crate::ticket::TICKET_TEXT_CHARACTERS;
use crate::{Customer, Direction, Message, Note};

/// How many of the customer's first messages tell the problem.
const FIRST_MESSAGES: usize = 3;

/// What the desk knows of a session that is to be escalated.
#[derive(Debug, Clone)]
pub struct Known<'a> {
    /// The customer.
    pub customer: &'a Customer,
    /// Its first messages, oldest first.
    pub first: &'a [Message],
    /// Its last messages, oldest first. They may be the same.
    pub last: &'a [Message],
    /// Its notes, oldest first, those that were taken away included.
    pub notes: &'a [Note],
}

/// What the desk knows of a packet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The packet, as far as it is known.
    pub packet: Packet,
    /// How many of the last messages of the session could be chosen.
    pub message_count: usize,
}

impl Draft {
    /// Fills in what is known: the problem in the words with which the customer began, what notes say was tried, the last
    /// messages that people wrote, and what the customer's words show.
    pub fn of(known: &Known<'_>) -> Self {
        let Known { customer, first, last, notes } = known;
        let is_there = |message: &&Message| message.deleted_at.is_none();
        let inbound = |message: &&Message| message.direction == Direction::Inbound;
        let first_words: Vec<&str> = first
            .iter()
            .filter(inbound)
            .filter(is_there)
            .map(|message| message.text.trim())
            .filter(|text| !is_blank(text) && !text.starts_with('/'))
            .take(FIRST_MESSAGES)
            .collect();
        let key: Vec<_> = last.iter().filter(is_there).filter(|message| is_written_by_people(message)).collect();
        let newest = key.len().saturating_sub(*KEY_MESSAGES.end());
        let has_evidence = first.iter().chain(*last).filter(inbound).any(shows_something);
        let words = first.iter().chain(*last).filter(inbound).map(|message| message.text.as_str());
        let packet = Packet {
            customer_id: Some(customer.id),
            username: customer.username.clone(),
            customer_name: customer.name.clone(),
            problem: first_words.join("\n").chars().take(TICKET_TEXT_CHARACTERS).collect(),
            solutions: tried(notes),
            key_message_ids: key[newest..].iter().map(|message| message.id).collect(),
            emotion: Emotion::of_texts(words),
            first_seen_at: first.iter().find(inbound).map(|message| message.created_at),
            evidence_requested: has_evidence.then_some(true),
            expected_resolution_at: None,
        };
        Self { packet, message_count: key.len() }
    }
}

/// Whether somebody wrote a message, and not the desk by itself.
fn is_written_by_people(message: &Message) -> bool {
    message.direction == Direction::Inbound || message.author_id.is_some()
}

/// Whether a message may be a screenshot or a log.
fn shows_something(message: &Message) -> bool {
    use MediaKind::{Animation, Document, Photo, Video};
    let kind = message.content.media.as_ref().map(|media| media.kind);
    matches!(kind, Some(Photo | Video | Animation | Document))
}

/// What notes say was tried, each line and each once.
fn tried(notes: &[Note]) -> Vec<String> {
    let mut solutions: Vec<String> = Vec::new();
    let lines = notes.iter().filter(|note| note.deleted_at.is_none()).flat_map(|note| note.tried.lines());
    for line in lines.map(|line| line.trim().trim_start_matches(['-', '*', '•']).trim()) {
        let line: String = line.chars().take(TICKET_TEXT_CHARACTERS).collect();
        if !is_blank(&line) && !solutions.contains(&line) && solutions.len() < super::MOST_SOLUTIONS {
            solutions.push(line);
        }
    }
    solutions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Content, Media};
    use crate::{
        AgentId, ChatId, CustomerId, CustomerKind, MessageId, NoteId, ProjectId, SessionId, TelegramUserId, Time,
    };

    fn customer() -> Customer {
        Customer {
            id: CustomerId(3),
            project_id: ProjectId(1),
            kind: CustomerKind::Person,
            telegram_user_id: TelegramUserId(7),
            chat_id: ChatId(7),
            name: "Kim".to_owned(),
            username: Some("kim7".to_owned()),
            language_code: None,
            unreachable_since: None,
            reachability_at: None,
            banned_at: None,
            ban_reason: None,
            erased_at: None,
            created_at: Time::UNIX_EPOCH,
        }
    }

    fn message(id: i64, text: &str, author: Option<i64>, direction: Direction) -> Message {
        Message {
            id: MessageId(id),
            project_id: ProjectId(1),
            session_id: SessionId(1),
            customer_id: CustomerId(3),
            chat_id: ChatId(7),
            direction,
            kind: "text".to_owned(),
            text: text.to_owned(),
            entities: None,
            content: Content::default(),
            album_id: None,
            author_id: author.map(AgentId),
            reply_to_id: None,
            telegram_message_id: Some(id),
            delivery: None,
            created_at: Time::UNIX_EPOCH + chrono::TimeDelta::seconds(id),
            edited_at: None,
            pinned_at: None,
            deleted_at: None,
            changes: Vec::new(),
        }
    }

    fn note(tried: &str, is_deleted: bool) -> Note {
        Note {
            id: NoteId(1),
            project_id: ProjectId(1),
            session_id: SessionId(1),
            agent_id: AgentId(1),
            text: String::new(),
            need: String::new(),
            tried: tried.to_owned(),
            next_step: String::new(),
            version: 1,
            created_at: Time::UNIX_EPOCH,
            edited_at: None,
            deleted_at: is_deleted.then_some(Time::UNIX_EPOCH),
            since_version: 1,
            deleted_version: None,
        }
    }

    #[test]
    fn what_is_known_is_filled_in() {
        let inbound = |id, text| message(id, text, None, Direction::Inbound);
        let mut messages = vec![
            inbound(1, "/start"),
            message(2, "Hello!", None, Direction::Outbound),
            inbound(3, "It says error 5"),
            message(4, "Did you restart it?", Some(1), Direction::Outbound),
            inbound(5, "yes. I want to complain"),
        ];
        let notes = [note("- restart\n\n- reinstall", false), note("nothing", true), note("restart", false)];
        let customer = customer();
        let known = |messages: &[Message]| {
            Draft::of(&Known { customer: &customer, first: messages, last: messages, notes: &notes })
        };
        let draft = known(&messages).packet;
        assert_eq!((draft.customer_id, draft.username.as_deref()), (Some(CustomerId(3)), Some("kim7")));
        assert_eq!(draft.problem, "It says error 5\nyes. I want to complain");
        assert_eq!(draft.solutions, ["restart", "reinstall"]);
        assert_eq!(draft.key_message_ids, [1, 3, 4, 5].map(MessageId), "but not what the desk wrote by itself");
        assert!(draft.emotion >= Some(Emotion::Dissatisfied));
        assert_eq!(draft.first_seen_at, Some(messages[0].created_at));
        assert_eq!((draft.evidence_requested, draft.expected_resolution_at), (None, None));

        messages[2].content.media = Some(Media::new(MediaKind::Photo));
        messages[4].deleted_at = Some(Time::UNIX_EPOCH);
        let draft = known(&messages).packet;
        assert_eq!(draft.evidence_requested, Some(true));
        assert_eq!(draft.problem, "It says error 5");
        assert_eq!(draft.key_message_ids, [1, 3, 4].map(MessageId));
    }
}
