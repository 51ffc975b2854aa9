//! Updates that mean whatever a test wants them to mean.

use std::sync::Mutex;

use desk::intake::{Decode, Decoded, Press, Reachability, ReactionChange, Reactions, Update};
use desk::message::Incoming;
use domain::customer::Profile;
use domain::message::{Content, Thread};
use domain::{ChatId, CustomerKind, Direction, Message, ProjectId, Session, TelegramUserId, Time};

use crate::stage::Stage;

/// A project whose Telegram is played by a test.
pub struct Play {
    pub stage: Stage,
    pub project: ProjectId,
    meanings: Mutex<Vec<Decoded>>,
}

impl Play {
    pub async fn on(stage: Stage) -> Self {
        let project = stage.project().await;
        Self { stage, project, meanings: Mutex::default() }
    }

    /// An update that keeps the order of a chat, not stored yet.
    pub fn update(&self, chat: i64, meaning: Decoded) -> Update {
        let mut meanings = self.meanings.lock().unwrap();
        meanings.push(meaning);
        let number = meanings.len();
        Update {
            update_id: i64::try_from(number).unwrap(),
            chat_id: ChatId(chat),
            user_id: None,
            kind: "message".to_owned(),
            raw: number.to_string(),
        }
    }

    /// Stores updates without working them off.
    pub async fn store(&self, updates: Vec<Update>) {
        self.stage.desk.store_updates(self.project, updates).await.unwrap();
    }

    pub async fn work_off(&self) {
        self.stage.work_off(self).await;
    }

    /// An update arrives and is worked off.
    pub async fn arrives(&self, chat: i64, meaning: Decoded) {
        self.store(vec![self.update(chat, meaning)]).await;
        self.work_off().await;
    }

    pub async fn says(&self, incoming: Incoming) {
        self.arrives(incoming.chat_id.0, message(incoming)).await;
    }

    /// The only session there is.
    pub async fn session(&self) -> Session {
        let mut sessions = self.stage.sessions(self.project).await;
        assert_eq!(sessions.len(), 1, "{sessions:?}");
        sessions.pop().unwrap()
    }

    /// The messages of the only session there is.
    pub async fn messages(&self) -> Vec<Message> {
        self.stage.messages(self.session().await.id).await
    }

    pub async fn message(&self) -> Message {
        let mut messages = self.messages().await;
        assert_eq!(messages.len(), 1, "{messages:?}");
        messages.pop().unwrap()
    }

    /// How many events of a kind and cause there are.
    pub async fn events(&self, kind: &str, cause: &str) -> i64 {
        self.stage.count(&format!("FROM events WHERE kind = '{kind}' AND cause = '{cause}'")).await
    }
}

impl Decode for Play {
    fn decode(&self, raw: &str) -> Result<Decoded, String> {
        Ok(self.meanings.lock().unwrap()[raw.parse::<usize>().unwrap() - 1].clone())
    }
}

/// So many seconds into the play, by Telegram's clock.
pub fn at(second: i64) -> Time {
    Time::from_timestamp(1_800_000_000 + second, 0).unwrap()
}

pub fn person(number: i64) -> Profile {
    Profile {
        kind: CustomerKind::Person,
        telegram_user_id: TelegramUserId(number),
        name: "Kim".to_owned(),
        username: None,
        language_code: None,
    }
}

pub fn group(number: i64) -> Profile {
    Profile { kind: CustomerKind::Group, name: "The club".to_owned(), ..person(number) }
}

/// A text in the private chat of a customer.
pub fn text(customer: i64, number: i64, text: &str) -> Incoming {
    Incoming {
        chat_id: ChatId(customer),
        customer: if customer < 0 { group(customer) } else { person(customer) },
        direction: Direction::Inbound,
        telegram_message_id: number,
        sent_at: None,
        kind: "text".to_owned(),
        text: text.to_owned(),
        entities: None,
        reply_to: None,
        album_id: None,
        content: Content::default(),
    }
}

pub fn message(incoming: Incoming) -> Decoded {
    Decoded::Message(Box::new(incoming))
}

pub fn edit(incoming: Incoming) -> Decoded {
    Decoded::Edit(Box::new(incoming))
}

pub fn reaction(chat: i64, number: i64, telegram_id: i64, emoji: &[&str]) -> Decoded {
    Decoded::Reaction(ReactionChange {
        chat_id: ChatId(chat),
        thread: Thread::default(),
        telegram_message_id: number,
        reactions: Reactions::Of { telegram_id, emoji: emoji.iter().map(ToString::to_string).collect() },
    })
}

pub fn reachable(customer: i64, reachable: bool, second: i64) -> Decoded {
    let profile = person(customer);
    Decoded::Reachability(Reachability { profile, chat_id: ChatId(customer), reachable, at: at(second) })
}

pub fn press(customer: i64, data: &str, message: i64) -> Press {
    Press {
        callback_id: format!("callback {data}"),
        profile: person(customer),
        chat_id: Some(ChatId(customer)),
        thread: Thread::default(),
        telegram_message_id: Some(message),
        data: Some(data.to_owned()),
    }
}
