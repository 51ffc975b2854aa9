//! A call with files, as `multipart/form-data`.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt as _};
use reqwest::Body;
use reqwest::multipart::{Form, Part};
use serde_json::{Map, Value};

/// A file that goes with a call.
pub struct FormFile {
    /// The field of the form, which the parameters name as `attach://` and this.
    pub field: String,
    /// The name.
    pub name: String,
    /// The MIME type.
    pub mime_type: String,
    /// The size in bytes.
    pub size_bytes: u64,
    /// The bytes, read as they are wanted. An error is in words.
    pub content: BoxStream<'static, Result<Bytes, String>>,
}

/// Why a file could not be read while it was being sent, if that happened. A form that breaks off is none, so nothing
/// can have come of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Breakage(Arc<OnceLock<String>>);

impl Breakage {
    pub(super) fn reason(&self) -> Option<&str> {
        self.0.get().map(String::as_str)
    }
}

/// The form of a call: its parameters as fields, what is no text as JSON, and its files.
pub(super) fn form(parameters: Map<String, Value>, files: Vec<FormFile>) -> (Form, Breakage) {
    let breakage = Breakage::default();
    let mut form = Form::new();
    for (name, value) in parameters {
        let text = match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        form = form.text(name, text);
    }
    for file in files {
        let field = file.field.clone();
        form = form.part(field, part(file, &breakage));
    }
    (form, breakage)
}

fn part(file: FormFile, breakage: &Breakage) -> Part {
    let FormFile { name, mime_type, size_bytes, content, .. } = file;
    let place = breakage.0.clone();
    let content = content.map(move |piece| {
        piece.map_err(|reason| {
            // The first reason is the one that counts.
            _ = place.set(reason);
            std::io::Error::other("a file could not be read")
        })
    });
    let mut headers = reqwest::header::HeaderMap::new();
    if let Ok(mime_type) = mime_type.parse() {
        headers.insert(reqwest::header::CONTENT_TYPE, mime_type);
    }
    Part::stream_with_length(Body::wrap_stream(content), size_bytes).file_name(name).headers(headers)
}
