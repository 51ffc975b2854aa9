//! Private notes: what agents write to each other in a session. No customer ever sees one.

use serde::Serialize;

use crate::text::{is_blank, without_nul};
use crate::{AgentId, NoteId, ProjectId, SessionId, Time};

/// The longest part of a note, in characters.
pub const NOTE_CHARACTERS: usize = 10_000;

/// A private note in a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The identifier. Within a session it grows with the order of the notes.
    pub id: NoteId,
    /// The project of the session.
    pub project_id: ProjectId,
    /// The session.
    pub session_id: SessionId,
    /// Who wrote it.
    pub agent_id: AgentId,
    /// What there is to say beside the three parts.
    pub text: String,
    /// What the customer needs.
    pub need: String,
    /// What was tried.
    pub tried: String,
    /// What is to be done next.
    pub next_step: String,
    /// Grows with each change.
    pub version: i64,
    /// When it was written.
    pub created_at: Time,
    /// When it was last reworded.
    pub edited_at: Option<Time>,
    /// When it was taken away.
    pub deleted_at: Option<Time>,
    /// The version of the session by which it was written.
    pub since_version: i64,
    /// The version of the session by which it was taken away.
    pub deleted_version: Option<i64>,
}

/// What a note says: a text, the three parts that a successor needs, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct NoteContent {
    /// What there is to say beside the three parts.
    pub text: String,
    /// What the customer needs.
    pub need: String,
    /// What was tried.
    pub tried: String,
    /// What is to be done next.
    pub next_step: String,
}

/// What a note said before it was reworded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteWording {
    /// The note.
    pub note_id: NoteId,
    /// The version of the session by which it was reworded.
    pub until_version: i64,
    /// What it said.
    pub content: NoteContent,
    /// Since when it had said that; empty if it did from the start.
    pub edited_at: Option<Time>,
}

/// A part of a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotePart {
    /// What there is to say beside the three parts.
    Text,
    /// What the customer needs.
    Need,
    /// What was tried.
    Tried,
    /// What is to be done next.
    NextStep,
}

/// Why a note cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteContentRefusal {
    /// It says nothing.
    #[error("the note is empty: write a text, or what is needed, what was tried and what is the next step")]
    Empty,
    /// A part has more than [`NOTE_CHARACTERS`].
    #[error("a part of a note has at most {NOTE_CHARACTERS} characters: shorten it or write another note")]
    TooLong(NotePart),
}

impl NoteContent {
    /// The content as it is kept, if it says something.
    pub fn check(&self) -> Result<Self, NoteContentRefusal> {
        let part = |text: &str, part| {
            let text = without_nul(text).trim().to_owned();
            if text.chars().count() > NOTE_CHARACTERS { Err(NoteContentRefusal::TooLong(part)) } else { Ok(text) }
        };
        let content = Self {
            text: part(&self.text, NotePart::Text)?,
            need: part(&self.need, NotePart::Need)?,
            tried: part(&self.tried, NotePart::Tried)?,
            next_step: part(&self.next_step, NotePart::NextStep)?,
        };
        let Self { text, need, tried, next_step } = &content;
        if [text, need, tried, next_step].into_iter().all(|part| is_blank(part)) {
            return Err(NoteContentRefusal::Empty);
        }
        Ok(content)
    }
}

impl Note {
    /// What it says.
    pub fn content(&self) -> NoteContent {
        NoteContent {
            text: self.text.clone(),
            need: self.need.clone(),
            tried: self.tried.clone(),
            next_step: self.next_step.clone(),
        }
    }

    /// The note with other words.
    #[must_use]
    pub fn saying(self, content: NoteContent) -> Self {
        let NoteContent { text, need, tried, next_step } = content;
        Self { text, need, tried, next_step, ..self }
    }

    /// The note as it was when the session was at a version; nothing if it was not there. `wordings` are the earlier
    /// ones of the note, in any order.
    #[must_use]
    pub fn at_version(self, version: i64, wordings: &[NoteWording]) -> Option<Self> {
        let was_there = self.since_version <= version && self.deleted_version.is_none_or(|deleted| deleted > version);
        let then = wordings
            .iter()
            .filter(|wording| wording.note_id == self.id && wording.until_version > version)
            .min_by_key(|wording| wording.until_version);
        // Each new wording is the next version of the note, and so is its end.
        let reworded = wordings.iter().filter(|wording| wording.note_id == self.id && wording.until_version <= version);
        let version_then = 1 + i64::try_from(reworded.count()).unwrap_or(i64::MAX - 1);
        let shown = match then {
            Some(NoteWording { content, edited_at, .. }) => {
                Self { edited_at: *edited_at, ..self }.saying(content.clone())
            }
            None => self,
        };
        was_there.then_some(Self { version: version_then, deleted_at: None, deleted_version: None, ..shown })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(text: &str) -> NoteContent {
        NoteContent { text: text.to_owned(), ..NoteContent::default() }
    }

    fn note() -> Note {
        Note {
            id: NoteId(1),
            project_id: ProjectId(1),
            session_id: SessionId(1),
            agent_id: AgentId(1),
            text: "third".to_owned(),
            need: String::new(),
            tried: String::new(),
            next_step: String::new(),
            version: 3,
            created_at: Time::UNIX_EPOCH,
            edited_at: Some(Time::UNIX_EPOCH),
            deleted_at: Some(Time::UNIX_EPOCH),
            since_version: 5,
            deleted_version: Some(9),
        }
    }

    #[test]
    fn a_note_says_something_in_one_of_its_parts() {
        let blank = NoteContent { need: " \u{200b} ".to_owned(), ..content(" \n") };
        assert_eq!(blank.check(), Err(NoteContentRefusal::Empty));
        let need = NoteContent { need: " a\0 refund ".to_owned(), ..NoteContent::default() };
        assert_eq!(need.check().map(|content| content.need), Ok("a refund".to_owned()));
        let long = "é".repeat(NOTE_CHARACTERS + 1);
        let next = NoteContent { next_step: long.clone(), ..content("text") };
        assert_eq!(next.check(), Err(NoteContentRefusal::TooLong(NotePart::NextStep)));
        assert_eq!(content(&long).check(), Err(NoteContentRefusal::TooLong(NotePart::Text)));
        assert!(content(&long[..long.len() - 2]).check().is_ok());
    }

    #[test]
    fn a_note_is_shown_as_it_was_at_a_version_of_the_session() {
        let wording = |until_version, text| NoteWording {
            note_id: NoteId(1),
            until_version,
            content: content(text),
            edited_at: None,
        };
        let version = |version| Some(note().at_version(version, &[wording(6, "first"), wording(8, "second")])?.version);
        assert_eq!((version(5), version(6), version(8)), (Some(1), Some(2), Some(3)));
        let foreign = NoteWording { note_id: NoteId(2), ..wording(6, "another") };
        let wordings = [wording(8, "second"), wording(7, "first"), foreign];
        let text_at = |version| note().at_version(version, &wordings).map(|note| note.text);
        let expected = [None, Some("first"), Some("first"), Some("second"), Some("third"), None];
        for (version, text) in (4..).zip(expected) {
            assert_eq!(text_at(version).as_deref(), text, "{version}");
        }
        let shown = note().at_version(6, &wordings).unwrap();
        assert_eq!((shown.edited_at, shown.deleted_at, shown.deleted_version), (None, None, None));
    }
}
