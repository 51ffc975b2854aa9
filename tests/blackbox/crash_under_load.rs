//! The process is killed again and again at random moments while customers write and an agent answers. Nothing is lost
//! and nothing is there twice, except answers that are listed as UNKNOWN.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bot::fake::Fault;
use bot::fake::{FaultScope, Repeat};
use domain::ChatId;
use serde_json::{Value, json};
use tests::{Client, TcpProxy, eventually, on_both_engines};

use crate::stage::{
    Desk, Dice, PATIENCE, Telegram, errors_of, messages, project_called, sessions, try_send, until_written,
};

/// So many that Telegram's pace, about one message a second to a chat, holds nobody up.
const CUSTOMERS: i64 = 24;
const KILLS: usize = 6;

on_both_engines! {
    async fn nothing_is_lost_and_nothing_is_there_twice(engine: Engine) {
        let mut dice = Dice::new();
        let telegram = Arc::new(Telegram::start().await);
        // Every request to Telegram takes a while, so that a kill often finds one under way.
        let sends = FaultScope::method("sendMessage");
        telegram.api.inject(sends, Fault::delay(Duration::from_millis(40)), Repeat::UntilCleared);
        let mut desk = Desk::start_with(engine, |settings| {
            telegram.settings(settings)
        })
        .await;
        let project = project_called(&desk.admin, "Telegram").await;
        // The clients know one address, whatever port the process has.
        let door = TcpProxy::start(address_of(&desk)).await;
        let at_the_door = Client::anonymous(&format!("http://{}", door.address())).with_token(desk.admin.token().unwrap());

        let over = Arc::new(AtomicBool::new(false));
        let customers = tokio::spawn(write(telegram.clone(), over.clone(), dice.clone()));
        let agent = tokio::spawn(answer(at_the_door, project.clone(), over.clone(), dice.clone()));
        for _ in 0..KILLS {
            // A random moment is what this test is about.
            tokio::time::sleep(dice.between_millis(100, 900)).await;
            desk.server.kill();
            desk.restart().await;
            door.redirect(address_of(&desk));
        }
        over.store(true, Ordering::Relaxed);
        let said = customers.await.unwrap();
        let answered = agent.await.unwrap();

        for (customer, said) in said {
            let written = until_written(&desk.admin, &project, customer, said.len()).await;
            assert_eq!(written, said, "customer {customer}");
        }
        let stored = settled_answers(&desk.admin, &project).await;
        let ledger = telegram.api.ledger();
        for (customer, answers) in answered {
            let stored = stored.get(&customer).cloned().unwrap_or_default();
            let stored_texts: Vec<_> = stored.iter().map(|(text, _)| text.clone()).collect();
            assert_eq!(stored_texts, answers, "each answer is stored once, in order");

            let received = ledger.texts_to(ChatId(customer));
            let expected = stored.iter().filter(|(text, state)| match state.as_str() {
                "SENT" => true,
                "UNKNOWN" => received.contains(&text.as_str()),
                other => panic!("{text:?} is {other}"),
            });
            let expected: Vec<_> = expected.map(|(text, _)| text.as_str()).collect();
            assert_eq!(received, expected, "customer {customer} got each answer once, in order; stored were {stored:?}");
        }
    }
}

/// Customers write, one after the other and all the time. Returns what each has written.
async fn write(telegram: Arc<Telegram>, over: Arc<AtomicBool>, mut dice: Dice) -> BTreeMap<i64, Vec<String>> {
    let mut said: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    while !over.load(Ordering::Relaxed) {
        let customer = 1 + i64::try_from(dice.below(CUSTOMERS.unsigned_abs())).unwrap();
        let said = said.entry(customer).or_default();
        let text = format!("message {} of {customer}", said.len());
        telegram.customer_writes(customer, &text).await;
        said.push(text);
        // The pace of the customers, not a wait for anything.
        tokio::time::sleep(dice.between_millis(5, 30)).await;
    }
    said
}

/// An agent answers in one session after the other, and repeats what got no answer under the same key. Returns what each
/// customer was told.
async fn answer(client: Client, project: String, over: Arc<AtomicBool>, mut dice: Dice) -> BTreeMap<i64, Vec<String>> {
    let mut answered: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    while !over.load(Ordering::Relaxed) {
        for (customer, session) in sessions_now(&client, &project).await {
            let answers = answered.entry(customer).or_default();
            let text = format!("answer {} to {customer}", answers.len());
            let input = json!({ "sessionId": session, "text": text, "idempotencyKey": text });
            eventually(PATIENCE, || accepted(&client, &input)).await;
            answers.push(text);
            // The pace of the agent, not a wait for anything.
            tokio::time::sleep(dice.between_millis(10, 50)).await;
        }
    }
    answered
}

/// Whether the desk has taken an answer.
async fn accepted(client: &Client, input: &Value) -> Result<(), String> {
    let response = try_send(client, input.clone()).await.map_err(|error| error.to_string())?;
    if response.errors.is_empty() && response.data.is_object() {
        assert_eq!(errors_of(&response.data["messageSend"]), [""; 0]);
        return Ok(());
    }
    assert_eq!(response.error_codes(), ["UNAVAILABLE"], "{response:?}");
    Err(response.body)
}

/// The sessions that there are, however long it takes to be told.
async fn sessions_now(client: &Client, project: &str) -> Vec<(i64, String)> {
    let document = "query Sessions($projectId: ID!) {
        sessions(projectId: $projectId, first: 100) { nodes { id customer { telegramUserId } } }
    }";
    let told = || async {
        let response =
            client.try_query(document, json!({ "projectId": project })).await.map_err(|error| error.to_string())?;
        let sessions = response.data["sessions"]["nodes"].as_array().ok_or(response.body)?;
        Ok::<_, String>(sessions.iter().map(|session| (customer_of(session), id_of(session))).collect())
    };
    eventually(PATIENCE, told).await
}

/// Every answer with the state of its delivery, by customer, once none is queued any more.
async fn settled_answers(client: &Client, project: &str) -> BTreeMap<i64, Vec<(String, String)>> {
    let settled = || async {
        let mut answers: BTreeMap<i64, Vec<(String, String)>> = BTreeMap::new();
        for session in sessions(client, project).await {
            for message in messages(client, &id_of(&session)).await {
                let state = message["delivery"]["state"].as_str().unwrap_or_default().to_owned();
                let text = message["text"].as_str().unwrap_or_default().to_owned();
                match state.as_str() {
                    "" => {}
                    "QUEUED" => return Err(text),
                    _ => answers.entry(customer_of(&session)).or_default().push((text, state)),
                }
            }
        }
        Ok(answers)
    };
    eventually(PATIENCE, settled).await
}

fn customer_of(session: &Value) -> i64 {
    session["customer"]["telegramUserId"].as_str().and_then(|number| number.parse().ok()).expect("a customer's number")
}

fn id_of(session: &Value) -> String {
    session["id"].as_str().expect("a session has an id").to_owned()
}

fn address_of(desk: &Desk) -> std::net::SocketAddr {
    desk.server.url().trim_start_matches("http://").parse().expect("the server listens on an address")
}
