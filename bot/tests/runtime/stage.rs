//! What a test plays on: a desk with one bot, and the Bot API that the bot is at.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use bot::fake::{CustomerMessage, FakeBotApi, Fault, FaultScope, Repeat, Said};
use bot::telegram::Token;
use bot::{Pace, Runtime, Settings};
use chrono::DateTime;
use desk::keys::SecretKey;
use desk::message::NewReply;
use desk::open::Sharing;
use desk::{Actor, Desk, PageRequest, SystemClock};
use domain::filter::{SessionFilter, SessionOrder, SessionOrderField};
use domain::{ChatId, Delivery, DeliveryState, Direction, Message, MessageId, ProjectId, SessionId, TelegramUserId};
use tests::{Database, Engine};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How long a test waits for what must come. Far longer than it takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The customer of these tests.
pub const ADA: i64 = 7_000_000_001;

const EMAIL: &str = "admin@example.com";
const PASSWORD: &str = "correct horse battery staple";

/// A desk with one bot, and the Bot API that the bot is at.
pub struct Stage {
    pub desk: Desk,
    pub api: FakeBotApi,
    pub actor: Arc<Actor>,
    pub project: ProjectId,
    pub token: Token,
    pub database: Database,
}

/// A front door that is open.
pub struct Running {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

/// A bot token as BotFather would give it.
pub fn token(bot: i64, variant: char) -> Token {
    format!("{bot}:{}", String::from(variant).repeat(35)).parse().expect("a token")
}

impl Stage {
    pub async fn new() -> Self {
        Self::on(Engine::Sqlite).await
    }

    pub async fn on(engine: Engine) -> Self {
        let database = Database::new(engine).await;
        let (desk, _) = Desk::open(desk::open::Settings {
            database_url: database.url(),
            sharing: Sharing::Exclusive,
            secret: &SecretKey::generate(),
            previous_secret: None,
            clock: Arc::new(SystemClock),
        })
        .await
        .expect("a desk");
        desk.set_up(EMAIL, Some(PASSWORD)).await.expect("a first start");
        let token = token(1001, 'a');
        let project = desk.set_up_bot(token.expose_secret()).await.expect("a project").id;
        let grant = desk.sign_in(Ipv4Addr::LOCALHOST.into(), EMAIL, PASSWORD).await.expect("an administrator");
        let (credential, _) = desk.verify_access_token(&grant.access_token).expect("a good token");
        let actor = desk.actor(credential).await.expect("an actor");

        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let api = FakeBotApi::builder().bot(token.clone()).start(listener).expect("a fake Bot API");
        Self { desk, api, actor, project, token, database }
    }

    /// Settings for this Bot API, without the pauses that spare the real one.
    pub fn settings(&self) -> Settings {
        Settings {
            telegram_api_url: self.api.api_url().to_owned(),
            pace: Pace {
                chat_interval: Duration::from_millis(1),
                chat_burst: 1_000,
                bot_per_second: 1_000,
                ..Pace::default()
            },
            ..Settings::default()
        }
    }

    pub async fn run(&self) -> Running {
        self.run_with(self.settings()).await
    }

    pub async fn run_with(&self, settings: Settings) -> Running {
        Running::start(self.runtime(settings).await)
    }

    pub async fn runtime(&self, settings: Settings) -> Runtime {
        Runtime::new(self.desk.clone(), settings).await.expect("a front door")
    }

    /// The customer writes to the bot.
    pub async fn hear(&self, customer: i64, text: &str) -> Said {
        let said = self.api.customer_says(self.token.bot_id(), customer_message(customer, text));
        said.await.expect("memory is available")
    }

    /// The customer writes and the desk knows it; answers the session.
    pub async fn hear_and_open(&self, customer: i64, text: &str) -> SessionId {
        self.hear(customer, text).await;
        self.message(customer, text).await.session_id
    }

    /// An agent answers.
    pub async fn reply(&self, session_id: SessionId, text: &str) -> MessageId {
        let sent = self.desk.message_send(&self.actor, &NewReply::text(session_id, text)).await.expect("an answer");
        sent[0].id
    }

    /// Waits until the desk has a message of the customer.
    pub async fn message(&self, customer: i64, text: &str) -> Message {
        let is_it = |message: &Message| message.direction == Direction::Inbound && message.text == text;
        self.eventually(async || self.messages_with(customer).await.into_iter().find(is_it)).await
    }

    /// Waits until a message's delivery has got this far.
    pub async fn delivery(&self, id: MessageId, state: DeliveryState) -> Delivery {
        self.eventually(async || {
            let messages = self.desk.messages_by_id(&self.actor, &[id]).await.expect("a database");
            let delivery = messages.into_iter().next().and_then(|message| message.delivery);
            delivery.filter(|delivery| delivery.state == state)
        })
        .await
    }

    /// Every message with a customer in this project, oldest first.
    pub async fn messages_with(&self, customer: i64) -> Vec<Message> {
        self.messages_in(self.project, customer).await
    }

    /// Every message with a customer in a project, oldest first.
    pub async fn messages_in(&self, project: ProjectId, customer: i64) -> Vec<Message> {
        let order = SessionOrder { field: SessionOrderField::CreatedAt, descending: false };
        let everything = SessionFilter::All(Vec::new());
        let sessions = self.desk.sessions(&self.actor, project, &everything, order, first_page()).await;
        let mut messages = Vec::new();
        for session in sessions.expect("a database").edges {
            let page = self.desk.messages(&self.actor, session.node.id, first_page()).await.expect("a database");
            messages.extend(page.edges.into_iter().map(|edge| edge.node));
        }
        messages.retain(|message| message.chat_id == ChatId(customer));
        messages
    }

    /// The texts that the customer got, as the Bot API accepted them.
    pub fn received(&self, customer: i64) -> Vec<String> {
        self.api.ledger().texts_to(ChatId(customer)).into_iter().map(str::to_owned).collect()
    }

    /// The next sends of messages go wrong.
    pub fn next_sends(&self, fault: Fault, times: u32) {
        self.api.inject(FaultScope::method("sendMessage"), fault, Repeat::Times(times));
    }

    /// Waits for the desk to get into a state, looking whenever something was committed.
    pub async fn eventually<T>(&self, mut look: impl AsyncFnMut() -> Option<T>) -> T {
        let mut rings = self.desk.bell().listen();
        let wait = async {
            loop {
                if let Some(found) = look().await {
                    return found;
                }
                rings.changed().await.expect("the desk lives");
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.expect("it comes in time")
    }
}

impl Running {
    pub fn start(runtime: Runtime) -> Self {
        let stop = CancellationToken::new();
        let task = tokio::spawn(runtime.run(stop.clone()));
        Self { stop, task }
    }

    /// Stops it as a signal to the process does.
    pub async fn stop(self) {
        self.stop.cancel();
        tokio::time::timeout(PATIENCE, self.task).await.expect("it stops in time").expect("it stops without a panic");
    }

    /// Ends it as a crash does: nothing is settled and no lease given up.
    pub async fn crash(self) {
        self.task.abort();
        assert!(self.task.await.is_err_and(|error| error.is_cancelled()));
    }
}

pub fn customer_message(customer: i64, text: &str) -> CustomerMessage {
    CustomerMessage {
        telegram_user_id: TelegramUserId(customer),
        name: "Ada".to_owned(),
        username: None,
        language_code: Some("en".to_owned()),
        text: text.to_owned(),
        date: DateTime::from_timestamp(1_767_225_600, 0).expect("a date"),
    }
}

fn first_page<K>() -> PageRequest<K> {
    PageRequest { first: Some(100), after: None, last: None, before: None, counted: false }
}
