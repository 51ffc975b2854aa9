//! Agents and teams in Telegram: they link their chats, and notices go there.

use std::time::Duration;

use bot::fake::Fault;
use serde_json::{Value, json};
use tests::{Client, eventually, on_both_engines};

use crate::stage::{
    Desk, PATIENCE, Telegram, mutate, project_called, reply, sessions, try_mutate, until_session, until_settled,
};

const AGENT_CHAT: i64 = 501;
const GROUP: i64 = -100_777;

/// What somebody writes in the group, as Telegram tells it.
fn in_group(message_id: i64, text: &str) -> Value {
    json!({ "message": {
        "message_id": message_id,
        "date": 1_767_225_600,
        "from": { "id": AGENT_CHAT, "is_bot": false, "first_name": "Ada" },
        "chat": { "id": GROUP, "type": "supergroup", "title": "First line" },
        "text": text,
    } })
}

/// The bot comes into the group or is put out of it.
fn in_or_out(status: &str) -> Value {
    json!({ "my_chat_member": {
        "date": 1_767_225_700,
        "from": { "id": AGENT_CHAT, "is_bot": false, "first_name": "Ada" },
        "chat": { "id": GROUP, "type": "supergroup", "title": "First line" },
        "old_chat_member": { "status": "left", "user": { "id": 1001, "is_bot": true, "first_name": "Desk" } },
        "new_chat_member": { "status": status, "user": { "id": 1001, "is_bot": true, "first_name": "Desk" } },
    } })
}

/// Links the account of whoever is signed in, and returns the code.
async fn link(client: &Client, telegram: &Telegram, project: &str, chat: i64) -> String {
    let input = json!({ "projectId": project });
    let payload = mutate(client, "staffLinkCreate", input, "invitation { code url expiresAt }").await;
    let code = payload["invitation"]["code"].as_str().unwrap().to_owned();
    telegram.customer_writes(chat, &format!("/start {code}")).await;
    code
}

async fn until_told(telegram: &Telegram, chat: i64, words: &str) -> Vec<String> {
    let told = || async {
        let texts = telegram.received_by(chat);
        if texts.iter().any(|text| text.contains(words)) { Ok(texts) } else { Err(texts) }
    };
    eventually(PATIENCE, told).await
}

on_both_engines! {
    async fn an_agent_links_an_account_and_is_told_what_concerns_them(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let agent = desk.add_agent("ada@example.org", "Telegram", "agent").await;

        let code = link(&agent, &telegram, &project, AGENT_CHAT).await;
        until_told(&telegram, AGENT_CHAT, "linked to ada@example.org").await;
        let shown = agent.query("{ viewer { id staffLinks { telegramName project { id } } } }", Value::Null).await;
        assert_eq!(shown["viewer"]["staffLinks"][0]["project"]["id"], *project);

        let document = "query Links($id: ID!) { node(id: $id) { ... on Agent { staffLinks { telegramName } } } }";
        let colleague = desk.add_agent("bob@example.org", "Telegram", "supervisor").await;
        for (client, count) in [(&colleague, 0), (&desk.admin, 1)] {
            let seen = client.query(document, json!({ "id": shown["viewer"]["id"] })).await;
            assert_eq!(seen["node"]["staffLinks"].as_array().unwrap().len(), count);
        }

        // What is written there is no conversation, and the code works once.
        telegram.customer_writes(AGENT_CHAT, "hello?").await;
        until_told(&telegram, AGENT_CHAT, "nobody reads").await;
        telegram.customer_writes(502, &format!("/start {code}")).await;
        telegram.customer_writes(7, "secret words").await;
        let session = until_session(&desk.admin, &project, 7).await;
        until_session(&desk.admin, &project, 502).await;
        assert_eq!(sessions(&desk.admin, &project).await.len(), 2);

        // Somebody else gives the agent the session.
        let input = json!({ "sessionId": session, "agentId": shown["viewer"]["id"] });
        mutate(&desk.admin, "sessionAssign", input, "session { id }").await;
        let texts = until_told(&telegram, AGENT_CHAT, "was assigned to you").await;
        assert!(texts.last().unwrap().contains("with Customer 7"), "{texts:?}");

        // A message of the agent does not arrive.
        telegram.next("sendMessage", Fault::error(400, "Bad Request: message is strange"));
        reply(&agent, &session, "my answer").await;
        assert_eq!(until_settled(&agent, &session, "my answer").await["delivery"]["state"], "FAILED");
        let texts = until_told(&telegram, AGENT_CHAT, "was not sent").await;
        assert!(!texts.iter().any(|text| text.contains("secret words") || text.contains("my answer")), "{texts:?}");

        telegram.customer_writes(AGENT_CHAT, "/unlink").await;
        until_told(&telegram, AGENT_CHAT, "no longer linked").await;
        let payload = try_mutate(&agent, "staffLinkRemove", json!({ "projectId": project }), "agent { id }").await;
        assert_eq!(payload["userErrors"][0]["code"], "NOT_LINKED");
    }

    async fn who_no_longer_belongs_to_the_project_is_told_nothing(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let agent = desk.add_agent("ada@example.org", "Telegram", "agent").await;
        link(&agent, &telegram, &project, AGENT_CHAT).await;
        until_told(&telegram, AGENT_CHAT, "linked to").await;
        telegram.customer_writes(7, "hello").await;
        let session = until_session(&desk.admin, &project, 7).await;

        // The message is on its way when its author is taken out of the project.
        let fault = Fault::error(400, "Bad Request: message is strange").delayed(Duration::from_secs(3));
        telegram.next("sendMessage", fault);
        reply(&agent, &session, "the answer").await;
        desk.unassign_agent("ada@example.org", "Telegram").await;
        assert_eq!(until_settled(&desk.admin, &session, "the answer").await["delivery"]["state"], "FAILED");
        assert_eq!(telegram.received_by(AGENT_CHAT).len(), 1);
    }

    async fn a_group_gets_the_notices_of_its_team_until_the_bot_is_put_out(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let input = json!({ "projectId": project, "name": "First line", "line": 1 });
        let team = mutate(&desk.admin, "teamCreate", input.clone(), "team { id name line }").await["team"]["id"].take();
        let payload = try_mutate(&desk.admin, "teamCreate", input, "team { id }").await;
        assert_eq!(payload["userErrors"][0]["code"], "NAME_TAKEN");
        let input = json!({ "teamId": team });
        let payload = mutate(&desk.admin, "teamGroupLinkCreate", input, "invitation { code url }").await;
        let code = payload["invitation"]["code"].as_str().unwrap();

        telegram.tells(&in_or_out("member")).await;
        telegram.tells(&in_group(1, &format!("/start@desk_bot {code}"))).await;
        until_told(&telegram, GROUP, "notices of the team First line").await;
        telegram.tells(&in_group(2, "is anybody here?")).await;
        telegram.customer_writes(7, "secret words").await;
        let texts = until_told(&telegram, GROUP, "New session #1").await;
        assert!(!texts.iter().any(|text| text.contains("secret")), "{texts:?}");
        assert_eq!(sessions(&desk.admin, &project).await.len(), 1);
        let document = "query Teams($id: ID!) { project(id: $id) { teams { name groups { title telegramChatId } } } }";
        let shown = desk.admin.query(document, json!({ "id": project })).await;
        assert_eq!(shown["project"]["teams"][0]["groups"][0]["title"], "First line");

        telegram.tells(&in_or_out("left")).await;
        telegram.customer_writes(8, "hello").await;
        until_session(&desk.admin, &project, 8).await;
        let shown = desk.admin.query(document, json!({ "id": project })).await;
        assert_eq!(shown["project"]["teams"][0]["groups"], json!([]));
        assert_eq!(telegram.received_by(GROUP).len(), texts.len());
    }

    async fn a_link_works_once_and_for_its_own_place_only(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let supervisor = desk.add_agent("sue@example.org", "Telegram", "supervisor").await;
        let input = json!({ "projectId": project, "name": "First line", "line": 1 });
        let team = mutate(&desk.admin, "teamCreate", input, "team { id }").await["team"]["id"].take();
        let own_link = || async {
            let payload = mutate(&supervisor, "staffLinkCreate", json!({ "projectId": project }), "invitation { code }").await;
            payload["invitation"]["code"].as_str().unwrap().to_owned()
        };
        let group_link = || async {
            let payload = mutate(&supervisor, "teamGroupLinkCreate", json!({ "teamId": team }), "invitation { code }").await;
            payload["invitation"]["code"].as_str().unwrap().to_owned()
        };

        // Told in a group, the agent's own link is known to others, so that it is good for nobody any more.
        let code = own_link().await;
        telegram.tells(&in_group(1, &format!("/start {code}"))).await;
        until_told(&telegram, GROUP, "works no more").await;
        telegram.customer_writes(AGENT_CHAT, &format!("/start {code}")).await;
        until_session(&desk.admin, &project, AGENT_CHAT).await;
        let code = group_link().await;
        telegram.customer_writes(502, &format!("/start {code}")).await;
        until_told(&telegram, 502, "works no more").await;
        // Who made it has to be a supervisor still.
        let code = group_link().await;
        desk.assign_agent("sue@example.org", "Telegram", "agent").await;
        telegram.tells(&in_group(2, &format!("/start {code}"))).await;
        until_told(&telegram, GROUP, "has run out").await;
        // A link that was used is a plain start for whoever finds it.
        let code = link(&supervisor, &telegram, &project, 503).await;
        until_told(&telegram, 503, "is linked to").await;
        telegram.customer_writes(504, &format!("/start {code}")).await;
        until_session(&desk.admin, &project, 504).await;

        let document = "query Teams($id: ID!) { project(id: $id) { teams { groups { title } } } }";
        let shown = desk.admin.query(document, json!({ "id": project })).await;
        assert_eq!(shown["project"]["teams"][0]["groups"], json!([]));
        assert!(telegram.received_by(504).is_empty());
    }
}
