//! How customers come: by diversion links, greeted in their language, with commands; and how they are kept out.

use std::collections::BTreeSet;

use bot::fake::CustomerMessage;
use domain::TelegramUserId;
use serde_json::{Value, json};
use tests::{Client, eventually, on_both_engines};

use crate::session_life::Updates;
use crate::staff_chats::{link, until_told};
use crate::stage::{
    Desk, PATIENCE, Telegram, customer_writes, errors_of, id_of, messages, mutate, project_called, reply, sandbox,
    session_of, texts, try_mutate, until_session, until_settled, until_written,
};

/// The chats of two agents with the bot.
const HER_CHAT: i64 = 501;
const HIS_CHAT: i64 = 502;

/// Somebody whose Telegram speaks a language writes.
async fn writes_in(telegram: &Telegram, customer: i64, language: &str, text: &str) {
    let message = CustomerMessage {
        telegram_user_id: TelegramUserId(customer),
        name: format!("Customer {customer}"),
        username: None,
        language_code: Some(language.to_owned()),
        text: text.to_owned(),
        date: telegram.passes(),
    };
    telegram.api.customer_says(telegram.bot(), message).await.unwrap();
}

async fn details(client: &Client, session: &str) -> Value {
    let document = "query Details($id: ID!) { session(id: $id) {
        source tags { name color } team { name } diversionLink { uses url } assignee { email } status
        customer { id bannedAt banReason sessions(first: 5) { totalCount } }
    } }";
    client.query(document, json!({ "id": session })).await["session"].take()
}

/// Waits until just so many updates of a project are shelved, each as one of somebody who is banned.
async fn until_banned(client: &Client, project: &str, updates: usize) {
    let list = "query Shelved($id: ID!) {
        project(id: $id) { telegramUpdates(state: SHELVED, first: 9) { nodes { shelf } } }
    }";
    let of_banned = Value::Array(vec![json!({ "shelf": "BANNED" }); updates]);
    let shelved = || async {
        let data = client.query(list, json!({ "id": project })).await;
        let nodes = data["project"]["telegramUpdates"]["nodes"].clone();
        if nodes == of_banned { Ok(()) } else { Err(nodes) }
    };
    eventually(PATIENCE, shelved).await;
}

/// What the bot of a project says and offers by itself.
async fn project_texts(client: &Client, project: &str) -> Value {
    let document = "query Texts($id: ID!) { project(id: $id) {
        version botUsername greeting { language text } commands { command }
    } }";
    client.query(document, json!({ "id": project })).await["project"].take()
}

on_both_engines! {
    async fn a_customer_who_comes_by_a_link_has_its_source_tags_and_team(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let input = json!({ "projectId": project, "name": "Gold", "color": "#D93025" });
        let tag = mutate(&desk.admin, "tagCreate", input, "tag { id }").await["tag"]["id"].take();
        let input = json!({ "projectId": project, "name": "Sales", "line": 2 });
        let team = mutate(&desk.admin, "teamCreate", input, "team { id }").await["team"]["id"].take();
        let input = json!({
            "projectId": project, "name": "Spring campaign", "source": "newsletter", "tagIds": [tag], "teamId": team,
        });
        let link = mutate(&desk.admin, "diversionLinkCreate", input, "diversionLink { id code }").await;
        let code = link["diversionLink"]["code"].as_str().unwrap();

        telegram.customer_writes(7, &format!("/start {code}")).await;
        let session = until_session(&desk.admin, &project, 7).await;
        let shown = details(&desk.admin, &session).await;
        assert_eq!(shown["source"], "newsletter");
        assert_eq!(shown["tags"], json!([{ "name": "Gold", "color": "#d93025" }]));
        assert_eq!((&shown["team"]["name"], &shown["diversionLink"]["uses"]), (&json!("Sales"), &json!(1)));
        assert_eq!(shown["customer"]["sessions"]["totalCount"], 1);
        let bot = project_texts(&desk.admin, &project).await["botUsername"].take();
        let address = |code: &str| json!(format!("https://t.me/{}?start={code}", bot.as_str().unwrap()));
        assert_eq!(shown["diversionLink"]["url"], address(code));
        let input = json!({ "projectId": project });
        let own = mutate(&desk.admin, "staffLinkCreate", input, "invitation { code url }").await;
        assert_eq!(own["invitation"]["url"], address(own["invitation"]["code"].as_str().unwrap()));

        let input = json!({ "diversionLinkId": link["diversionLink"]["id"], "active": false });
        mutate(&desk.admin, "diversionLinkUpdate", input, "diversionLink { active }").await;
        for (customer, payload) in [(8, code), (9, "nonsense")] {
            telegram.customer_writes(customer, &format!("/start {payload}")).await;
            let session = until_session(&desk.admin, &project, customer).await;
            let shown = details(&desk.admin, &session).await;
            assert_eq!((&shown["source"], &shown["tags"]), (&Value::Null, &json!([])));
        }

        let input = json!({ "sessionId": session, "tagIds": [tag] });
        let payload = mutate(&desk.admin, "sessionTagsRemove", input.clone(), "session { tags { name } }").await;
        assert_eq!(payload["session"]["tags"], json!([]));
        let payload = mutate(&desk.admin, "sessionTagsAdd", input, "session { tags { name } }").await;
        assert_eq!(payload["session"]["tags"][0]["name"], "Gold");

        // What was put away nothing gets any more, by no way.
        let input = json!({ "diversionLinkId": link["diversionLink"]["id"], "active": true });
        mutate(&desk.admin, "diversionLinkUpdate", input, "diversionLink { active }").await;
        mutate(&desk.admin, "tagArchive", json!({ "tagId": tag }), "tag { id }").await;
        telegram.customer_writes(10, &format!("/start {code}")).await;
        let session = until_session(&desk.admin, &project, 10).await;
        let shown = details(&desk.admin, &session).await;
        assert_eq!((&shown["source"], &shown["tags"]), (&json!("newsletter"), &json!([])));
    }

    async fn a_link_leads_to_its_agent(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let ada = desk.add_agent("ada@example.org", "Telegram", "agent").await;
        let bob = desk.add_agent("bob@example.org", "Telegram", "agent").await;
        let (adas, bobs) = (id_of(&ada).await, id_of(&bob).await);
        for (client, chat) in [(&ada, HER_CHAT), (&bob, HIS_CHAT)] {
            link(client, &telegram, &project, chat).await;
            until_told(&telegram, chat, "linked to").await;
        }
        let foreign = id_of(&desk.add_stranger("eve@example.org").await).await;
        let to = |agent: &Value| json!({ "projectId": project, "name": "Page", "agentId": agent });
        let payload = try_mutate(&desk.admin, "diversionLinkCreate", to(&foreign), "diversionLink { id }").await;
        assert_eq!(errors_of(&payload), ["AGENT_NOT_FOUND"]);
        let shown = "diversionLink { id code agent { email } }";
        let made = mutate(&desk.admin, "diversionLinkCreate", to(&adas), shown).await["diversionLink"].take();
        assert_eq!(made["agent"]["email"], "ada@example.org");
        let start = format!("/start {}", made["code"].as_str().unwrap());

        // A new session is hers, and she is told.
        let mut events = Updates::from_now(&desk.admin, &project).await;
        telegram.customer_writes(7, &start).await;
        let new = until_session(&desk.admin, &project, 7).await;
        events.until(&new, "DIVERSION").await;
        assert_eq!(details(&desk.admin, &new).await["assignee"]["email"], "ada@example.org");
        until_told(&telegram, HER_CHAT, "with Customer 7 was assigned to you").await;

        // What somebody else has stays with them; what nobody has is hers, and of that alone she is told.
        for customer in [8, 9] {
            telegram.customer_writes(customer, "hello").await;
        }
        let [bobs_own, nobodys] =
            [until_session(&desk.admin, &project, 8).await, until_session(&desk.admin, &project, 9).await];
        mutate(&desk.admin, "sessionAssign", json!({ "sessionId": bobs_own, "agentId": bobs }), "session { id }").await;
        for (customer, session, agent) in [(8, &bobs_own, "bob@example.org"), (9, &nobodys, "ada@example.org")] {
            telegram.customer_writes(customer, &start).await;
            events.until(session, "DIVERSION").await;
            assert_eq!(details(&desk.admin, session).await["assignee"]["email"], agent);
        }
        let told = until_told(&telegram, HER_CHAT, "with Customer 9 was assigned to you").await;
        assert!(!told.iter().any(|text| text.contains("Customer 8")), "{told:?}");

        // Who was deactivated gets none.
        mutate(&desk.admin, "agentDeactivate", json!({ "agentId": adas }), "agent { id }").await;
        telegram.customer_writes(10, &start).await;
        let waiting = until_session(&desk.admin, &project, 10).await;
        let seen = details(&desk.admin, &waiting).await;
        assert_eq!((&seen["assignee"], &seen["diversionLink"]["uses"]), (&Value::Null, &json!(4)));

        // Nobody did any of that, and the log says what was done, newest first.
        let document = "query Log($id: ID!) {
            auditEntries(projectId: $id, first: 9, filter: { actions: [\"DIVERSION\"] }) {
                nodes { agent { id } objectId details }
            }
        }";
        let log = desk.admin.query(document, json!({ "id": project })).await["auditEntries"]["nodes"].take();
        let expected = [(&waiting, &Value::Null), (&nobodys, &adas), (&bobs_own, &bobs), (&new, &adas)];
        assert_eq!(log.as_array().unwrap().len(), expected.len(), "{log}");
        for (entry, (session, agent)) in log.as_array().unwrap().iter().zip(expected) {
            assert_eq!((&entry["agent"], &entry["objectId"]), (&Value::Null, &json!(session)));
            let told: Value = serde_json::from_str(entry["details"].as_str().unwrap()).unwrap();
            assert_eq!(told, json!({ "link": made["id"], "tags": [], "team": null, "assignee": agent }));
        }
    }

    async fn nobody_can_guess_the_code_of_a_link(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let mut codes = BTreeSet::new();
        for _ in 0..20 {
            let input = json!({ "projectId": project, "name": "Page" });
            let made = mutate(&desk.admin, "diversionLinkCreate", input, "diversionLink { id code }").await;
            let link = &made["diversionLink"];
            let code = link["code"].as_str().unwrap().to_owned();
            // Telegram takes no more than 64 of these; 22 are 128 bits.
            assert!((22..=64).contains(&code.len()), "{code}");
            assert!(code.chars().all(|one| one.is_ascii_alphanumeric() || "-_".contains(one)), "{code}");
            assert!(!code.contains(link["id"].as_str().unwrap()), "{link}");
            codes.insert(code);
        }
        assert_eq!(codes.len(), 20);
        let beginnings: BTreeSet<&str> = codes.iter().map(|code| &code[..8]).collect();
        assert_eq!(beginnings.len(), 20, "none is a variation of another one: {codes:?}");
    }

    async fn new_customers_are_greeted_in_their_language_and_told_the_commands(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let input = json!({ "projectId": project, "texts": [
            { "text": "Welcome!" }, { "language": "de", "text": "Willkommen!" },
        ] });
        mutate(&desk.admin, "projectGreetingUpdate", input, "project { greeting { language text } }").await;
        let input = json!({ "projectId": project, "commands": [
            { "command": "help", "descriptions": [{ "text": "Help" }, { "language": "de", "text": "Hilfe" }] },
        ] });
        mutate(&desk.admin, "projectCommandsUpdate", input, "project { commands { command } }").await;

        writes_in(&telegram, 7, "de-AT", "/start").await;
        writes_in(&telegram, 8, "fr", "Bonjour").await;
        assert_eq!(telegram.until_received(7, 1).await, ["Willkommen!"]);
        assert_eq!(telegram.until_received(8, 1).await, ["Welcome!"]);
        let session = until_session(&desk.admin, &project, 7).await;
        let written = messages(&desk.admin, &session).await;
        assert_eq!(texts(&written, "OUTBOUND"), ["Willkommen!"]);
        // Nobody has answered yet.
        let shown = details(&desk.admin, &session).await;
        assert_eq!((&shown["status"], &shown["assignee"]), (&json!("UNREAD"), &Value::Null));

        writes_in(&telegram, 7, "de-AT", "/help").await;
        assert_eq!(telegram.until_received(7, 2).await[1], "/help – Hilfe");
        writes_in(&telegram, 7, "de-AT", "/start").await;
        until_written(&desk.admin, &project, 7, 3).await;
        assert_eq!(telegram.received_by(7).len(), 2, "nobody is greeted twice");
        telegram.until(|ledger| ledger.calls("setMyCommands") >= 2).await;
    }

    async fn two_who_change_the_texts_of_the_bot_do_not_undo_each_other(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let seen = project_texts(&desk.admin, &project).await["version"].take();
        let input = json!({ "projectId": project, "texts": [{ "text": "Welcome!" }], "expectedVersion": seen });
        let payload = mutate(&desk.admin, "projectGreetingUpdate", input.clone(), "project { version }").await;
        let now = payload["project"]["version"].clone();
        assert!(now.as_i64() > seen.as_i64(), "{payload}");

        let commands = json!([{ "command": "hours", "descriptions": [{ "text": "When we are there" }] }]);
        let late = json!({ "projectId": project, "commands": commands, "expectedVersion": seen });
        for (mutation, input) in [("projectGreetingUpdate", input), ("projectCommandsUpdate", late)] {
            let payload = try_mutate(&desk.admin, mutation, input, "project { version }").await;
            assert_eq!(payload["userErrors"][0]["code"], "VERSION_CONFLICT", "{payload}");
            assert_eq!(payload["project"]["version"], now);
        }
        let input = json!({ "projectId": project, "commands": commands, "expectedVersion": now });
        mutate(&desk.admin, "projectCommandsUpdate", input, "project { version }").await;
        let texts = project_texts(&desk.admin, &project).await;
        assert_eq!(texts["greeting"], json!([{ "language": null, "text": "Welcome!" }]));
        assert_eq!(texts["commands"], json!([{ "command": "hours" }]));
    }

    async fn what_is_wrong_with_a_text_of_the_bot_is_said_in_few_words(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let long = "x".repeat(20_000);
        for (texts, words) in [
            (json!([{ "language": long, "text": "Hi" }]), "xxx…\" is not a language: give an IETF tag"),
            (json!([{ "text": "Hi" }, { "text": "Ho" }]), "There are two texts without a language: leave one out."),
            (json!([{ "language": "de", "text": "Hi" }, { "language": "DE", "text": "Ho" }]), "for the language \"de\""),
            (json!([{ "language": "de", "text": "Hi" }]), "add one without a language"),
        ] {
            let input = json!({ "projectId": project, "texts": texts });
            let payload = try_mutate(&desk.admin, "projectGreetingUpdate", input, "project { version }").await;
            let message = payload["userErrors"][0]["message"].as_str().unwrap();
            assert!(message.contains(words) && message.len() < 200, "{message}");
        }
        assert_eq!(project_texts(&desk.admin, &project).await["greeting"], json!([]));
    }

    async fn a_simulated_bot_leads_nobody_into_telegram(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        // The bot asks for its name as it starts; a conversation gives it the time.
        customer_writes(&desk.admin, &project, 7, "hello").await;
        let session = until_session(&desk.admin, &project, 7).await;
        reply(&desk.admin, &session, "hello, too").await;
        until_settled(&desk.admin, &session, "hello, too").await;
        assert_eq!(project_texts(&desk.admin, &project).await["botUsername"], Value::Null);
        let input = json!({ "projectId": project });
        let payload = mutate(&desk.admin, "staffLinkCreate", input, "invitation { code url }").await;
        assert!(payload["invitation"]["code"].is_string() && payload["invitation"]["url"].is_null(), "{payload}");
        let input = json!({ "projectId": project, "name": "Page" });
        let payload = mutate(&desk.admin, "diversionLinkCreate", input, "diversionLink { code url }").await;
        assert!(payload["diversionLink"]["code"].is_string() && payload["diversionLink"]["url"].is_null(), "{payload}");
    }

    async fn nothing_of_a_banned_customer_reaches_an_agent(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let agent = desk.add_agent("ada@example.org", "Telegram", "agent").await;
        telegram.customer_writes(7, "first").await;
        let session = until_session(&desk.admin, &project, 7).await;
        let customer = details(&desk.admin, &session).await["customer"]["id"].take();
        let input = json!({ "customerId": customer, "reason": "spam" });
        let payload = try_mutate(&agent, "customerBan", input.clone(), "customer { id }").await;
        assert_eq!(payload["userErrors"][0]["code"], "NOT_SUPERVISOR");
        mutate(&desk.admin, "customerBan", input, "customer { banReason }").await;
        assert_eq!(details(&agent, &session).await["customer"]["banReason"], "spam");

        telegram.customer_writes(7, "second").await;
        telegram.customer_writes(8, "afterwards").await;
        until_written(&desk.admin, &project, 8, 1).await;
        until_banned(&desk.admin, &project, 1).await;
        mutate(&desk.admin, "customerUnban", json!({ "customerId": customer }), "customer { bannedAt }").await;
        telegram.customer_writes(7, "third").await;
        let written = until_written(&desk.admin, &project, 7, 2).await;
        assert_eq!(written, ["first", "third"]);
        let found = || session_of(&desk.admin, &project, 7);
        assert!(eventually(PATIENCE, found).await["id"].is_string());
    }

    async fn who_is_banned_is_banned_in_groups_as_well(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        telegram.customer_writes(7, "first").await;
        let session = until_session(&desk.admin, &project, 7).await;
        let customer = details(&desk.admin, &session).await["customer"]["id"].take();
        let in_group = |number: i64, from: i64, text: &str| json!({ "message": {
            "message_id": number, "date": telegram.passes().timestamp(), "text": text,
            "from": { "id": from, "is_bot": false, "first_name": "Somebody" },
            "chat": { "id": -100_500, "type": "supergroup", "title": "The club" },
        } });
        telegram.tells(&in_group(1, 7, "still welcome")).await;
        until_written(&desk.admin, &project, -100_500, 1).await;
        mutate(&desk.admin, "customerBan", json!({ "customerId": customer }), "customer { bannedAt }").await;

        telegram.tells(&in_group(2, 7, "spam")).await;
        let mut edited = in_group(1, 7, "spam instead");
        edited["message"]["edit_date"] = edited["message"]["date"].clone();
        telegram.tells(&json!({ "edited_message": edited["message"] })).await;
        telegram.tells(&json!({ "message_reaction": {
            "chat": { "id": -100_500, "type": "supergroup", "title": "The club" }, "message_id": 1, "date": 1_767_225_900,
            "user": { "id": 7, "is_bot": false, "first_name": "Somebody" },
            "old_reaction": [], "new_reaction": [{ "type": "emoji", "emoji": "💩" }],
        } })).await;
        telegram.tells(&in_group(3, 8, "the others go on")).await;
        let written = until_written(&desk.admin, &project, -100_500, 2).await;
        assert_eq!(written, ["still welcome", "the others go on"]);
        until_banned(&desk.admin, &project, 3).await;
    }

    async fn odd_payloads_and_forged_taps_harm_nobody(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let odd = [
            "a".repeat(64), "a".repeat(65), "a".repeat(4000), "\u{0}".to_owned(), "\u{202e}evil".to_owned(), "'; --".to_owned(),
            "%00".to_owned(), "\u{1f44d}\u{fe0f}".to_owned(), "../../etc".to_owned(),
        ];
        let mut customer = 100;
        for payload in &odd {
            customer += 1;
            telegram.customer_writes(customer, &format!("/start {payload}")).await;
            telegram.tells(&json!({ "callback_query": {
                "id": format!("{customer}{payload}"), "from": { "id": 7, "is_bot": false, "first_name": "\u{202e}Kim" },
                "chat_instance": "1", "data": payload,
            } })).await;
        }
        // What no client would send: without data, with data that is no text, with half of a character.
        for (number, data) in ["null", "7", "{}", "\"\\ud83d\""].into_iter().enumerate() {
            let from = r#"{"id":7,"is_bot":false,"first_name":"Kim"}"#;
            let update = format!(r#"{{"callback_query":{{"id":"odd {number}","from":{from},"data":{data}}}}}"#);
            telegram.api.push_raw_update(telegram.bot(), &update).await.unwrap();
        }
        for customer in 101..=customer {
            until_written(&desk.admin, &project, customer, 1).await;
        }
        let forged = 9 + 4;
        let counted = || async {
            let page = reqwest::get(format!("{}/metrics", desk.server.url())).await.unwrap().text().await.unwrap();
            let line = page.lines().find(|line| line.starts_with("switchboard_forged_presses_total")).map(str::to_owned);
            if line == Some(format!("switchboard_forged_presses_total {forged}")) { Ok(()) } else { Err(line) }
        };
        eventually(PATIENCE, counted).await;
        let list = "query Failed($id: ID!) {
            project(id: $id) { telegramUpdates(state: FAILED, first: 9) { nodes { kind error } } }
        }";
        let failed = desk.admin.query(list, json!({ "id": project })).await;
        assert_eq!(failed["project"]["telegramUpdates"]["nodes"], json!([]));
        assert!(session_of(&desk.admin, &project, 7).await.is_none(), "a forged tap opens nothing");
    }
}
