//! What customers ask about their tickets, and what they are answered.

use serde_json::{Value, json};
use tests::{Engine, Sql, eventually, on_both_engines};

use super::scene::{Scene, look};
use crate::session_life::{HOUR, MINUTE, advance};
use crate::stage::{
    PATIENCE, customer_writes, errors_of, id_of, messages, mutate, sessions, try_mutate, until_session, until_settled,
    until_written,
};

/// The chats of the staff.
const BOB: i64 = 601;
const EVE: i64 = 602;
const GROUP: i64 = -603;
/// How often people do something at the same moment.
const ROUNDS: usize = 10;

on_both_engines! {
    async fn urgent_raises_the_newest_ticket_once_and_is_answered(engine: Engine) {
        let scene = Scene::set(engine).await;
        let first = scene.ticket(&scene.ada, json!({})).await;
        let second = scene.ticket(&scene.ada, json!({})).await;
        says(&scene, "Urgent!").await;
        until_told(&scene, 1).await;
        assert_eq!(priorities(&scene, &[&first, &second]).await, ["MEDIUM", "URGENT"]);
        says(&scene, "urgent").await;
        until_told(&scene, 2).await;
        assert_eq!(priorities(&scene, &[&first, &second]).await, ["MEDIUM", "URGENT"], "the newest is urgent already");
        assert_eq!(look(&scene.ada, &second["id"]).await["version"], 2, "raised once");
        says(&scene, "срочно #1").await;
        let told = until_told(&scene, 3).await;
        assert_eq!(priorities(&scene, &[&first, &second]).await, ["URGENT", "URGENT"]);
        assert!(told[2].starts_with("Ticket #1 has the priority urgent."), "{told:?}");
        let document = "query P($id: ID!) { session(id: $id) { priority } }";
        assert_eq!(scene.ada.query(document, json!({ "id": scene.session })).await["session"]["priority"], "URGENT");
    }

    async fn urgent_without_a_number_is_about_what_the_customer_was_told_of_last(engine: Engine) {
        let scene = Scene::set(engine).await;
        let escalated = scene.escalate_quickly(&scene.ada, "L2").await["ticket"].take();
        let internal = scene.ticket(&scene.bob, json!({})).await;
        until_told(&scene, 1).await;
        says(&scene, "/status").await;
        let told = until_told(&scene, 2).await;
        assert!(told[1].starts_with("Ticket #1 is "), "{told:?}");
        says(&scene, "urgent").await;
        let told = until_told(&scene, 3).await;
        assert!(told[2].starts_with("Ticket #1 has the priority urgent."), "{told:?}");
        assert_eq!(priorities(&scene, &[&escalated, &internal]).await, ["URGENT", "MEDIUM"]);

        says(&scene, "/status #2").await;
        until_told(&scene, 4).await;
        says(&scene, "urgent").await;
        let told = until_told(&scene, 5).await;
        assert!(told[4].starts_with("Ticket #2 has the priority urgent."), "{told:?}");
        assert_eq!(priorities(&scene, &[&escalated, &internal]).await, ["URGENT", "URGENT"]);
    }

    async fn nobody_asks_about_a_ticket_of_somebody_else(engine: Engine) {
        let scene = Scene::set(engine).await;
        let ticket = scene.ticket(&scene.ada, json!({})).await;
        let Scene { desk, sandbox, .. } = &scene;
        for text in ["hello", "urgent #1", "/status #1"] {
            customer_writes(&desk.admin, sandbox, 8, text).await;
        }
        let session = until_session(&desk.admin, sandbox, 8).await;
        let told = || async {
            let messages = messages(&desk.admin, &session).await;
            let told = messages.iter().find(|message| message["direction"] == "OUTBOUND");
            told.map(|message| message["text"].clone()).ok_or(messages)
        };
        assert_eq!(eventually(PATIENCE, told).await, "You have no such ticket. Write /status and its number, like /status #12.");
        assert_eq!(look(&scene.ada, &ticket["id"]).await["priority"], "MEDIUM");
    }

    async fn the_promise_is_told_as_it_is_when_it_is_asked_for(engine: Engine) {
        let scene = Scene::set(engine).await;
        scene.escalate_quickly(&scene.ada, "L2").await;
        until_told(&scene, 1).await;
        for (minutes, left) in [(0, "within 15 min."), (6, "within 9 min."), (8, "within 1 min.")] {
            if minutes > 0 {
                advance(&scene.desk.admin, &scene.sandbox, minutes * MINUTE).await;
            }
            let count = scene.told().await.len();
            says(&scene, "/status #1").await;
            let told = until_told(&scene, count + 1).await;
            assert!(told[count].ends_with(left), "{told:?}");
        }
    }

    async fn urgent_beside_a_closed_session_goes_on_with_what_waited(engine: Engine) {
        let scene = Scene::set(engine).await;
        let ticket = scene.ticket(&scene.ada, json!({ "assigneeId": id_of(&scene.ada).await })).await;
        let waits = json!({ "ticketId": ticket["id"], "status": "WAITING" });
        mutate(&scene.ada, "ticketUpdate", waits, "ticket { id }").await;
        mutate(&scene.ada, "sessionClose", json!({ "sessionId": scene.session }), "session { id }").await;
        let document = "query T($id: ID!) { ticket(id: $id) { status priority sla { metric state } } }";
        let seen = async || {
            let mut ticket =
                scene.desk.admin.query(document, json!({ "id": ticket["id"] })).await["ticket"].take();
            let clocks = ticket["sla"].take();
            let resolution = clocks.as_array().unwrap().iter().find(|clock| clock["metric"] == "RESOLUTION");
            (ticket, resolution.map(|clock| clock["state"].clone()))
        };
        assert_eq!(seen().await.1, Some(json!("PAUSED")));
        says(&scene, "urgent").await;
        until_told(&scene, 1).await;
        let (ticket, resolution) = seen().await;
        assert_eq!(ticket, json!({ "status": "IN_PROGRESS", "priority": "URGENT", "sla": null }));
        assert_eq!(resolution, Some(json!("PENDING")));
    }

    async fn urgent_beside_a_closed_session_and_what_an_agent_does_meanwhile_both_count(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, eve, desk, sandbox, session, .. } = &scene;
        let hers = json!({ "assigneeId": id_of(ada).await });
        let asked = scene.ticket(ada, hers.clone()).await["id"].take();
        let other = scene.ticket(ada, hers).await["id"].take();
        // Their time stands still until the customer comes back.
        for ticket in [&asked, &other] {
            let waits = json!({ "ticketId": ticket, "status": "WAITING" });
            mutate(ada, "ticketUpdate", waits, "ticket { id }").await;
        }
        mutate(ada, "sessionClose", json!({ "sessionId": session }), "session { id }").await;
        let later = json!({ "sessionId": later_session(&scene).await });
        mutate(eve, "sessionClose", later.clone(), "session { id }").await;
        let waits = json!({ "ticketId": asked, "status": "WAITING", "priority": "MEDIUM", "line": 1 });
        let mut written = 3;
        for (round, status) in (0..ROUNDS).zip(["WAITING", "IN_PROGRESS"].into_iter().cycle()) {
            mutate(ada, "ticketUpdate", waits.clone(), "ticket { id }").await;
            let goes_up = json!({ "ticketId": asked, "line": 2 });
            let stands = json!({ "ticketId": other, "status": status });
            tokio::join!(
                says(&scene, "urgent #1"),
                mutate(ada, "ticketUpdate", goes_up, "ticket { id }"),
                mutate(ada, "ticketUpdate", stands, "ticket { id }")
            );
            written += 1;
            until_written(&desk.admin, sandbox, 7, written).await;
            let (steps, resolution) = look_back(&scene, &asked).await;
            let either = [
                json!([["URGENT", "IN_PROGRESS", "URGENT", 1], ["UPDATED", "IN_PROGRESS", "URGENT", 2]]),
                json!([["UPDATED", "WAITING", "MEDIUM", 2], ["URGENT", "IN_PROGRESS", "URGENT", 2]]),
            ];
            assert!(either.contains(&steps), "round {round}: {steps}");
            assert_eq!(resolution, "PENDING", "round {round}");
            let expected = if status == "WAITING" { "PAUSED" } else { "PENDING" };
            assert_eq!(look_back(&scene, &other).await.1, expected, "round {round}");

            mutate(ada, "ticketUpdate", waits.clone(), "ticket { id }").await;
            let done = json!({ "ticketId": asked, "resolution": "a new cable" });
            tokio::join!(says(&scene, "urgent #1"), mutate(ada, "ticketResolve", done, "ticket { id }"));
            written += 1;
            until_written(&desk.admin, sandbox, 7, written).await;
            let (steps, resolution) = look_back(&scene, &asked).await;
            let either = [
                json!([["URGENT", "IN_PROGRESS", "URGENT", 1], ["RESOLVED", "RESOLVED", "URGENT", 1]]),
                json!([["UPDATED", "WAITING", "MEDIUM", 1], ["RESOLVED", "RESOLVED", "MEDIUM", 1]]),
            ];
            assert!(either.contains(&steps), "round {round}: {steps}");
            assert_eq!(resolution, "ACHIEVED", "round {round}");
            // What names a resolved ticket is for people, so that it may have opened the later session again.
            let closed = try_mutate(eve, "sessionClose", later.clone(), "session { id }").await;
            assert!(matches!(errors_of(&closed)[..], [] | ["ALREADY_CLOSED"]), "round {round}: {closed}");
        }
        desk.server.assert_never_printed("an update could not be worked off");
    }

    async fn a_reply_to_a_notice_is_about_its_ticket(engine: Engine) {
        let scene = Scene::set(engine).await;
        let escalated = scene.escalate_quickly(&scene.ada, "L2").await["ticket"].take();
        let newer = scene.ticket(&scene.bob, json!({})).await;
        let notice = scene.told().await.remove(0);
        let notice = until_settled(&scene.desk.admin, &scene.session, &notice).await["id"].take();
        let input = json!({ "projectId": scene.sandbox, "telegramUserId": "7", "name": "Customer 7", "text": "urgent",
            "replyToId": notice });
        mutate(&scene.desk.admin, "sandboxCustomerSend", input.clone(), "").await;
        until_told(&scene, 2).await;
        assert_eq!(priorities(&scene, &[&escalated, &newer]).await, ["URGENT", "MEDIUM"]);

        // Who replies so when that one is resolved means no other one: people read it.
        let resolve = json!({ "ticketId": escalated["id"], "resolution": "done" });
        mutate(&scene.bob, "ticketResolve", resolve, "ticket { id }").await;
        mutate(&scene.desk.admin, "sandboxCustomerSend", input, "").await;
        until_written(&scene.desk.admin, &scene.sandbox, 7, 4).await;
        assert_eq!(priorities(&scene, &[&escalated, &newer]).await, ["URGENT", "MEDIUM"]);
    }

    async fn those_who_work_on_a_ticket_are_told_of_each_that_is_urgent(engine: Engine) {
        let scene = Scene::set(engine).await;
        let sql = Sql::connect(&scene.desk.database).await.unwrap();
        sql.execute(&format!(
            "INSERT INTO staff_links (project_id, agent_id, chat_id, telegram_name, linked_at)
            SELECT projects.id, agents.id, CASE agents.email WHEN 'bob@desk.test' THEN {BOB} ELSE {EVE} END, 'Staff', 0
            FROM projects CROSS JOIN agents
            WHERE projects.name = 'Sandbox' AND agents.email IN ('bob@desk.test', 'eve@desk.test');
            INSERT INTO team_groups (project_id, chat_id, team_id, title, linked_at)
            SELECT project_id, {GROUP}, id, 'Group', 0 FROM teams"
        ))
        .await
        .unwrap();
        scene.ticket(&scene.ada, json!({ "teamId": scene.second_line, "assigneeId": id_of(&scene.bob).await })).await;
        scene.ticket(&scene.ada, json!({ "teamId": scene.second_line })).await;
        // Her own, and no chat of hers is linked.
        scene.ticket(&scene.ada, json!({ "assigneeId": id_of(&scene.ada).await })).await;
        // The customer comes back after so long that it is another session.
        mutate(&scene.ada, "sessionClose", json!({ "sessionId": scene.session }), "session { id }").await;
        advance(&scene.desk.admin, &scene.sandbox, 25 * HOUR).await;
        says(&scene, "hello again").await;
        for number in 1..=3 {
            says(&scene, &format!("urgent #{number}")).await;
        }
        let told = async |number: i64, chat: i64| {
            let text = format!("Ticket #{number} of session #1: the customer says that it is urgent.");
            let told = format!("SELECT count(*) FROM outbox WHERE chat_id = {chat} AND payload LIKE '%{text}%'");
            sql.number(&told).await.unwrap()
        };
        eventually(PATIENCE, || async { (told(3, EVE).await == 1).then_some(()) }).await;
        for (number, chats) in [(1, vec![BOB, GROUP]), (2, vec![GROUP]), (3, vec![EVE])] {
            for chat in [BOB, EVE, GROUP] {
                assert_eq!(told(number, chat).await, i64::from(chats.contains(&chat)), "{number}: {chat}");
            }
        }
    }

    async fn what_is_over_is_not_opened_again_by_a_question(engine: Engine) {
        let scene = Scene::set(engine).await;
        let ticket = scene.ticket(&scene.ada, json!({})).await;
        mutate(&scene.ada, "sessionClose", json!({ "sessionId": scene.session }), "session { id }").await;
        says(&scene, "urgent").await;
        says(&scene, "/status #1").await;
        says(&scene, "/status #9").await;
        let told = until_told(&scene, 3).await;
        assert!(told[1].starts_with("Ticket #1 is open. Expect a response within"), "{told:?}");
        assert!(told[2].starts_with("You have no such ticket."), "{told:?}");
        let sessions = sessions(&scene.desk.admin, &scene.sandbox).await;
        assert_eq!(sessions.len(), 1);
        let document = "query S($id: ID!) { session(id: $id) { status } }";
        let status = scene.ada.query(document, json!({ "id": scene.session })).await["session"]["status"].take();
        assert_eq!(status, "CLOSED");
        assert_eq!(look(&scene.desk.admin, &ticket["id"]).await["priority"], "URGENT");
    }

    async fn what_says_more_or_names_no_open_ticket_is_for_people(engine: Engine) {
        let scene = Scene::set(engine).await;
        let ticket = scene.ticket(&scene.ada, json!({})).await;
        says(&scene, "it is urgent, please").await;
        says(&scene, "urgent #7").await;
        until_written(&scene.desk.admin, &scene.sandbox, 7, 4).await;
        assert_eq!(look(&scene.ada, &ticket["id"]).await["priority"], "MEDIUM");
        assert!(scene.told().await.is_empty());
        let resolve = json!({ "ticketId": ticket["id"], "resolution": "done" });
        mutate(&scene.ada, "ticketResolve", resolve, "ticket { id }").await;
        says(&scene, "/status").await;
        says(&scene, "/status #1").await;
        let told = until_told(&scene, 2).await;
        assert_eq!(told[1], "Ticket #1 is resolved.");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn urgent_waits_for_whoever_changes_the_earlier_session_of_its_ticket() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let scene = Scene::set(Engine::Postgres).await;
    let ticket = scene.ticket(&scene.ada, json!({})).await;
    let changing = urgent_while_somebody_changes_its_session(&scene).await;
    assert_eq!(priorities(&scene, &[&ticket]).await, ["MEDIUM"]);
    changing.execute("ROLLBACK").await.unwrap();
    let is_raised = || async {
        let priorities = priorities(&scene, &[&ticket]).await;
        if priorities == ["URGENT"] { Ok(()) } else { Err(priorities) }
    };
    eventually(PATIENCE, is_raised).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn urgent_for_what_is_just_being_resolved_is_answered_that_it_is() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let scene = Scene::set(Engine::Postgres).await;
    let ticket = scene.ticket(&scene.ada, json!({})).await;
    let changing = urgent_while_somebody_changes_its_session(&scene).await;
    let resolve = "UPDATE tickets SET status = 'RESOLVED', resolved_at = created_at WHERE number = 1; COMMIT";
    changing.execute(resolve).await.unwrap();
    let later = until_session(&scene.desk.admin, &scene.sandbox, 7).await;
    until_settled(&scene.desk.admin, &later, "Ticket #1 is resolved.").await;
    assert_eq!(priorities(&scene, &[&ticket]).await, ["MEDIUM"]);
}

/// The customer, whose session is a later one, calls the ticket of the first one urgent, and waits for somebody who has that
/// one, as who changes another ticket of it has it, with the clocks of all of them. Answers that one's connection.
async fn urgent_while_somebody_changes_its_session(scene: &Scene) -> Sql {
    mutate(&scene.ada, "sessionClose", json!({ "sessionId": scene.session }), "session { id }").await;
    later_session(scene).await;
    let changing = Sql::connect(&scene.desk.database).await.unwrap();
    changing.execute("BEGIN; SELECT FROM sessions WHERE number = 1 FOR NO KEY UPDATE").await.unwrap();
    says(scene, "urgent #1").await;
    let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))";
    let waits = || async { (changing.number(waiting).await.unwrap() > 0).then_some(()) };
    eventually(PATIENCE, waits).await;
    changing
}

async fn says(scene: &Scene, text: &str) {
    customer_writes(&scene.desk.admin, &scene.sandbox, 7, text).await;
}

/// Waits until the desk has told the customer so many things, and gives them.
async fn until_told(scene: &Scene, count: usize) -> Vec<String> {
    let told = || async {
        let told = scene.told().await;
        if told.len() >= count { Ok(told) } else { Err(told) }
    };
    eventually(PATIENCE, told).await
}

/// The customer comes back so late that it is another session.
async fn later_session(scene: &Scene) -> String {
    let Scene { desk, sandbox, session, .. } = scene;
    advance(&desk.admin, sandbox, 25 * HOUR).await;
    says(scene, "hello again").await;
    let later = || async {
        let newest = until_session(&desk.admin, sandbox, 7).await;
        if newest == *session { Err(newest) } else { Ok(newest) }
    };
    eventually(PATIENCE, later).await
}

/// The last two steps of a ticket, none of which is missing, and how the promise of its resolution stands.
async fn look_back(scene: &Scene, ticket: &Value) -> (Value, Value) {
    let document = "query Back($id: ID!) { ticket(id: $id) {
        version history(last: 2) { totalCount nodes { cause status priority line } } sla { metric state }
    } }";
    let seen = scene.desk.admin.query(document, json!({ "id": ticket })).await["ticket"].take();
    assert_eq!(seen["version"], seen["history"]["totalCount"], "each change is a step");
    let steps = seen["history"]["nodes"].as_array().unwrap().iter();
    let steps = steps.map(|step| json!([step["cause"], step["status"], step["priority"], step["line"]])).collect();
    let clocks = seen["sla"].as_array().unwrap();
    let resolution = clocks.iter().find(|clock| clock["metric"] == "RESOLUTION").unwrap();
    (steps, resolution["state"].clone())
}

async fn priorities(scene: &Scene, tickets: &[&Value]) -> Vec<String> {
    let mut priorities = Vec::new();
    for ticket in tickets {
        let seen = look(&scene.desk.admin, &ticket["id"]).await;
        priorities.push(seen["priority"].as_str().unwrap().to_owned());
    }
    priorities
}
