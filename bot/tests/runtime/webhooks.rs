//! Updates that Telegram delivers by itself.

use bot::Settings;
use bot::intake::WebhookAddress;
use bot::telegram::Client;
use domain::DeliveryState;
use futures_util::future::join_all;
use reqwest::StatusCode;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::stage::{ADA, Running, Stage};

/// A front door with a public address, and a caller who knows the webhook.
struct Door {
    stage: Stage,
    running: Running,
    address: WebhookAddress,
    url: String,
    http: reqwest::Client,
}

impl Door {
    async fn open() -> Self {
        let stage = Stage::new().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let public_url = format!("http://{}", listener.local_addr().expect("a bound address"));
        let settings = Settings { public_url: Some(public_url.clone()), ..stage.settings() };
        let runtime = stage.runtime(settings).await;
        let router = runtime.webhook_router();
        tokio::spawn(axum::serve(listener, router).into_future());
        let running = Running::start(runtime);
        let address = WebhookAddress::new(&stage.desk.keys().webhooks, stage.project, stage.token.bot_id());
        let url = address.url(&public_url);
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        let door = Self { stage, running, address, url, http };
        // Who is heard through the webhook proves that it is in place.
        door.stage.hear(ADA, "hello").await;
        door.stage.message(ADA, "hello").await;
        door
    }

    async fn post(&self, body: impl Into<reqwest::Body>) -> StatusCode {
        self.post_to(&self.url, self.address.expose_secret(), body).await
    }

    async fn post_to(&self, url: &str, secret: &str, body: impl Into<reqwest::Body>) -> StatusCode {
        let request = self.http.post(url).header("X-Telegram-Bot-Api-Secret-Token", secret).body(body);
        let response = request.send().await.expect("an answer");
        let status = response.status();
        assert_eq!(response.text().await.expect("a body"), "", "no answer has a body");
        status
    }

    async fn texts(&self) -> Vec<String> {
        self.stage.messages_with(ADA).await.into_iter().map(|message| message.text).collect()
    }
}

fn update(update_id: i64, text: &str) -> String {
    serde_json::json!({"update_id": update_id, "message": {
        "message_id": update_id, "date": 1_767_225_600, "text": text,
        "chat": {"id": ADA, "type": "private"}, "from": {"id": ADA, "is_bot": false, "first_name": "Ada"},
    }})
    .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn updates_are_delivered_and_answers_go_out() {
    let door = Door::open().await;
    let stage = &door.stage;
    assert_eq!(stage.api.ledger().calls("getUpdates"), 0);
    let session = stage.hear_and_open(ADA, "my card does not work").await;
    let reply = stage.reply(session, "which card?").await;
    stage.delivery(reply, DeliveryState::Sent).await;
    assert_eq!(stage.received(ADA), ["which card?"]);
    door.running.stop().await;

    let endpoint = door.stage.api.endpoint(&door.stage.token);
    let info = Client::new().unwrap().get_webhook_info(&endpoint).await.unwrap();
    assert_eq!(info.url, door.url, "a stop leaves the webhook in place");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_is_in_place_is_left_alone() {
    let door = Door::open().await;
    assert_eq!(door.stage.api.ledger().calls("setWebhook"), 1);
    door.running.stop().await;
    let public_url = door.url.strip_suffix(door.address.path()).unwrap().to_owned();
    let settings = Settings { public_url: Some(public_url), ..door.stage.settings() };
    let looks = door.stage.api.ledger().calls("getWebhookInfo");
    let again = door.stage.run_with(settings).await;
    let looked = |ledger: &bot::fake::Ledger| ledger.calls("getWebhookInfo") > looks;
    door.stage.api.wait_for(looked, super::stage::PATIENCE).await.unwrap();
    again.stop().await;
    assert_eq!(door.stage.api.ledger().calls("setWebhook"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_know_path_and_secret_is_turned_away() {
    let door = Door::open().await;
    let secret = door.address.expose_secret();
    let body = || update(1_000, "forged");
    assert_eq!(door.post_to(&door.url, "wrong", body()).await, StatusCode::UNAUTHORIZED);
    assert_eq!(door.post_to(&door.url, "", body()).await, StatusCode::UNAUTHORIZED);
    let without = door.http.post(&door.url).body(body()).send().await.unwrap();
    assert_eq!(without.status(), StatusCode::UNAUTHORIZED);
    let elsewhere = [
        format!("{}x", door.url),
        door.url.replace("/telegram/", "/telegram/1"),
        format!("{}/telegram/1-", door.url.strip_suffix(door.address.path()).unwrap()),
    ];
    for url in elsewhere {
        assert_eq!(door.post_to(&url, secret, body()).await, StatusCode::NOT_FOUND, "{url}");
    }
    assert_eq!(door.http.get(&door.url).send().await.unwrap().status(), StatusCode::METHOD_NOT_ALLOWED);

    assert_eq!(door.post(update(1_001, "genuine")).await, StatusCode::OK);
    door.stage.message(ADA, "genuine").await;
    assert_eq!(door.texts().await, ["hello", "genuine"]);
    door.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_an_update_is_refused_and_what_is_odd_is_kept() {
    let door = Door::open().await;
    for body in ["", "{", "[]", "null", "{\"update_id\":\"1\"}", "{\"message\":{}}"] {
        assert_eq!(door.post(body).await, StatusCode::BAD_REQUEST, "{body}");
    }
    assert_eq!(door.post(vec![0xff, 0xfe]).await, StatusCode::BAD_REQUEST);
    let huge = format!("{{\"update_id\":1,\"x\":\"{}\"}}", "x".repeat(1024 * 1024));
    assert_eq!(door.post(huge).await, StatusCode::PAYLOAD_TOO_LARGE);

    assert_eq!(door.post(r#"{"update_id":2000,"message":7}"#).await, StatusCode::OK);
    assert_eq!(door.post(update(2_001, "after all that")).await, StatusCode::OK);
    door.stage.message(ADA, "after all that").await;
    door.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_does_not_arrive_is_not_waited_for_without_end() {
    let door = Door::open().await;
    let url = reqwest::Url::parse(&door.url).unwrap();
    let mut caller = TcpStream::connect(url.socket_addrs(|| None).unwrap()[0]).await.unwrap();
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: desk\r\ncontent-length: 100\r\nx-telegram-bot-api-secret-token: {}\r\n\r\n{{",
        url.path(),
        door.address.expose_secret()
    );
    caller.write_all(head.as_bytes()).await.unwrap();
    let mut status_line = String::new();
    let answer = BufReader::new(caller).read_line(&mut status_line).await;
    answer.unwrap();
    assert_eq!(status_line, "HTTP/1.1 408 Request Timeout\r\n");
    door.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_does_not_know_its_bots_yet_asks_for_another_try() {
    let stage = Stage::new().await;
    let settings = Settings { public_url: Some("https://desk.example".to_owned()), ..stage.settings() };
    let runtime = stage.runtime(settings).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let public_url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, runtime.webhook_router()).into_future());
    let address = WebhookAddress::new(&stage.desk.keys().webhooks, stage.project, stage.token.bot_id());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let early = http.post(address.url(&public_url)).body(update(1, "early")).send().await.unwrap();
    assert_eq!(early.status(), StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_copies_of_an_update_at_once_are_one_message() {
    let door = Door::open().await;
    let bodies: Vec<String> = (3_000..3_010).map(|number| update(number, &number.to_string())).collect();
    let statuses = join_all((0..100).map(|copy| door.post(bodies[copy % 10].clone()))).await;
    assert!(statuses.iter().all(|status| *status == StatusCode::OK), "{statuses:?}");
    for number in 3_000..3_010 {
        door.stage.message(ADA, &number.to_string()).await;
    }
    assert_eq!(door.texts().await.len(), 1 + 10);
    door.running.stop().await;
}
