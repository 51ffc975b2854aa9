//! How the consoles of a project show conversations.

use serde_json::{Value, json};
use tests::{Client, on_both_engines};

use crate::stage::{Desk, errors_of, mutate, sandbox, try_mutate};

const PROJECT: &str = "project { version chatTheme { appearance background } }";

async fn theme(client: &Client, project: &str) -> Value {
    let document = format!("query Theme($id: ID!) {{ {} }}", PROJECT.replacen("project", "project(id: $id)", 1));
    client.query(&document, json!({ "id": project })).await["project"].take()
}

on_both_engines! {
    async fn a_project_keeps_how_its_consoles_look(engine: Engine) {
        let mut desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let lead = desk.add_agent("lead@desk.test", "Sandbox", "supervisor").await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let first = theme(&ada, &project).await;
        assert_eq!(first["chatTheme"], json!({ "appearance": "LIGHT", "background": [] }));

        // What is left out stays.
        let seen = first["version"].as_i64().unwrap();
        let update = |more: Value| {
            let mut input = more;
            input["projectId"] = json!(project);
            input
        };
        let dark = update(json!({ "appearance": "DARK", "expectedVersion": seen }));
        let dark = mutate(&lead, "projectChatThemeUpdate", dark, PROJECT).await["project"].take();
        assert_eq!(dark, json!({ "version": seen + 1, "chatTheme": { "appearance": "DARK", "background": [] } }));
        let colors = update(json!({ "background": ["#DBDDBB", "#6ba587", "#d5d88d", "#88b884"] }));
        let colored = mutate(&lead, "projectChatThemeUpdate", colors.clone(), PROJECT).await["project"].take();
        let background = json!(["#dbddbb", "#6ba587", "#d5d88d", "#88b884"]);
        let shown = json!({ "version": seen + 2, "chatTheme": { "appearance": "DARK", "background": background } });
        assert_eq!(colored, shown);
        // What is there already is no change.
        assert_eq!(mutate(&lead, "projectChatThemeUpdate", colors, PROJECT).await["project"], shown);
        desk.restart().await;
        assert_eq!(theme(&desk.client_with_token_of(&ada), &project).await, shown);

        let lead = desk.client_with_token_of(&lead);
        let before = shown["version"].as_i64().unwrap();
        let told = format!("{PROJECT} userErrors {{ path }}");
        for (change, code, field) in [
            (json!({ "background": ["#dbddbb", "red"] }), "BACKGROUND_INVALID", "background"),
            (json!({ "background": ["url(https://desk.test/cat.png)"] }), "BACKGROUND_INVALID", "background"),
            (json!({ "background": vec!["#dbddbb"; 5] }), "BACKGROUND_INVALID", "background"),
            (json!({ "appearance": "LIGHT", "expectedVersion": seen }), "VERSION_CONFLICT", "expectedVersion"),
        ] {
            let refused = try_mutate(&lead, "projectChatThemeUpdate", update(change), &told).await;
            assert_eq!(errors_of(&refused), [code], "{refused}");
            assert_eq!(refused["userErrors"][0]["path"], json!(["input", field]), "{refused}");
            let current = if code == "VERSION_CONFLICT" { shown.clone() } else { Value::Null };
            assert_eq!(refused["project"], current);
        }
        let input = update(json!({ "appearance": "LIGHT" }));
        let ada = desk.client_with_token_of(&ada);
        assert_eq!(errors_of(&try_mutate(&ada, "projectChatThemeUpdate", input, PROJECT).await), ["NOT_SUPERVISOR"]);
        assert_eq!(theme(&ada, &project).await["version"], before, "nothing of that changed anything");

        let plain = update(json!({ "appearance": "TELEGRAM", "background": [] }));
        let plain = mutate(&lead, "projectChatThemeUpdate", plain, PROJECT).await["project"].take();
        assert_eq!(plain["chatTheme"], json!({ "appearance": "TELEGRAM", "background": [] }));
    }
}
