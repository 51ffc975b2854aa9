//! Several processes share the work through PostgreSQL.

use std::time::{Duration, Instant};

use bot::fake::Fault;
use serde_json::json;
use tests::ingress::Ingress;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD, Builder};
use tests::{Client, Engine, Role, Server};

use crate::stage::{
    BINARY, Reader, Telegram, customer_writes, event_cursor, migrated_database, project_called, reply, sandbox,
    until_session, until_settled, until_written,
};

/// What people take for "at once". The fall-back, looking without having been told, takes a second.
const AT_ONCE: Duration = Duration::from_millis(500);

/// The lease of a killed process and as much for a busy machine; the lease is one second here and 15 otherwise.
const TAKEN_OVER_WITHIN: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn two_bots_share_the_work_and_the_one_that_is_left_takes_it_over() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let telegram = Telegram::start().await;
    let database = migrated_database(Engine::Postgres).await;
    let settings = telegram
        .settings(Server::builder(BINARY).without_rate_limit())
        .database(&database)
        .env("SWITCHBOARD_LEASE_SECONDS", "1");
    let api = settings.clone().role(Role::Api).start().await;
    let client = Client::sign_in(api.url(), ADMIN_EMAIL, ADMIN_PASSWORD).await;
    let project = project_called(&client, "Telegram").await;
    let bot = settings.role(Role::Bot);
    let mut bots = [bot.start().await, bot.start().await];

    exchange(&telegram, &client, &project, "with both").await;
    // One of the two serves this bot and the other the sandbox; each of them is killed once, so both cases are seen.
    for (number, bot) in bots.iter_mut().enumerate() {
        bot.kill();
        let killed_at = Instant::now();
        telegram.customer_writes(100, "who is there?").await;
        until_written(&client, &project, 100, number + 1).await;
        assert!(killed_at.elapsed() < TAKEN_OVER_WITHIN, "the other one came after {:?}", killed_at.elapsed());
        exchange(&telegram, &client, &project, &format!("without bot {number}")).await;
        bot.restart().await;
    }
    exchange(&telegram, &client, &project, "with both again").await;

    let conflicts = telegram.api.ledger().refused_with(409);
    assert!(conflicts <= 2, "only one process at a time polls: {conflicts} polls met another one");
}

/// Ten customers write, and each of them gets one answer.
async fn exchange(telegram: &Telegram, client: &Client, project: &str, text: &str) {
    const CUSTOMERS: std::ops::Range<i64> = 1..11;
    for customer in CUSTOMERS {
        telegram.customer_writes(customer, text).await;
    }
    for customer in CUSTOMERS {
        let received_before = telegram.received_by(customer).len();
        let written = until_written(client, project, customer, received_before + 1).await;
        assert_eq!(written.iter().filter(|written| *written == text).count(), 1, "{written:?}");
        let session = until_session(client, project, customer).await;
        let answer = format!("answer {text}");
        reply(client, &session, &answer).await;
        assert_eq!(until_settled(client, &session, &answer).await["delivery"]["state"], "SENT");
        let received = telegram.received_by(customer);
        assert_eq!(received.len(), received_before + 1, "{received:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_without_bots_hands_out_the_files_of_customers() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let telegram = Telegram::start().await;
    let database = migrated_database(Engine::Postgres).await;
    let settings = telegram
        .settings(Server::builder(BINARY).without_rate_limit())
        .database(&database)
        .env("SWITCHBOARD_LOG", "trace");
    let api = settings.clone().role(Role::Api).start().await;
    let bot = settings.role(Role::Bot).start().await;
    let client = Client::sign_in(api.url(), ADMIN_EMAIL, ADMIN_PASSWORD).await;
    let project = project_called(&client, "Telegram").await;
    let file = telegram.api.file_for_bot(telegram.bot(), "document", "a.txt", "text/plain", &b"from afar"[..]);
    telegram
        .tells(&json!({ "message": {
            "message_id": 500, "date": 1_767_225_600, "document": file,
            "from": { "id": 7, "is_bot": false, "first_name": "Kim" },
            "chat": { "id": 7, "type": "private", "first_name": "Kim" },
        } }))
        .await;
    let session = until_session(&client, &project, 7).await;
    let document =
        "query Url($id: ID!) { session(id: $id) { messages(first: 1) { nodes { media { downloadUrl } } } } }";
    let data = client.query(document, json!({ "id": session })).await;
    let url = data["session"]["messages"]["nodes"][0]["media"]["downloadUrl"].as_str().unwrap();
    assert_eq!(reqwest::get(format!("{}{url}", api.url())).await.unwrap().text().await.unwrap(), "from afar");

    // What goes wrong on the way says nothing of the token, by which the address of the file begins.
    for fault in [
        Fault::server_error(502),
        Fault::garbage(),
        Fault::redirect("http://127.0.0.1:1/elsewhere"),
        Fault::break_off(),
    ] {
        telegram.next("downloadFile", fault);
        let answer = reqwest::get(format!("{}{url}", api.url())).await.unwrap();
        let text = answer.text().await.unwrap_or_default();
        assert!(!text.contains("from afar") && !text.contains("bot1001"), "{text}");
    }
    let (_, secret) = telegram.token().split_once(':').unwrap();
    for process in [&api, &bot] {
        process.assert_never_printed(secret);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_in_one_process_reaches_the_readers_of_another_at_once() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let database = migrated_database(Engine::Postgres).await;
    let settings =
        Server::builder(BINARY).without_rate_limit().database(&database).env("SWITCHBOARD_LEASE_SECONDS", "1");
    let [one, other] = [serve(&settings).await, serve(&settings).await];
    let writer = Client::sign_in(one.url(), ADMIN_EMAIL, ADMIN_PASSWORD).await;
    let client = Client::anonymous(other.url()).with_token(writer.token().unwrap());
    let sandbox = sandbox(&writer).await;
    // A cursor is good in every process.
    let mut reader = Reader::after(&client, &sandbox, &event_cursor(&writer, &sandbox).await).await;

    let mut delays = Vec::new();
    for number in 0..9 {
        let text = format!("message {number}");
        let start = Instant::now();
        customer_writes(&writer, &sandbox, 7, &text).await;
        reader.until("MessageAdded", |event| event["message"]["text"] == *text).await;
        delays.push(start.elapsed());
    }
    delays.sort();
    assert!(delays[delays.len() / 2] < AT_ONCE, "{delays:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_two_processes_get_is_there_once() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let (telegram, ingress) = (Telegram::start().await, Ingress::start().await);
    let database = migrated_database(Engine::Postgres).await;
    let settings = telegram.settings(Server::builder(BINARY).without_rate_limit()).database(&database);
    let settings = settings.env("SWITCHBOARD_PUBLIC_URL", &ingress.url());
    let [one, other] = [serve(&settings).await, serve(&settings).await];
    let client = Client::sign_in(one.url(), ADMIN_EMAIL, ADMIN_PASSWORD).await;
    let project = project_called(&client, "Telegram").await;

    for (number, process) in [&one, &other, &one].into_iter().enumerate() {
        ingress.lead_to(process.url());
        telegram.customer_writes(7, &format!("message {number}")).await;
        until_written(&client, &project, 7, number + 1).await;
    }
    for passage in ingress.passages() {
        for process in [&one, &other] {
            assert!(passage.send_to(process.url()).await.unwrap().status().is_success());
        }
    }
    telegram.customer_writes(7, "the end").await;
    let written = until_written(&client, &project, 7, 4).await;
    assert_eq!(written, ["message 0", "message 1", "message 2", "the end"]);
}

async fn serve(settings: &Builder) -> Server {
    settings.clone().role(Role::Serve).start().await
}
