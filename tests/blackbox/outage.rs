//! The database is away for a while: requests are refused and can be repeated, nothing is lost, and afterwards everything
//! goes on in order by itself.

use std::path::Path;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::ingress::Ingress;
use tests::postgres::Cluster;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Client, Database, Engine, Server, SqliteWriteLock, TcpProxy, eventually, on_both_engines};

use crate::stage::{
    BINARY, PATIENCE, Reader, Telegram, messages, project_called, send, texts, try_send, until_session, until_settled,
    until_written,
};

on_both_engines! {
    async fn nothing_is_lost_while_the_database_is_away(engine: Engine) {
        let database = Database::new(engine).await;
        let Some(postgres) = database.on_postgres() else {
            return nothing_is_lost_while_the_file_cannot_be_written(&database).await;
        };
        let network = TcpProxy::start(postgres.address()).await;
        let story = Story::begin(&postgres.url_by_way_of(network.address())).await;
        network.cut();
        story.goes_on_without_the_database().await;
        network.restore();
        story.ends_well().await;
    }
}

/// Somebody else keeps a transaction open on the file for longer than the desk waits.
async fn nothing_is_lost_while_the_file_cannot_be_written(database: &Database) {
    let story = Story::begin(database.url()).await;
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
    let mut cluster = Cluster::builder().start().await.expect("a private cluster is how the shared one is made");
    let database = cluster.create_database().await;
    let story = Story::begin(database.url()).await;
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
    let story = Story::begin(&postgres.url_by_way_of(network.address())).await;
    network.pause();
    story.telegram.customer_writes(7, "during the outage").await;
    let sending = tokio::spawn(story.send("sent during the outage"));
    // How long the moment is does not matter, only that something is under way in it.
    eventually(PATIENCE, || async { (story.ingress.passages().len() > 1).then_some(()) }).await;
    network.restore();
    let response = sending.await.expect("the request does not panic").expect("the request is answered");
    assert_eq!(response.errors, [Value::Null; 0], "{response:?}");
    story.ends_well().await;
}

/// A desk on a database that is about to be away, with a customer, an agent and a reader.
struct Story {
    telegram: Telegram,
    ingress: Ingress,
    server: Server,
    admin: Client,
    project: String,
    session: String,
    /// Where a reader of the events stopped before the outage.
    cursor: String,
}

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
        let cursor = reader.cursor().to_owned();
        Self { telegram, ingress, server, admin, project, session, cursor }
    }

    fn send(&self, text: &str) -> impl Future<Output = reqwest::Result<tests::graphql::Response>> + Send + use<> {
        let input = json!({ "sessionId": self.session, "text": text, "idempotencyKey": text });
        let client = self.admin.clone();
        async move { try_send(&client, input).await }
    }

    /// Customers go on writing, agents are told to try again later, and the webhook is told so, too.
    async fn goes_on_without_the_database(&self) {
        for text in ["during the outage", "still during the outage"] {
            self.telegram.customer_writes(7, text).await;
        }
        let refused = self.send("sent during the outage").await.expect("the server is there");
        assert_eq!(refused.error_codes(), ["UNAVAILABLE"], "{refused:?}");
        let told = || {
            let mut answers = self.ingress.passages().into_iter().filter_map(|passage| passage.answer);
            answers.any(|answer| answer == StatusCode::SERVICE_UNAVAILABLE)
        };
        eventually(PATIENCE, || async { told().then_some(()) }).await;
    }

    /// Everything that was said is there, in order and once; the events tell of all of it.
    async fn ends_well(self) {
        let sent = json!({ "sessionId": self.session, "text": "sent during the outage", "idempotencyKey": "sent during the outage" });
        let sent_again = || async {
            let response = try_send(&self.admin, sent.clone()).await.map_err(|error| error.to_string())?;
            if response.errors.is_empty() { Ok(()) } else { Err(response.body) }
        };
        eventually(PATIENCE, sent_again).await;
        self.telegram.customer_writes(7, "after the outage").await;
        let expected: &[&str] = match self.telegram.api.ledger().calls("never") {
            _ if self.was_long() => &["before the outage", "during the outage", "still during the outage", "after the outage"],
            _ => &["before the outage", "during the outage", "after the outage"],
        };
        assert_eq!(until_written(&self.admin, &self.project, 7, expected.len()).await, expected);
        assert_eq!(until_settled(&self.admin, &self.session, "sent during the outage").await["delivery"]["state"], "SENT");
        assert_eq!(self.telegram.received_by(7), ["sent during the outage"]);

        send(&self.admin, json!({ "sessionId": self.session, "text": "the end" })).await;
        let mut reader = Reader::after(&self.admin, &self.project, &self.cursor).await;
        let mut told = Vec::new();
        while told.last().is_none_or(|text| text != "the end") {
            let added = reader.until("MessageAdded", |_| true).await;
            told.push(added["message"]["text"].as_str().unwrap_or_default().to_owned());
        }
        let all = messages(&self.admin, &self.session).await;
        let all: Vec<_> = all.iter().map(|message| message["text"].as_str().unwrap_or_default()).collect();
        assert_eq!(told, all[1..]);
        drop(texts);
    }
}
