//! Who goes first when a bot has much to say, and who has to wait.

use std::time::{Duration, Instant};

use bot::fake::{Fault, FaultScope, Repeat};
use domain::ChatId;
use serde_json::json;
use tests::{Sql, eventually, on_both_engines};

use crate::stage::{Desk, PATIENCE, Telegram, message_with_text, project_called, reply, until_session, until_settled};

/// A group of the staff.
const GROUP: i64 = -500;

on_both_engines! {
    async fn a_live_reply_leaves_within_two_seconds_whatever_else_waits(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let other = add_bot(&desk, &telegram, OTHER_TOKEN).await;
        telegram.api.inject(
            FaultScope::method("sendMessage").of_bot(other),
            Fault::too_many_requests(3_600),
            Repeat::UntilCleared,
        );
        telegram.customer_writes(7, "hello").await;
        let session = until_session(&desk.admin, &project, 7).await;

        // Half of the broadcast stands in front of the reply in its own chat.
        let sql = Sql::connect(&desk.database).await.unwrap();
        let (mine, others) = (number_of(&sql, 1001).await, number_of(&sql, 2002).await);
        queue(&sql, mine, 400, 5_000, "7", "bulk").await;
        queue(&sql, mine, 400, 5_000, "100000 + i", "bulk").await;
        queue(&sql, mine, 200, 100, &GROUP.to_string(), "notice").await;
        queue(&sql, others, 400, 1_000, "200000 + i", "bulk").await;
        let to_group = |ledger: &bot::fake::Ledger| ledger.texts_to(ChatId(GROUP)).len();
        telegram.until(|ledger| ledger.sends().count() > 60 && to_group(ledger) > 0).await;

        for number in 0..3 {
            let text = format!("reply {number}");
            let said = Instant::now();
            reply(&desk.admin, &session, &text).await;
            telegram.until(|ledger| ledger.texts_to(ChatId(7)).contains(&text.as_str())).await;
            assert!(said.elapsed() < Duration::from_secs(2), "{text} took {:?}", said.elapsed());
        }
        let ledger = telegram.api.ledger();
        let to_customer = ledger.texts_to(ChatId(7));
        let bulk: Vec<_> = to_customer.iter().filter(|text| text.starts_with("bulk")).collect();
        let in_order: Vec<String> = (1..=bulk.len()).map(|number| format!("bulk {number}")).collect();
        assert!(bulk.iter().zip(&in_order).all(|(sent, expected)| **sent == expected), "{bulk:?}");
        assert!(to_group(&ledger) <= 20, "a group gets no more than twenty a minute");
        assert!(ledger.refused_with(429) >= 1);
        let waiting = waiting_calls(&desk, &project).await;
        assert!((5_000..10_100).contains(&waiting), "{waiting} wait");
    }

    async fn a_wait_of_hours_is_kept_through_a_restart(engine: Engine) {
        let telegram = Telegram::start().await;
        let mut desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        for customer in [7, 8] {
            telegram.customer_writes(customer, "hello").await;
        }
        let limited = until_session(&desk.admin, &project, 7).await;
        let more = [("adaptive".to_owned(), json!({ "window": [1, 2] }))].into_iter().collect();
        telegram.api.inject(
            FaultScope::method("sendMessage").in_chat(ChatId(7)),
            Fault::too_many_requests_with(7_200, more),
            Repeat::Times(1),
        );
        reply(&desk.admin, &limited, "later").await;
        telegram.until(|ledger| ledger.refused_with(429) == 1).await;
        eventually(PATIENCE, || async { (due_in(&desk).await > 7_000).then_some(()) }).await;

        desk.restart().await;
        reply(&desk.admin, &limited, "later still").await;
        let other = until_session(&desk.admin, &project, 8).await;
        for text in ["one", "two", "three"] {
            reply(&desk.admin, &other, text).await;
            assert_eq!(until_settled(&desk.admin, &other, text).await["delivery"]["state"], "SENT");
        }
        assert_eq!(telegram.received_by(7), [""; 0]);
        assert_eq!(telegram.api.ledger().refused_with(429), 1, "nothing was tried before its time");
        let waits = message_with_text(&desk.admin, &limited, "later").await.unwrap();
        assert_eq!(waits["delivery"]["state"], "QUEUED");
    }
}

const OTHER_TOKEN: &str = "2002:BBHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";

/// Adds a project for another bot.
async fn add_bot(desk: &Desk, telegram: &Telegram, token: &str) -> bot::telegram::BotId {
    let document = "mutation Add($input: ProjectCreateInput!) { projectCreate(input: $input) { userErrors { code } } }";
    let data = desk.admin.query(document, json!({ "input": { "name": "Other", "botToken": token } })).await;
    assert_eq!(data["projectCreate"]["userErrors"], json!([]));
    let token: bot::telegram::Token = token.parse().unwrap();
    telegram.api.add_bot(token.clone());
    token.bot_id()
}

async fn number_of(sql: &Sql, bot_id: i64) -> i64 {
    sql.number(&format!("SELECT id FROM projects WHERE bot_id = {bot_id}")).await.unwrap()
}

/// Queues calls as nobody can by hand. `chat` is an expression over the number `i` of the call.
async fn queue(sql: &Sql, project: i64, lane: i64, count: usize, chat: &str, word: &str) {
    let statement = format!(
        "WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {count}) \
         INSERT INTO outbox (project_id, chat_id, lane, method, payload, state, attempts, not_before, created_at) \
         SELECT {project}, {chat}, {lane}, 'sendMessage', \
         '{{\"chat_id\":' || ({chat}) || ',\"text\":\"{word} ' || i || '\"}}', 'QUEUED', 0, 0, 0 FROM numbers"
    );
    sql.execute(&statement).await.unwrap();
}

/// In how many seconds the only queue with a time is due.
async fn due_in(desk: &Desk) -> i64 {
    let sql = Sql::connect(&desk.database).await.unwrap();
    let query = "SELECT coalesce(max(queue.due - call.created_at), 0) / 1000000 FROM outbox_queues AS queue \
                 JOIN outbox AS call ON call.chat_id = queue.chat_id WHERE queue.due IS NOT NULL AND call.state = 'QUEUED'";
    sql.number(query).await.unwrap()
}

async fn waiting_calls(desk: &Desk, project: &str) -> i64 {
    let document = "query Status($id: ID!) { project(id: $id) { telegramStatus { waitingCalls } } }";
    let data = desk.admin.query(document, json!({ "id": project })).await;
    data["project"]["telegramStatus"]["waitingCalls"].as_i64().unwrap()
}
