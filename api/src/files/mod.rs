//! Files beside GraphQL: agents upload what they are about to send, and download what messages hold.

mod disposition;
mod download;
mod media_type;
mod pace;
mod range;
mod refusal;
mod upload;

use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use axum::routing::any;
use desk::media::MediaSource;
use desk::{Actor, Credential, Desk};
use domain::MessageId;
use http::{Extensions, HeaderMap, Method, Uri};

use crate::caller::{Tokens, identity};
use crate::schema::id::Id;
use crate::transport::{Caller, Reception, RequestId, bearer_of};

pub(crate) use refusal::Refusal;

/// The path at which files are uploaded. What messages hold is below it.
pub(crate) const FILES_PATH: &str = "/files";

/// The largest upload by default, in bytes: the largest file that Telegram takes from a bot (Bot API, "Sending files").
pub(crate) const MAX_UPLOAD_BYTES: u64 = 50 * 1024 * 1024;

/// What an upload or a download costs, in points: about as much as an answer with a page in it.
const POINTS: u32 = 20;

/// What the routes work with.
pub(crate) struct Files {
    pub(crate) desk: Desk,
    pub(crate) tokens: Tokens,
    /// Where the files of customers are, if this process can reach it.
    pub(crate) media: Option<Arc<dyn MediaSource>>,
    pub(crate) reception: Reception,
    pub(crate) max_upload_bytes: u64,
}

/// The path and the ticket by which the file of a message is downloaded.
pub(crate) fn download_path(message_id: MessageId, ticket: &str) -> String {
    format!("{FILES_PATH}/{}?ticket={ticket}", Id::from(message_id).text())
}

/// The routes.
pub(crate) fn router(files: Files) -> Router {
    let reception = files.reception.clone();
    let routes = Router::new()
        .route(FILES_PATH, any(upload::upload))
        .route("/files/{message}", any(download::download))
        .with_state(Arc::new(files));
    reception.in_front_of(routes)
}

impl Files {
    /// Whoever has a credential, at the price of a request.
    async fn admit(
        &self,
        credential: Credential,
        extensions: &Extensions,
        headers: &HeaderMap,
    ) -> Result<Arc<Actor>, Refusal> {
        let actor = self.desk.actor(credential).await?;
        let address = self.reception.address(extensions, headers);
        let caller = Caller::new().identified_by(identity(credential)).at(address);
        self.reception.charge(&caller, POINTS)?;
        Ok(actor)
    }

    /// The credential of the bearer token, if there is one.
    async fn bearer(&self, headers: &HeaderMap) -> Result<Option<Credential>, Refusal> {
        match bearer_of(headers)? {
            Some(token) => Ok(Some(self.tokens.credential(token).await?.0)),
            None => Ok(None),
        }
    }
}

/// The value of a parameter of the address.
fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// Refuses all methods but those that are allowed.
fn require_method(method: &Method, allowed: &'static str) -> Result<(), Refusal> {
    let is_allowed = allowed.split(", ").any(|name| method == name);
    if is_allowed { Ok(()) } else { Err(Refusal::method_not_allowed(allowed)) }
}

/// The answer, or the refusal as one.
fn respond(answer: Result<Response, Refusal>, request_id: &RequestId) -> Response {
    answer.unwrap_or_else(|refusal| refusal.into_response(request_id))
}
