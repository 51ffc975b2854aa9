//! A request that cannot be carried out is answered with an error of its own kind.

use serde_json::{Value, json};
use tests::{Client, Engine, on_both_engines};

use crate::stage::{
    Desk, Telegram, customer_writes, errors_of, project_called, reply, sandbox, try_send, until_session, until_written,
};

on_both_engines! {
    async fn an_id_of_something_else_is_told_from_one_of_nothing(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let unknown = id_of_nothing(engine).await;

        let look = "query Look($id: ID!) { session(id: $id) { id } }";
        for foreign in [sandbox.as_str(), "", "1", "x", "💥", &session[1..], &format!("{session}A")] {
            assert_eq!(codes(&desk.admin, look, json!({ "id": foreign })).await, ["INVALID_ID"], "{foreign:?}");
            let refused = try_send(&desk.admin, json!({ "sessionId": foreign, "text": "t" })).await.unwrap();
            assert_eq!(errors_of(&refused.data["messageSend"]), ["INVALID_ID"], "{foreign:?}");
        }
        let data = desk.admin.query(look, json!({ "id": unknown })).await;
        assert_eq!(data["session"], Value::Null);
        let refused = try_send(&desk.admin, json!({ "sessionId": unknown, "text": "t" })).await.unwrap();
        assert_eq!(errors_of(&refused.data["messageSend"]), ["SESSION_NOT_FOUND"]);
        let too_many = vec![session.clone(); 101];
        let nodes = "query Nodes($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        assert_eq!(codes(&desk.admin, nodes, json!({ "ids": too_many })).await, ["INVALID_ARGUMENT"]);
    }

    async fn a_text_that_telegram_would_not_take_is_refused(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;

        let longest = "👍".repeat(2048);
        let too_long = format!("{longest}!");
        assert_eq!(sandbox_errors(&desk.admin, &sandbox, "7", "C", &too_long).await, ["TEXT_TOO_LONG"]);
        for (text, code) in [("", "TEXT_EMPTY"), (" \n\u{200b}", "TEXT_EMPTY")] {
            let refused = try_send(&desk.admin, json!({ "sessionId": session, "text": text })).await.unwrap();
            assert_eq!(errors_of(&refused.data["messageSend"]), [code]);
            assert_eq!(sandbox_errors(&desk.admin, &sandbox, "7", "C", text).await, [code]);
        }
        assert_eq!(reply(&desk.admin, &session, &longest).await["text"], longest);
        let foreign = id_of_nothing(engine).await;
        let reply_to = json!({ "sessionId": session, "text": "t", "replyToId": foreign });
        let refused = try_send(&desk.admin, reply_to).await.unwrap();
        assert_eq!(errors_of(&refused.data["messageSend"]), ["INVALID_ID"]);
        assert_eq!(until_written(&desk.admin, &sandbox, 7, 1).await, ["hello"]);
    }

    async fn a_simulated_customer_has_a_number_and_a_name_and_lives_in_a_sandbox(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let sandbox = sandbox(&desk.admin).await;
        for number in ["0", "-7", "4503599627370496", "seven", ""] {
            let refused = sandbox_errors(&desk.admin, &sandbox, number, "C", "t").await;
            assert_eq!(refused, ["TELEGRAM_USER_ID_MALFORMED"], "{number:?}");
        }
        for name in ["", " ", &"n".repeat(65)] {
            let refused = sandbox_errors(&desk.admin, &sandbox, "7", name, "t").await;
            assert_eq!(refused, ["NAME_MALFORMED"], "{name:?}");
        }
        let real = project_called(&desk.admin, "Telegram").await;
        assert_eq!(sandbox_errors(&desk.admin, &real, "7", "C", "t").await, ["NOT_A_SANDBOX"]);
        for (project, seconds, code) in [
            (&real, 1, "NOT_A_SANDBOX"),
            (&sandbox, 0, "SECONDS_OUT_OF_RANGE"),
            (&sandbox, -1, "SECONDS_OUT_OF_RANGE"),
            (&sandbox, 366 * 24 * 60 * 60 + 1, "SECONDS_OUT_OF_RANGE"),
        ] {
            let document = "mutation Advance($input: SandboxClockAdvanceInput!) {
                sandboxClockAdvance(input: $input) { userErrors { code } }
            }";
            let input = json!({ "projectId": project, "seconds": seconds });
            let data = desk.admin.query(document, json!({ "input": input })).await;
            assert_eq!(errors_of(&data["sandboxClockAdvance"]), [code], "{seconds}");
        }
    }

    async fn a_page_has_a_size_and_begins_at_a_cursor_of_its_list(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        for customer in [7, 8] {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
            until_session(&desk.admin, &sandbox, customer).await;
        }
        let sizes = ["", "(first: 0)", "(first: 101)", "(first: -1)", "(last: 0)", "(last: 101)", "(first: 1, last: 1)"];
        for size in sizes {
            let document = format!("{{ projects{size} {{ nodes {{ id }} }} }}");
            assert_eq!(codes(&desk.admin, &document, Value::Null).await, ["INVALID_ARGUMENT"], "{size}");
        }

        let list = "query List($id: ID!, $after: String, $order: SessionOrder) {
            sessions(projectId: $id, first: 1, after: $after, orderBy: $order) {
                pageInfo { endCursor }
                nodes { number }
            }
        }";
        let by_creation = json!({ "field": "CREATED_AT", "direction": "ASC" });
        let first = desk.admin.query(list, json!({ "id": sandbox, "order": by_creation })).await;
        let cursor = first["sessions"]["pageInfo"]["endCursor"].as_str().unwrap();
        let second = desk.admin.query(list, json!({ "id": sandbox, "order": by_creation, "after": cursor })).await;
        assert_eq!(second["sessions"]["nodes"][0]["number"], 2);
        for malformed in ["", "x", "AAAA", &cursor[1..]] {
            let variables = json!({ "id": sandbox, "order": by_creation, "after": malformed });
            assert_eq!(codes(&desk.admin, list, variables).await, ["INVALID_CURSOR"], "{malformed:?}");
        }
        let of_another_order = json!({ "id": sandbox, "after": cursor });
        assert_eq!(codes(&desk.admin, list, of_another_order).await, ["INVALID_CURSOR"]);
    }

    async fn a_project_is_a_bot_or_a_sandbox_and_a_bot_has_one_project(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let long = "n".repeat(101);
        for (input, code) in [
            (json!({ "name": " ", "sandbox": true }), "NAME_EMPTY"),
            (json!({ "name": long, "sandbox": true }), "NAME_TOO_LONG"),
            (json!({ "name": "Neither" }), "BOT_OR_SANDBOX"),
            (json!({ "name": "Both", "sandbox": true, "botToken": telegram.token() }), "BOT_OR_SANDBOX"),
            (json!({ "name": "Typo", "botToken": "123" }), "BOT_TOKEN_MALFORMED"),
            (json!({ "name": "Twice", "botToken": telegram.token() }), "BOT_TAKEN"),
        ] {
            let document = "mutation Create($input: ProjectCreateInput!) {
                projectCreate(input: $input) { project { id } userErrors { code message path } }
            }";
            let data = desk.admin.query(document, json!({ "input": input })).await;
            assert_eq!(errors_of(&data["projectCreate"]), [code]);
            assert_eq!(data["projectCreate"]["project"], Value::Null);
        }
    }
}

/// The codes of the errors of an operation that fails as a whole.
async fn codes(client: &Client, document: &str, variables: Value) -> Vec<String> {
    let response = client.try_query(document, variables).await.expect("the server answers");
    response.error_codes().into_iter().map(str::to_owned).collect()
}

/// The codes of the user errors when a simulated customer writes.
async fn sandbox_errors(client: &Client, project: &str, number: &str, name: &str, text: &str) -> Vec<String> {
    let document = "mutation Write($input: SandboxCustomerSendInput!) {
        sandboxCustomerSend(input: $input) { userErrors { code message path } }
    }";
    let input = json!({ "projectId": project, "telegramUserId": number, "name": name, "text": text });
    let data = client.query(document, json!({ "input": input })).await;
    errors_of(&data["sandboxCustomerSend"]).into_iter().map(str::to_owned).collect()
}

/// The id of a session that another desk has, and this one has not.
async fn id_of_nothing(engine: Engine) -> String {
    let other = Desk::start(engine).await;
    let sandbox = sandbox(&other.admin).await;
    for customer in [7, 8] {
        customer_writes(&other.admin, &sandbox, customer, "hello").await;
        until_session(&other.admin, &sandbox, customer).await;
    }
    until_session(&other.admin, &sandbox, 8).await
}
