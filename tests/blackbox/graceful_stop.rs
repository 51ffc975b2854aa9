//! A process that is asked to stop finishes what it has begun, and loses nothing that it has accepted.

use std::time::Duration;

use bot::fake::Fault;
use serde_json::json;
use tests::graphql::Ending;
use tests::{Client, on_both_engines};
use tokio::task::JoinSet;

use crate::stage::{
    Desk, PATIENCE, Reader, Telegram, messages, project_called, reply, sandbox, texts, try_send, until_session,
    until_settled, until_written,
};

on_both_engines! {
    async fn a_send_that_is_under_way_is_settled_and_sockets_are_told_to_come_back(engine: Engine) {
        let telegram = Telegram::start().await;
        let mut desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        telegram.customer_writes(7, "before").await;
        let session = until_session(&desk.admin, &project, 7).await;
        let mut reader = Reader::from_now(&desk.admin, &project).await;

        telegram.next("sendMessage", Fault::delay(Duration::from_secs(1)));
        reply(&desk.admin, &session, "under way").await;
        telegram.until_received(7, 1).await;
        assert!(desk.server.terminate().await.success());

        match reader.subscription().ending_within(PATIENCE).await {
            Ending::Closed { code, .. } => assert_eq!(code, 1012),
            other => panic!("the socket ended otherwise: {other:?}"),
        }
        desk.restart().await;
        assert_eq!(until_settled(&desk.admin, &session, "under way").await["delivery"]["state"], "SENT");
        assert_eq!(telegram.received_by(7), ["under way"]);
    }

    async fn nothing_that_was_accepted_is_lost_by_a_stop(engine: Engine) {
        let mut desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let mut customers = JoinSet::new();
        for customer in 1..=8 {
            customers.spawn(write_until_the_end(desk.admin.clone(), sandbox.clone(), customer));
        }
        // The stop comes while all of them are writing.
        for customer in 1..=8 {
            until_session(&desk.admin, &sandbox, customer).await;
        }
        assert!(desk.server.terminate().await.success());
        let accepted = customers.join_all().await;

        desk.restart().await;
        for (customer, accepted) in accepted {
            let written = until_written(&desk.admin, &sandbox, customer, accepted.len()).await;
            // The last request may have been carried out although its answer was lost.
            assert!(written.len() <= accepted.len() + 1, "{written:?}");
            assert_eq!(written[..accepted.len()], accepted);
        }
    }

    async fn an_answer_that_was_accepted_before_a_stop_is_sent_afterwards(engine: Engine) {
        let telegram = Telegram::start().await;
        let mut desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        telegram.customer_writes(7, "before").await;
        let session = until_session(&desk.admin, &project, 7).await;
        telegram.api.refuse_connections().await.unwrap();
        let answers = ["first", "second"];
        for answer in answers {
            let input = json!({ "sessionId": session, "text": answer });
            assert!(try_send(&desk.admin, input).await.unwrap().errors.is_empty());
        }
        assert!(desk.server.terminate().await.success());

        telegram.api.accept_connections().await.unwrap();
        desk.restart().await;
        assert_eq!(telegram.until_received(7, answers.len()).await, answers);
        assert_eq!(texts(&messages(&desk.admin, &session).await, "OUTBOUND"), answers);
    }
}

/// A simulated customer writes until the desk is gone. Returns the texts that the desk has accepted.
async fn write_until_the_end(client: Client, project: String, customer: i64) -> (i64, Vec<String>) {
    let document = "mutation Write($input: SandboxCustomerSendInput!) {
        sandboxCustomerSend(input: $input) { userErrors { code } }
    }";
    let mut accepted = Vec::new();
    loop {
        let text = format!("message {}", accepted.len());
        let input = json!({
            "projectId": project, "telegramUserId": customer.to_string(), "name": "C", "text": text,
        });
        match client.try_query(document, json!({ "input": input })).await {
            Ok(response) if response.errors.is_empty() && response.data.is_object() => accepted.push(text),
            _ => return (customer, accepted),
        }
    }
}
