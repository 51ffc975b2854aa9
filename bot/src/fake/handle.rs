//! The handle by which a sandbox or a test drives the fake.

use std::{io, sync::Arc, time::Duration};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::ChatId;
use serde_json::{Map, Value};
use tokio_util::sync::DropGuard;

use super::{
    BacklogError, ChatMessage, ChatState, Customer, CustomerMessage, FakeBotApiBuilder, Fault, FaultId, FaultScope,
    Ledger, PendingUpdate, Repeat, Said, ShownFile, WaitTimedOut, connection::Connections, customer::text_content,
    files::NewFile, gate::Gate, group, learning::learn, methods::describe_file, server::Server,
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
        let content = text_content(&message.text);
        self.customer_sends_at(bot, &message.customer(), &content, message.date).await
    }

    /// A simulated customer sends a message now. `content` has the fields of the Bot API's `Message` that say what it
    /// is, such as `photo` and `caption`; files come from [`Self::file_for_bot`].
    ///
    /// # Errors
    ///
    /// [`BacklogError`]; nothing was sent then.
    pub async fn customer_sends(
        &self,
        bot: BotId,
        customer: &Customer,
        content: &Map<String, Value>,
    ) -> Result<Said, BacklogError> {
        self.customer_sends_at(bot, customer, content, (self.server.now)()).await
    }

    async fn customer_sends_at(
        &self,
        bot: BotId,
        customer: &Customer,
        content: &Map<String, Value>,
        date: DateTime<Utc>,
    ) -> Result<Said, BacklogError> {
        let chat = customer.chat();
        let message_id = self.server.next_message_id(bot, chat).await?;
        let message = customer.to_message(message_id, date, content);
        let update_id = self.push(bot, serde_json::json!({ "message": message }).to_string()).await?;
        if self.server.chats.get(bot, chat) == ChatState::BlockedByUser {
            self.server.chats.set(bot, chat, ChatState::Open);
        }
        Ok(Said { update_id, message_id })
    }

    /// A simulated customer blocks the bot, or lets it in again.
    ///
    /// # Errors
    ///
    /// [`BacklogError`]; nothing was changed then.
    pub async fn customer_blocks(&self, bot: BotId, customer: &Customer, blocks: bool) -> Result<i64, BacklogError> {
        let state = if blocks { ChatState::BlockedByUser } else { ChatState::Open };
        let update = group::block_update(&self.server, bot, customer, blocks);
        let update_id = self.push(bot, update.to_string()).await?;
        self.server.chats.set(bot, customer.chat(), state);
        Ok(update_id)
    }

    /// A group becomes a supergroup: the old chat refuses from now on and says where to, and each of the two gets its
    /// service message. Answers the numbers of the two updates.
    ///
    /// # Errors
    ///
    /// [`BacklogError`].
    pub async fn migrate_group(
        &self,
        bot: BotId,
        from: ChatId,
        to: ChatId,
        title: &str,
    ) -> Result<[i64; 2], BacklogError> {
        self.server.chats.set(bot, from, ChatState::Migrated { to });
        let mut numbers = [0; 2];
        for (number, (chat, fields)) in numbers.iter_mut().zip(group::migration_notices(from, to)) {
            let message_id = self.server.next_message_id(bot, chat).await?;
            let update = group::service_message(&self.server, chat, title, message_id, fields);
            *number = self.push(bot, update.to_string()).await?;
        }
        Ok(numbers)
    }

    /// Gives a simulated customer a file, and answers what the field of a message with it has: for `photo` the list of
    /// sizes, for the others the file.
    #[must_use]
    pub fn file_for_bot(&self, bot: BotId, kind: &str, name: &str, mime_type: &str, bytes: impl Into<Bytes>) -> Value {
        let file = self.server.files.keep(
            bot,
            NewFile {
                kind: kind.to_owned(),
                name: Some(name.to_owned()),
                mime_type: Some(mime_type.to_owned()),
                bytes: bytes.into(),
            },
        );
        describe_file(kind, &file, &Value::Null)
    }

    /// A file by its handle, as [`ChatMessage::file_id`] has it, if it is still known.
    #[must_use]
    pub fn file(&self, bot: BotId, file_id: &str) -> Option<ShownFile> {
        self.server.files.find(bot, file_id).map(ShownFile::from)
    }

    /// Every message of a chat as it is now, deleted ones included, by number.
    #[must_use]
    pub fn chat(&self, bot: BotId, chat: ChatId) -> Vec<ChatMessage> {
        self.server.book.chat(bot, chat)
    }

    /// Waits until the messages of a chat meet the condition, and returns them as they were then.
    ///
    /// # Errors
    ///
    /// [`WaitTimedOut`] after `timeout`.
    pub async fn wait_for_chat(
        &self,
        bot: BotId,
        chat: ChatId,
        condition: impl FnMut(&[ChatMessage]) -> bool,
        timeout: Duration,
    ) -> Result<Vec<ChatMessage>, WaitTimedOut> {
        self.server.book.wait_for(bot, chat, condition, timeout).await
    }

    /// Says who a chat is with, as `getChat` answers: a `Chat` of the Bot API.
    pub fn set_profile(&self, bot: BotId, chat: ChatId, profile: Value) {
        self.server.book.know(bot, chat, profile);
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
        Ok(self.push(bot, json.to_owned()).await?)
    }

    async fn push(&self, bot: BotId, update: String) -> Result<i64, BacklogError> {
        learn(&self.server, bot, &update);
        self.server.backlog.push(bot, update).await
    }

    /// Forgets what was said in every chat and what was sent: the chats, the ledger's entries, files, who blocked whom.
    /// What waits for the bots and the numbers of messages stay, and so do faults and counts.
    pub fn forget(&self) {
        self.server.book.forget();
        self.server.ledger.forget();
        self.server.files.forget();
        self.server.chats.forget();
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
