//! A file as whoever has the message gets it.

use bytes::Bytes;

use super::StoredFile;

/// The content of a file, to compare what a customer has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownFile {
    /// The name, where one was given.
    pub name: Option<String>,
    /// The type, where one was given.
    pub mime_type: Option<String>,
    /// The bytes.
    pub bytes: Bytes,
}

impl From<StoredFile> for ShownFile {
    fn from(file: StoredFile) -> Self {
        Self { bytes: file.bytes(), name: file.name, mime_type: file.mime_type }
    }
}
