//! `GET /files/{message}`: the file of a message, for those who may see the message.

use std::future::ready;
use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use bytes::Bytes;
use desk::media::{ByteStream, Download, DownloadPlace, MediaError};
use desk::{Credential, Error};
use domain::MessageId;
use futures_util::StreamExt as _;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use super::disposition::disposition;
use super::media_type::MediaType;
use super::range::{NotSatisfiable, Part, part};
use super::{Files, Refusal, parameter, require_method, respond};
use crate::schema::id;
use crate::transport::RequestId;

/// Keeps whatever a file holds from running, should a browser be brought to show it as a page.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox",
);

/// Hands a file out.
pub(super) async fn download(
    State(files): State<Arc<Files>>,
    Extension(request_id): Extension<RequestId>,
    Path(message): Path<String>,
    request: Request,
) -> Response {
    let (request, _) = request.into_parts();
    respond(hand_out(&files, &message, &request).await, &request_id)
}

async fn hand_out(files: &Files, message: &str, request: &Parts) -> Result<Response, Refusal> {
    require_method(&request.method, "GET, HEAD")?;
    let message_id = id::parse::<MessageId>(message)?;
    let credential = credential(files, message_id, request).await?;
    let actor = files.admit(credential, &request.extensions, &request.headers).await?;
    let download = files.desk.download(&actor, message_id).await?;

    let mut headers = headers_of(&download);
    let tag = headers[header::ETAG].clone();
    if is_known(&request.headers, &tag) {
        return Ok(response(StatusCode::NOT_MODIFIED, headers, Body::empty()));
    }
    if request.method == Method::HEAD {
        if let Some(size) = download.size_bytes() {
            headers.insert(header::CONTENT_LENGTH, size.into());
        }
        return Ok(response(StatusCode::OK, headers, Body::empty()));
    }
    let opened = open(files, &download).await?;
    let Some(size) = opened.size_bytes else {
        headers.remove(header::ACCEPT_RANGES);
        return Ok(response(StatusCode::OK, headers, Body::from_stream(opened.content.from(0))));
    };
    let asked = part(&request.headers, size, &tag);
    let asked = asked.map_err(|NotSatisfiable| Refusal::range_not_satisfiable(size))?;
    let handed = asked.unwrap_or(Part { first: 0, end: size });
    headers.insert(header::CONTENT_LENGTH, handed.length().into());
    let status = match asked.and_then(|part| part.content_range(size)) {
        Some(content_range) => {
            headers.insert(header::CONTENT_RANGE, content_range);
            StatusCode::PARTIAL_CONTENT
        }
        None => StatusCode::OK,
    };
    let content = up_to(opened.content.from(handed.first), handed.length());
    Ok(response(status, headers, Body::from_stream(content)))
}

/// Whoever holds the bearer token or, without one, whoever the ticket was made for.
async fn credential(files: &Files, message_id: MessageId, request: &Parts) -> Result<Credential, Refusal> {
    if let Some(credential) = files.bearer(&request.headers).await? {
        return Ok(credential);
    }
    let ticket = parameter(&request.uri, "ticket").ok_or_else(Refusal::unauthenticated)?;
    Ok(files.desk.open_download_ticket(&ticket, message_id)?)
}

fn headers_of(download: &Download) -> HeaderMap {
    let media_type = MediaType::of(download.mime_type());
    let kind = download.media.kind.name().to_ascii_lowercase();
    let otherwise = format!("{kind}-{}.{}", download.message_id, media_type.ending);
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type.content_type));
    headers.insert(header::CONTENT_DISPOSITION, disposition(media_type.is_shown, download.name(), &otherwise));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    // Rights are looked at anew each time, and then the browser may use what it has.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::ETAG, tag_of(download));
    headers
}

/// The tag in quotes. What Telegram names a file by consists of letters, digits, `-` and `_`.
fn tag_of(download: &Download) -> HeaderValue {
    let tag: String = download
        .tag()
        .chars()
        .filter(|character| character.is_ascii_alphanumeric() || "-_".contains(*character))
        .collect();
    HeaderValue::from_str(&format!("\"{tag}\"")).expect("letters, digits and quotes are fit for a header")
}

/// Whether the client has the file already (RFC 9110, section 13.1.2).
fn is_known(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let lists = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|list| list.to_str().ok());
    let mut tags = lists.flat_map(|list| list.split(',')).map(|known| known.trim().trim_start_matches("W/"));
    tags.any(|known| known == "*" || known == tag)
}

/// A file that can be read.
struct Opened {
    size_bytes: Option<u64>,
    content: Content,
}

/// Its bytes, in the desk's own store or on their way from Telegram.
enum Content {
    Desk(desk::Desk, domain::File),
    Stream(ByteStream),
}

async fn open(files: &Files, download: &Download) -> Result<Opened, Refusal> {
    match &download.place {
        DownloadPlace::Desk(file) => {
            Ok(Opened { size_bytes: download.size_bytes(), content: Content::Desk(files.desk.clone(), file.clone()) })
        }
        DownloadPlace::Telegram(telegram_file_id) => {
            let media = files.media.as_ref().ok_or_else(Refusal::no_telegram)?;
            let opened = media.open(download.project_id, telegram_file_id).await;
            count(&opened);
            let file = opened?;
            Ok(Opened { size_bytes: file.size_bytes, content: Content::Stream(file.content) })
        }
    }
}

fn count<T>(opened: &Result<T, MediaError>) {
    let outcome = if opened.is_ok() { "opened" } else { "failed" };
    metrics::counter!("switchboard_telegram_files_total", "outcome" => outcome).increment(1);
}

impl Content {
    /// The bytes from one of them on. Telegram's come from the first, so that those before are dropped here.
    fn from(self, first: u64) -> ByteStream {
        match self {
            Self::Desk(desk, file) => desk.file_content(&file, first),
            Self::Stream(content) => without(content, first),
        }
    }
}

/// The stream without so many bytes at its beginning.
fn without(content: ByteStream, mut bytes: u64) -> ByteStream {
    let rest = move |piece: Result<Bytes, Error>| {
        let piece = piece.map(|piece| {
            let dropped = usize::try_from(bytes).unwrap_or(usize::MAX).min(piece.len());
            bytes -= dropped as u64;
            piece.slice(dropped..)
        });
        ready((!matches!(&piece, Ok(piece) if piece.is_empty())).then_some(piece))
    };
    content.filter_map(rest).boxed()
}

/// The first bytes of the stream. It ends with them, so that nothing behind them is read.
fn up_to(content: ByteStream, mut bytes: u64) -> ByteStream {
    let cut = content.map(move |piece| {
        piece.map(|piece| {
            let kept = usize::try_from(bytes).unwrap_or(usize::MAX).min(piece.len());
            bytes -= kept as u64;
            (piece.slice(..kept), bytes == 0)
        })
    });
    futures_util::stream::unfold((cut.boxed(), false), |(mut cut, is_done)| async move {
        if is_done {
            return None;
        }
        match cut.next().await? {
            Ok((piece, is_last)) => Some((Ok(piece), (cut, is_last))),
            Err(error) => Some((Err(error), (cut, true))),
        }
    })
    .boxed()
}

fn response(status: StatusCode, headers: HeaderMap, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
