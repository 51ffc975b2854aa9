//! Files that agents upload in order to send them.

use crate::message::MediaKind;
use crate::text::{breaks_line, turns_direction};
use crate::{AgentId, FileId, ProjectId, Time};

/// A file that an agent has uploaded. Its bytes are kept apart, in pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The identifier.
    pub id: FileId,
    /// The project whose customers it is for.
    pub project_id: ProjectId,
    /// Who uploaded it, and may send it.
    pub agent_id: AgentId,
    /// The name, as [`clean_name`] leaves it.
    pub name: String,
    /// The MIME type, as [`clean_mime_type`] leaves it.
    pub mime_type: String,
    /// The size; while the file is still coming in, the most that it can have.
    pub size_bytes: i64,
    /// The size of each of its pieces but the last.
    pub chunk_bytes: i32,
    /// What Telegram calls it since it was first sent.
    pub telegram_file_id: Option<String>,
    /// As what it was sent then. Telegram takes its own name for the same kind alone.
    pub telegram_kind: Option<MediaKind>,
    /// When the upload began.
    pub created_at: Time,
    /// When its last piece had come; empty for one that is not whole.
    pub completed_at: Option<Time>,
    /// When it was first sent; empty for one that nobody has sent.
    pub used_at: Option<Time>,
}

impl File {
    /// What Telegram calls it as this kind of media, if it was sent as such before.
    pub fn telegram_file_id_as(&self, kind: MediaKind) -> Option<&str> {
        self.telegram_file_id.as_deref().filter(|_| self.telegram_kind == Some(kind))
    }
}

/// The longest name of a file, in bytes: what most file systems take.
pub const NAME_BYTES: usize = 255;

/// The MIME type of bytes of which nothing is known (RFC 2046).
pub const UNKNOWN_MIME_TYPE: &str = "application/octet-stream";

/// The longest MIME type, in bytes (RFC 6838 allows 127 for each half).
const MIME_TYPE_BYTES: usize = 255;

/// The name of a file without what is dangerous where it is shown or saved: directories before it, control characters,
/// characters that turn the direction of writing, and spaces and dots around it. A name that is too long loses its
/// middle, not its ending. Nothing if no name is left.
pub fn clean_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = last.chars().filter(|character| !is_dangerous(*character)).collect();
    let trimmed = visible.trim().trim_matches('.').trim();
    (!trimmed.is_empty()).then(|| shorten(trimmed))
}

fn is_dangerous(character: char) -> bool {
    // Those that turn the direction make `gpj.exe` look like `exe.jpg`.
    breaks_line(character) || turns_direction(character)
}

/// The name within [`NAME_BYTES`].
fn shorten(name: &str) -> String {
    if name.len() <= NAME_BYTES {
        return name.to_owned();
    }
    /// Longer endings are no endings.
    const ENDING_BYTES: usize = 16;
    let ending = name.rfind('.').map_or("", |dot| &name[dot..]);
    let ending = if ending.len() <= ENDING_BYTES { ending } else { "" };
    let stem = &name[..name.len() - ending.len()];
    format!("{}{ending}", &stem[..stem.floor_char_boundary(NAME_BYTES - ending.len())])
}

/// Type and subtype of a MIME type in small letters, without its parameters. Nothing if it is none.
pub fn clean_mime_type(text: &str) -> Option<String> {
    let essence = text.split(';').next().unwrap_or_default().trim();
    let (kind, subtype) = essence.split_once('/')?;
    let is_whole = essence.len() <= MIME_TYPE_BYTES && [kind, subtype].into_iter().all(is_token);
    is_whole.then(|| essence.to_ascii_lowercase())
}

/// Whether it is a `restricted-name` (RFC 6838, section 4.2).
fn is_token(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_what_people_write() {
        for name in ["report.pdf", "A \"quoted\" name.txt", "résumé 履歴書 👍.docx", "it's; 100%.csv"] {
            assert_eq!(clean_name(name).as_deref(), Some(name));
        }
    }

    #[test]
    fn a_name_loses_what_is_dangerous() {
        for (name, clean) in [
            ("../../etc/passwd", Some("passwd")),
            ("C:\\temp\\a.txt", Some("a.txt")),
            ("line\r\nbreak.txt", Some("linebreak.txt")),
            ("photo\u{202e}gpj.exe", Some("photogpj.exe")),
            (" .hidden. ", Some("hidden")),
            ("nul\0.txt", Some("nul.txt")),
            ("", None),
            ("..", None),
            ("dir/", None),
            ("\u{200f}\n", None),
        ] {
            assert_eq!(clean_name(name).as_deref(), clean, "{name:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = clean_name(&format!("{}.pdf", "ü".repeat(300))).unwrap();
        assert!(name.len() <= NAME_BYTES && name.len() > NAME_BYTES - 2, "{}", name.len());
        assert!(name.ends_with("ü.pdf"));
        assert_eq!(clean_name(&format!("a.{}", "b".repeat(300))).unwrap().len(), NAME_BYTES);
    }

    #[test]
    fn a_mime_type_is_two_names_with_a_slash() {
        assert_eq!(clean_mime_type("Image/PNG; q=1").as_deref(), Some("image/png"));
        assert_eq!(clean_mime_type("application/vnd.ms-excel").as_deref(), Some("application/vnd.ms-excel"));
        for text in ["", "image", "image/", "/png", "text/html\r\nx", "a b/c", "image/png/x", "*/*", "te\u{e9}t/x"] {
            assert_eq!(clean_mime_type(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_telegram_calls_a_file_is_good_for_the_same_kind_alone() {
        let file = File {
            id: FileId(1),
            project_id: ProjectId(1),
            agent_id: AgentId(1),
            name: "a.jpg".to_owned(),
            mime_type: "image/jpeg".to_owned(),
            size_bytes: 1,
            chunk_bytes: 1,
            telegram_file_id: Some("F".to_owned()),
            telegram_kind: Some(MediaKind::Photo),
            created_at: Time::UNIX_EPOCH,
            completed_at: None,
            used_at: None,
        };
        assert_eq!(file.telegram_file_id_as(MediaKind::Photo), Some("F"));
        assert_eq!(file.telegram_file_id_as(MediaKind::Document), None);
    }
}
