//! A desk with a sandbox, on a clock that can be moved.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use desk::intake::Decode;
use desk::keys::SecretKey;
use desk::message::NewReply;
use desk::open::Sharing;
use desk::project::NewProject;
use desk::{Actor, Clock, Desk, PageRequest, SystemClock};
use domain::filter::{SessionFilter, SessionOrder, SessionOrderField};
use domain::{Customer, Message, ProjectId, Session, SessionId, Time};
use store::Store;
use tests::{Database, Engine, Sql, Template};
use tokio::time::timeout;

use crate::letters::{Letters, letter};

/// Longer than anything takes that is not stuck.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub const EMAIL: &str = "admin@example.com";
const PASSWORD: &str = "correct horse battery staple";

/// The clock of the machine, moved forward.
#[derive(Default)]
pub struct MovedClock(AtomicI64);

impl MovedClock {
    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_microseconds().unwrap(), Ordering::SeqCst);
    }
}

impl Clock for MovedClock {
    fn now(&self) -> Time {
        SystemClock.now() + TimeDelta::microseconds(self.0.load(Ordering::SeqCst))
    }
}

pub struct Stage {
    pub desk: Desk,
    pub clock: Arc<MovedClock>,
    pub actor: Arc<Actor>,
    pub database: Database,
    secret: SecretKey,
}

impl Stage {
    pub async fn new(engine: Engine) -> Self {
        Self::on(MIGRATED.database(engine, migrate).await).await
    }

    pub async fn on(database: Database) -> Self {
        let (clock, secret) = (Arc::new(MovedClock::default()), SecretKey::generate());
        let desk = open(&database, &secret, &clock).await;
        desk.set_up(EMAIL, Some(PASSWORD)).await.unwrap();
        let grant = desk.sign_in(Ipv4Addr::LOCALHOST.into(), EMAIL, PASSWORD).await.unwrap();
        let (credential, _) = desk.verify_access_token(&grant.access_token).unwrap();
        let actor = desk.actor(credential).await.unwrap();
        Self { desk, clock, actor, database, secret }
    }

    /// The desk as another process has it, which knows nothing yet.
    pub async fn another_process(&self) -> Desk {
        open(&self.database, &self.secret, &self.clock).await
    }

    pub async fn project(&self) -> ProjectId {
        let new = NewProject { name: "Support".to_owned(), bot_token: None, sandbox: true, idempotency_key: None };
        self.desk.project_create(&self.actor, &new).await.unwrap().id
    }

    /// A customer writes, and the desk takes it in; answers the session.
    pub async fn hear(&self, project: ProjectId, number: i64, customer: i64, text: &str) -> Session {
        self.desk.store_updates(project, vec![letter(number, customer, text)]).await.unwrap();
        self.work_off(&Letters).await;
        self.sessions(project).await.pop().unwrap()
    }

    /// Works off everything that is due.
    pub async fn work_off(&self, decode: &dyn Decode) {
        while self.desk.work_off_updates(decode).await.unwrap() > 0 {}
    }

    pub async fn reply(&self, session: SessionId, text: &str) -> Message {
        self.desk.message_send(&self.actor, &NewReply::text(session, text)).await.unwrap().remove(0)
    }

    /// The messages of a session, oldest first.
    pub async fn messages(&self, session: SessionId) -> Vec<Message> {
        let page = PageRequest { first: Some(100), after: None, last: None, before: None, counted: false };
        let messages = self.desk.messages(&self.actor, session, page).await.unwrap();
        messages.edges.into_iter().map(|edge| edge.node).collect()
    }

    /// The customer of a session.
    pub async fn customer(&self, session: &Session) -> Customer {
        self.desk.customers_by_id(&self.actor, &[session.customer_id]).await.unwrap().pop().unwrap()
    }

    pub async fn message(&self, message: &Message) -> Message {
        self.desk.messages_by_id(&self.actor, &[message.id]).await.unwrap().pop().unwrap()
    }

    /// The sessions of a project, oldest first.
    pub async fn sessions(&self, project: ProjectId) -> Vec<Session> {
        let order = SessionOrder { field: SessionOrderField::CreatedAt, descending: false };
        let page = PageRequest { first: Some(100), after: None, last: None, before: None, counted: false };
        let everything = SessionFilter::All(Vec::new());
        let sessions = self.desk.sessions(&self.actor, project, &everything, order, page).await.unwrap();
        sessions.edges.into_iter().map(|edge| edge.node).collect()
    }

    pub async fn session(&self, id: SessionId) -> Session {
        self.desk.session(&self.actor, id).await.unwrap().unwrap()
    }

    /// Counts the rows of a table that meet a condition.
    pub async fn count(&self, of: &str) -> i64 {
        Sql::connect(&self.database).await.unwrap().number(&format!("SELECT count(*) {of}")).await.unwrap()
    }

    /// Runs statements past the desk, as somebody else with the database would.
    pub async fn tamper(&self, statements: &str) {
        Sql::connect(&self.database).await.unwrap().execute(statements).await.unwrap();
    }
}

/// What the databases of most tests begin with: the tables, and nothing yet of a desk.
static MIGRATED: Template = Template::new();

async fn migrate(database: &Database) {
    Store::open(database.url(), Sharing::Shared).await.unwrap();
}

async fn open(database: &Database, secret: &SecretKey, clock: &Arc<MovedClock>) -> Desk {
    let settings = desk::open::Settings {
        database_url: database.url(),
        sharing: Sharing::Shared,
        secret,
        previous_secret: None,
        clock: clock.clone(),
    };
    Desk::open(settings).await.unwrap().0
}

/// Waits until something is found.
pub async fn eventually<T>(mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let look_again = async {
        loop {
            match look().await {
                Some(found) => return found,
                None => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    };
    timeout(PATIENCE, look_again).await.unwrap()
}
