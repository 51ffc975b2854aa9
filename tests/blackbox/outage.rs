//! The database is away for a while: requests are refused and can be repeated, nothing is lost, and afterwards
//! everything goes on in order by itself.

use std::path::Path;
use std::time::Duration;

use bot::fake::Fault;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::graphql::Response;
use tests::ingress::Ingress;
use tests::postgres::{Cluster, Durability};
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Client, Database, Engine, Server, SqliteWriteLock, TcpProxy, eventually, on_both_engines};

use crate::stage::{
    BINARY, PATIENCE, Reader, Telegram, message_with_text, messages, migrated_database, project_called, reply,
    try_send, until_session, until_settled, until_written,
};

const UNAVAILABLE: StatusCode = StatusCode::SERVICE_UNAVAILABLE;
/// What the desk logs about updates that it has to ask for again.
const NOT_STORED: &str = "updates could not be stored";
/// What the desk logs about an answer of Telegram that it keeps in mind until it can be stored.
const NOT_SETTLED: &str = "the outcome of a call cannot be stored";

on_both_engines! {
    async fn nothing_is_lost_that_comes_by_webhook_while_the_database_is_away(engine: Engine) {
        let database = FragileDatabase::new(engine).await;
        let mut story = Story::begin(&database.url(), Intake::Webhook).await;
        let away = database.take_away().await;
        story.goes_on_without_the_database().await;
        let answers = || story.ingress.passages().into_iter().filter_map(|passage| passage.answer);
        eventually(PATIENCE, || async { answers().any(|answer| answer == UNAVAILABLE).then_some(()) }).await;
        drop(away);
        story.ends_well().await;
    }

    async fn nothing_is_lost_that_comes_by_polling_while_the_database_is_away(engine: Engine) {
        let database = FragileDatabase::new(engine).await;
        let mut story = Story::begin(&database.url(), Intake::Polling).await;
        let away = database.take_away().await;
        story.goes_on_without_the_database().await;
        drop(away);
        story.ends_well().await;
    }

    async fn an_answer_that_telegram_took_while_the_database_was_away_is_known_to_be_sent(engine: Engine) {
        let database = FragileDatabase::new(engine).await;
        let story = Story::begin(&database.url(), Intake::Polling).await;
        story.telegram.next("sendMessage", Fault::delay(Duration::from_secs(5)));
        reply(&story.admin, &story.session, ANSWER).await;
        story.telegram.until_received(7, 1).await;
        let away = database.take_away().await;
        story.server.wait_for_log(NOT_SETTLED).await;
        drop(away);

        let sent = || async {
            let answer = message_with_text(&story.admin, &story.session, ANSWER).await;
            answer.filter(|answer| answer["delivery"]["state"] == "SENT")
        };
        eventually(PATIENCE, sent).await;
        assert_eq!(story.telegram.received_by(7), [ANSWER]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_while_the_database_server_starts_again() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let cluster = Cluster::builder().durability(Durability::Full).start();
    let mut cluster = cluster.await.expect("a private cluster is how the shared one is made");
    let database = cluster.create_database().await;
    let mut story = Story::begin(database.url(), Intake::Webhook).await;
    assert_eq!(story.status_of("readyz").await, StatusCode::OK);
    cluster.stop_now().await;
    story.goes_on_without_the_database().await;
    assert_eq!(story.status_of("readyz").await, UNAVAILABLE);
    assert_eq!(story.status_of("healthz").await, StatusCode::OK);
    cluster.start_again().await;
    story.ends_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_swallows_everything_for_a_moment_only_delays() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let database = FragileDatabase::new(Engine::Postgres).await;
    let mut story = Story::begin(&database.url(), Intake::Webhook).await;
    let network = database.network.as_ref().expect("PostgreSQL is reached over a network");
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

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_cannot_renew_its_lease_says_that_and_not_that_another_one_has_it() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let database = FragileDatabase::new(Engine::Postgres).await;
    let story = Story::begin(&database.url(), Intake::Polling).await;
    let away = database.take_away().await;
    story.server.wait_for_log("the lease of the bot could not be renewed in time").await;
    drop(away);
    story.telegram.customer_writes(7, "after the outage").await;
    until_written(&story.admin, &story.project, 7, 2).await;
    assert_eq!(story.server.output().find("another process has the lease"), None);
}

/// A database that can be taken away for a while.
struct FragileDatabase {
    network: Option<TcpProxy>,
    database: Database,
}

impl FragileDatabase {
    async fn new(engine: Engine) -> Self {
        let database = migrated_database(engine).await;
        let network = match database.on_postgres() {
            Some(postgres) => Some(TcpProxy::start(postgres.address()).await),
            None => None,
        };
        Self { network, database }
    }

    fn url(&self) -> String {
        match (self.database.on_postgres(), &self.network) {
            (Some(postgres), Some(network)) => postgres.url_by_way_of(network.address()),
            _ => self.database.url().to_owned(),
        }
    }

    /// Cuts the network to PostgreSQL; keeps a transaction of somebody else open on SQLite, longer than the desk waits.
    async fn take_away(&self) -> Away<'_> {
        if let Some(network) = &self.network {
            network.cut();
            return Away::Cut(network);
        }
        let path = self.database.url().strip_prefix("sqlite://").expect("the database is a file");
        Away::Locked { _lock: SqliteWriteLock::take(Path::new(path)).await }
    }
}

/// The database is back when this is dropped.
enum Away<'a> {
    Cut(&'a TcpProxy),
    Locked { _lock: SqliteWriteLock },
}

impl Drop for Away<'_> {
    fn drop(&mut self) {
        if let Self::Cut(network) = self {
            network.restore();
        }
    }
}

/// How customers' messages come to the desk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Intake {
    Polling,
    Webhook,
}

/// A desk on a database that is about to be away, with a customer, an agent and a reader of the events.
struct Story {
    telegram: Telegram,
    ingress: Ingress,
    server: Server,
    admin: Client,
    project: String,
    session: String,
    reader: Reader,
    said: Vec<&'static str>,
}

const ANSWER: &str = "an answer during the outage";

impl Story {
    async fn begin(database_url: &str, intake: Intake) -> Self {
        let (telegram, ingress) = (Telegram::start().await, Ingress::start().await);
        let settings =
            telegram.settings(Server::builder(BINARY).without_rate_limit()).env("SWITCHBOARD_LEASE_SECONDS", "1");
        let settings = match intake {
            Intake::Polling => settings,
            Intake::Webhook => settings.env("SWITCHBOARD_PUBLIC_URL", &ingress.url()),
        };
        let server = settings.database_url(database_url).start().await;
        ingress.lead_to(server.url());
        let admin = Client::sign_in(server.url(), ADMIN_EMAIL, ADMIN_PASSWORD).await;
        let project = project_called(&admin, "Telegram").await;
        let mut reader = Reader::from_now(&admin, &project).await;
        telegram.customer_writes(7, "before the outage").await;
        reader.until("MessageAdded", |_| true).await;
        let session = until_session(&admin, &project, 7).await;
        Self { telegram, ingress, server, admin, project, session, reader, said: vec!["before the outage"] }
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

    async fn status_of(&self, page: &str) -> StatusCode {
        reqwest::get(format!("{}/{page}", self.server.url())).await.expect("the server is there").status()
    }

    /// Customers go on writing, and the agent is told to try again later.
    async fn goes_on_without_the_database(&mut self) {
        self.customer_writes("during the outage").await;
        self.customer_writes("still during the outage").await;
        let refused = self.answer().await.expect("the server is there");
        assert_eq!(refused.error_codes(), ["UNAVAILABLE"], "{refused:?}");
        self.server.wait_for_log(NOT_STORED).await;
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
