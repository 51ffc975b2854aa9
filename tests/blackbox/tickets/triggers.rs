//! Triggers that suggest and that escalate.

use serde_json::{Value, json};
use tests::{Client, Sql, eventually, on_both_engines};

use super::scene::{Scene, escalate, plain};
use crate::session_life::{HOUR, MINUTE, advance};
use crate::stage::{PATIENCE, customer_writes, mutate, until_session, until_written};

const LOOK: &str = "query Look($id: ID!) { session(id: $id) {
    priority team { name } escalationSuggestion { id suggestedLevel trigger { name } }
    tickets(first: 5) { nodes {
        id number escalations(first: 5) { nodes { reason description by { email } trigger { name } } }
    } }
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

    async fn a_suggestion_is_not_taken_up_by_going_elsewhere_nor_by_what_was_judged_before(engine: Engine) {
        let scene = Scene::set(engine).await;
        install(&scene).await;
        customer_writes(&scene.desk.admin, &scene.sandbox, 7, "I want a refund").await;
        let suggestion = until(&scene.ada, &scene.session, |seen| seen["escalationSuggestion"].is_object()).await;
        let firing = suggestion["escalationSuggestion"]["id"].clone();
        let judged = json!({ "triggerFiringId": firing, "judgement": "UNNECESSARY" });
        mutate(&scene.ada, "triggerFiringJudge", judged, "triggerFiring { id }").await;
        let mut named = scene.form().await;
        named["triggerFiringId"] = firing;
        escalate(&scene.ada, named).await;
        let seen = look(&scene.bob, &scene.session).await;
        assert_eq!(seen["tickets"]["nodes"][0]["escalations"][0]["trigger"]["name"], "A sensitive matter");
        let counted = statistics(&scene.eve, &scene.sandbox, "A sensitive matter").await;
        assert_eq!((&counted["accepted"], &counted["unnecessary"]), (&json!(0), &json!(1)), "the judgement stands");

        customer_writes(&scene.desk.admin, &scene.sandbox, 8, "I want a refund").await;
        let other = until_session(&scene.eve, &scene.sandbox, 8).await;
        until(&scene.eve, &other, |seen| seen["escalationSuggestion"].is_object()).await;
        let straight = json!({ "sessionId": other, "level": "L3", "reason": "SECURITY", "description": "a leak",
            "quick": true });
        escalate(&scene.eve, straight).await;
        let seen = look(&scene.eve, &other).await;
        assert_eq!(seen["tickets"]["nodes"][0]["escalations"][0]["trigger"], Value::Null);
        assert_eq!(statistics(&scene.eve, &scene.sandbox, "A sensitive matter").await["accepted"], 0);
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
        let escalation = json!([{ "reason": "CUSTOMER_REQUEST", "by": null, "trigger": { "name": "Complaints in a row" },
            "description": "The trigger “Complaints in a row” escalated it." }]);
        assert_eq!(seen["tickets"]["nodes"][0]["escalations"], escalation);
        assert!(scene.told().await[0].contains("ticket #1"));

        // It is there already, which is no reason to suggest that it goes there.
        customer_writes(&scene.desk.admin, &scene.sandbox, 7, "I’ll contact a lawyer").await;
        let fired = || async {
            let counted = statistics(&scene.eve, &scene.sandbox, "Insults and threats").await;
            if counted["fired"] == 1 { Ok(()) } else { Err(counted) }
        };
        eventually(PATIENCE, fired).await;
        let seen = look(&scene.bob, &scene.session).await;
        assert_eq!((&seen["escalationSuggestion"], &seen["tickets"]["nodes"][0]["escalations"]), (&Value::Null, &escalation));
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

    async fn the_time_of_waiting_for_the_customer_does_not_count_and_a_new_beginning_begins_anew(engine: Engine) {
        let scene = Scene::set(engine).await;
        install(&scene).await;
        let Scene { eve, desk, sandbox, .. } = &scene;
        customer_writes(&desk.admin, sandbox, 8, "hello").await;
        let asked = until_session(eve, sandbox, 8).await;
        customer_writes(&desk.admin, sandbox, 9, "hello").await;
        let unasked = until_session(eve, sandbox, 9).await;
        advance(&desk.admin, sandbox, 5 * MINUTE).await;
        let waits = json!({ "sessionId": asked, "status": "FOLLOW_UP", "followUp": { "awaited": "CUSTOMER" } });
        mutate(eve, "sessionStatusUpdate", waits, "session { id }").await;
        advance(&desk.admin, sandbox, 10 * MINUTE).await;
        until(eve, &unasked, |seen| seen["escalationSuggestion"].is_object()).await;
        assert_eq!(look(eve, &asked).await["escalationSuggestion"], Value::Null, "the customer is waited for");
        customer_writes(&desk.admin, sandbox, 8, "here you are").await;
        until_written(&desk.admin, sandbox, 8, 2).await;
        // Five minutes had passed, and ten more are left.
        advance(&desk.admin, sandbox, 9 * MINUTE).await;
        assert_eq!(look(eve, &asked).await["escalationSuggestion"], Value::Null);
        advance(&desk.admin, sandbox, MINUTE).await;
        until(eve, &asked, |seen| seen["escalationSuggestion"].is_object()).await;

        mutate(eve, "sessionResolve", json!({ "sessionId": asked }), "session { id }").await;
        let again = json!({ "sessionId": asked, "status": "PROCESSING" });
        mutate(eve, "sessionStatusUpdate", again, "session { id }").await;
        advance(&desk.admin, sandbox, 15 * MINUTE).await;
        let fired = || async {
            let counted = statistics(eve, sandbox, "Unresolved for long").await;
            if counted["fired"] == 3 { Ok(()) } else { Err(counted) }
        };
        eventually(PATIENCE, fired).await;
    }

    async fn what_a_project_that_is_put_away_owes_is_looked_at_once_it_is_taken_back(engine: Engine) {
        let scene = Scene::set(engine).await;
        install(&scene).await;
        let Scene { eve, desk, sandbox, .. } = &scene;
        customer_writes(&desk.admin, sandbox, 8, "hello").await;
        let session = until_session(eve, sandbox, 8).await;
        let sql = Sql::connect(&desk.database).await.unwrap();
        let next_look = "SELECT COALESCE(MAX(due_at), 0) FROM jobs WHERE kind = 'session_unresolved'";
        let look_at = sql.number(next_look).await.unwrap();
        let warn_at = sql.number("SELECT COALESCE(MIN(next_at), 0) FROM sla_clocks").await.unwrap();
        mutate(&desk.admin, "projectArchive", json!({ "projectId": sandbox }), "project { id }").await;
        advance(&desk.admin, sandbox, 15 * MINUTE).await;
        let is_put_off = || async {
            let half_an_hour = 30 * MINUTE * 1_000_000;
            let late = format!("SELECT COUNT(*) FROM sla_clocks WHERE next_at > {}", warn_at + half_an_hour);
            let seen = (sql.number(next_look).await.unwrap() - look_at, sql.number(&late).await.unwrap());
            if seen.0 > half_an_hour && seen.1 > 0 { Ok(()) } else { Err(seen) }
        };
        eventually(PATIENCE, is_put_off).await;
        let told = "SELECT COUNT(*) FROM sla_clock_events WHERE change IN ('WARNED', 'BREACHED')";
        let fired = "SELECT COUNT(*) FROM trigger_firings";
        let done = (sql.number(told).await.unwrap(), sql.number(fired).await.unwrap());
        assert_eq!(done, (0, 0), "nobody works on it");

        mutate(&desk.admin, "projectRestore", json!({ "projectId": sandbox }), "project { id }").await;
        let is_told = || async { (sql.number(told).await.unwrap() > 0).then_some(()) };
        eventually(PATIENCE, is_told).await;
        advance(&desk.admin, sandbox, HOUR).await;
        until(eve, &session, |seen| seen["escalationSuggestion"].is_object()).await;
    }

    async fn a_trigger_waits_for_one_kind_of_thing(engine: Engine) {
        let scene = Scene::set(engine).await;
        let usual = json!({ "projectId": scene.sandbox, "name": "Late", "unresolvedMinutes": 30,
            "escalate": "L2" });
        let selection = "trigger { id unresolvedMinutes lowRatingStars suggest escalate escalationReason }";
        let mut made = mutate(&scene.eve, "triggerCreate", usual.clone(), selection).await["trigger"].take();
        let trigger = made["id"].take();
        let mut expected = json!({ "id": null, "unresolvedMinutes": 30, "lowRatingStars": null, "suggest": null,
            "escalate": "L2", "escalationReason": "UNRESOLVED" });
        assert_eq!(made, expected);
        let legal = json!({ "triggerId": trigger, "escalationReason": "LEGAL" });
        let mut changed = mutate(&scene.eve, "triggerUpdate", legal, selection).await["trigger"].take();
        (changed["id"], expected["escalationReason"]) = (Value::Null, json!("LEGAL"));
        assert_eq!(changed, expected);
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
    let mut seen = client.query(LOOK, json!({ "id": session })).await["session"].take();
    let tickets = seen.pointer_mut("/tickets/nodes").and_then(Value::as_array_mut);
    for ticket in tickets.into_iter().flatten() {
        *ticket = plain(ticket.take());
    }
    seen
}

async fn until(client: &Client, session: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let seen = || async {
        let seen = look(client, session).await;
        if wanted(&seen) { Ok(seen) } else { Err(seen) }
    };
    eventually(PATIENCE, seen).await
}

async fn statistics(client: &Client, project: &str, trigger: &str) -> Value {
    let document =
        "query S($id: ID!) { project(id: $id) { triggers { name statistics { fired accepted unnecessary } } } }";
    let data = client.query(document, json!({ "id": project })).await;
    let triggers = data["project"]["triggers"].as_array().unwrap().clone();
    triggers.into_iter().find(|one| one["name"] == trigger).unwrap()["statistics"].take()
}
