//! The event log tells everything once and in order, to readers that come and go as they like.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tests::graphql::Ending;
use tests::{Client, Database, Engine, Sql, Standstill, eventually, on_both_engines};
use tokio::task::JoinSet;

use crate::stage::{
    Desk, Dice, PATIENCE, Reader, customer_writes, event_cursor, messages, reply, sandbox, sessions, until_session,
    until_written,
};

const WRITERS: i64 = 6;
const MESSAGES_EACH: usize = 12;
const READERS: usize = 4;
/// How long the slow writer takes to commit.
const SLOW: Duration = Duration::from_millis(400);

on_both_engines! {
    async fn readers_that_come_and_go_miss_nothing_and_see_nothing_twice(engine: Engine) {
        // Nobody is killed here, and writers that wait must not cost the desk its leases.
        let desk = Desk::start_with(engine, |settings| settings.env("SWITCHBOARD_LEASE_SECONDS", "60")).await;
        let sandbox = sandbox(&desk.admin).await;
        let start = event_cursor(&desk.admin, &sandbox).await;

        let mut readers = JoinSet::new();
        for _ in 0..READERS {
            readers.spawn(read_until_the_end(desk.admin.clone(), sandbox.clone(), start.clone(), Dice::new()));
        }
        let mut writers = JoinSet::new();
        for customer in 1..=WRITERS {
            writers.spawn(talk(desk.admin.clone(), sandbox.clone(), customer));
        }
        // A transaction that has written its events is kept from committing, again and again.
        for _ in 0..4 {
            let standstill = Standstill::of(&desk.database, "session_views").await;
            tokio::time::sleep(SLOW).await;
            drop(standstill);
        }
        writers.join_all().await;
        let everything = everything_said(&desk.admin, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, END, "the end").await;

        let histories = readers.join_all().await;
        for history in &histories {
            assert_eq!(history, &histories[0], "every reader sees the same, in the same order");
            let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (session, message) in history.iter().filter_map(|event| event.added.clone()) {
                told.entry(session).or_default().push(message);
            }
            assert_eq!(told, everything);
        }
    }

    async fn a_reader_without_a_cursor_is_told_what_happens_from_some_moment_on(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let mut reader = Reader::without_cursor(&desk.admin, &sandbox).await;
        let writing = tokio::spawn(write_without_end(desk.admin.clone(), sandbox.clone()));

        let first = reader.until("MessageAdded", |_| true).await;
        let first: u32 = first["message"]["text"].as_str().unwrap().parse().unwrap();
        for number in first + 1..first + 10 {
            let next = reader.until("MessageAdded", |_| true).await;
            assert_eq!(next["message"]["text"], number.to_string());
        }
        writing.abort();
        assert!(writing.await.unwrap_err().is_cancelled());
    }

    async fn a_cursor_of_another_desk_means_that_everything_has_to_be_read_anew(engine: Engine) {
        let (desk, other) = tokio::join!(Desk::start(engine), Desk::start(engine));
        let foreign = event_cursor(&other.admin, &sandbox(&other.admin).await).await;
        let sandbox = sandbox(&desk.admin).await;

        let mut reader = Reader::after(&desk.admin, &sandbox, &foreign).await;
        assert_eq!(reader.next().await["__typename"], "ResyncRequired");
        // The cursor of that event is the place to go on from, at once or later.
        customer_writes(&desk.admin, &sandbox, 7, "afterwards").await;
        let mut later = Reader::after(&desk.admin, &sandbox, reader.cursor()).await;
        for reader in [&mut reader, &mut later] {
            let added = reader.until("MessageAdded", |_| true).await;
            assert_eq!(added["message"]["text"], "afterwards");
        }
    }

    async fn a_cursor_of_a_history_that_was_taken_back_means_so_too(engine: Engine) {
        let mut desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        customer_writes(&desk.admin, &sandbox, 7, "kept").await;
        until_session(&desk.admin, &sandbox, 7).await;
        desk.server.terminate().await;
        let backup = Sql::connect(&desk.database).await.unwrap().number("SELECT max(seq) FROM events").await.unwrap();

        desk.restart().await;
        let mut reader = Reader::from_now(&desk.admin, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 7, "lost").await;
        reader.until("MessageAdded", |event| event["message"]["text"] == "lost").await;
        desk.server.terminate().await;
        take_back(&desk.database, backup).await;

        desk.restart().await;
        for number in 1..=5 {
            customer_writes(&desk.admin, &sandbox, 8, &format!("new {number}")).await;
        }
        until_session(&desk.admin, &sandbox, 8).await;
        let mut later = Reader::after(&desk.admin, &sandbox, reader.cursor()).await;
        assert_eq!(later.next().await["__typename"], "ResyncRequired");
        customer_writes(&desk.admin, &sandbox, 8, "afterwards").await;
        later.until("MessageAdded", |event| event["message"]["text"] == "afterwards").await;
    }

    async fn a_cursor_tells_nothing_of_what_happens_elsewhere(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let mut reader = Reader::from_now(&desk.admin, &sandbox).await;
        let mut cursors = vec![event_cursor(&desk.admin, &sandbox).await];
        for number in 0..3 {
            customer_writes(&desk.admin, &sandbox, 7, &format!("message {number}")).await;
            reader.until("MessageAdded", |event| event["message"]["text"] == format!("message {number}")).await;
            cursors.push(reader.cursor().to_owned());
        }
        let same = [event_cursor(&desk.admin, &sandbox).await, event_cursor(&desk.admin, &sandbox).await];
        assert_eq!(same[0], same[1], "equal places have equal texts");
        let cursors = cursors.iter().map(|cursor| URL_SAFE_NO_PAD.decode(cursor).unwrap());
        let places = cursors.map(|bytes| bytes[1..].to_vec()).collect::<Vec<_>>();
        for pair in places.windows(2) {
            let alike = pair[0].iter().zip(&pair[1]).filter(|(one, other)| one == other).count();
            assert!(alike < pair[0].len() / 4, "places that follow one another look alike: {pair:?}");
        }
    }

    async fn a_cursor_that_is_none_is_refused(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let genuine = event_cursor(&desk.admin, &sandbox).await;
        for malformed in ["", "x", "AAAA", &genuine[1..], &format!("{genuine}A")] {
            let mut reader = Reader::after(&desk.admin, &sandbox, malformed).await;
            match reader.subscription().ending_within(PATIENCE).await {
                Ending::Failed(errors) => assert_eq!(errors[0]["extensions"]["code"], "INVALID_CURSOR", "{errors}"),
                other => panic!("{malformed:?} led to {other:?}"),
            }
        }
    }

    async fn on_postgres_a_log_that_is_taken_back_under_a_running_desk_is_noticed(engine: Engine) {
        // Nothing else can put the database of a running desk back: a file of SQLite belongs to its process.
        if engine == Engine::Sqlite {
            return;
        }
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let mut reader = Reader::from_now(&desk.admin, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 7, "lost").await;
        reader.until("MessageAdded", |event| event["message"]["text"] == "lost").await;
        take_back(&desk.database, 1).await;
        customer_writes(&desk.admin, &sandbox, 8, "new").await;
        while reader.next().await["__typename"] != "ResyncRequired" {}
        customer_writes(&desk.admin, &sandbox, 8, "afterwards").await;
        reader.until("MessageAdded", |event| event["message"]["text"] == "afterwards").await;
    }

    async fn the_messages_of_one_session_can_be_followed_alone(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let beginning = event_cursor(&desk.admin, &sandbox).await;
        for customer in [7, 8] {
            customer_writes(&desk.admin, &sandbox, customer, "first").await;
        }
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let document = "subscription SessionMessages($sessionId: ID!, $after: String) {
            sessionMessages(sessionId: $sessionId, after: $after) {
                __typename
                ... on MessageAdded { cursor message { text session { id } } }
                ... on MessageUpdated { cursor message { text delivery { state } } }
            }
        }";
        let mut live = desk.admin.subscribe(document, json!({ "sessionId": session, "after": beginning })).await;
        assert_eq!(live.next_within(PATIENCE).await["sessionMessages"]["message"]["text"], "first");
        reply(&desk.admin, &session, "second").await;
        customer_writes(&desk.admin, &sandbox, 8, "elsewhere").await;
        let added = live.next_within(PATIENCE).await["sessionMessages"].take();
        assert_eq!((&added["__typename"], &added["message"]["text"]), (&"MessageAdded".into(), &"second".into()));
        let updated = live.next_within(PATIENCE).await["sessionMessages"].take();
        assert_eq!(updated["message"]["delivery"]["state"], "SENT");
        customer_writes(&desk.admin, &sandbox, 7, "third").await;
        assert_eq!(live.next_within(PATIENCE).await["sessionMessages"]["message"]["text"], "third");

        let mut again = desk.admin.subscribe(document, json!({ "sessionId": session, "after": added["cursor"] })).await;
        assert_eq!(again.next_within(PATIENCE).await["sessionMessages"], updated);
        assert_eq!(again.next_within(PATIENCE).await["sessionMessages"]["message"]["text"], "third");
    }
}

/// Puts the log back to where it was when it ended with this number, as a restored backup does.
async fn take_back(database: &Database, last: i64) {
    let numbers = match database.engine() {
        Engine::Sqlite => format!("UPDATE sqlite_sequence SET seq = {last} WHERE name = 'events'"),
        Engine::Postgres => format!("SELECT setval(pg_get_serial_sequence('events', 'seq'), {last})"),
    };
    let sql = Sql::connect(database).await.unwrap();
    sql.execute(&format!("DELETE FROM events WHERE seq > {last}; {numbers}")).await.unwrap();
}

/// The customer whose message is the last.
const END: i64 = 1_000;

/// One event as a reader saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    kind: String,
    cursor: String,
    /// The session and the message, of a message that was added.
    added: Option<(String, String)>,
}

/// Numbers are written, one after the other, and by each customer no more than is no flood yet.
async fn write_without_end(client: Client, project: String) {
    for number in 0.. {
        let customer = 7 + number / 50;
        customer_writes(&client, &project, customer, &number.to_string()).await;
        if number % 50 == 49 {
            // Of different customers the next one could be taken in first.
            until_written(&client, &project, customer, 50).await;
        }
    }
}

/// Reads everything up to the end, hanging up now and then.
async fn read_until_the_end(client: Client, project: String, start: String, mut dice: Dice) -> Vec<Seen> {
    let mut reader = Reader::after(&client, &project, &start).await;
    let mut history: Vec<Seen> = Vec::new();
    loop {
        let event = reader.next().await;
        let message = &event["message"];
        let text = |value: &Value| value.as_str().map(str::to_owned);
        if message["text"] == "the end" {
            return history;
        }
        let added = (event["__typename"] == "MessageAdded")
            .then(|| text(&message["session"]["id"]).zip(text(&message["id"])))
            .flatten();
        history.push(Seen {
            kind: text(&event["__typename"]).unwrap_or_default(),
            cursor: reader.cursor().to_owned(),
            added,
        });
        if dice.below(10) == 0 {
            reader.come_back(&client).await;
        }
    }
}

/// A customer and the agent take turns.
async fn talk(client: Client, project: String, customer: i64) {
    customer_writes(&client, &project, customer, "hello").await;
    let session = until_session(&client, &project, customer).await;
    for number in 0..MESSAGES_EACH {
        customer_writes(&client, &project, customer, &format!("question {number}")).await;
        reply(&client, &session, &format!("answer {number}")).await;
    }
}

/// The ids of the messages of each session in their order, once everything that was written has been taken in.
async fn everything_said(client: &Client, project: &str) -> BTreeMap<String, Vec<String>> {
    let expected = usize::try_from(WRITERS).unwrap() * (1 + 2 * MESSAGES_EACH);
    let complete = || async {
        let mut said = BTreeMap::new();
        for session in sessions(client, project).await {
            let session = session["id"].as_str().unwrap().to_owned();
            let messages = messages(client, &session).await;
            let ids: Vec<_> = messages.iter().map(|message| message["id"].as_str().unwrap().to_owned()).collect();
            said.insert(session, ids);
        }
        let count: usize = said.values().map(Vec::len).sum();
        if count == expected { Ok(said) } else { Err(format!("{count} of {expected} messages")) }
    };
    eventually(PATIENCE, complete).await
}
