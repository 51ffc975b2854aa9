//! Triggers that suggest and that escalate.

use serde_json::{Value, json};
use tests::{Client, eventually, on_both_engines};

use super::scene::{Scene, escalate};
use crate::session_life::{MINUTE, advance};
use crate::stage::{PATIENCE, customer_writes, mutate, until_session, until_written};

const LOOK: &str = "query Look($id: ID!) { session(id: $id) {
    priority team { name } escalationSuggestion { id suggestedLevel trigger { name } }
    tickets(first: 5) { nodes { id number escalations { reason by { email } trigger { name } } } }
} }";

on_both_engines! {
    async fn a_suggestion_shows_and_is_accepted_by_escalating(engine: Engine) {
        let scene = Scene::set(engine).await;
        install(&scene).await;
        customer_writes(&scene.desk.admin, &scene.sandbox, 7, "I want a refund").await;
        let suggestion = until(&scene.ada, &scene.session, |seen| seen["escalationSuggestion"].is_object()).await;
        let suggestion = &suggestion["escalationSuggestion"];
        assert_eq!((&suggestion["suggestedLevel"], &suggestion["trigger"]["name"]), (&json!("L2"), &json!("A sensitive matter")));
        escalate(&scene.ada, scene.form().await).await;
        let seen = look(&scene.bob, &scene.session).await;
        assert_eq!(seen["escalationSuggestion"], Value::Null, "it was taken up");
        let escalation = &seen["tickets"]["nodes"][0]["escalations"][0];
        assert_eq!(escalation["trigger"]["name"], "A sensitive matter");
        assert_eq!(statistics(&scene.eve, &scene.sandbox, "A sensitive matter").await["accepted"], 1);
    }

    async fn what_the_articles_say_escalates_does_so_by_itself(engine: Engine) {
        let scene = Scene::set(engine).await;
        install(&scene).await;
        for (place, text) in [(3, "this is unacceptable"), (4, "get me your manager"), (5, "this is unacceptable")] {
            customer_writes(&scene.desk.admin, &scene.sandbox, 7, text).await;
            until_written(&scene.desk.admin, &scene.sandbox, 7, place).await;
        }
        let seen = until(&scene.bob, &scene.session, |seen| seen["tickets"]["nodes"][0].is_object()).await;
        assert_eq!((&seen["team"]["name"], &seen["priority"]), (&json!("Second line"), &json!("HIGH")));
        let escalation = json!([{ "reason": "CUSTOMER_REQUEST", "by": null, "trigger": { "name": "Complaints in a row" } }]);
        assert_eq!(seen["tickets"]["nodes"][0]["escalations"], escalation);
        assert!(scene.told().await[0].contains("ticket #1"));
    }

    async fn where_no_team_is_there_it_is_suggested(engine: Engine) {
        let scene = Scene::set(engine).await;
        install(&scene).await;
        mutate(&scene.desk.admin, "teamDelete", json!({ "teamId": scene.second_line }), "deletedTeamId").await;
        customer_writes(&scene.desk.admin, &scene.sandbox, 7, "I’ll contact a lawyer").await;
        let seen = until(&scene.ada, &scene.session, |seen| seen["escalationSuggestion"].is_object()).await;
        assert_eq!(seen["escalationSuggestion"]["suggestedLevel"], "L2");
        assert_eq!(seen["tickets"]["nodes"], json!([]));
    }

    async fn an_issue_that_stays_unresolved_for_a_quarter_of_an_hour_is_suggested_once(engine: Engine) {
        let scene = Scene::set(engine).await;
        install(&scene).await;
        customer_writes(&scene.desk.admin, &scene.sandbox, 8, "hello").await;
        let waiting = until_session(&scene.desk.admin, &scene.sandbox, 8).await;
        customer_writes(&scene.desk.admin, &scene.sandbox, 9, "hello").await;
        let resolved = until_session(&scene.desk.admin, &scene.sandbox, 9).await;
        mutate(&scene.desk.admin, "sessionResolve", json!({ "sessionId": resolved }), "session { id }").await;
        advance(&scene.desk.admin, &scene.sandbox, 14 * MINUTE).await;
        assert_eq!(look(&scene.desk.admin, &waiting).await["escalationSuggestion"], Value::Null);
        advance(&scene.desk.admin, &scene.sandbox, MINUTE).await;
        let seen = until(&scene.desk.admin, &waiting, |seen| seen["escalationSuggestion"].is_object()).await;
        assert_eq!(seen["escalationSuggestion"]["trigger"]["name"], "Unresolved for long");
        advance(&scene.desk.admin, &scene.sandbox, 30 * MINUTE).await;
        assert_eq!(statistics(&scene.eve, &scene.sandbox, "Unresolved for long").await["fired"], 1);
        assert_eq!(look(&scene.desk.admin, &resolved).await["escalationSuggestion"], Value::Null);
    }

    async fn a_trigger_waits_for_one_kind_of_thing(engine: Engine) {
        let scene = Scene::set(engine).await;
        let usual = json!({ "projectId": scene.sandbox, "name": "Late", "wordListIds": [], "unresolvedMinutes": 30,
            "escalate": "L2" });
        let selection = "trigger { unresolvedMinutes lowRatingStars suggest escalate }";
        let made = mutate(&scene.eve, "triggerCreate", usual.clone(), selection).await["trigger"].take();
        let expected = json!({ "unresolvedMinutes": 30, "lowRatingStars": null, "suggest": null, "escalate": "L2" });
        assert_eq!(made, expected);
        for (field, value, code) in [
            ("lowRatingStars", 3, "SEVERAL_CONDITIONS"),
            ("unresolvedMinutes", 0, "UNRESOLVED_MINUTES_OUT_OF_RANGE"),
        ] {
            let mut input = usual.clone();
            input[field] = json!(value);
            assert_eq!(super::scene::codes(&scene.eve, "triggerCreate", input).await, [code]);
        }
    }
}

async fn install(scene: &Scene) {
    mutate(&scene.eve, "triggerDefaultsInstall", json!({ "projectId": scene.sandbox }), "triggers { id }").await;
}

async fn look(client: &Client, session: &str) -> Value {
    client.query(LOOK, json!({ "id": session })).await["session"].take()
}

async fn until(client: &Client, session: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let seen = || async {
        let seen = look(client, session).await;
        if wanted(&seen) { Ok(seen) } else { Err(seen) }
    };
    eventually(PATIENCE, seen).await
}

async fn statistics(client: &Client, project: &str, trigger: &str) -> Value {
    let document = "query S($id: ID!) { project(id: $id) { triggers { name statistics { fired accepted } } } }";
    let data = client.query(document, json!({ "id": project })).await;
    let triggers = data["project"]["triggers"].as_array().unwrap().clone();
    triggers.into_iter().find(|one| one["name"] == trigger).unwrap()["statistics"].take()
}
