//! The database is away for a while: requests are refused and can be repeated, nothing is lost, and afterwards everything
//! goes on in order by itself.

use std::path::Path;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::graphql::Response;
use tests::ingress::Ingress;
use tests::postgres::{Cluster, Durability};
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Client, Database, Engine, Server, SqliteWriteLock, TcpProxy, eventually, on_both_engines};

use crate::stage::{
    BINARY, PATIENCE, Reader, Telegram, messages, project_called, try_send, until_session, until_settled, until_written,
};

const SERVICE_UNAVAILABLE: StatusCode = StatusCode::SERVICE_UNAVAILABLE;

on_both_engines! {
    async fn nothing_is_lost_while_the_database_is_away(engine: Engine) {
        let database = Database::new(engine).await;
        let Some(postgres) = database.on_postgres() else {
            return nothing_is_lost_while_the_file_cannot_be_written(&database).await;
        };
        let network = TcpProxy::start(postgres.address()).await;
        let mut story = Story::begin(&postgres.url_by_way_of(network.address())).await;
        network.cut();
        story.goes_on_without_the_database().await;
        network.restore();
        story.ends_well().await;
    }
}

/// Somebody else keeps a transaction open on the file for longer than the desk waits.
async fn nothing_is_lost_while_the_file_cannot_be_written(database: &Database) {
    let mut story = Story::begin(database.url()).await;
    let path = database.url().strip_prefix("sqlite://").expect("the database is a file");
    let lock = SqliteWriteLock::take(Path::new(path)).await;
    story.goes_on_without_the_database().await;
    drop(lock);
    story.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_while_the_database_server_starts_again() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let mut cluster = Cluster::builder()
        .durability(Durability::Full)
        .start()
        .await
        .expect("a private cluster is how the shared one is made");
    let database = cluster.create_database().await;
    let mut story = Story::begin(database.url()).await;
    cluster.stop_now().await;
    story.goes_on_without_the_database().await;
    cluster.start_again().await;
    story.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_swallows_everything_for_a_moment_only_delays() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let database = Database::new(Engine::Postgres).await;
    let postgres = database.on_postgres().expect("the database is on PostgreSQL");
    let network = TcpProxy::start(postgres.address()).await;
    let mut story = Story::begin(&postgres.url_by_way_of(network.address())).await;
    network.pause();
    story.customer_writes("during the outage").await;
    let sending = tokio::spawn(story.answer());
    // How long the moment is does not matter, only that something is under way in it.
    eventually(PATIENCE, || async { (story.ingress.passages().len() > 1).then_some(()) }).await;
    network.restore();
    let response = sending.await.expect("the request does not panic").expect("the request is answered");
    assert_eq!(response.errors, [Value::Null; 0], "{response:?}");
    story.ends_well().await;
}

/// A desk on a database that is about to be away, with a customer, an agent and a reader of the events.
struct Story {
    telegram: Telegram,
    ingress: Ingress,
    // Killed when the story is over.
    _server: Server,
    admin: Client,
    project: String,
    session: String,
    reader: Reader,
    said: Vec<&'static str>,
}

const ANSWER: &str = "an answer during the outage";

impl Story {
    async fn begin(database_url: &str) -> Self {
        let (telegram, ingress) = (Telegram::start().await, Ingress::start().await);
        let settings = telegram.settings(Server::builder(BINARY)).env("SWITCHBOARD_PUBLIC_URL", &ingress.url());
        let server = settings.env("SWITCHBOARD_LEASE_SECONDS", "1").database_url(database_url).start().await;
        ingress.lead_to(server.url());
        let admin = Client::sign_in(server.url(), ADMIN_EMAIL, ADMIN_PASSWORD).await;
        let project = project_called(&admin, "Telegram").await;
        let mut reader = Reader::from_now(&admin, &project).await;
        telegram.customer_writes(7, "before the outage").await;
        reader.until("MessageAdded", |_| true).await;
        let session = until_session(&admin, &project, 7).await;
        Self { telegram, ingress, _server: server, admin, project, session, reader, said: vec!["before the outage"] }
    }

    async fn customer_writes(&mut self, text: &'static str) {
        self.telegram.customer_writes(7, text).await;
        self.said.push(text);
    }

    /// The answer of the agent, under a key so that it can be repeated.
    fn answer(&self) -> impl Future<Output = reqwest::Result<Response>> + Send + use<> {
        let input = json!({ "sessionId": self.session, "text": ANSWER, "idempotencyKey": "key-1" });
        let client = self.admin.clone();
        async move { try_send(&client, input).await }
    }

    /// Customers go on writing. The agent is told to try again later, and so is Telegram.
    async fn goes_on_without_the_database(&mut self) {
        self.customer_writes("during the outage").await;
        self.customer_writes("still during the outage").await;
        let refused = self.answer().await.expect("the server is there");
        assert_eq!(refused.error_codes(), ["UNAVAILABLE"], "{refused:?}");
        let told_so = || self.ingress.passages().iter().any(|passage| passage.answer == Some(SERVICE_UNAVAILABLE));
        eventually(PATIENCE, || async { told_so().then_some(()) }).await;
    }

    /// Everything that was said is there, in order and once, and the events have told all of it.
    async fn ends_well(mut self) {
        let accepted = || async {
            let response = self.answer().await.map_err(|error| error.to_string())?;
            if response.errors.is_empty() { Ok(()) } else { Err(response.body) }
        };
        eventually(PATIENCE, accepted).await;
        assert_eq!(until_settled(&self.admin, &self.session, ANSWER).await["delivery"]["state"], "SENT");
        assert_eq!(self.telegram.received_by(7), [ANSWER]);

        self.customer_writes("after the outage").await;
        assert_eq!(until_written(&self.admin, &self.project, 7, self.said.len()).await, self.said);
        let messages = messages(&self.admin, &self.session).await;
        let mut told = 1;
        while told < messages.len() {
            let event = self.reader.next_in_spite_of_all(&self.admin).await;
            if event["__typename"] == "MessageAdded" {
                assert_eq!(event["message"]["id"], messages[told]["id"]);
                told += 1;
            }
        }
    }
}
