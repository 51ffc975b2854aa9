//! A sandbox: no Telegram behind it, and everything between as it is for real.

use desk::message::NewReply;
use desk::sandbox::{NewContent, NewSandboxMessage, SandboxCustomer};
use domain::{DeliveryState, Message, ProjectId};

use super::stage::{ADA, Stage};

async fn sandbox_of(stage: &Stage) -> ProjectId {
    let projects = stage.desk.admin_projects().await.expect("a database");
    projects.into_iter().find(|project| project.sandbox).expect("a sandbox").id
}

async fn customer_sends(stage: &Stage, project_id: ProjectId, text: &str) {
    let new = NewSandboxMessage {
        project_id,
        customer: SandboxCustomer { name: "Ada".to_owned(), ..SandboxCustomer::numbered(ADA) },
        keeps_name: false,
        content: NewContent { text: Some(text.to_owned()), ..NewContent::default() },
        album_id: None,
        reply_to_id: None,
    };
    stage.desk.sandbox_customer_send(&stage.actor, &new).await.expect("a message");
}

async fn arrived(stage: &Stage, project: ProjectId, text: &str) -> Message {
    stage
        .eventually(async || {
            let messages = stage.messages_in(project, ADA).await;
            messages.into_iter().find(|message| message.text == text)
        })
        .await
}

async fn answer(stage: &Stage, message: &Message, text: &str) {
    let reply = NewReply { reply_to_id: Some(message.id), ..NewReply::text(message.session_id, text) };
    let sent = stage.desk.message_send(&stage.actor, &reply).await.expect("an answer");
    stage.delivery(sent[0].id, DeliveryState::Sent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_simulated_customer_is_heard_and_answered_across_a_restart() {
    let stage = Stage::new().await;
    let sandbox = sandbox_of(&stage).await;
    let running = stage.run().await;
    customer_sends(&stage, sandbox, "before").await;
    let before = arrived(&stage, sandbox, "before").await;
    answer(&stage, &before, "answer before").await;
    running.stop().await;

    customer_sends(&stage, sandbox, "meanwhile").await;
    let running = stage.run().await;
    let meanwhile = arrived(&stage, sandbox, "meanwhile").await;
    answer(&stage, &meanwhile, "answer after").await;
    assert_eq!(meanwhile.session_id, before.session_id);

    let messages = stage.messages_in(sandbox, ADA).await;
    let texts: Vec<_> = messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["before", "answer before", "meanwhile", "answer after"]);
    let mut numbers: Vec<_> = messages.iter().map(|message| message.telegram_message_id.unwrap()).collect();
    numbers.dedup();
    assert_eq!(numbers.len(), 4, "each message has a number of its own, across the restart");
    assert!(numbers.is_sorted());
    assert_eq!(stage.api.ledger().sends().count(), 0, "nothing of it reached Telegram");
    running.stop().await;
}
