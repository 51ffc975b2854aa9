//! Agents and teams in Telegram: they link their chats, and notices go there.

use std::time::Duration;

use bot::fake::{Fault, FaultScope, Repeat};
use domain::ChatId;
use serde_json::{Value, json};
use tests::{Client, Sql, eventually, on_both_engines};

use crate::session_life::{HOUR, advance, in_future};
use crate::stage::{
    Desk, PATIENCE, Telegram, customer_writes, id_of, mutate, online, project_called, reply, sandbox, session_of,
    sessions, try_mutate, until_session, until_settled, until_written,
};

const AGENT_CHAT: i64 = 501;
const COLLEAGUE_CHAT: i64 = 502;
const GROUP: i64 = -100_777;
const OTHER_GROUP: i64 = -100_888;

/// What somebody writes in a group, as Telegram tells it.
fn in_group(group: i64, message_id: i64, text: &str) -> Value {
    json!({ "message": {
        "message_id": message_id,
        "date": 1_767_225_600,
        "from": { "id": AGENT_CHAT, "is_bot": false, "first_name": "Ada" },
        "chat": { "id": group, "type": "supergroup", "title": "First line" },
        "text": text,
    } })
}

/// The bot comes into a group or is put out of it.
fn in_or_out(group: i64, status: &str) -> Value {
    json!({ "my_chat_member": {
        "date": 1_767_225_700,
        "from": { "id": AGENT_CHAT, "is_bot": false, "first_name": "Ada" },
        "chat": { "id": group, "type": "supergroup", "title": "First line" },
        "old_chat_member": { "status": "left", "user": { "id": 1001, "is_bot": true, "first_name": "Desk" } },
        "new_chat_member": { "status": status, "user": { "id": 1001, "is_bot": true, "first_name": "Desk" } },
    } })
}

/// Links the account of whoever is signed in, and returns the code.
pub async fn link(client: &Client, telegram: &Telegram, project: &str, chat: i64) -> String {
    let input = json!({ "projectId": project });
    let payload = mutate(client, "staffLinkCreate", input, "invitation { code url expiresAt }").await;
    let code = payload["invitation"]["code"].as_str().unwrap().to_owned();
    telegram.customer_writes(chat, &format!("/start {code}")).await;
    code
}

/// The same with a simulated account.
async fn link_in_sandbox(desk: &Desk, client: &Client, sandbox: &str, chat: i64) {
    let payload = mutate(client, "staffLinkCreate", json!({ "projectId": sandbox }), "invitation { code }").await;
    let code = payload["invitation"]["code"].as_str().unwrap();
    customer_writes(&desk.admin, sandbox, chat, &format!("/start {code}")).await;
    let linked = || async {
        let seen = client.query("{ viewer { staffLinks { telegramName } } }", Value::Null).await;
        if seen["viewer"]["staffLinks"] == json!([]) { Err(seen) } else { Ok(()) }
    };
    eventually(PATIENCE, linked).await;
}

/// An agent hands their session to another one.
async fn hand_over(from: &Client, session: &str, to: &Client) {
    let input = json!({ "sessionId": session, "toAgentId": id_of(to).await, "description": "for you" });
    mutate(from, "sessionTransfer", input, "transfer { at }").await;
}

/// Links a group to a team.
async fn link_group(client: &Client, telegram: &Telegram, team: &Value, group: i64) {
    let payload = mutate(client, "teamGroupLinkCreate", json!({ "teamId": team }), "invitation { code url }").await;
    let code = payload["invitation"]["code"].as_str().unwrap();
    telegram.tells(&in_or_out(group, "member")).await;
    telegram.tells(&in_group(group, 1, &format!("/start@desk_bot {code}"))).await;
    until_told(telegram, group, "notices of the team").await;
}

/// Hands a session to a team.
async fn hand_to_team(from: &Client, session: &str, team: &Value) {
    let input = json!({ "sessionId": session, "toTeamId": team, "description": "a secret reason" });
    mutate(from, "sessionTransfer", input, "transfer { at }").await;
}

/// A team, and the code of a diversion link that leads to it.
async fn team_with_way_in(client: &Client, project: &str, name: &str) -> (Value, String) {
    let input = json!({ "projectId": project, "name": name, "line": 1 });
    let team = mutate(client, "teamCreate", input, "team { id }").await["team"]["id"].take();
    let input = json!({ "projectId": project, "name": format!("To {name}"), "teamId": team });
    let made = mutate(client, "diversionLinkCreate", input, "diversionLink { code }").await;
    (team, made["diversionLink"]["code"].as_str().unwrap().to_owned())
}

/// Waits until a customer's session is with this agent.
async fn until_with(client: &Client, project: &str, customer: i64, agent: &str) {
    let with = || async {
        match session_of(client, project, customer).await {
            Some(session) if session["assignee"]["email"] == agent => Ok(()),
            other => Err(other),
        }
    };
    eventually(PATIENCE, with).await;
}

/// Waits until a chat was told something with these words, and answers everything that it was told.
pub async fn until_told(telegram: &Telegram, chat: i64, words: &str) -> Vec<String> {
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
        let role = json!({ "projectId": project, "agentId": id_of(&agent).await });
        let fault = Fault::error(400, "Bad Request: message is strange").delayed(Duration::from_secs(10));
        let calls = telegram.api.ledger().calls("sendMessage");
        telegram.next("sendMessage", fault);
        reply(&agent, &session, "the answer").await;
        telegram.until(|ledger| ledger.calls("sendMessage") > calls).await;
        mutate(&desk.admin, "projectRoleRemove", role, "agent { id }").await;
        assert_eq!(until_settled(&desk.admin, &session, "the answer").await["delivery"]["state"], "FAILED");
        assert_eq!(telegram.received_by(AGENT_CHAT).len(), 1);
    }

    async fn who_handed_a_session_over_is_told_nothing_of_what_becomes_of_it(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let ada = desk.add_agent("ada@example.org", "Telegram", "agent").await;
        let bob = desk.add_agent("bob@example.org", "Telegram", "agent").await;
        for (client, chat) in [(&ada, AGENT_CHAT), (&bob, COLLEAGUE_CHAT)] {
            link(client, &telegram, &project, chat).await;
            until_told(&telegram, chat, "linked to").await;
        }
        telegram.customer_writes(7, "hello").await;
        let session = until_session(&ada, &project, 7).await;

        // A message of hers waits to be sent when she hands the session over, and does not arrive.
        telegram.api.refuse_connections().await.unwrap();
        reply(&ada, &session, "her answer").await;
        hand_over(&ada, &session, &bob).await;
        let fault = Fault::error(400, "Bad Request: message is strange");
        telegram.api.inject(FaultScope::method("sendMessage").in_chat(ChatId(7)), fault, Repeat::Times(1));
        telegram.api.accept_connections().await.unwrap();
        assert_eq!(until_settled(&bob, &session, "her answer").await["delivery"]["state"], "FAILED");
        until_told(&telegram, COLLEAGUE_CHAT, "was assigned to you").await;

        // Whoever has it now sees that; what the bot writes next to her is that she has it again.
        hand_over(&bob, &session, &ada).await;
        let told = until_told(&telegram, AGENT_CHAT, "was assigned to you").await;
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(telegram.received_by(COLLEAGUE_CHAT).len(), 2);
    }

    async fn only_who_has_a_session_is_told_that_the_time_has_come_until_which_it_waited(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        for (client, chat) in [(&ada, AGENT_CHAT), (&bob, COLLEAGUE_CHAT)] {
            link_in_sandbox(&desk, client, &sandbox, chat).await;
        }
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&ada, &sandbox, 7).await;
        reply(&ada, &session, "good day").await;
        let follow_up = json!({ "awaited": "PROMISED_TIME", "until": in_future(&desk.admin, &sandbox, HOUR).await });
        let input = json!({ "sessionId": session, "status": "FOLLOW_UP", "followUp": follow_up });
        mutate(&ada, "sessionStatusUpdate", input, "session { id }").await;
        hand_over(&ada, &session, &bob).await;

        advance(&desk.admin, &sandbox, 2 * HOUR).await;
        let due = || async {
            match session_of(&bob, &sandbox, 7).await {
                Some(session) if session["status"] == "UNREAD" => Ok(()),
                other => Err(other),
            }
        };
        eventually(PATIENCE, due).await;
        // A sandbox writes to nobody's Telegram: what it would have written is noted together with the new status.
        let sql = Sql::connect(&desk.database).await.unwrap();
        for (chat, count) in [(AGENT_CHAT, 0), (COLLEAGUE_CHAT, 1)] {
            let told = format!("SELECT count(*) FROM notices WHERE kind = 'FOLLOW_UP_DUE' AND chat_id = {chat}");
            assert_eq!(sql.number(&told).await.unwrap(), count, "{chat}");
        }
    }

    async fn a_group_gets_the_notices_of_its_team_until_the_bot_is_put_out(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let input = json!({ "projectId": project, "name": "First line", "line": 1 });
        let team = mutate(&desk.admin, "teamCreate", input.clone(), "team { id name line }").await["team"]["id"].take();
        let payload = try_mutate(&desk.admin, "teamCreate", input, "team { id }").await;
        assert_eq!(payload["userErrors"][0]["code"], "NAME_TAKEN");
        link_group(&desk.admin, &telegram, &team, GROUP).await;
        until_told(&telegram, GROUP, "notices of the team First line").await;
        telegram.tells(&in_group(GROUP, 2, "is anybody here?")).await;
        telegram.customer_writes(7, "secret words").await;
        let texts = until_told(&telegram, GROUP, "New session #1").await;
        assert!(!texts.iter().any(|text| text.contains("secret")), "{texts:?}");
        assert_eq!(sessions(&desk.admin, &project).await.len(), 1);
        let document = "query Teams($id: ID!) { project(id: $id) { teams { name groups { title telegramChatId } } } }";
        let shown = desk.admin.query(document, json!({ "id": project })).await;
        assert_eq!(shown["project"]["teams"][0]["groups"][0]["title"], "First line");

        telegram.tells(&in_or_out(GROUP, "left")).await;
        let is_out = || async {
            let shown = desk.admin.query(document, json!({ "id": project })).await;
            let groups = shown["project"]["teams"][0]["groups"].clone();
            if groups == json!([]) { Ok(()) } else { Err(groups) }
        };
        eventually(PATIENCE, is_out).await;
        telegram.customer_writes(8, "hello").await;
        until_session(&desk.admin, &project, 8).await;
        let shown = desk.admin.query(document, json!({ "id": project })).await;
        assert_eq!(shown["project"]["teams"][0]["groups"], json!([]));
        assert_eq!(telegram.received_by(GROUP).len(), texts.len());
    }

    async fn a_session_of_a_team_is_told_to_no_other_group(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let (first_line, to_first_line) = team_with_way_in(&desk.admin, &project, "First line").await;
        let (_, to_experts) = team_with_way_in(&desk.admin, &project, "Experts").await;
        link_group(&desk.admin, &telegram, &first_line, GROUP).await;
        until_told(&telegram, GROUP, "notices of the team First line").await;

        // The experts have no group; who is not one of them may not see their sessions.
        telegram.customer_writes(7, &format!("/start {to_experts}")).await;
        until_session(&desk.admin, &project, 7).await;
        telegram.customer_writes(8, &format!("/start {to_first_line}")).await;
        until_session(&desk.admin, &project, 8).await;
        until_told(&telegram, GROUP, "with Customer 8:").await;
        telegram.customer_writes(9, "hello").await;
        let texts = until_told(&telegram, GROUP, "with Customer 9:").await;
        let told: Vec<&String> = texts.iter().filter(|text| text.contains("New session")).collect();
        assert_eq!(told.len(), 2, "{texts:?}");
        assert!(!texts.iter().any(|text| text.contains("Customer 7")), "{texts:?}");
    }

    async fn a_group_is_told_of_no_session_that_somebody_took_or_another_team_got_meanwhile(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let ada = desk.add_agent("ada@example.org", "Telegram", "agent").await;
        let (first_line, _) = team_with_way_in(&desk.admin, &project, "First line").await;
        let (experts, _) = team_with_way_in(&desk.admin, &project, "Experts").await;
        link_group(&desk.admin, &telegram, &first_line, GROUP).await;

        // Every notice has to wait for its turn.
        let notices = FaultScope::method("sendMessage").in_chat(ChatId(GROUP));
        telegram.api.inject(notices, Fault::too_many_requests(1), Repeat::UntilCleared);
        let mut sessions = Vec::new();
        for customer in 7..=10 {
            telegram.customer_writes(customer, "hello").await;
            sessions.push(until_session(&desk.admin, &project, customer).await);
        }
        let [taken, diverted, closed, _left] = sessions.try_into().unwrap();
        reply(&ada, &taken, "good day").await;
        for team in [&first_line, &experts] {
            hand_to_team(&desk.admin, &diverted, team).await;
        }
        mutate(&desk.admin, "sessionClose", json!({ "sessionId": closed }), "session { id }").await;
        telegram.api.clear_faults();
        let texts = until_told(&telegram, GROUP, "with Customer 10:").await;
        let told: Vec<&String> = texts.iter().filter(|text| text.contains("New session")).collect();
        assert_eq!((told.len(), texts.iter().any(|text| text.contains("handed"))), (1, false), "{texts:?}");

        // What was not said is said when it is so again.
        hand_to_team(&desk.admin, &diverted, &first_line).await;
        until_told(&telegram, GROUP, "with Customer 8 was handed to your team").await;
    }

    async fn a_session_that_is_handed_to_a_team_is_told_to_its_group_and_to_no_other(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let ada = desk.add_agent("ada@example.org", "Telegram", "agent").await;
        let (first_line, to_first_line) = team_with_way_in(&desk.admin, &project, "First line").await;
        let (experts, to_experts) = team_with_way_in(&desk.admin, &project, "Experts").await;
        link_group(&desk.admin, &telegram, &first_line, GROUP).await;
        link_group(&desk.admin, &telegram, &experts, OTHER_GROUP).await;
        telegram.customer_writes(7, "secret words").await;
        let session = until_session(&ada, &project, 7).await;
        reply(&ada, &session, "a secret answer").await;
        until_settled(&ada, &session, "a secret answer").await;

        // Handed to it again within a few minutes, the team is not told again.
        hand_to_team(&ada, &session, &first_line).await;
        until_told(&telegram, GROUP, "with Customer 7 was handed to your team").await;
        for team in [&first_line, &experts] {
            let take_over = json!({ "sessionId": session, "keepPrevious": false });
            mutate(&desk.admin, "sessionTakeOver", take_over, "session { id }").await;
            hand_to_team(&desk.admin, &session, team).await;
        }
        until_told(&telegram, OTHER_GROUP, "with Customer 7 was handed to your team").await;
        for (customer, group, way_in) in [(8, GROUP, to_first_line), (9, OTHER_GROUP, to_experts)] {
            telegram.customer_writes(customer, &format!("/start {way_in}")).await;
            let texts = until_told(&telegram, group, &format!("with Customer {customer}:")).await;
            let handed: Vec<&String> = texts.iter().filter(|text| text.contains("handed")).collect();
            assert_eq!(handed.len(), 1, "{texts:?}");
            assert!(!texts.iter().any(|text| text.contains("secret")), "{texts:?}");
        }
    }

    async fn a_session_that_a_link_leads_to_a_team_is_told_to_its_group(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let ada = desk.add_agent("ada@example.org", "Telegram", "agent").await;
        let (first_line, to_first_line) = team_with_way_in(&desk.admin, &project, "First line").await;
        let (experts, to_experts) = team_with_way_in(&desk.admin, &project, "Experts").await;
        for customer in [7, 8] {
            telegram.customer_writes(customer, "hello").await;
            until_session(&desk.admin, &project, customer).await;
        }
        let hers = until_session(&ada, &project, 8).await;
        reply(&ada, &hers, "good day").await;
        link_group(&desk.admin, &telegram, &first_line, GROUP).await;
        link_group(&desk.admin, &telegram, &experts, OTHER_GROUP).await;

        // What somebody has is theirs, whatever its team.
        for (customer, way_in, written) in [(8, &to_first_line, 2), (7, &to_first_line, 2), (7, &to_experts, 3)] {
            telegram.customer_writes(customer, &format!("/start {way_in}")).await;
            until_written(&desk.admin, &project, customer, written).await;
            if (customer, written) == (7, 2) {
                until_told(&telegram, GROUP, "with Customer 7 was handed to your team").await;
            }
        }
        for group in [OTHER_GROUP, GROUP] {
            let texts = until_told(&telegram, group, "with Customer 7 was handed to your team").await;
            assert_eq!(texts.len(), 2, "{texts:?}");
        }
    }

    async fn whom_the_desk_chooses_is_told(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        link_in_sandbox(&desk, &ada, &sandbox, AGENT_CHAT).await;
        link_in_sandbox(&desk, &bob, &sandbox, COLLEAGUE_CHAT).await;
        let settings = json!({ "projectId": sandbox, "enabled": true, "rerouteAfterSeconds": 300 });
        mutate(&desk.admin, "routingSettingsUpdate", settings, "routing { enabled }").await;
        // Nothing that is promised comes near its end meanwhile, of which they would be told as well.
        let patient = json!({ "types": { "standard": { "firstResponseSeconds": 2 * HOUR } } });
        let policy = json!({ "projectId": sandbox, "policy": patient });
        mutate(&desk.admin, "slaPolicyUpdate", policy, "slaPolicy { version }").await;
        let sql = Sql::connect(&desk.database).await.unwrap();
        let told = async |chat: i64| {
            let assigned = format!("SELECT count(*) FROM notices WHERE kind = 'ASSIGNED' AND chat_id = {chat}");
            let written = format!("SELECT count(*) FROM outbox WHERE chat_id = {chat}");
            (sql.number(&assigned).await.unwrap(), sql.number(&written).await.unwrap())
        };
        // That it is linked is the first thing that a chat is told.
        assert_eq!([told(AGENT_CHAT).await, told(COLLEAGUE_CHAT).await], [(0, 1), (0, 1)]);

        let _her_console = online(&ada, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        until_with(&desk.admin, &sandbox, 7, "ada@desk.test").await;
        assert_eq!([told(AGENT_CHAT).await, told(COLLEAGUE_CHAT).await], [(1, 2), (0, 1)]);
        // She lets it lie: whoever gets it then is told, and she is not.
        let _his_console = online(&bob, &sandbox).await;
        advance(&desk.admin, &sandbox, 300).await;
        until_with(&desk.admin, &sandbox, 7, "bob@desk.test").await;
        assert_eq!([told(AGENT_CHAT).await, told(COLLEAGUE_CHAT).await], [(1, 2), (1, 2)]);
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
        telegram.tells(&in_group(GROUP, 1, &format!("/start {code}"))).await;
        until_told(&telegram, GROUP, "works no more").await;
        telegram.customer_writes(AGENT_CHAT, &format!("/start {code}")).await;
        until_session(&desk.admin, &project, AGENT_CHAT).await;
        let code = group_link().await;
        telegram.customer_writes(502, &format!("/start {code}")).await;
        until_told(&telegram, 502, "works no more").await;
        // Who made it has to be a supervisor still.
        let code = group_link().await;
        desk.assign_agent("sue@example.org", "Telegram", "agent").await;
        telegram.tells(&in_group(GROUP, 2, &format!("/start {code}"))).await;
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
