//! Many bots in one process, coming and going.

use bot::telegram::Token;
use desk::project::NewProject;
use domain::{ChatId, DeliveryState, ProjectId};

use super::stage::{ADA, PATIENCE, Stage, customer_message, token};

pub async fn add_project(stage: &Stage, token: &Token) -> ProjectId {
    let new = NewProject {
        name: "Another".to_owned(),
        bot_token: Some(token.expose_secret().to_owned()),
        sandbox: false,
        idempotency_key: None,
    };
    stage.desk.project_create(&stage.actor, &new).await.expect("a project").id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_that_is_added_is_served_without_a_restart() {
    let stage = Stage::new().await;
    let running = stage.run().await;
    stage.hear_and_open(ADA, "hello").await;

    let second = token(1002, 'b');
    stage.api.add_bot(second.clone());
    let project = add_project(&stage, &second).await;
    stage.api.customer_says(second.bot_id(), customer_message(ADA, "hello, second")).await.unwrap();
    let messages = stage
        .eventually(async || Some(stage.messages_in(project, ADA).await).filter(|messages| !messages.is_empty()))
        .await;
    assert_eq!(messages[0].text, "hello, second");
    assert_eq!(stage.messages_with(ADA).await.len(), 1, "the first bot did not hear it");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_bot_loses_nothing_and_disturbs_no_other() {
    let stage = Stage::new().await;
    let second = token(1002, 'b');
    stage.api.add_bot(second.clone());
    let project = add_project(&stage, &second).await;
    let running = stage.run().await;
    let session = stage.hear_and_open(ADA, "hello").await;

    stage.api.revoke(&stage.token);
    let reply = stage.reply(session, "kept").await;
    stage
        .api
        .wait_for(|ledger| ledger.calls("sendMessage") > 0 || ledger.refused_with(401) > 0, PATIENCE)
        .await
        .unwrap();
    stage.api.customer_says(second.bot_id(), customer_message(ADA, "hello, second")).await.unwrap();
    stage
        .eventually(async || Some(stage.messages_in(project, ADA).await).filter(|messages| !messages.is_empty()))
        .await;
    stage.delivery(reply, DeliveryState::Queued).await;

    let renewed = token(1001, 'c');
    stage.api.add_bot(renewed.clone());
    stage.desk.set_up_bot(renewed.expose_secret()).await.unwrap();
    stage.delivery(reply, DeliveryState::Sent).await;
    assert_eq!(stage.api.ledger().texts_to(ChatId(ADA)), ["kept"]);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_was_left_behind_is_removed_before_polling() {
    let stage = Stage::new().await;
    let client = bot::telegram::Client::new().unwrap();
    let endpoint = stage.api.endpoint(&stage.token);
    // The address of a port where nobody listens: bound, and never served.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", nobody.local_addr().unwrap());
    client.set_webhook(&endpoint, &url, "secret").await.unwrap();
    stage.hear(ADA, "while the webhook was there").await;

    let running = stage.run().await;
    stage.message(ADA, "while the webhook was there").await;
    assert_eq!(client.get_webhook_info(&endpoint).await.unwrap().url, "");
    running.stop().await;
}
