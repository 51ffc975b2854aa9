//! Escalations: the packet, the levels and what becomes of the session.

use serde_json::{Value, json};
use tests::server::ADMIN_EMAIL;
use tests::{Client, Sql, eventually, on_both_engines};

use super::scene::{Scene, escalate, look, refused, team};
use crate::notes::give;
use crate::rating::QUESTION;
use crate::session_life::{MINUTE, advance};
use crate::stage::{
    PATIENCE, customer_writes, id_of, messages, mutate, online, reply, texts, until_session, until_settled,
    until_written,
};

on_both_engines! {
    async fn the_desk_fills_in_what_it_knows_and_asks_for_the_rest_by_its_name(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, bob, session, .. } = &scene;
        let note = json!({ "sessionId": session, "tried": "restart\nreinstall" });
        mutate(ada, "noteCreate", note, "note { id }").await;
        let document = "query Draft($id: ID!) { ticketEscalationDraft(sessionId: $id) {
            missing packet { problem solutions keyMessages { text } customer { name } emotion firstSeenAt }
        } }";
        let draft = ada.query(document, json!({ "id": session })).await["ticketEscalationDraft"].take();
        assert_eq!(draft["missing"], json!(["solutions", "emotion", "evidenceRequested", "expectedResolutionAt"]));
        let packet = &draft["packet"];
        assert_eq!(packet["problem"], "It says error 5\nyes, three times");
        assert_eq!(packet["solutions"], json!(["restart", "reinstall"]));
        assert_eq!(packet["keyMessages"].as_array().unwrap().len(), 3);
        assert_eq!((&packet["customer"]["name"], &packet["emotion"]), (&json!("Customer 7"), &Value::Null));

        let form = scene.form().await;
        for (field, path) in [
            ("solutions", "solutions"),
            ("emotion", "emotion"),
            ("evidenceRequested", "evidenceRequested"),
            ("expectedResolutionAt", "expectedResolutionAt"),
        ] {
            let mut lacking = form.clone();
            lacking["packet"].as_object_mut().unwrap().remove(field);
            let expected = json!([{ "code": "PACKET_INCOMPLETE", "path": ["input", "packet", path] }]);
            assert_eq!(refused(ada, lacking).await, expected);
        }
        let mut foreign = form.clone();
        customer_writes(&scene.desk.admin, &scene.sandbox, 8, "hello").await;
        let other = crate::stage::until_session(ada, &scene.sandbox, 8).await;
        foreign["packet"]["keyMessageIds"] = json!([messages(ada, &other).await[0]["id"]]);
        assert_eq!(refused(ada, foreign).await[0]["code"], "NO_SUCH_MESSAGE");

        let done = escalate(ada, form).await;
        assert_eq!((&done["ticket"]["line"], &done["ticket"]["type"]), (&json!(2), &json!("ESCALATED")));
        assert!(done["session"]["leftAt"].is_string(), "it ended for her: {done}");
        let seen = look(bob, &done["ticket"]["id"]).await;
        assert_eq!(seen["team"]["name"], "Second line");
        let escalation = &seen["escalations"][0];
        assert_eq!((&escalation["level"], &escalation["fromLine"], &escalation["quick"]), (&json!("L2"), &json!(1), &json!(false)));
        assert_eq!(escalation["by"]["email"], "ada@desk.test");
        let carried = "query Carried($id: ID!) { ticket(id: $id) { escalations(first: 1) { nodes { packet {
            problem solutions emotion evidenceRequested keyMessages { text } customer { name }
        } } } } }";
        let carried = bob.query(carried, json!({ "id": seen["id"] })).await["ticket"]["escalations"].take();
        let carried = &carried["nodes"][0]["packet"];
        assert_eq!(carried["keyMessages"].as_array().unwrap().len(), 3);
        assert_eq!((&carried["emotion"], &carried["evidenceRequested"]), (&json!("DISSATISFIED"), &json!(true)));
    }

    async fn the_team_gets_it_the_customer_is_told_and_the_old_agent_learns_nothing_later(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, bob, session, .. } = &scene;
        let done = escalate(ada, scene.form().await).await;
        let told = scene.told().await;
        let expected = "Your issue was escalated to the team Second line (ticket #1). Expect a response within 15 min. \
                        If it is an emergency, reply “urgent”.";
        assert_eq!(told, [expected]);
        let of_session = "query S($id: ID!) { session(id: $id) {
            status team { name } assignee { email } leftAt messages(last: 1) { nodes { text } }
            transfers(last: 1) { nodes { kind description } }
        } }";
        let his = bob.query(of_session, json!({ "id": session })).await["session"].take();
        assert_eq!((&his["status"], &his["team"]["name"], &his["assignee"]), (&json!("UNREAD"), &json!("Second line"), &Value::Null));
        let moved = json!([{ "kind": "ESCALATION", "description": "error 5 stays" }]);
        assert_eq!(his["transfers"]["nodes"], moved);

        customer_writes(&scene.desk.admin, &scene.sandbox, 7, "a secret").await;
        until_written(&scene.desk.admin, &scene.sandbox, 7, 3).await;
        reply(bob, session, "It is the cable").await;
        let hers = ada.query(of_session, json!({ "id": session })).await["session"].take();
        assert!(hers["leftAt"].is_string());
        assert_eq!(hers["messages"]["nodes"], json!([{ "text": expected }]), "what she left it with");
        assert_eq!(look(ada, &done["ticket"]["id"]).await, Value::Null);
        let list = "query T($id: ID!) { tickets(projectId: $id, first: 10) { totalCount } }";
        assert_eq!(ada.query(list, json!({ "id": scene.sandbox })).await["tickets"]["totalCount"], 0);
        let node = "query N($id: ID!) { node(id: $id) { id } }";
        assert_eq!(ada.query(node, json!({ "id": done["escalation"]["id"] })).await["node"], Value::Null);
    }

    async fn a_customer_is_told_everything_in_the_language_of_their_telegram(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, bob, desk, sandbox, .. } = &scene;
        writes_in_german(&scene, "Fehler 5").await;
        let session = until_session(ada, sandbox, 8).await;
        reply(ada, &session, "Haben Sie neu gestartet?").await;
        let input =
            json!({ "sessionId": session, "level": "L2", "reason": "OTHER", "description": "at once", "quick": true });
        escalate(ada, input).await;
        let said = messages(bob, &session).await;
        let expected = "Ihr Anliegen wurde an das Team Second line übergeben (Ticket #1). \
                        Sie erhalten innerhalb von 15 Min. eine Antwort. \
                        Wenn es ein Notfall ist, antworten Sie „dringend“.";
        assert_eq!(texts(&said, "OUTBOUND").pop(), Some(expected));

        let within = " Sie erhalten innerhalb von ";
        writes_in_german(&scene, "dringend").await;
        until_told(bob, &session, &format!("Ticket #1 hat die Priorität dringend.{within}"), " eine Antwort.").await;
        writes_in_german(&scene, "/status #1").await;
        until_told(bob, &session, &format!("Ticket #1 ist offen.{within}"), " eine Antwort.").await;
        writes_in_german(&scene, "/status #9").await;
        until_told(bob, &session, "Sie haben kein solches Ticket. ", " die Nummer, etwa /status #12.").await;

        reply(bob, &session, "Es ist das Kabel").await;
        mutate(bob, "sessionResolve", json!({ "sessionId": session }), "session { id }").await;
        advance(&desk.admin, sandbox, MINUTE).await;
        until_told(bob, &session, "Wie zufrieden sind Sie mit unserer Hilfe? ", " 5 ist am besten.").await;
        writes_in_german(&scene, "5").await;
        until_told(bob, &session, "Vielen Dank! Sie haben 5 von 5 Sternen gegeben.", "").await;
    }

    async fn it_goes_up_level_by_level_and_straight_to_an_administrator(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, bob, eve, desk, sandbox, .. } = &scene;
        let boss = desk.add_agent("boss@desk.test", "Sandbox", "admin").await;
        let role = json!({ "projectId": sandbox, "agentId": id_of(&desk.admin).await });
        mutate(&desk.admin, "projectRoleRemove", role, "agent { id }").await;
        let first = scene.escalate_quickly(ada, "L2").await["ticket"].take();
        assert_eq!(refused(bob, quick(&scene, "L2", "again")).await[0]["code"], "ALREADY_ESCALATED");
        let third = escalate(bob, quick(&scene, "L3", "nobody knows error 5")).await["ticket"].take();
        assert_eq!((&third["id"], &third["number"], &third["line"]), (&first["id"], &json!(1), &json!(3)));
        assert_eq!((&third["assignee"]["email"], &third["team"]), (&json!("boss@desk.test"), &Value::Null));
        let seen = look(&boss, &first["id"]).await;
        let steps = seen["escalations"].as_array().unwrap();
        let levels: Vec<&Value> = steps.iter().map(|step| &step["level"]).collect();
        assert_eq!(levels, ["L2", "L3"]);
        assert_eq!((&steps[1]["description"], &steps[1]["toAgent"]["email"]), (&json!("nobody knows error 5"), &json!("boss@desk.test")));
        assert_eq!(refused(&boss, quick(&scene, "L2", "back")).await[0]["code"], "LEVEL_TOO_LOW");
        assert!(scene.told().await[1].contains("our administrators (ticket #1)"));
        let assignee = "query S($id: ID!) { session(id: $id) { assignee { email } } }";
        let assignee = eve.query(assignee, json!({ "id": scene.session })).await["session"]["assignee"].take();
        assert_eq!(assignee["email"], "boss@desk.test");
    }

    async fn a_quick_escalation_is_marked_and_noted(engine: Engine) {
        let scene = Scene::set(engine).await;
        let done = scene.escalate_quickly(&scene.ada, "L2").await;
        assert_eq!(done["escalation"]["quick"], true);
        let audit = Sql::connect(&scene.desk.database).await.unwrap();
        let noted = "SELECT count(*) FROM audit_log WHERE action = 'ticketEscalate' AND object_kind = 'ESCALATION' \
                     AND details LIKE '%\"quick\":true%'";
        assert_eq!(audit.number(noted).await.unwrap(), 1);
    }

    async fn the_same_request_again_escalates_nothing_more(engine: Engine) {
        let scene = Scene::set(engine).await;
        let mut input = scene.form().await;
        input["idempotencyKey"] = json!("once");
        let first = escalate(&scene.ada, input.clone()).await;
        let again = escalate(&scene.ada, input.clone()).await;
        assert_eq!((&again["ticket"]["id"], &again["escalation"]["id"]), (&first["ticket"]["id"], &first["escalation"]["id"]));
        input["description"] = json!("something else");
        assert_eq!(refused(&scene.ada, input).await[0]["code"], "IDEMPOTENCY_KEY_REUSED");
        assert_eq!(scene.told().await.len(), 1);
    }

    async fn what_was_escalated_stays_in_its_team_even_if_nobody_is_there(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, bob, desk, sandbox, session, .. } = &scene;
        let settings = json!({ "projectId": sandbox, "enabled": true, "queueMessage": [] });
        mutate(&desk.admin, "routingSettingsUpdate", settings, "routing { enabled }").await;
        scene.escalate_quickly(ada, "L2").await;
        let _first_line = crate::stage::online(ada, sandbox).await;
        let document = "query Grounds($id: ID!) { session(id: $id) {
            assignee { email } routingGrounds { queueReason scopeSource }
        } }";
        let waits = || async {
            let seen = desk.admin.query(document, json!({ "id": session })).await["session"].take();
            (seen["routingGrounds"]["scopeSource"] == "ESCALATION").then_some(seen)
        };
        let seen = tests::eventually(crate::stage::PATIENCE, waits).await;
        assert_eq!(seen["assignee"], Value::Null, "nobody of the team is there: {seen}");
        let _second_line = crate::stage::online(bob, sandbox).await;
        let his = || async {
            let seen = desk.admin.query(document, json!({ "id": session })).await["session"].take();
            (seen["assignee"]["email"] == "bob@desk.test").then_some(())
        };
        tests::eventually(crate::stage::PATIENCE, his).await;
    }

    async fn what_was_escalated_to_people_is_for_no_others_even_if_only_the_first_line_is_there(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, bob, desk, sandbox, session, .. } = &scene;
        let boss = desk.add_agent("boss@desk.test", "Sandbox", "admin").await;
        let _first_line = online(ada, sandbox).await;
        let settings = json!({ "projectId": sandbox, "enabled": true, "queueMessage": [], "rerouteAfterSeconds": 10 });
        mutate(&desk.admin, "routingSettingsUpdate", settings, "routing { enabled }").await;
        let settings = json!({ "projectId": sandbox, "lowRatingAgentId": id_of(bob).await });
        mutate(&desk.admin, "projectRatingUpdate", settings, "project { id }").await;

        // To the administrators: none of them is there, and the first line is.
        scene.escalate_quickly(ada, "L3").await;
        until_looked_round(&scene, 8).await;
        assert_eq!(whose(&scene, session).await, ADMIN_EMAIL);
        let _administrator = online(&boss, sandbox).await;
        until_with(&scene, session, "boss@desk.test").await;
        let put_back = json!({ "sessionId": session, "agentId": null });
        let left = mutate(&boss, "sessionAssign", put_back, "session { team { name } assignee { email } }").await;
        assert_eq!(left["session"], json!({ "team": null, "assignee": { "email": ADMIN_EMAIL } }), "it waits in no line");

        // To one agent, who is not there either.
        customer_writes(&desk.admin, sandbox, 6, "hello").await;
        let rated = until_session(&desk.admin, sandbox, 6).await;
        mutate(&scene.eve, "sessionResolve", json!({ "sessionId": rated }), "session { id }").await;
        advance(&desk.admin, sandbox, MINUTE).await;
        until_settled(&desk.admin, &rated, QUESTION).await;
        customer_writes(&desk.admin, sandbox, 6, "1").await;
        until_with(&scene, &rated, "bob@desk.test").await;
        customer_writes(&desk.admin, sandbox, 6, "well?").await;
        until_written(&desk.admin, sandbox, 6, 3).await;
        until_looked_round(&scene, 9).await;
        assert_eq!(whose(&scene, &rated).await, "bob@desk.test");
        // An administrator stands in for whoever is gone.
        let role = json!({ "projectId": sandbox, "agentId": id_of(bob).await });
        mutate(&desk.admin, "projectRoleRemove", role, "agent { id }").await;
        assert_eq!(whose(&scene, &rated).await, "boss@desk.test");
    }

    async fn a_ticket_of_a_closed_session_goes_up_and_takes_the_session_along(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, bob, eve, desk, sandbox, session, .. } = &scene;
        let join = json!({ "sessionId": session, "agentId": id_of(eve).await });
        mutate(eve, "sessionParticipantAdd", join, "session { id }").await;
        let ticket = scene.escalate_quickly(ada, "L2").await["ticket"]["id"].take();
        mutate(bob, "sessionClose", json!({ "sessionId": session }), "session { id }").await;
        let role = json!({ "projectId": sandbox, "agentId": id_of(eve).await });
        mutate(&desk.admin, "projectRoleRemove", role, "agent { id }").await;
        assert_eq!(refused(bob, quick(&scene, "L3", "x")).await[0]["code"], "SESSION_CLOSED");
        let input = json!({ "ticketId": ticket, "level": "L3", "reason": "SYSTEM_DOWN", "description": "it is back",
            "quick": true });
        escalate(bob, input).await;
        let document = "query S($id: ID!) { session(id: $id) {
            status assignee { email } participants { email }
        } }";
        let seen = desk.admin.query(document, json!({ "id": session })).await["session"].take();
        let expected = json!({ "status": "UNREAD", "assignee": { "email": ADMIN_EMAIL }, "participants": [] });
        assert_eq!(seen, expected, "who is gone is not there again");
    }

    async fn what_its_team_has_without_the_session_is_escalated_there_again(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, bob, eve, desk, sandbox, session, .. } = &scene;
        let first_line = team(&desk.admin, sandbox, "First line", 1, Some(ada)).await;
        let ticket = scene.escalate_quickly(ada, "L2").await["ticket"]["id"].take();
        let again = json!({ "ticketId": ticket, "level": "L2", "reason": "OTHER", "description": "they know it",
            "quick": true });
        for of_either in [again.clone(), quick(&scene, "L2", "they know it")] {
            assert_eq!(refused(bob, of_either).await[0]["code"], "ALREADY_ESCALATED", "they have both");
        }
        let back = json!({ "sessionId": session, "toTeamId": first_line, "description": "the usual" });
        mutate(eve, "sessionTransfer", back, "session { id }").await;
        give(eve, session, ada).await;
        assert_eq!(look(eve, &ticket).await["team"]["name"], "Second line", "they have the ticket alone");

        escalate(ada, again.clone()).await;
        let document = "query S($id: ID!) { session(id: $id) { team { name } assignee { email } } }";
        let seen = bob.query(document, json!({ "id": session })).await["session"].take();
        assert_eq!(seen, json!({ "team": { "name": "Second line" }, "assignee": null }), "it is back with its ticket");
        let steps = look(bob, &ticket).await["escalations"].take();
        let levels: Vec<&Value> = steps.as_array().unwrap().iter().map(|step| &step["level"]).collect();
        assert_eq!(levels, ["L2", "L2"]);
        assert_eq!(refused(bob, again).await[0]["code"], "ALREADY_ESCALATED", "they have both again");
    }

    async fn where_it_can_go_is_checked(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, desk, sandbox, .. } = &scene;
        let first_line = team(&desk.admin, sandbox, "First line", 1, None).await;
        let to = |team: &Value| {
            let mut input = quick(&scene, "L2", "x");
            input["teamId"] = team.clone();
            input
        };
        assert_eq!(refused(ada, to(&first_line)).await[0]["code"], "TEAM_ON_ANOTHER_LINE");
        assert_eq!(refused(ada, quick(&scene, "L2", " ")).await[0]["code"], "DESCRIPTION_REQUIRED");
        let neither = json!({ "level": "L2", "reason": "OTHER", "description": "x" });
        assert_eq!(refused(ada, neither).await[0]["code"], "SUBJECT_REQUIRED");
        assert_eq!(refused(&scene.bob, quick(&scene, "L2", "x")).await[0]["code"], "SESSION_NOT_FOUND");
        mutate(&desk.admin, "teamDelete", json!({ "teamId": scene.second_line }), "deletedTeamId").await;
        assert_eq!(refused(ada, quick(&scene, "L2", "x")).await[0]["code"], "TEAM_REQUIRED");
        mutate(ada, "sessionClose", json!({ "sessionId": scene.session }), "session { id }").await;
        assert_eq!(refused(ada, quick(&scene, "L3", "x")).await[0]["code"], "SESSION_CLOSED");
    }
}

/// Customer 8 writes, whose Telegram speaks German.
async fn writes_in_german(scene: &Scene, text: &str) {
    let input = json!({ "projectId": scene.sandbox, "telegramUserId": "8", "name": "Customer 8", "languageCode": "de",
        "text": text });
    mutate(&scene.desk.admin, "sandboxCustomerSend", input, "").await;
}

/// Waits until a customer was told something that begins and ends with these words.
async fn until_told(client: &Client, session: &str, begins: &str, ends: &str) {
    let told = || async {
        let said = messages(client, session).await;
        let is_it = |text: &&str| text.starts_with(begins) && text.ends_with(ends);
        let is_told = texts(&said, "OUTBOUND").iter().any(is_it);
        if is_told { Ok(()) } else { Err(said) }
    };
    eventually(PATIENCE, told).await;
}

/// Who has a session.
async fn whose(scene: &Scene, session: &str) -> Value {
    let document = "query Whose($id: ID!) { session(id: $id) { assignee { email } } }";
    scene.desk.admin.query(document, json!({ "id": session })).await["session"]["assignee"]["email"].take()
}

async fn until_with(scene: &Scene, session: &str, email: &str) {
    let is_theirs = || async {
        let has = whose(scene, session).await;
        if has == email { Ok(()) } else { Err(has) }
    };
    eventually(PATIENCE, is_theirs).await;
}

/// Has the desk look for those who let sessions lie: one of this customer, whom Bob is given and is not there for, moves on,
/// and what waited for longer was looked at before.
async fn until_looked_round(scene: &Scene, customer: i64) {
    let Scene { bob, eve, desk, sandbox, .. } = scene;
    customer_writes(&desk.admin, sandbox, customer, "hello").await;
    let session = until_session(&desk.admin, sandbox, customer).await;
    let has_somebody = || async { (!whose(scene, &session).await.is_null()).then_some(()) };
    eventually(PATIENCE, has_somebody).await;
    let input = json!({ "sessionId": session, "agentId": id_of(bob).await });
    mutate(eve, "sessionAssign", input, "session { id }").await;
    advance(&desk.admin, sandbox, 20).await;
    let moved_on = || async {
        let has = whose(scene, &session).await;
        if has == "bob@desk.test" { Err(has) } else { Ok(()) }
    };
    eventually(PATIENCE, moved_on).await;
}

fn quick(scene: &Scene, level: &str, description: &str) -> Value {
    json!({ "sessionId": scene.session, "level": level, "reason": "OTHER", "description": description, "quick": true })
}
