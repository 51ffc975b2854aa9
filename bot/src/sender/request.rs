//! The request by which a call is made.

use std::time::Duration;

use desk::Desk;
use desk::outbox::QueuedCall;
use futures_util::StreamExt as _;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::telegram::{Attempt, Client, Endpoint, FormFile, RefusalKind};

/// How many bytes of files go out in a second, at least: what a request with files may take longer.
const UPLOAD_BYTES_PER_SECOND: u64 = 128 * 1024;

/// Makes a call, and answers what came of it. The files are read from the desk while they go out.
pub(super) async fn make(
    desk: &Desk,
    client: &Client,
    endpoint: &Endpoint,
    call: &QueuedCall,
    timeout: Duration,
) -> Attempt {
    if call.attachments.is_empty() {
        return match RawValue::from_string(call.payload.clone()) {
            Ok(payload) => client.send_raw(endpoint, &call.method, &payload, timeout).await,
            Err(_) => unreadable(call),
        };
    }
    let Ok(Value::Object(parameters)) = serde_json::from_str(&call.payload) else { return unreadable(call) };
    let files = match files(desk, call).await {
        Ok(files) => files,
        Err(attempt) => return attempt,
    };
    let bytes: u64 = files.iter().map(|file| file.size_bytes).sum();
    let timeout = timeout + Duration::from_secs(bytes / UPLOAD_BYTES_PER_SECOND);
    client.send_form(endpoint, &call.method, parameters, files, timeout).await
}

async fn files(desk: &Desk, call: &QueuedCall) -> Result<Vec<FormFile>, Attempt> {
    let mut files = Vec::with_capacity(call.attachments.len());
    for attachment in &call.attachments {
        let found = desk.file(call.project_id, attachment.file_id).await;
        let found = found.map_err(|error| Attempt::NotSent(format!("the file cannot be read: {error}")))?;
        let Some(file) = found else {
            return Err(refused("the desk does not have the file any more: upload it again"));
        };
        let content = desk.file_content(&file, 0);
        files.push(FormFile {
            field: attachment.field.clone(),
            size_bytes: u64::try_from(file.size_bytes).unwrap_or_default(),
            name: file.name,
            mime_type: file.mime_type,
            content: content.map(|piece| piece.map_err(|error| error.to_string())).boxed(),
        });
    }
    Ok(files)
}

fn unreadable(call: &QueuedCall) -> Attempt {
    tracing::error!(call = %call.id, "a call in the outbox is no JSON object");
    refused("the message was stored in a form that cannot be sent: write it again")
}

fn refused(reason: &str) -> Attempt {
    Attempt::Refused { kind: RefusalKind::Own, error_code: 400, description: reason.to_owned() }
}
