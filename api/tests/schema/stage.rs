//! A desk with a sandbox, and agents who send operations to it.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use api::SignedIn;
use api::schema::Schema;
use async_graphql::{Request, Variables};
use desk::event::Dispatcher;
use desk::intake::{Decode, Decoded, Update};
use desk::keys::SecretKey;
use desk::message::Incoming;
use desk::open::{Settings, Sharing};
use desk::{Clock, Credential, Desk};
use domain::customer::Profile;
use domain::message::Content;
use domain::{ChatId, CustomerKind, Direction, ProjectId, Role, TelegramUserId, Time, WorkspaceRole};
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::{CancellationToken, DropGuard};

pub const EMAIL: &str = "admin@example.com";
pub const PASSWORD: &str = "correct horse battery staple";

/// How long any test waits for what must happen.
const PATIENCE: Duration = Duration::from_secs(10);

/// A clock that goes on by one second whenever it is asked, so that no two things happen at the same time.
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> Time {
        Time::from_timestamp(self.0.fetch_add(1, Ordering::SeqCst), 0).unwrap()
    }
}

/// A desk that was just set up, with one sandbox.
pub struct Stage {
    pub desk: Desk,
    pub schema: Schema,
    pub project: ProjectId,
    /// The global id of the project.
    pub project_id: String,
    updates: AtomicI64,
    dispatcher: Option<DropGuard>,
    _directory: TempDir,
}

impl Stage {
    pub async fn open() -> Self {
        let mut stage = Self::open_quietly().await;
        let stop = CancellationToken::new();
        tokio::spawn(Dispatcher::new(stage.desk.clone()).run(stop.clone()));
        stage.dispatcher = Some(stop.drop_guard());
        stage
    }

    /// Without the dispatcher of events, which asks the database for them.
    pub async fn open_quietly() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", directory.path().join("desk.db").display());
        let settings = Settings {
            database_url: &url,
            sharing: Sharing::Exclusive,
            secret: &SecretKey::generate(),
            previous_secret: None,
            clock: Arc::new(Ticking(AtomicI64::new(1_790_000_000))),
        };
        let (desk, _) = Desk::open(settings).await.unwrap();
        desk.set_up(EMAIL, Some(PASSWORD)).await.unwrap();
        let schema = api::schema::build(desk.clone(), true);
        let project = desk.admin_projects().await.unwrap()[0].id;
        let mut stage = Self {
            desk,
            schema,
            project,
            project_id: String::new(),
            updates: AtomicI64::new(1),
            dispatcher: None,
            _directory: directory,
        };
        let projects = stage.admin().await.data("{ projects(first: 1) { nodes { id } } }", json!({})).await;
        stage.project_id = projects["projects"]["nodes"][0]["id"].as_str().unwrap().to_owned();
        stage
    }

    /// Nobody in particular.
    pub fn anonymous(&self) -> Client {
        Client { schema: self.schema.clone(), sign_in: None }
    }

    /// The administrator.
    pub async fn admin(&self) -> Client {
        self.sign_in(EMAIL).await
    }

    /// An agent with a role in the sandbox, or with none.
    pub async fn agent(&self, email: &str, role: Option<Role>) -> Client {
        self.desk.admin_agent_create(email, "Agent", PASSWORD, WorkspaceRole::Member).await.unwrap();
        if let Some(role) = role {
            self.desk.admin_agent_assign(email, self.project, role).await.unwrap();
        }
        self.sign_in(email).await
    }

    async fn sign_in(&self, email: &str) -> Client {
        let grant = self
            .desk
            .sign_in(Ipv4Addr::LOCALHOST.into(), email, PASSWORD)
            .await
            .map_err(|_| "the sign-in was refused")
            .unwrap();
        let (credential, _) = self.desk.verify_access_token(&grant.access_token).unwrap();
        Client { schema: self.schema.clone(), sign_in: Some(credential) }
    }

    /// A customer writes to the sandbox; when this returns the message is in its session.
    pub async fn customer_writes(&self, user: i64, text: &str) {
        let update_id = self.updates.fetch_add(1, Ordering::SeqCst);
        let raw = json!({ "user": user, "number": update_id, "text": text }).to_string();
        let update = Update { update_id, chat_id: ChatId(user), user_id: None, kind: "message".to_owned(), raw };
        self.desk.store_updates(self.project, vec![update]).await.unwrap();
        while self.desk.work_off_updates(&Plain).await.unwrap() > 0 {}
    }

    /// The global ids of the sessions of the sandbox, oldest first.
    pub async fn session_ids(&self) -> Vec<String> {
        let query =
            "query($id: ID!) { sessions(projectId: $id, first: 100, orderBy: { field: CREATED_AT, direction: ASC }) {
            nodes { id } } }";
        let data = self.admin().await.data(query, json!({ "id": self.project_id })).await;
        let nodes = data["sessions"]["nodes"].as_array().unwrap();
        nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect()
    }

    /// A project on Telegram, without a token that works.
    pub async fn real_project(&self) -> String {
        let admin = self.admin().await;
        let input = json!({ "name": "Real", "botToken": "4242:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw" });
        let query = "mutation($input: ProjectCreateInput!) { projectCreate(input: $input) { project { id } } }";
        let data = admin.data(query, json!({ "input": input })).await;
        data["projectCreate"]["project"]["id"].as_str().unwrap().to_owned()
    }
}

/// Understands the updates of the stage.
struct Plain;

impl Decode for Plain {
    fn decode(&self, raw: &str) -> Result<Decoded, String> {
        let update: Value = serde_json::from_str(raw).map_err(|error| error.to_string())?;
        let user = update["user"].as_i64().ok_or("no user")?;
        Ok(Decoded::Message(Box::new(Incoming {
            chat_id: ChatId(user),
            customer: Profile {
                kind: CustomerKind::Person,
                telegram_user_id: TelegramUserId(user),
                name: format!("Customer {user}"),
                username: None,
                language_code: None,
            },
            telegram_message_id: update["number"].as_i64().ok_or("no number")?,
            kind: "text".to_owned(),
            text: update["text"].as_str().ok_or("no text")?.to_owned(),
            entities: None,
            reply_to: None,
            sent_at: None,
            direction: Direction::Inbound,
            album_id: None,
            content: Content::default(),
        })))
    }
}

/// Somebody who sends operations.
#[derive(Clone)]
pub struct Client {
    schema: Schema,
    sign_in: Option<Credential>,
}

impl Client {
    fn request(&self, query: &str, variables: Value) -> Request {
        let request = Request::new(query).variables(Variables::from_json(variables));
        match self.sign_in {
            Some(credential) => request.data(SignedIn::new(credential)),
            None => request,
        }
    }

    /// What is answered: `data` and `errors`.
    pub async fn answer(&self, query: &str, variables: Value) -> Value {
        let (schema, request) = (self.schema.clone(), self.request(query, variables));
        let response = tokio::spawn(async move { schema.execute(request).await }).await.unwrap();
        serde_json::to_value(response).unwrap()
    }

    /// The data of an answer without errors.
    pub async fn data(&self, query: &str, variables: Value) -> Value {
        let answer = self.answer(query, variables).await;
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
        answer["data"].clone()
    }

    /// The code of the first error of an answer.
    pub async fn code(&self, query: &str, variables: Value) -> String {
        let answer = self.answer(query, variables).await;
        answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("{query}\n{answer:#}")).to_owned()
    }

    /// Calls a mutation by its name. `selection` is what to show of the payload beside the user errors.
    pub async fn mutate(&self, mutation: &str, selection: &str, input: Value) -> Value {
        let input_type = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let query = format!(
            "mutation($input: {input_type}!) {{ {mutation}(input: $input) {{ {selection} userErrors {{ code path message }} }} }}"
        );
        self.data(&query, json!({ "input": input })).await[mutation].clone()
    }

    /// The only user error of a mutation: its code and its path.
    pub async fn refusal(&self, mutation: &str, input: Value) -> (String, String) {
        let payload = self.mutate(mutation, "", input).await;
        let errors = payload["userErrors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{mutation}: {payload:#}");
        let path = errors[0]["path"].as_array().unwrap().iter().map(|segment| segment.as_str().unwrap());
        (errors[0]["code"].as_str().unwrap().to_owned(), path.collect::<Vec<_>>().join("."))
    }

    /// Follows a subscription.
    pub fn subscribe(&self, query: &str, variables: Value) -> Events {
        Events(
            self.schema
                .execute_stream(self.request(query, variables))
                .map(|event| serde_json::to_value(event).unwrap())
                .boxed(),
        )
    }
}

/// The events of a subscription.
pub struct Events(BoxStream<'static, Value>);

impl Events {
    /// The next answer, with `data` and `errors`; nothing at the end.
    pub async fn answer(&mut self) -> Option<Value> {
        tokio::time::timeout(PATIENCE, self.0.next()).await.expect("nothing happened for too long")
    }

    /// The only field of the next event.
    pub async fn next(&mut self) -> Value {
        let answer = self.answer().await.expect("the subscription ended");
        assert!(answer.get("errors").is_none(), "{answer:#}");
        answer["data"].as_object().unwrap().values().next().unwrap().clone()
    }
}
