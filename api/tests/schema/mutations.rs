//! What mutations change, and the user errors of those that do not.

use desk::sandbox::SandboxAct;
use domain::Role;
use serde_json::json;

use crate::stage::Stage;

fn refusal(code: &str, field: &str) -> (String, String) {
    (code.to_owned(), format!("input.{field}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_queued_and_takes_the_session() {
    let stage = Stage::open().await;
    stage.customer_writes(7, "My order has not arrived").await;
    let admin = stage.admin().await;
    let session = stage.session_ids().await.remove(0);
    let query = "query($id: ID!) { session(id: $id) { number status priority unreadCount version closedAt closeReason
        assignee { id } customer { name telegramUserId username languageCode reachable project { name sandbox botUsername } }
        lastMessage { id text kind direction entities { type } author { id } replyTo { id } editedAt delivery { state } } } }";
    let before = admin.data(query, json!({ "id": session })).await["session"].clone();
    let message_id = before["lastMessage"]["id"].clone();
    let expected = json!({
        "number": 1, "status": "UNREAD", "priority": "MEDIUM", "unreadCount": 1, "version": before["version"],
        "closedAt": null, "closeReason": null, "assignee": null,
        "customer": {
            "name": "Customer 7", "telegramUserId": "7", "username": null, "languageCode": null, "reachable": true,
            "project": { "name": "Sandbox", "sandbox": true, "botUsername": null },
        },
        "lastMessage": {
            "id": message_id, "text": "My order has not arrived", "kind": "text", "direction": "INBOUND",
            "entities": [], "author": null, "replyTo": null, "editedAt": null, "delivery": null,
        },
    });
    assert_eq!(before, expected);

    let input = json!({ "sessionId": session, "text": "I look into it.", "replyToId": message_id });
    let selection =
        "message { text direction author { email } replyTo { text } delivery { state error telegramMessageId }
        session { status unreadCount assignee { email } lastMessage { text } } }";
    let payload = admin.mutate("messageSend", selection, input).await;
    let expected = json!({
        "message": {
            "text": "I look into it.", "direction": "OUTBOUND", "author": { "email": "admin@example.com" },
            "replyTo": { "text": "My order has not arrived" },
            "delivery": { "state": "QUEUED", "error": null, "telegramMessageId": null },
            "session": {
                "status": "PROCESSING", "unreadCount": 0, "assignee": { "email": "admin@example.com" },
                "lastMessage": { "text": "I look into it." },
            },
        },
        "userErrors": [],
    });
    assert_eq!(payload, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_refusals_of_an_answer() {
    let stage = Stage::open().await;
    stage.customer_writes(1, "Hello").await;
    stage.customer_writes(2, "Hello").await;
    let admin = stage.admin().await;
    let other = stage.agent("other@example.com", Some(Role::Agent)).await;
    let sessions = stage.session_ids().await;
    let query = "query($id: ID!) { session(id: $id) { lastMessage { id } } }";
    let foreign = admin.data(query, json!({ "id": sessions[1] })).await["session"]["lastMessage"]["id"].clone();
    let send = |input| admin.refusal("messageSend", input);

    let long = "x".repeat(40_961);
    for (text, code) in [("", "TEXT_EMPTY"), (" \n\u{200b}", "TEXT_EMPTY"), (long.as_str(), "TEXT_TOO_LONG")] {
        assert_eq!(send(json!({ "sessionId": sessions[0], "text": text })).await, refusal(code, "text"));
    }
    let unknown = json!({ "sessionId": "U2Vzc2lvbjo5OTk", "text": "Hi" });
    assert_eq!(send(unknown).await, refusal("SESSION_NOT_FOUND", "sessionId"));
    let reply = json!({ "sessionId": sessions[0], "text": "Hi", "replyToId": foreign });
    assert_eq!(send(reply).await, refusal("REPLY_TO_NOT_FOUND", "replyToId"));

    let keyed = |text: &str, key: &str| json!({ "sessionId": sessions[0], "text": text, "idempotencyKey": key });
    assert_eq!(send(keyed("Hi", "")).await, refusal("IDEMPOTENCY_KEY_MALFORMED", "idempotencyKey"));
    let first = admin.mutate("messageSend", "message { id }", keyed("Hi", "key")).await;
    let again = admin.mutate("messageSend", "message { id }", keyed("Hi", "key")).await;
    assert_eq!(first, again);
    assert_eq!(send(keyed("Ho", "key")).await, refusal("IDEMPOTENCY_KEY_REUSED", "idempotencyKey"));

    let input = json!({ "sessionId": sessions[0], "text": "Me too" });
    assert_eq!(other.refusal("messageSend", input.clone()).await, refusal("SESSION_NOT_FOUND", "sessionId"));
    admin.mutate("sessionClose", "", json!({ "sessionId": sessions[0] })).await;
    assert_eq!(send(input).await, refusal("SESSION_CLOSED", "sessionId"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_closed_and_opened_again() {
    let stage = Stage::open().await;
    stage.customer_writes(1, "Hello").await;
    let admin = stage.admin().await;
    let session = stage.session_ids().await.remove(0);
    let input = json!({ "sessionId": session });
    let selection = "session { status closeReason version }";
    let not_closed = admin.refusal("sessionReopen", input.clone()).await;
    assert_eq!(not_closed, refusal("NOT_CLOSED", "sessionId"));
    let closed = admin.mutate("sessionClose", selection, input.clone()).await;
    assert_eq!(closed["session"]["status"], "CLOSED");
    assert_eq!(closed["session"]["closeReason"], "AGENT");
    let version = closed["session"]["version"].clone();
    assert_eq!(admin.refusal("sessionClose", input.clone()).await, refusal("ALREADY_CLOSED", "sessionId"));

    let conflict =
        admin.mutate("sessionReopen", selection, json!({ "sessionId": session, "expectedVersion": 0 })).await;
    assert_eq!(conflict["userErrors"][0]["code"], "VERSION_CONFLICT");
    assert_eq!(conflict["userErrors"][0]["path"], json!(["input", "expectedVersion"]));
    assert_eq!(conflict["session"], closed["session"], "the payload shows the session as it is");

    let reopened =
        admin.mutate("sessionReopen", selection, json!({ "sessionId": session, "expectedVersion": version })).await;
    assert_eq!(reopened["userErrors"], json!([]));
    assert_eq!(reopened["session"]["status"], "UNREAD");
    assert_eq!(reopened["session"]["closeReason"], json!(null));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_gets_and_loses_its_agent() {
    let stage = Stage::open().await;
    stage.customer_writes(1, "Hello").await;
    let session = stage.session_ids().await.remove(0);
    let admin = stage.admin().await;
    let agent = stage.agent("agent@example.com", Some(Role::Agent)).await;
    let stranger = stage.agent("stranger@example.com", None).await;
    let mut ids = Vec::new();
    for client in [&admin, &agent, &stranger] {
        ids.push(client.data("{ viewer { id } }", json!({})).await["viewer"]["id"].clone());
    }
    let selection = "session { status assignee { email } }";
    let assigned = admin.mutate("sessionAssign", selection, json!({ "sessionId": session, "agentId": ids[1] })).await;
    assert_eq!(assigned["session"]["assignee"]["email"], "agent@example.com");
    let viewed =
        agent.mutate("sessionMarkViewed", "session { status unreadCount }", json!({ "sessionId": session })).await;
    assert_eq!(viewed["session"], json!({ "status": "PROCESSING", "unreadCount": 0 }));

    let assign = |agent| json!({ "sessionId": session, "agentId": agent });
    assert_eq!(admin.refusal("sessionAssign", assign(&ids[2])).await, refusal("AGENT_NOT_FOUND", "agentId"));
    let unassigned = admin.mutate("sessionAssign", selection, assign(&json!(null))).await;
    assert_eq!(unassigned["session"]["assignee"], json!(null));
    let missing = admin.refusal("sessionAssign", json!({ "sessionId": session })).await;
    assert_eq!(missing, refusal("AGENT_ID_MISSING", "agentId"));

    admin.mutate("sessionAssign", "", assign(&ids[0])).await;
    assert_eq!(agent.refusal("sessionAssign", assign(&ids[1])).await, refusal("SESSION_NOT_FOUND", "sessionId"));
    let mut stale = assign(&json!(null));
    stale["expectedVersion"] = json!(1);
    assert_eq!(admin.refusal("sessionAssign", stale).await, refusal("VERSION_CONFLICT", "expectedVersion"));
    admin.mutate("sessionClose", "", json!({ "sessionId": session })).await;
    assert_eq!(admin.refusal("sessionAssign", assign(&ids[1])).await, refusal("SESSION_CLOSED", "sessionId"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_is_added() {
    let stage = Stage::open().await;
    let admin = stage.admin().await;
    let token = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
    let create = |input| admin.mutate("projectCreate", "project { name sandbox botUsername }", input);
    let sandbox = create(json!({ "name": " Second ", "sandbox": true })).await;
    assert_eq!(sandbox["project"], json!({ "name": "Second", "sandbox": true, "botUsername": null }));
    let real = create(json!({ "name": "Real", "botToken": token })).await;
    assert_eq!(real["project"]["sandbox"], false);
    for (input, code, path) in [
        (json!({ "name": "", "sandbox": true }), "NAME_EMPTY", "input.name"),
        (json!({ "name": "x".repeat(101), "sandbox": true }), "NAME_TOO_LONG", "input.name"),
        (json!({ "name": "Neither" }), "BOT_OR_SANDBOX", "input"),
        (json!({ "name": "Both", "sandbox": true, "botToken": token }), "BOT_OR_SANDBOX", "input"),
        (json!({ "name": "Bad", "botToken": "1:2" }), "BOT_TOKEN_MALFORMED", "input.botToken"),
        (json!({ "name": "Again", "botToken": token }), "BOT_TAKEN", "input.botToken"),
    ] {
        assert_eq!(admin.refusal("projectCreate", input).await, (code.to_owned(), path.to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_simulated_customer_writes() {
    let stage = Stage::open().await;
    let admin = stage.admin().await;
    let agent = stage.agent("agent@example.com", Some(Role::Agent)).await;
    let message =
        |project: &str, user: &str, text: &str| json!({ "projectId": project, "telegramUserId": user, "text": text });
    let sent = agent.mutate("sandboxCustomerSend", "updateId", message(&stage.project_id, "1001", "Hello")).await;
    assert_eq!(sent["userErrors"], json!([]));
    sent["updateId"].as_str().unwrap().parse::<i64>().unwrap();
    let pending = stage.desk.sandbox_pending(stage.project, 0, 10).await.unwrap();
    let SandboxAct::Message(written) = &pending[0].1 else {
        panic!("not a message: {pending:?}");
    };
    assert_eq!((written.customer.name.as_str(), written.text.as_str()), ("Sandbox customer 1001", "Hello"));

    let real = stage.real_project().await;
    let long = "x".repeat(4097);
    for (input, code, field) in [
        (message(&real, "1", "Hi"), "NOT_A_SANDBOX", "projectId"),
        (message("UHJvamVjdDo5OTk", "1", "Hi"), "PROJECT_NOT_FOUND", "projectId"),
        (message(&stage.project_id, "x", "Hi"), "TELEGRAM_USER_ID_MALFORMED", "telegramUserId"),
        (message(&stage.project_id, "0", "Hi"), "TELEGRAM_USER_ID_MALFORMED", "telegramUserId"),
        (message(&stage.project_id, "1", ""), "TEXT_EMPTY", "text"),
        (message(&stage.project_id, "1", &long), "TEXT_TOO_LONG", "text"),
    ] {
        assert_eq!(admin.refusal("sandboxCustomerSend", input).await, refusal(code, field));
    }
    let mut nameless = message(&stage.project_id, "1", "Hi");
    nameless["name"] = json!(" ");
    assert_eq!(admin.refusal("sandboxCustomerSend", nameless).await, refusal("NAME_MALFORMED", "name"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_of_a_sandbox_is_moved() {
    let stage = Stage::open().await;
    let admin = stage.admin().await;
    let agent = stage.agent("agent@example.com", Some(Role::Agent)).await;
    let advance = |project: &str, seconds: i64| json!({ "projectId": project, "seconds": seconds });
    let query = "query($id: ID!) { project(id: $id) { now version } }";
    let before = admin.data(query, json!({ "id": stage.project_id })).await["project"].clone();
    let input = advance(&stage.project_id, 86_400);
    let after = admin.mutate("sandboxClockAdvance", "project { now version }", input).await["project"].clone();
    let day = |project: &serde_json::Value| {
        let now = chrono::DateTime::parse_from_rfc3339(project["now"].as_str().unwrap()).unwrap();
        now.timestamp() / 86_400
    };
    assert_eq!(day(&after), day(&before) + 1);
    assert!(after["version"].as_i64() > before["version"].as_i64());

    let real = stage.real_project().await;
    for (project, seconds, code, field) in [
        (real.as_str(), 1, "NOT_A_SANDBOX", "projectId"),
        ("UHJvamVjdDo5OTk", 1, "PROJECT_NOT_FOUND", "projectId"),
        (&stage.project_id, 0, "SECONDS_OUT_OF_RANGE", "seconds"),
        (&stage.project_id, -1, "SECONDS_OUT_OF_RANGE", "seconds"),
        (&stage.project_id, 31_622_401, "SECONDS_OUT_OF_RANGE", "seconds"),
    ] {
        assert_eq!(admin.refusal("sandboxClockAdvance", advance(project, seconds)).await, refusal(code, field));
    }
    let input = advance(&stage.project_id, 1);
    assert_eq!(agent.refusal("sandboxClockAdvance", input).await, refusal("NOT_SUPERVISOR", "projectId"));
}
