//! What people write and what keeps bots safe is in no log, however talkative it is made.

use bot::fake::Fault;
use serde_json::json;
use tests::ingress::Ingress;
use tests::on_both_engines;

use crate::stage::{Desk, Telegram, project_called, reply, until_session, until_settled, until_written};

/// Everything that anybody in the process has to say.
const EVERYTHING: (&str, &str) = ("SWITCHBOARD_LOG", "trace");

const FROM_CUSTOMER: &str = "zanzibarQuestion";
const FROM_AGENT: &str = "zanzibarAnswer";
const NAME: &str = "Zerafina";
const FILE_ID: &str = "AgACzanzibarFile";

on_both_engines! {
    async fn a_conversation_by_polling_leaves_no_word_in_the_log(engine: Engine) {
        let telegram = Telegram::start().await;
        let (name, value) = EVERYTHING;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings).env(name, value)).await;
        talk(&telegram, &desk).await;
        assert_discreet(&telegram, &desk);
    }

    async fn a_conversation_by_webhook_leaves_no_word_in_the_log(engine: Engine) {
        let (telegram, ingress) = (Telegram::start().await, Ingress::start().await);
        let public = ingress.url();
        let (name, value) = EVERYTHING;
        let more = |settings| telegram.settings(settings).env(name, value).env("SWITCHBOARD_PUBLIC_URL", &public);
        let desk = Desk::start_with(engine, more).await;
        ingress.lead_to(desk.server.url());
        talk(&telegram, &desk).await;
        assert_discreet(&telegram, &desk);
        let passage = ingress.passages().into_iter().next().unwrap();
        desk.server.assert_never_printed(passage.headers["x-telegram-bot-api-secret-token"].to_str().unwrap());
        let (_, code) = passage.target.rsplit_once('-').unwrap();
        desk.server.assert_never_printed(code);
    }
}

/// A customer and an agent talk, and much goes wrong meanwhile.
async fn talk(telegram: &Telegram, desk: &Desk) {
    let project = project_called(&desk.admin, "Telegram").await;
    telegram
        .tells(&json!({ "message": {
            "message_id": 500, "date": 1_767_225_600, "caption": FROM_CUSTOMER,
            "from": { "id": 7, "is_bot": false, "first_name": NAME }, "chat": { "id": 7, "type": "private", "first_name": NAME },
            "photo": [{ "file_id": FILE_ID, "file_unique_id": "u", "width": 1, "height": 1 }],
        }}))
        .await;
    telegram.tells(&json!({ "message": { "message_id": "poison", "text": FROM_CUSTOMER, "chat": { "id": 7 } } })).await;
    until_written(&desk.admin, &project, 7, 1).await;
    let session = until_session(&desk.admin, &project, 7).await;
    for (number, fault) in [
        Fault::too_many_requests(1),
        Fault::garbage(),
        Fault::server_error(502),
        Fault::drop_after_accepting(),
        Fault::answer(400, r#"{"ok":false,"error_code":400,"description":"Bad Request: x"}"#),
        Fault::unreadable_result(),
    ]
    .into_iter()
    .enumerate()
    {
        telegram.next("sendMessage", fault);
        let text = format!("{FROM_AGENT} {number}");
        reply(&desk.admin, &session, &text).await;
        until_settled(&desk.admin, &session, &text).await;
    }
    telegram.api.refuse_connections().await.unwrap();
    let text = format!("{FROM_AGENT} at last");
    reply(&desk.admin, &session, &text).await;
    desk.server.wait_for_log("Telegram cannot be reached").await;
    telegram.api.accept_connections().await.unwrap();
    until_settled(&desk.admin, &session, &text).await;
}

fn assert_discreet(telegram: &Telegram, desk: &Desk) {
    assert!(desk.server.output().find(" DEBUG ").is_some(), "the log is talkative");
    let (_, secret) = telegram.token().split_once(':').unwrap();
    for unspeakable in [secret, FROM_CUSTOMER, FROM_AGENT, NAME, FILE_ID] {
        desk.server.assert_never_printed(unspeakable);
        // Nor in the numbers of its bytes, in which some libraries print what they send.
        let numbers: Vec<String> = unspeakable.bytes().take(6).map(|byte| byte.to_string()).collect();
        desk.server.assert_never_printed(&numbers.join(", "));
        let base16: String = unspeakable.bytes().take(6).map(|byte| format!("{byte:02x}")).collect();
        desk.server.assert_never_printed(&base16);
    }
}
