//! Bots as what the API manages: added, changed, put away and looked after, one and two hundred of them.

use bot::fake::{Fault, FaultScope, Repeat};
use bot::telegram::{Client as BotClient, Token};
use domain::ChatId;
use serde_json::{Value, json};
use tests::ingress::Ingress;
use tests::{Sql, eventually, on_both_engines};

use crate::stage::{
    Desk, PATIENCE, Telegram, errors_of, project_called, reply, session_of, until_session, until_written, written_by,
};

/// Another token of the bot that the stage begins with.
const RENEWED: &str = "1001:CCHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
const SECOND: &str = "2002:BBHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";

on_both_engines! {
    async fn a_revoked_token_is_shown_and_a_new_one_is_taken_without_a_restart(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        telegram.customer_writes(7, "before").await;
        let session = until_session(&desk.admin, &project, 7).await;
        until_status(&desk, &project, |status| status["mode"] == "POLLING" && status["revoked"] == false).await;

        telegram.api.revoke(&telegram.token().parse().unwrap());
        reply(&desk.admin, &session, "kept").await;
        let revoked = until_status(&desk, &project, |status| status["revoked"] == true).await;
        assert!(revoked["lastError"].as_str().unwrap().contains("BotFather"), "{revoked}");
        assert!(revoked["lastErrorAt"].is_string() && revoked["checkedAt"].is_string());

        telegram.api.add_bot(RENEWED.parse().unwrap());
        let version = project_field(&desk, &project, "version").await;
        let stale = json!({ "projectId": project, "botToken": RENEWED, "expectedVersion": 0 });
        assert_eq!(errors_of(&update(&desk, stale).await), ["VERSION_CONFLICT"]);
        let renewed = json!({ "projectId": project, "botToken": RENEWED, "name": "Shop", "expectedVersion": version });
        let payload = update(&desk, renewed).await;
        assert_eq!((errors_of(&payload), &payload["project"]["name"]), (vec![], &json!("Shop")));
        assert_eq!(telegram.until_received(7, 1).await, ["kept"]);
        until_status(&desk, &project, |status| status["revoked"] == false).await;
        desk.server.assert_never_printed(RENEWED.split_once(':').unwrap().1);
    }

    async fn what_a_project_does_not_take_is_refused_in_words(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let sandbox = project_called(&desk.admin, "Sandbox").await;
        let added = add_project(&desk, "Second", SECOND).await;
        for (input, code) in [
            (json!({ "projectId": project, "botToken": "1001:short" }), "BOT_TOKEN_MALFORMED"),
            (json!({ "projectId": project, "botToken": SECOND }), "BOT_TAKEN"),
            (json!({ "projectId": project, "name": " " }), "NAME_EMPTY"),
            (json!({ "projectId": sandbox, "botToken": RENEWED }), "BOT_OF_SANDBOX"),
            (json!({ "projectId": "nonsense" }), "INVALID_ID"),
        ] {
            assert_eq!(errors_of(&update(&desk, input.clone()).await), [code], "{input}");
        }
        // As long as nobody has written, a project may have another bot.
        let third = "3003:DDHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
        telegram.api.add_bot(third.parse().unwrap());
        let changed = json!({ "projectId": added, "botToken": third });
        assert_eq!(errors_of(&update(&desk, changed).await), [""; 0]);
        writes_to(&telegram, third, 9, "hello, third").await;
        assert_eq!(until_written(&desk.admin, &added, 9, 1).await, ["hello, third"]);
        let back = json!({ "projectId": added, "botToken": SECOND });
        assert_eq!(errors_of(&update(&desk, back).await), ["OTHER_BOT"]);

        let agent = desk.add_agent("ada@desk.test", "Telegram", "agent").await;
        let renamed = json!({ "input": { "projectId": project, "name": "Mine" } });
        let data = agent.query(UPDATE, renamed).await;
        assert_eq!(errors_of(&data["projectUpdate"]), ["NOT_ADMINISTRATOR"]);
    }

    async fn an_archived_project_is_not_served_and_keeps_everything(engine: Engine) {
        let telegram = Telegram::start().await;
        let ingress = Ingress::start().await;
        let public = ingress.url();
        let with_webhook = |settings: tests::server::Builder| {
            telegram.settings(settings).env("SWITCHBOARD_PUBLIC_URL", &public)
        };
        let desk = Desk::start_with(engine, with_webhook).await;
        ingress.lead_to(desk.server.url());
        let project = project_called(&desk.admin, "Telegram").await;
        telegram.customer_writes(7, "before").await;
        until_written(&desk.admin, &project, 7, 1).await;
        let status = until_status(&desk, &project, |status| status["mode"] == "WEBHOOK").await;
        let shown = status["webhookUrl"].as_str().unwrap();
        assert!(shown.starts_with(&public) && shown.ends_with("-…"), "{shown}");

        assert_eq!(errors_of(&put_away(&desk, "projectArchive", &project).await), [""; 0]);
        let client = BotClient::new().unwrap();
        let endpoint = telegram.api.endpoint(&telegram.token().parse().unwrap());
        let removed = || async { client.get_webhook_info(&endpoint).await.unwrap().url.is_empty().then_some(()) };
        eventually(PATIENCE, removed).await;
        assert_eq!(status_of(&desk, &project).await["mode"], "NONE");
        assert!(!names(&desk, false).await.contains(&"Telegram".to_owned()));
        assert!(names(&desk, true).await.contains(&"Telegram".to_owned()));
        assert_eq!(written_by(&desk.admin, &project, 7).await, ["before"]);
        telegram.customer_writes(7, "meanwhile").await;
        let again = json!({ "input": { "name": "Again", "botToken": telegram.token() } });
        let create = "mutation C($input: ProjectCreateInput!) { projectCreate(input: $input) { userErrors { code } } }";
        let data = desk.admin.query(create, again).await;
        assert_eq!(errors_of(&data["projectCreate"]), ["BOT_TAKEN"]);

        assert_eq!(errors_of(&put_away(&desk, "projectRestore", &project).await), [""; 0]);
        assert_eq!(until_written(&desk.admin, &project, 7, 2).await, ["before", "meanwhile"]);
        until_status(&desk, &project, |status| status["mode"] == "WEBHOOK").await;
    }

    async fn another_program_that_fetches_the_updates_is_told_of_and_lived_with(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        telegram.customer_writes(7, "before").await;
        until_written(&desk.admin, &project, 7, 1).await;
        let client = BotClient::new().unwrap();
        let endpoint = telegram.api.endpoint(&telegram.token().parse().unwrap());
        let status = eventually(PATIENCE, || async {
            // The other program takes nothing away: it confirms nothing.
            client.get_updates(&endpoint, 0, 1, 0).await.ok();
            let status = status_of(&desk, &project).await;
            let is_told = status["lastError"].as_str().is_some_and(|error| error.contains("Conflict"));
            if is_told { Ok(status) } else { Err(status) }
        })
        .await;
        assert_eq!(status["revoked"], false);
        telegram.customer_writes(7, "after").await;
        assert_eq!(until_written(&desk.admin, &project, 7, 2).await, ["before", "after"]);
    }

    async fn two_hundred_bots_of_which_one_is_revoked_and_one_is_limited(engine: Engine) {
        const BOTS: i64 = 200;
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let tokens: Vec<String> = (1..BOTS).map(|bot| format!("{}:EEHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw", 5_000 + bot)).collect();
        let mut projects = vec![(telegram.token().to_owned(), project_called(&desk.admin, "Telegram").await)];
        for token in &tokens {
            telegram.api.add_bot(token.parse().unwrap());
            projects.push((token.clone(), add_project(&desk, token.split_once(':').unwrap().0, token).await));
        }
        let (revoked, limited) = (&tokens[0], &tokens[1]);
        for (token, _) in &projects {
            writes_to(&telegram, token, 7, "hello").await;
        }
        let sql = Sql::connect(&desk.database).await.unwrap();
        let written = || async {
            let count = sql.number("SELECT count(*) FROM messages WHERE direction = 'INBOUND'").await.unwrap();
            if count == BOTS { Ok(()) } else { Err(count) }
        };
        eventually(PATIENCE * 2, written).await;

        telegram.api.revoke(&revoked.parse().unwrap());
        let sends = FaultScope::method("sendMessage").of_bot(limited.parse::<Token>().unwrap().bot_id());
        telegram.api.inject(sends, Fault::too_many_requests(3_600), Repeat::UntilCleared);
        for (token, project) in &projects {
            let session = session_of(&desk.admin, project, 7).await.unwrap();
            reply(&desk.admin, session["id"].as_str().unwrap(), token.split_once(':').unwrap().0).await;
        }
        let ledger = telegram.until(|ledger| ledger.sends().count() >= projects.len() - 2).await;
        let mut received: Vec<_> = ledger.texts_to(ChatId(7)).into_iter().map(str::to_owned).collect();
        let mut expected: Vec<_> = projects
            .iter()
            .filter(|(token, _)| token != revoked && token != limited)
            .map(|(token, _)| token.split_once(':').unwrap().0.to_owned())
            .collect();
        received.sort_unstable();
        expected.sort_unstable();
        assert_eq!(received, expected);
        let (_, of_revoked) = &projects[1];
        until_status(&desk, of_revoked, |status| status["revoked"] == true && status["waitingCalls"] == 1).await;
        let (_, of_limited) = &projects[2];
        assert_eq!(status_of(&desk, of_limited).await["revoked"], false);
    }
}

const UPDATE: &str = "mutation Update($input: ProjectUpdateInput!) {
    projectUpdate(input: $input) { project { name version } userErrors { code message path } }
}";

async fn update(desk: &Desk, input: Value) -> Value {
    desk.admin.query(UPDATE, json!({ "input": input })).await["projectUpdate"].take()
}

async fn put_away(desk: &Desk, mutation: &str, project: &str) -> Value {
    let document = format!(
        "mutation PutAway($id: ID!) {{ {mutation}(input: {{ projectId: $id }}) {{ project {{ archivedAt }} userErrors {{ code }} }} }}"
    );
    desk.admin.query(&document, json!({ "id": project })).await[mutation].take()
}

async fn add_project(desk: &Desk, name: &str, token: &str) -> String {
    let document = "mutation Add($input: ProjectCreateInput!) {
        projectCreate(input: $input) { project { id } userErrors { code } }
    }";
    let data = desk.admin.query(document, json!({ "input": { "name": name, "botToken": token } })).await;
    data["projectCreate"]["project"]["id"].as_str().unwrap_or_else(|| panic!("not added: {data}")).to_owned()
}

async fn project_field(desk: &Desk, project: &str, field: &str) -> Value {
    let document = format!("query Field($id: ID!) {{ project(id: $id) {{ {field} }} }}");
    desk.admin.query(&document, json!({ "id": project })).await["project"][field].take()
}

async fn status_of(desk: &Desk, project: &str) -> Value {
    let document = "query Status($id: ID!) {
        project(id: $id) {
            telegramStatus {
                mode pendingUpdates lastError lastErrorAt revoked silentUntil webhookUrl waitingCalls checkedAt
            }
        }
    }";
    desk.admin.query(document, json!({ "id": project })).await["project"]["telegramStatus"].take()
}

async fn until_status(desk: &Desk, project: &str, condition: impl Fn(&Value) -> bool) -> Value {
    let look = || async {
        let status = status_of(desk, project).await;
        if condition(&status) { Ok(status) } else { Err(status) }
    };
    eventually(PATIENCE, look).await
}

async fn names(desk: &Desk, archived: bool) -> Vec<String> {
    let document = "query Names($archived: Boolean!) {
        projects(first: 100, includeArchived: $archived) { nodes { name } }
    }";
    let data = desk.admin.query(document, json!({ "archived": archived })).await;
    let nodes = data["projects"]["nodes"].as_array().unwrap();
    nodes.iter().map(|project| project["name"].as_str().unwrap().to_owned()).collect()
}

async fn writes_to(telegram: &Telegram, token: &str, customer: i64, text: &str) {
    let message = bot::fake::CustomerMessage {
        telegram_user_id: domain::TelegramUserId(customer),
        name: format!("Customer {customer}"),
        username: None,
        language_code: None,
        text: text.to_owned(),
        date: chrono::DateTime::from_timestamp(1_767_225_600, 0).unwrap(),
    };
    let token: Token = token.parse().unwrap();
    telegram.api.customer_says(token.bot_id(), message).await.unwrap();
}
