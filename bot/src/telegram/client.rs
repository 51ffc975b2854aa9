//! The client of the Bot API.

use std::time::Duration;

use reqwest::redirect;
use serde::Serialize;
use serde_json::{Map, Value, json, value::RawValue};
use teloxide::requests::Payload;

use super::{
    Attempt, BotProfile, CallError, Endpoint, RawJson, RawUpdate, RefusalKind, WebhookInfo, exchange::Exchange,
    form::FormFile, form::form, method_name, update,
};

/// How long a connection may take to come about. The `timeout` of a send should be longer, or
/// a connection that is merely slow counts as [`Attempt::Unknown`] instead of
/// [`Attempt::NotSent`].
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long an unused connection is kept. Shorter than the patience of the servers in front of
/// Telegram: a request on a connection that the other side is just closing has an unknown fate.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// How long a call that is answered at once may take.
pub(super) const CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// How much longer than its own time-out a long poll may take.
const POLL_GRACE: Duration = Duration::from_secs(15);

/// The client of the Bot API, shared by all bots of a process. Clones share connections.
#[derive(Debug, Clone)]
pub struct Client {
    /// For servers elsewhere, through the proxy that the environment names, if any.
    remote: reqwest::Client,
    /// For servers on this machine (the sandbox, a local Bot API server), never through a proxy.
    local: reqwest::Client,
}

/// The HTTP client could not be built.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client for Telegram could not be built, check the proxy settings of the environment: {0}")]
pub struct ClientBuildError(#[from] reqwest::Error);

impl Client {
    /// A client with connections of its own.
    ///
    /// # Errors
    ///
    /// [`ClientBuildError`] when TLS or the proxy settings of the environment cannot be used.
    pub fn new() -> Result<Self, ClientBuildError> {
        let settings = || {
            reqwest::Client::builder()
                .connect_timeout(CONNECT_TIMEOUT)
                .pool_idle_timeout(IDLE_TIMEOUT)
                .redirect(redirect::Policy::none())
                .tcp_nodelay(true)
        };
        Ok(Self { remote: settings().build()?, local: settings().no_proxy().build()? })
    }

    /// Sends one typed request.
    ///
    /// `timeout` covers the whole call and should exceed [`CONNECT_TIMEOUT`].
    pub async fn send<P: Payload + Serialize>(&self, endpoint: &Endpoint, payload: &P, timeout: Duration) -> Attempt {
        let method = method_name::<P>();
        match serde_json::to_vec(payload) {
            Ok(body) => self.attempt(endpoint, &method, body, timeout).await,
            Err(error) => Attempt::Refused {
                kind: RefusalKind::Other,
                error_code: 400,
                description: format!("{method} could not be written as JSON: {error}"),
            },
        }
    }

    /// Sends a request that was written earlier: `json` is the payload of `method`.
    ///
    /// `timeout` covers the whole call and should exceed [`CONNECT_TIMEOUT`].
    pub async fn send_raw(&self, endpoint: &Endpoint, method: &str, json: &RawValue, timeout: Duration) -> Attempt {
        self.attempt(endpoint, method, json.get().into(), timeout).await
    }

    /// Sends a call with files. A file that cannot be read to its end leaves nothing sent.
    ///
    /// `timeout` covers the whole call and should exceed [`CONNECT_TIMEOUT`].
    pub async fn send_form(
        &self,
        endpoint: &Endpoint,
        method: &str,
        parameters: Map<String, Value>,
        files: Vec<FormFile>,
        timeout: Duration,
    ) -> Attempt {
        let (form, breakage) = form(parameters, files);
        let request = self.http(endpoint).post(endpoint.method_url(method)).multipart(form).timeout(timeout);
        match Attempt::from_exchange(Exchange::send(request).await) {
            Attempt::Unknown(lost) => match breakage.reason() {
                Some(reason) => Attempt::NotSent(format!("a file could not be read: {reason}")),
                None => Attempt::Unknown(lost),
            },
            attempt => attempt,
        }
    }

    /// Waits up to `timeout_seconds` for updates from `offset` on, and confirms all before it.
    ///
    /// Every kind of update is asked for. An update whose inside is strange is handed over like
    /// any other; an element without a number cannot be, as it could never be confirmed, and
    /// is logged.
    ///
    /// # Errors
    ///
    /// [`CallError`], also when nothing of a batch that is not empty has a number.
    pub async fn get_updates(
        &self,
        endpoint: &Endpoint,
        offset: i64,
        limit: u8,
        timeout_seconds: u16,
    ) -> Result<Vec<RawUpdate>, CallError> {
        let request = json!({
            "offset": offset,
            "limit": limit,
            "timeout": timeout_seconds,
            "allowed_updates": update::KINDS,
        });
        let timeout = Duration::from_secs(timeout_seconds.into()) + POLL_GRACE;
        let result = self.call(endpoint, "getUpdates", &request, timeout).await?;
        let elements: Vec<&RawValue> = serde_json::from_str(result.as_str())
            .map_err(|_| CallError::Unavailable("the updates are not a list".to_owned()))?;
        let mut updates = Vec::with_capacity(elements.len());
        for element in &elements {
            match RawUpdate::parse(element.get()) {
                Ok(update) => updates.push(update),
                Err(error) => tracing::error!(
                    bot = %endpoint.token().bot_id(),
                    bytes = element.get().len(),
                    "Telegram handed out something that cannot be kept: {error}"
                ),
            }
        }
        if updates.is_empty() && !elements.is_empty() {
            return Err(CallError::Unavailable("none of the updates has a number".to_owned()));
        }
        Ok(updates)
    }

    /// Makes a call of which nothing is wanted but that it was made.
    ///
    /// # Errors
    ///
    /// [`CallError`].
    pub async fn call_plainly(&self, endpoint: &Endpoint, method: &str, request: &Value) -> Result<(), CallError> {
        self.call(endpoint, method, request, CALL_TIMEOUT).await.map(drop)
    }

    /// Asks who the bot is, which also proves that the token is good.
    ///
    /// # Errors
    ///
    /// [`CallError`].
    pub async fn get_me(&self, endpoint: &Endpoint) -> Result<BotProfile, CallError> {
        let result = self.call(endpoint, "getMe", &json!({}), CALL_TIMEOUT).await?;
        BotProfile::read(&result).ok_or_else(|| CallError::Unavailable("getMe does not say who the bot is".to_owned()))
    }

    /// Asks for every kind of update to be delivered to `url`, with `secret_token` in the header
    /// `X-Telegram-Bot-Api-Secret-Token`. Updates that wait already are kept.
    ///
    /// # Errors
    ///
    /// [`CallError`].
    pub async fn set_webhook(&self, endpoint: &Endpoint, url: &str, secret_token: &str) -> Result<(), CallError> {
        let request = json!({
            "url": url,
            "secret_token": secret_token,
            "allowed_updates": update::KINDS,
            "drop_pending_updates": false,
        });
        self.call(endpoint, "setWebhook", &request, CALL_TIMEOUT).await.map(drop)
    }

    /// Removes the webhook, so that the bot can be polled. Updates that wait already are kept.
    ///
    /// # Errors
    ///
    /// [`CallError`].
    pub async fn delete_webhook(&self, endpoint: &Endpoint) -> Result<(), CallError> {
        let request = json!({ "drop_pending_updates": false });
        self.call(endpoint, "deleteWebhook", &request, CALL_TIMEOUT).await.map(drop)
    }

    /// Asks how the webhook is set and how deliveries go.
    ///
    /// # Errors
    ///
    /// [`CallError`].
    pub async fn get_webhook_info(&self, endpoint: &Endpoint) -> Result<WebhookInfo, CallError> {
        let result = self.call(endpoint, "getWebhookInfo", &json!({}), CALL_TIMEOUT).await?;
        WebhookInfo::read(&result)
            .ok_or_else(|| CallError::Unavailable("getWebhookInfo does not describe a webhook".to_owned()))
    }

    async fn attempt(&self, endpoint: &Endpoint, method: &str, body: Vec<u8>, timeout: Duration) -> Attempt {
        Attempt::from_exchange(self.exchange(endpoint, method, body, timeout).await)
    }

    /// Makes a call that sends nothing.
    pub(super) async fn call(
        &self,
        endpoint: &Endpoint,
        method: &str,
        request: &Value,
        timeout: Duration,
    ) -> Result<RawJson, CallError> {
        let body = request.to_string().into_bytes();
        CallError::result_of(self.exchange(endpoint, method, body, timeout).await)
    }

    /// What reaches the server of an endpoint.
    pub(super) fn http(&self, endpoint: &Endpoint) -> &reqwest::Client {
        if endpoint.is_loopback() { &self.local } else { &self.remote }
    }

    async fn exchange(&self, endpoint: &Endpoint, method: &str, body: Vec<u8>, timeout: Duration) -> Exchange {
        Exchange::run(self.http(endpoint).post(endpoint.method_url(method)), body, timeout).await
    }
}
