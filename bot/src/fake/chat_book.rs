//! The chats as the people in them see them.

use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use domain::ChatId;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::WaitTimedOut;
use crate::telegram::BotId;

/// A message as it is now.
#[derive(Debug, Clone, PartialEq)]
pub struct ChatMessage {
    /// Its number in the chat.
    pub message_id: i64,
    /// Whether the bot wrote it.
    pub from_bot: bool,
    /// The message as the Bot API shows it, after the last edit; buttons and reactions included.
    pub json: Value,
    /// Whether it is pinned.
    pub pinned: bool,
    /// Whether it was deleted. What it said is still here.
    pub deleted: bool,
}

impl ChatMessage {
    /// A message as it is sent.
    pub(super) fn new(message_id: i64, from_bot: bool, json: Value) -> Self {
        Self { message_id, from_bot, json, pinned: false, deleted: false }
    }

    /// The text or the caption.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.json["text"].as_str().or_else(|| self.json["caption"].as_str())
    }

    /// The handle of its file; of a photo that of the largest size.
    #[must_use]
    pub fn file_id(&self) -> Option<&str> {
        const KINDS: [&str; 8] = ["photo", "document", "video", "audio", "animation", "voice", "video_note", "sticker"];
        let media = KINDS.iter().map(|kind| &self.json[*kind]).find(|media| !media.is_null())?;
        let file = media.as_array().and_then(|sizes| sizes.last()).unwrap_or(media);
        file["file_id"].as_str()
    }

    /// The number of the message that it answers.
    #[must_use]
    pub fn reply_to(&self) -> Option<i64> {
        self.json["reply_to_message"]["message_id"].as_i64()
    }

    /// What the buttons below it say, row by row, and what a tap on each hands back.
    #[must_use]
    pub fn buttons(&self) -> Vec<Vec<(&str, Option<&str>)>> {
        let rows = self.json["reply_markup"]["inline_keyboard"].as_array().into_iter().flatten();
        rows.map(|row| {
            let buttons = row.as_array().into_iter().flatten();
            buttons
                .map(|button| (button["text"].as_str().unwrap_or_default(), button["callback_data"].as_str()))
                .collect()
        })
        .collect()
    }
}

/// Everything that stands in the chats, the oldest of which is forgotten when there is too much.
#[derive(Debug)]
pub(super) struct ChatBook {
    pages: watch::Sender<Pages>,
    capacity: usize,
}

#[derive(Debug, Default)]
struct Pages {
    chats: HashMap<(BotId, ChatId), BTreeMap<i64, Arc<ChatMessage>>>,
    oldest_first: VecDeque<(BotId, ChatId, i64)>,
    profiles: HashMap<(BotId, ChatId), Value>,
    open_queries: HashMap<(BotId, String), Query>,
    ended_connections: HashSet<(BotId, String)>,
}

/// A tap on a button that waits for its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Query {
    pub(super) chat: ChatId,
    pub(super) message_id: i64,
}

impl ChatBook {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self { pages: watch::Sender::default(), capacity }
    }

    /// Whether a message that is not in the book may be there all the same, since it was forgotten.
    pub(super) fn forgets(&self) -> bool {
        self.capacity < usize::MAX
    }

    /// Writes a message down, in place of one with the same number.
    pub(super) fn write(&self, bot: BotId, chat: ChatId, message: ChatMessage) {
        self.pages.send_modify(|pages| {
            let number = message.message_id;
            let before = pages.chats.entry((bot, chat)).or_default().insert(number, Arc::new(message));
            if before.is_none() {
                pages.oldest_first.push_back((bot, chat, number));
            }
            while pages.oldest_first.len() > self.capacity {
                pages.forget_oldest();
            }
        });
    }

    /// Forgets everything.
    pub(super) fn forget(&self) {
        self.pages.send_modify(|pages| *pages = Pages::default());
    }

    /// A message as it is now, if the book has it.
    pub(super) fn message(&self, bot: BotId, chat: ChatId, number: i64) -> Option<Arc<ChatMessage>> {
        self.pages.borrow().chats.get(&(bot, chat))?.get(&number).cloned()
    }

    /// The chat of a business account that has a message with this number, if the book has it.
    pub(super) fn chat_of_business(&self, bot: BotId, connection: &str, number: i64) -> Option<ChatId> {
        let pages = self.pages.borrow();
        let has_it = |messages: &BTreeMap<i64, Arc<ChatMessage>>| {
            messages.get(&number).is_some_and(|message| message.json["business_connection_id"] == *connection)
        };
        let mut chats = pages.chats.iter().filter(|((of_bot, _), messages)| *of_bot == bot && has_it(messages));
        chats.next().map(|((_, chat), _)| *chat)
    }

    /// Changes a message, if the book has it.
    pub(super) fn change(&self, bot: BotId, chat: ChatId, number: i64, change: impl FnOnce(&mut ChatMessage)) {
        self.pages.send_if_modified(|pages| {
            let message = pages.chats.get_mut(&(bot, chat)).and_then(|messages| messages.get_mut(&number));
            message.map(|message| change(Arc::make_mut(message))).is_some()
        });
    }

    /// Every message of a chat, deleted ones included, by number.
    pub(super) fn chat(&self, bot: BotId, chat: ChatId) -> Vec<ChatMessage> {
        self.pages.borrow().messages(bot, chat)
    }

    /// Waits until a chat meets the condition, and returns it as it was then.
    pub(super) async fn wait_for(
        &self,
        bot: BotId,
        chat: ChatId,
        mut condition: impl FnMut(&[ChatMessage]) -> bool,
        timeout: Duration,
    ) -> Result<Vec<ChatMessage>, WaitTimedOut> {
        let mut pages = self.pages.subscribe();
        let waiting = pages.wait_for(|pages| condition(&pages.messages(bot, chat)));
        match tokio::time::timeout(timeout, waiting).await {
            Ok(Ok(pages)) => Ok(pages.messages(bot, chat)),
            _ => Err(WaitTimedOut),
        }
    }

    /// Notes who a chat is with: a `Chat` of the Bot API.
    pub(super) fn know(&self, bot: BotId, chat: ChatId, profile: Value) {
        self.pages.send_if_modified(|pages| {
            pages.profiles.insert((bot, chat), profile);
            false
        });
    }

    /// Who a chat is with: a `Chat` of the Bot API.
    pub(super) fn profile(&self, bot: BotId, chat: ChatId) -> Value {
        let known = self.pages.borrow().profiles.get(&(bot, chat)).cloned();
        known.unwrap_or_else(|| json!({"id": chat.0, "type": chat_type(chat)}))
    }

    /// Notes a tap on a button.
    pub(super) fn open_query(&self, bot: BotId, id: String, query: Query) {
        self.pages.send_if_modified(|pages| {
            pages.open_queries.insert((bot, id), query);
            false
        });
    }

    /// Ends the wait of a tap for its answer. Empty for one that does not wait.
    pub(super) fn close_query(&self, bot: BotId, id: &str) -> Option<Query> {
        let mut closed = None;
        self.pages.send_if_modified(|pages| {
            closed = pages.open_queries.remove(&(bot, id.to_owned()));
            false
        });
        closed
    }

    /// Notes whether a business account still lets the bot write in its name.
    pub(super) fn set_connection(&self, bot: BotId, id: &str, is_enabled: bool) {
        self.pages.send_if_modified(|pages| {
            let key = (bot, id.to_owned());
            if is_enabled {
                pages.ended_connections.remove(&key)
            } else {
                pages.ended_connections.insert(key)
            };
            false
        });
    }

    /// Whether a business account has sent the bot away.
    pub(super) fn is_connection_ended(&self, bot: BotId, id: &str) -> bool {
        self.pages.borrow().ended_connections.contains(&(bot, id.to_owned()))
    }
}

impl Pages {
    fn messages(&self, bot: BotId, chat: ChatId) -> Vec<ChatMessage> {
        let messages = self.chats.get(&(bot, chat)).into_iter().flatten();
        messages.map(|(_, message)| ChatMessage::clone(message)).collect()
    }

    fn forget_oldest(&mut self) {
        let Some((bot, chat, number)) = self.oldest_first.pop_front() else {
            return;
        };
        if let Some(messages) = self.chats.get_mut(&(bot, chat)) {
            messages.remove(&number);
            if messages.is_empty() {
                self.chats.remove(&(bot, chat));
                self.profiles.remove(&(bot, chat));
            }
        }
    }
}

/// Telegram numbers users above 0, basic groups below, and supergroups and channels further
/// down, from here on.
const FIRST_SUPERGROUP: i64 = -1_000_000_000_000;

/// What kind of chat has a number like this.
pub(super) fn chat_type(ChatId(id): ChatId) -> &'static str {
    if id > 0 {
        "private"
    } else if id > FIRST_SUPERGROUP {
        "group"
    } else {
        "supergroup"
    }
}
