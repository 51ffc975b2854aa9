//! `POST /files`: an agent uploads a file in order to send it.

use std::sync::Arc;
use std::time::Instant;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use desk::file::{NewUpload, Upload};
use domain::{File, ProjectId};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::json;
use tokio::time::timeout;

use super::pace::Pace;
use super::{Files, Refusal, parameter, require_method, respond};
use crate::schema::id::{self, Id};
use crate::transport::{Broken, RequestId, discard_rest, next_data};

/// What curl says of every body whose type it was not told. A file that is a form is none that anybody sends.
const UNSAID: &str = "application/x-www-form-urlencoded";

/// Takes the body as a file.
pub(super) async fn upload(
    State(files): State<Arc<Files>>,
    Extension(request_id): Extension<RequestId>,
    request: Request,
) -> Response {
    respond(take(&files, request).await, &request_id)
}

async fn take(files: &Files, request: Request) -> Result<Response, Refusal> {
    let (parts, mut body) = request.into_parts();
    require_method(&parts.method, "POST")?;
    let new = new_upload(&parts, files.max_upload_bytes);
    let taken = async {
        let credential = files.bearer(&parts.headers).await?.ok_or_else(Refusal::unauthenticated)?;
        let actor = files.admit(credential, &parts.extensions, &parts.headers).await?;
        let mut upload = files.desk.file_upload(&actor, new?).await?;
        receive(&mut upload, &mut body, Pace::new(files.reception.body_timeout()), files).await?;
        Ok::<_, Refusal>(upload.finish().await?)
    };
    match taken.await {
        Ok(file) => Ok(answer(&file)),
        Err(refusal) => {
            discard_rest(&parts.headers, &mut body).await;
            Err(refusal)
        }
    }
}

/// What the address and the headers say of the file.
fn new_upload(request: &Parts, limit_bytes: u64) -> Result<NewUpload, Refusal> {
    let missing =
        |name| Refusal::bad_request(format!("Add `{name}` to the address, as in `/files?projectId=…&name=…`."));
    let project_id = parameter(&request.uri, "projectId").ok_or_else(|| missing("projectId"))?;
    Ok(NewUpload {
        project_id: id::parse::<ProjectId>(&project_id)?,
        name: parameter(&request.uri, "name").ok_or_else(|| missing("name"))?,
        mime_type: text_of(&request.headers, header::CONTENT_TYPE).filter(|sent| sent != UNSAID),
        announced_bytes: text_of(&request.headers, header::CONTENT_LENGTH).and_then(|length| length.parse().ok()),
        limit_bytes,
    })
}

fn text_of(headers: &HeaderMap, name: header::HeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// Stores the body as it comes. The database is never kept waiting for the client.
async fn receive(upload: &mut Upload, body: &mut Body, mut pace: Pace, files: &Files) -> Result<(), Refusal> {
    loop {
        let asked_at = Instant::now();
        let data = timeout(files.reception.body_timeout(), next_data(body)).await;
        let data = data.map_err(|_| Refusal::body_too_slow())?;
        let Some(data) = data.map_err(|Broken| Refusal::body_broken())? else { return Ok(()) };
        if !pace.keeps_up(asked_at.elapsed(), data.len()) {
            return Err(Refusal::body_too_slow());
        }
        upload.write(&data).await?;
    }
}

fn answer(file: &File) -> Response {
    let json = json!({
        "id": Id::from(file.id).text(),
        "name": file.name,
        "sizeBytes": file.size_bytes,
        "mimeType": file.mime_type,
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (StatusCode::CREATED, headers, json.to_string()).into_response()
}
