//! The process is killed again and again at random moments while customers write, an agent answers and somebody reads
//! the events. Nothing is lost and nothing is there twice, except answers that are listed as UNKNOWN.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bot::fake::{Fault, FaultScope, Ledger, Repeat};
use domain::ChatId;
use serde_json::{Value, json};
use tests::{Client, TcpProxy, eventually, on_both_engines};

use crate::stage::{
    Desk, Dice, PATIENCE, Reader, Telegram, errors_of, event_cursor, messages, project_called, sessions, try_send,
    until_written,
};

/// So many that Telegram's pace, about one message a second to a chat, holds nobody up.
const CUSTOMERS: u64 = 24;
const KILLS: usize = 10;
/// How long Telegram takes for an answer, so that a kill often finds some under way.
const TELEGRAM_TAKES: Duration = Duration::from_millis(40);

/// What was said to each customer, or by each, in order.
type Said = BTreeMap<i64, Vec<String>>;

on_both_engines! {
    async fn nothing_is_lost_and_nothing_is_there_twice(engine: Engine) {
        let mut dice = Dice::new();
        let telegram = Arc::new(Telegram::start().await);
        let sends = FaultScope::method("sendMessage");
        telegram.api.inject(sends, Fault::delay(TELEGRAM_TAKES), Repeat::UntilCleared);
        let mut desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let beginning = event_cursor(&desk.admin, &project).await;
        // The clients know one address, whatever port the process has.
        let door = TcpProxy::start(address_of(&desk)).await;
        let client = Client::anonymous(&format!("http://{}", door.address()));
        let client = client.with_token(desk.admin.token().unwrap());

        let over = Arc::new(AtomicBool::new(false));
        let customers = tokio::spawn(write(telegram.clone(), over.clone(), dice.clone()));
        let agent = tokio::spawn(answer(client.clone(), project.clone(), over.clone(), dice.clone()));
        let mut reader = Reader::after(&client, &project, &beginning).await;
        for _ in 0..KILLS {
            // A random moment is what this test is about.
            tokio::time::sleep(dice.between_millis(100, 700)).await;
            // The port of a process that is gone may be somebody else's by the next request.
            door.cut();
            desk.server.kill();
            desk.restart().await;
            door.redirect(address_of(&desk));
            door.restore();
        }
        over.store(true, Ordering::Relaxed);
        let (written, answered) = (customers.await.unwrap(), agent.await.unwrap());

        for (customer, written) in written {
            let stored = until_written(&desk.admin, &project, customer, written.len()).await;
            assert_eq!(stored, written, "customer {customer}");
        }
        let stored = settled_answers(&desk.admin, &project).await;
        for (customer, answers) in answered {
            each_answer_went_out_once(customer, &answers, &stored[&customer], &telegram.api.ledger());
        }
        the_events_tell_of_each_message_once(&mut reader, &client, &project).await;
    }
}

/// Customers write, one after the other and all the time.
async fn write(telegram: Arc<Telegram>, over: Arc<AtomicBool>, mut dice: Dice) -> Said {
    let mut written = Said::new();
    while !over.load(Ordering::Relaxed) {
        let customer = 1 + dice.below(CUSTOMERS).cast_signed();
        let texts = written.entry(customer).or_default();
        let text = format!("message {} of {customer}", texts.len());
        telegram.customer_writes(customer, &text).await;
        texts.push(text);
        // The pace of the customers, not a wait for anything.
        tokio::time::sleep(dice.between_millis(5, 30)).await;
    }
    written
}

/// An agent answers in one session after the other, and repeats under the same key what was not answered.
async fn answer(client: Client, project: String, over: Arc<AtomicBool>, mut dice: Dice) -> Said {
    let mut answered = Said::new();
    while !over.load(Ordering::Relaxed) {
        for (customer, session) in sessions_in_spite_of_all(&client, &project).await {
            let texts = answered.entry(customer).or_default();
            let text = format!("answer {} to {customer}", texts.len());
            let input = json!({ "sessionId": session, "text": text, "idempotencyKey": text });
            eventually(PATIENCE, || accepted(&client, &input)).await;
            texts.push(text);
            // The pace of the agent, not a wait for anything.
            tokio::time::sleep(dice.between_millis(10, 50)).await;
        }
    }
    answered
}

/// Whether the desk has taken an answer. If not, it is gone or says that it is not available, and nothing else.
async fn accepted(client: &Client, input: &Value) -> Result<(), String> {
    let response = try_send(client, input.clone()).await.map_err(|error| format!("{error:?}"))?;
    if !response.errors.is_empty() {
        assert_eq!(response.error_codes(), ["UNAVAILABLE"], "{response:?}");
        return Err(response.body);
    }
    assert_eq!(errors_of(&response.data["messageSend"]), [""; 0]);
    Ok(())
}

async fn sessions_in_spite_of_all(client: &Client, project: &str) -> Vec<(i64, String)> {
    let document = "query Sessions($projectId: ID!) {
        sessions(projectId: $projectId, first: 100) { nodes { id customer { telegramUserId } } }
    }";
    let variables = json!({ "projectId": project });
    let told = || async {
        let response = client.try_query(document, variables.clone()).await.map_err(|error| format!("{error:?}"))?;
        let sessions = response.data["sessions"]["nodes"].as_array().ok_or(response.body)?;
        Ok::<_, String>(sessions.iter().map(|session| (customer_of(session), id_of(session))).collect())
    };
    eventually(PATIENCE, told).await
}

/// Every answer to each customer with the state of its delivery, once none is queued any more.
async fn settled_answers(client: &Client, project: &str) -> BTreeMap<i64, Vec<(String, String)>> {
    let settled = || async {
        let mut answers: BTreeMap<i64, Vec<(String, String)>> = BTreeMap::new();
        for session in sessions(client, project).await {
            let answers = answers.entry(customer_of(&session)).or_default();
            for message in messages(client, &id_of(&session)).await {
                let text = |value: &Value| value.as_str().map(str::to_owned);
                match text(&message["delivery"]["state"]).zip(text(&message["text"])) {
                    None => {}
                    Some((state, text)) if state == "QUEUED" => return Err(text),
                    Some((state, text)) => answers.push((text, state)),
                }
            }
        }
        Ok(answers)
    };
    eventually(PATIENCE, settled).await
}

fn each_answer_went_out_once(customer: i64, answers: &[String], stored: &[(String, String)], ledger: &Ledger) {
    assert!(stored.iter().map(|(text, _)| text).eq(answers), "each is stored once, in order: {stored:?}");
    let received = ledger.texts_to(ChatId(customer));
    let expected = stored.iter().filter(|(text, state)| match state.as_str() {
        "SENT" => true,
        "UNKNOWN" => received.contains(&text.as_str()),
        other => panic!("{text:?} is {other}"),
    });
    assert!(
        expected.map(|(text, _)| text).eq(&received),
        "customer {customer} received {received:?}, and what was stored is {stored:?}"
    );
}

async fn the_events_tell_of_each_message_once(reader: &mut Reader, client: &Client, project: &str) {
    let mut stored = BTreeMap::new();
    for session in sessions(client, project).await {
        let session = id_of(&session);
        let ids: Vec<_> = messages(client, &session).await.iter().map(id_of).collect();
        stored.insert(session, ids);
    }
    let total: usize = stored.values().map(Vec::len).sum();
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut count = 0;
    while count < total {
        let event = reader.next_in_spite_of_all(client).await;
        if event["__typename"] == "MessageAdded" {
            told.entry(id_of(&event["message"]["session"])).or_default().push(id_of(&event["message"]));
            count += 1;
        }
    }
    assert_eq!(told, stored);
    println!("{total} messages");
}

fn customer_of(session: &Value) -> i64 {
    session["customer"]["telegramUserId"].as_str().and_then(|number| number.parse().ok()).expect("a customer's number")
}

fn id_of(object: &Value) -> String {
    object["id"].as_str().expect("an object has an id").to_owned()
}

fn address_of(desk: &Desk) -> SocketAddr {
    desk.server.url().trim_start_matches("http://").parse().expect("the server listens on an address")
}
