//! `getFile`, and the download itself.

use serde_json::json;

use super::super::{answer::Answer, call::Call, files::StoredFile, server::Server};

/// Says where a file can be downloaded.
pub(super) fn describe(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let file_id = call.parameters.text("file_id").unwrap_or_default();
    if file_id.is_empty() {
        return Err(Answer::bad_request("file_id not specified"));
    }
    let file = server.files.find(call.bot.id, &file_id);
    let file = file.ok_or_else(|| Answer::bad_request("wrong file_id or the file is temporarily unavailable"))?;
    if file.is_too_big() {
        return Err(Answer::bad_request("file is too big"));
    }
    Ok(Answer::ok(&json!({
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": file.size_bytes,
        "file_path": file.path(),
    })))
}

/// Hands a file over.
pub(super) fn download(server: &Server, call: &Call) -> Result<Answer, Answer> {
    let path = call.parameters.text("file_path").unwrap_or_default();
    let file = StoredFile::id_in(&path).and_then(|file_id| server.files.find(call.bot.id, file_id));
    match file.filter(|file| !file.is_too_big()) {
        Some(file) => Ok(Answer::file(file.bytes())),
        None => Err(Answer::error(404, "Not Found")),
    }
}
