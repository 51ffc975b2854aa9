//! Files that come with a call, as `multipart/form-data`.

use std::{collections::HashMap, convert::Infallible};

use bytes::Bytes;
use futures_util::stream;
use multer::Multipart;
use serde_json::{Map, Value, json};

use super::answer::Answer;

/// A file as it came with a call.
#[derive(Debug, Clone)]
pub(super) struct Upload {
    /// The name that the caller gave it.
    pub(super) file_name: Option<String>,
    /// The type that the caller gave it.
    pub(super) mime_type: Option<String>,
    pub(super) bytes: Bytes,
}

/// The parts of a body: the texts as parameters and the files by the names of their parts.
pub(super) type Parts = (Map<String, Value>, HashMap<String, Upload>);

/// Takes a body of this content type apart.
pub(super) async fn read_parts(content_type: &str, body: Bytes) -> Result<Parts, Answer> {
    let malformed = || Answer::bad_request("can't parse the multipart/form-data body");
    let boundary = multer::parse_boundary(content_type).map_err(|_| malformed())?;
    let mut body = Multipart::new(stream::iter([Ok::<_, Infallible>(body)]), boundary);
    let (mut texts, mut files) = (Map::new(), HashMap::new());
    while let Some(part) = body.next_field().await.map_err(|_| malformed())? {
        let name = part.name().map(str::to_owned).ok_or_else(malformed)?;
        let file_name = part.file_name().map(str::to_owned);
        let mime_type = part.content_type().map(ToString::to_string);
        let bytes = part.bytes().await.map_err(|_| malformed())?;
        if file_name.is_some() {
            files.insert(name, Upload { file_name, mime_type, bytes });
        } else {
            texts.insert(name, String::from_utf8_lossy(&bytes).into_owned().into());
        }
    }
    Ok((texts, files))
}

impl Upload {
    /// What the ledger shows of it.
    pub(super) fn to_json(&self) -> Value {
        json!({"file_name": self.file_name, "mime_type": self.mime_type, "size_bytes": self.bytes.len()})
    }
}
