//! The handle by which a sandbox or a test drives the fake.

use std::{io, sync::Arc, time::Duration};

use domain::{ChatId, TelegramUserId};
use tokio_util::sync::DropGuard;

use super::{
    BacklogError, ChatState, CustomerMessage, FakeBotApiBuilder, Fault, FaultId, FaultScope, Ledger, PendingUpdate,
    Repeat, Said, WaitTimedOut, connection::Connections, gate::Gate, server::Server,
};
use crate::telegram::{BotId, DecodeError, Endpoint, RawUpdate, Token};

/// How long a stop waits for calls under way before it cuts them off.
const STOP_GRACE: Duration = Duration::from_secs(5);

/// A running Bot API server without Telegram behind it. Clones drive the same server; it stops
/// with [`FakeBotApi::shutdown`], or when the last clone is dropped.
#[derive(Clone)]
pub struct FakeBotApi {
    api_url: Arc<str>,
    server: Arc<Server>,
    gate: Arc<Gate>,
    connections: Arc<Connections>,
    _stop_at_last: Arc<DropGuard>,
}

/// An update could not be pushed.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// The text is not an update: it must be a JSON object without an `update_id`.
    #[error("only a JSON object can be pushed as an update: {0}")]
    NotAnUpdate(#[from] DecodeError),
    /// The backlog could not be written.
    #[error(transparent)]
    Backlog(#[from] BacklogError),
}

impl FakeBotApi {
    /// A fake that is yet to be started.
    #[must_use]
    pub fn builder() -> FakeBotApiBuilder {
        FakeBotApiBuilder::default()
    }

    pub(super) fn new(api_url: String, server: Arc<Server>, gate: Gate, connections: Arc<Connections>) -> Self {
        Self {
            api_url: api_url.into(),
            _stop_at_last: Arc::new(server.stop.clone().drop_guard()),
            server,
            gate: Arc::new(gate),
            connections,
        }
    }

    /// The address, for [`Endpoint::new`].
    #[must_use]
    pub fn api_url(&self) -> &str {
        &self.api_url
    }

    /// The endpoint of a bot on this server.
    #[must_use]
    pub fn endpoint(&self, token: &Token) -> Endpoint {
        Endpoint::new(&self.api_url, token.clone()).expect("the address was built from that of a socket")
    }

    /// Makes a token good.
    pub fn add_bot(&self, token: Token) {
        self.server.bots.add(token);
    }

    /// Makes a token bad: calls with it are answered with 401 from now on.
    pub fn revoke(&self, token: &Token) {
        self.server.bots.revoke(token);
    }

    /// Says whether a chat takes messages from a bot.
    pub fn set_chat_state(&self, bot: BotId, chat: ChatId, state: ChatState) {
        self.server.chats.set(bot, chat, state);
    }

    /// A simulated customer writes to the bot. Who had blocked it no longer does.
    ///
    /// # Errors
    ///
    /// [`BacklogError`]; nothing was written then.
    pub async fn customer_says(&self, bot: BotId, message: CustomerMessage) -> Result<Said, BacklogError> {
        let TelegramUserId(user) = message.telegram_user_id;
        let chat = ChatId(user);
        let message_id = self.server.backlog.next_message_id(bot, chat).await?;
        let update = message.to_update(message_id).to_string();
        let update_id = self.server.backlog.push(bot, update).await?;
        if self.server.chats.get(bot, chat) == ChatState::BlockedByUser {
            self.server.chats.set(bot, chat, ChatState::Open);
        }
        Ok(Said { update_id, message_id })
    }

    /// Pushes any update, however strange: a JSON object without an `update_id`. Returns its
    /// number.
    ///
    /// # Errors
    ///
    /// [`PushError`]; nothing was pushed then.
    pub async fn push_raw_update(&self, bot: BotId, json: &str) -> Result<i64, PushError> {
        if !json.trim_start().starts_with('{') {
            return Err(DecodeError::NotAnObject.into());
        }
        let numbered = PendingUpdate { update_id: 0, json: json.to_owned() };
        RawUpdate::parse(&numbered.with_number())?;
        Ok(self.server.backlog.push(bot, json.to_owned()).await?)
    }

    /// The ledger as it is now.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        self.server.ledger.read(Ledger::clone)
    }

    /// Waits until the ledger meets the condition, and returns it as it was then.
    ///
    /// # Errors
    ///
    /// [`WaitTimedOut`] after `timeout`.
    pub async fn wait_for(
        &self,
        condition: impl FnMut(&Ledger) -> bool,
        timeout: Duration,
    ) -> Result<Ledger, WaitTimedOut> {
        self.server.ledger.wait_for(condition, timeout).await
    }

    /// Lets calls in `scope` go wrong. Of several faults that cover a call the oldest strikes.
    pub fn inject(&self, scope: FaultScope, fault: Fault, repeat: Repeat) -> FaultId {
        self.server.faults.inject(scope, fault, repeat)
    }

    /// Takes one fault back.
    pub fn clear_fault(&self, id: FaultId) {
        self.server.faults.clear(id);
    }

    /// Takes every fault back.
    pub fn clear_faults(&self) {
        self.server.faults.clear_all();
    }

    /// Refuses new connections, as when the server is down, and cuts those that are open. The
    /// port is kept.
    ///
    /// # Errors
    ///
    /// When the port could not be kept or the server has stopped.
    pub async fn refuse_connections(&self) -> io::Result<()> {
        self.gate.shut().await
    }

    /// Accepts connections again.
    ///
    /// # Errors
    ///
    /// When the port cannot be listened on or the server has stopped.
    pub async fn accept_connections(&self) -> io::Result<()> {
        self.gate.open().await
    }

    /// Stops: no new connections, polls are answered, deliveries end. Calls that are under way
    /// for longer than a few seconds are cut off.
    pub async fn shutdown(&self) {
        self.server.stop.cancel();
        self.server.tasks.close();
        if tokio::time::timeout(STOP_GRACE, self.server.tasks.wait()).await.is_err() {
            self.connections.cut_all();
            self.server.tasks.wait().await;
        }
    }
}
