//! Receiving deliveries: checked, stored, and only then acknowledged.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::routing::post;
use bytes::Bytes;
use desk::Desk;
use domain::ProjectId;
use http::{HeaderMap, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use super::address::{PathSegment, is_secret_of};
use super::refusal::Refusal;
use crate::cause::cause_of;
use crate::intake::arrival::arrival;
use crate::telegram::BotId;

/// The largest body that is read. An update has some tens of kilobytes at most.
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// How long a body may take to arrive.
const READ_TIMEOUT: Duration = Duration::from_secs(5);

const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// Receives the deliveries to all webhooks of the desk. Any process may, whoever has the lease of
/// the bot.
pub(crate) struct Receiver {
    desk: Desk,
    /// The bots that have a webhook; nothing before they were looked up.
    bots: RwLock<Option<HashMap<ProjectId, BotId>>>,
}

impl Receiver {
    /// A receiver that does not know its bots yet.
    pub(crate) fn new(desk: Desk) -> Self {
        Self { desk, bots: RwLock::default() }
    }

    /// Takes deliveries for these bots from now on, and for no others.
    pub(crate) fn expect(&self, bots: HashMap<ProjectId, BotId>) {
        *self.bots.write().unwrap_or_else(PoisonError::into_inner) = Some(bots);
    }

    /// The routes of the webhooks.
    pub(crate) fn router(self: Arc<Self>) -> Router {
        Router::new().route("/telegram/{segment}", post(receive)).with_state(self)
    }

    async fn receive(&self, segment: &str, request: Request) -> Result<(), Refusal> {
        let project_id = self.authenticate(segment, request.headers())?;
        let body = read(request.into_body()).await?;
        let raw = String::from_utf8(body.into()).map_err(|_| Refusal::NotAnUpdate)?;
        let update = arrival(raw).map_err(|_| Refusal::NotAnUpdate)?;
        self.desk.store_updates(project_id, vec![update]).await.map_err(|error| {
            tracing::warn!(project = %project_id, error = cause_of(&error), "a delivery could not be stored");
            Refusal::NotStored
        })?;
        metrics::counter!("switchboard_updates_stored_total", "door" => "webhook").increment(1);
        Ok(())
    }

    /// Whose delivery it is, if path and secret are right. Nothing of the body is read before.
    fn authenticate(&self, segment: &str, headers: &HeaderMap) -> Result<ProjectId, Refusal> {
        let segment = PathSegment::parse(segment).ok_or(Refusal::UnknownPath)?;
        let project_id = segment.project_id;
        let bot_id = {
            let bots = self.bots.read().unwrap_or_else(PoisonError::into_inner);
            let bots = bots.as_ref().ok_or(Refusal::NotReady)?;
            *bots.get(&project_id).ok_or(Refusal::UnknownPath)?
        };
        let key = &self.desk.keys().webhooks;
        if !segment.is_of(key, bot_id) {
            return Err(Refusal::UnknownPath);
        }
        match headers.get(SECRET_HEADER) {
            Some(secret) if is_secret_of(key, project_id, bot_id, secret.as_bytes()) => Ok(project_id),
            _ => Err(Refusal::WrongSecret),
        }
    }
}

async fn receive(
    State(receiver): State<Arc<Receiver>>,
    Path(segment): Path<String>,
    request: Request,
) -> Result<StatusCode, Refusal> {
    // A body could be executed as a call of the Bot API, so the acknowledgement has none.
    receiver.receive(&segment, request).await.map(|()| StatusCode::OK)
}

/// Reads as far as a body may go, even one that is announced to go further: whoever is still sending when the connection
/// closes does not learn why.
async fn read(body: Body) -> Result<Bytes, Refusal> {
    match tokio::time::timeout(READ_TIMEOUT, Limited::new(body, MAX_BODY_BYTES).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refusal::TooLarge),
        Ok(Err(_)) => Err(Refusal::CutShort),
        Err(_) => Err(Refusal::TooSlow),
    }
}
