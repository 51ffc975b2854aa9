//! A store with the few rows that most tests need.

use std::ops::Deref;

use domain::customer::Profile;
use domain::event::{Cause, NewEvent};
use domain::message::{Content, Thread};
use domain::{
    Agent, AgentId, ChatId, Customer, CustomerKind, Direction, EventKind, Project, Session, TelegramUserId, Time,
    WorkspaceId, WorkspaceRole,
};
use store::agents::NewAgent;
use store::messages::NewMessage;
use store::projects::NewProject;
use store::sessions::NewSession;
use store::{Sharing, Store, Tx};
use tests::{Database, Engine, Template};

/// A time so many microseconds after an arbitrary one.
pub fn at(micros: i64) -> Time {
    Time::from_timestamp_micros(1_800_000_000_000_000 + micros).unwrap()
}

/// What the databases of most tests begin with: the tables of this build.
static MIGRATED: Template = Template::new();

async fn migrate(database: &Database) {
    open(database).await;
}

/// One more handle of a database, as another process has it.
pub async fn open(database: &Database) -> Store {
    Store::open(database.url(), Sharing::Shared).await.unwrap().0
}

/// A store with one workspace and one project.
pub struct Fixture {
    pub store: Store,
    pub workspace: WorkspaceId,
    pub project: Project,
    pub database: Database,
}

impl Deref for Fixture {
    type Target = Store;
    fn deref(&self) -> &Store {
        &self.store
    }
}

impl Fixture {
    pub async fn new(engine: Engine) -> Self {
        let database = MIGRATED.database(engine, migrate).await;
        let store = open(&database).await;
        let mut tx = store.begin().await.unwrap();
        let workspace = tx.insert_workspace("Acme", at(0)).await.unwrap();
        let project = insert_project(&mut tx, workspace).await;
        tx.commit().await.unwrap();
        Self { store, workspace, project, database }
    }

    /// A further project of the workspace.
    pub async fn project(&self) -> Project {
        let mut tx = self.begin().await.unwrap();
        let project = insert_project(&mut tx, self.workspace).await;
        tx.commit().await.unwrap();
        project
    }

    /// A new agent.
    pub async fn agent(&self, email: &str) -> AgentId {
        let mut tx = self.begin().await.unwrap();
        let agent = insert_agent(&mut tx, self.workspace, email).await.unwrap();
        tx.commit().await.unwrap();
        agent.id
    }

    /// A new customer with their first session, in the first project.
    pub async fn session(&self, user: i64, created_at: Time) -> Session {
        let mut tx = self.begin().await.unwrap();
        let customer = insert_customer(&mut tx, &self.project, user).await.unwrap();
        let session = insert_session(&mut tx, &customer, created_at).await.unwrap();
        tx.commit().await.unwrap();
        session
    }
}

async fn insert_project(tx: &mut Tx, workspace_id: WorkspaceId) -> Project {
    let new = NewProject { workspace_id, name: "Support".to_owned(), sandbox: false, bot_id: None, created_at: at(0) };
    tx.insert_project(&new).await.unwrap()
}

pub async fn insert_agent(tx: &mut Tx, workspace_id: WorkspaceId, email: &str) -> store::Result<Agent> {
    tx.insert_agent(&NewAgent {
        workspace_id,
        email: email.to_owned(),
        name: "Ada".to_owned(),
        password_hash: "hash".to_owned(),
        workspace_role: WorkspaceRole::Member,
        created_at: at(0),
    })
    .await
}

pub async fn insert_customer(tx: &mut Tx, project: &Project, user: i64) -> store::Result<Customer> {
    let profile = Profile {
        kind: CustomerKind::Person,
        telegram_user_id: TelegramUserId(user),
        name: "Kim".to_owned(),
        username: None,
        language_code: None,
    };
    tx.insert_customer(project.id, ChatId(user), &profile, at(0)).await
}

pub async fn insert_session(tx: &mut Tx, customer: &Customer, created_at: Time) -> store::Result<Session> {
    let number = tx.next_session_number(customer.project_id).await?;
    tx.insert_session(&NewSession {
        project_id: customer.project_id,
        number,
        customer_id: customer.id,
        chat_id: customer.chat_id,
        thread: Thread::default(),
        created_at,
    })
    .await
}

/// A message of a customer.
pub fn message(session: &Session, text: &str, telegram_message_id: Option<i64>) -> NewMessage {
    NewMessage {
        project_id: session.project_id,
        session_id: session.id,
        customer_id: session.customer_id,
        chat_id: ChatId(1),
        direction: Direction::Inbound,
        kind: "text".to_owned(),
        text: text.to_owned(),
        entities: None,
        author_id: None,
        reply_to_id: None,
        telegram_message_id,
        delivery: None,
        content: Content::default(),
        album_id: None,
        created_at: at(0),
    }
}

/// An event of a session; `mark` is its time, by which the test knows it again.
pub fn event(session: &Session, mark: i64) -> NewEvent {
    NewEvent {
        project_id: session.project_id,
        kind: EventKind::SessionUpdated,
        session_id: session.id,
        customer_id: session.customer_id,
        message_id: None,
        ticket: None,
        clock_id: None,
        todo_id: None,
        cause: Cause::Viewed,
        at: at(mark),
        audience_before: None,
    }
}
