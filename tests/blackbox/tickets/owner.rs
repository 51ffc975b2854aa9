//! Whose a ticket is as its session goes from hand to hand.

use serde_json::{Value, json};
use tests::graphql::Subscription;
use tests::{Client, Sql, eventually, on_both_engines};

use super::scene::{Scene, codes, look, refused, team};
use crate::notes::give;
use crate::session_life::{MINUTE, advance};
use crate::stage::{PATIENCE, customer_writes, event_cursor, id_of, mutate, online, reply, until_session};

/// The chats of the staff.
const ADA: i64 = 701;
const BOB: i64 = 702;
const EVE: i64 = 703;
const GROUP: i64 = -704;
/// What is told of the first ticket.
const WARNING: &str = "Ticket #1 of session #1: the time for the resolution runs out";
const URGENT: &str = "Ticket #1 of session #1: the customer says that it is urgent.";

on_both_engines! {
    async fn a_ticket_is_from_the_beginning_of_whoever_has_its_session(engine: Engine) {
        let scene = Scene::set(engine).await;
        let sql = link_chats(&scene).await;
        let ticket = scene.ticket(&scene.ada, json!({})).await;
        assert_eq!(whose(&ticket), json!(["ada@desk.test", null, "OPEN"]), "she has not begun");
        advance(&scene.desk.admin, &scene.sandbox, 25 * MINUTE).await;
        until_told(&sql, ADA, WARNING).await;
        for other in [BOB, EVE, GROUP] {
            assert_eq!(told(&sql, other, WARNING).await, 0, "{other}");
        }
    }

    async fn whoever_takes_an_escalated_session_has_its_tickets(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, bob, desk, sandbox, session, .. } = &scene;
        let sql = link_chats(&scene).await;
        let escalated = scene.escalate_quickly(ada, "L2").await["ticket"].take();
        let noted = scene.ticket(bob, json!({})).await;
        for ticket in [&escalated, &noted] {
            assert_eq!(whose(ticket), json!([null, "Second line", "OPEN"]));
        }
        reply(bob, session, "It is the cable").await;
        for ticket in [&escalated, &noted] {
            let seen = look(bob, &ticket["id"]).await;
            assert_eq!(whose(&seen), json!(["bob@desk.test", "Second line", "IN_PROGRESS"]));
        }
        let document = "query His($id: ID!, $filter: TicketFilter, $ticket: ID!) {
            tickets(projectId: $id, filter: $filter, first: 5) { nodes { number } }
            ticket(id: $ticket) { history(last: 1) { nodes { cause by { email } } } }
        }";
        let filter = json!({ "assigneeId": { "eq": id_of(bob).await } });
        let variables = json!({ "id": sandbox, "filter": filter, "ticket": escalated["id"] });
        let his = bob.query(document, variables).await;
        assert_eq!(his["tickets"]["nodes"], json!([{ "number": 2 }, { "number": 1 }]));
        assert_eq!(his["ticket"]["history"]["nodes"], json!([{ "cause": "HANDED_OVER", "by": null }]));
        let again = json!({ "ticketId": escalated["id"], "level": "L2", "reason": "OTHER", "description": "again",
            "quick": true });
        assert_eq!(refused(bob, again).await[0]["code"], "ALREADY_ESCALATED", "his team has it");

        customer_writes(&desk.admin, sandbox, 7, "urgent #1").await;
        until_told(&sql, BOB, URGENT).await;
        for (chat, count) in [(GROUP, 1), (ADA, 0), (EVE, 0)] {
            assert_eq!(told(&sql, chat, URGENT).await, count, "{chat}");
        }
        mutate(bob, "sessionAssign", json!({ "sessionId": session, "agentId": null }), "session { id }").await;
        let seen = look(bob, &escalated["id"]).await;
        assert_eq!(whose(&seen), json!([null, "Second line", "OPEN"]), "he put the session back");
    }

    async fn who_hands_a_session_over_reads_and_is_told_nothing_later_of_its_ticket(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, bob, eve, desk, sandbox, session, .. } = &scene;
        let sql = link_chats(&scene).await;
        let before = event_cursor(eve, sandbox).await;
        let mut hers = follow(&scene, ada, &before).await;
        let mut all = follow(&scene, eve, &before).await;
        let ticket = scene.ticket(ada, json!({})).await["id"].take();
        for events in [&mut hers, &mut all] {
            assert_eq!(next(events).await, json!({ "__typename": "TicketOpened", "ticket": { "number": 1 } }));
        }
        // He begins after that, of which he would be told as well once the session is his.
        let after = event_cursor(eve, sandbox).await;
        let mut his = follow(&scene, bob, &after).await;
        give(ada, session, bob).await;
        assert_eq!(next(&mut hers).await, json!({ "__typename": "TicketRemoved", "ticketId": ticket }));
        let handed_over = json!({ "__typename": "TicketUpdated", "cause": "ASSIGNMENT",
            "ticket": { "priority": "MEDIUM", "assignee": { "email": "bob@desk.test" } } });
        for events in [&mut his, &mut all] {
            assert_eq!(next(events).await, handed_over);
        }
        mutate(bob, "ticketUpdate", json!({ "ticketId": ticket, "priority": "HIGH" }), "ticket { id }").await;
        for events in [&mut his, &mut all] {
            let told = next(events).await;
            assert_eq!((&told["cause"], &told["ticket"]["priority"]), (&json!("TICKET"), &json!("HIGH")), "told once");
        }

        assert_eq!(look(ada, &ticket).await, Value::Null);
        assert_eq!(codes(ada, "ticketUpdate", json!({ "ticketId": ticket, "line": 2 })).await, ["TICKET_NOT_FOUND"]);
        advance(&desk.admin, sandbox, 25 * MINUTE).await;
        until_told(&sql, BOB, WARNING).await;
        for other in [ADA, EVE, GROUP] {
            assert_eq!(told(&sql, other, WARNING).await, 0, "{other}");
        }
        // What she is told next is of a ticket that she sees.
        customer_writes(&desk.admin, sandbox, 8, "hello").await;
        let other = until_session(eve, sandbox, 8).await;
        let input = json!({ "sessionId": other, "description": "another matter" });
        mutate(eve, "ticketCreate", input, "ticket { id }").await;
        assert_eq!(next(&mut hers).await, json!({ "__typename": "TicketOpened", "ticket": { "number": 2 } }));
    }

    async fn whomever_people_chose_for_a_ticket_keeps_it_whoever_has_its_session(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, bob, eve, desk, session, .. } = &scene;
        let cyd = desk.add_agent("cyd@desk.test", "Sandbox", "agent").await;
        let for_bob = scene.ticket(ada, json!({ "assigneeId": id_of(bob).await })).await["id"].take();
        let for_team = scene.ticket(ada, json!({ "teamId": scene.second_line })).await["id"].take();
        let for_eve = scene.ticket(ada, json!({})).await["id"].take();
        let update = json!({ "ticketId": for_eve, "assigneeId": id_of(eve).await });
        mutate(ada, "ticketUpdate", update, "ticket { id }").await;
        for agent in [&cyd, ada] {
            give(&desk.admin, session, agent).await;
            for (ticket, expected) in [
                (&for_bob, json!(["bob@desk.test", null, "OPEN"])),
                (&for_team, json!([null, "Second line", "OPEN"])),
                (&for_eve, json!(["eve@desk.test", null, "OPEN"])),
            ] {
                assert_eq!(whose(&look(eve, ticket).await), expected);
            }
        }
    }

    async fn nobody_has_themselves_answer_by_a_ticket_of_their_own(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, bob, sandbox, session, .. } = &scene;
        let _console = online(ada, sandbox).await;
        let reads_along = json!({ "sessionId": session, "agentId": id_of(bob).await });
        mutate(ada, "sessionParticipantAdd", reads_along, "session { id }").await;
        scene.ticket(bob, json!({ "type": "COMPLAINT", "assigneeId": id_of(bob).await })).await;
        assert_eq!(codes(bob, "sessionTakeOver", json!({ "sessionId": session })).await, ["ASSIGNEE_ONLINE"]);
    }

    async fn a_team_gets_the_tickets_of_its_session_and_keeps_what_was_escalated_to_it(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, bob, eve, desk, sandbox, session, .. } = &scene;
        let first_line = team(&desk.admin, sandbox, "First line", 1, Some(ada)).await;
        let escalated = scene.escalate_quickly(ada, "L2").await["ticket"]["id"].take();
        reply(bob, session, "It is the cable").await;
        let noted = scene.ticket(bob, json!({})).await["id"].take();
        let back = json!({ "sessionId": session, "toTeamId": first_line, "description": "the usual" });
        mutate(bob, "sessionTransfer", back, "session { id }").await;
        assert_eq!(whose(&look(eve, &noted).await), json!([null, "First line", "OPEN"]));
        assert_eq!(whose(&look(eve, &escalated).await), json!([null, "Second line", "OPEN"]));
        assert_eq!(look(bob, &noted).await, Value::Null);
        give(eve, session, ada).await;
        assert_eq!(whose(&look(ada, &noted).await), json!(["ada@desk.test", "First line", "IN_PROGRESS"]));
        assert_eq!(whose(&look(eve, &escalated).await), json!([null, "Second line", "OPEN"]));
    }

    async fn what_nobody_of_a_deleted_team_works_on_is_of_whoever_has_its_session(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, bob, eve, desk, sandbox, session, second_line } = &scene;
        let first_line = team(&desk.admin, sandbox, "First line", 1, Some(ada)).await;
        let escalated = scene.escalate_quickly(ada, "L2").await["ticket"]["id"].take();
        let back = json!({ "sessionId": session, "toTeamId": first_line, "description": "the usual" });
        mutate(eve, "sessionTransfer", back, "session { id }").await;
        give(eve, session, ada).await;
        let for_bob = json!({ "teamId": second_line, "assigneeId": id_of(bob).await });
        let his = scene.ticket(ada, for_bob).await["id"].take();
        assert_eq!(whose(&look(eve, &escalated).await), json!([null, "Second line", "OPEN"]), "it stays in its team");

        mutate(&desk.admin, "teamDelete", json!({ "teamId": second_line }), "deletedTeamId").await;
        assert_eq!(whose(&look(ada, &escalated).await), json!(["ada@desk.test", null, "IN_PROGRESS"]));
        assert_eq!(whose(&look(bob, &his).await), json!(["bob@desk.test", null, "OPEN"]), "he keeps what is his");
        let document = "query Left($id: ID!) { ticket(id: $id) {
            history(last: 1) { nodes { cause by { email } team { name } assignee { email } } }
        } }";
        let left = ada.query(document, json!({ "id": escalated })).await["ticket"]["history"]["nodes"].take();
        let expected = json!([{ "cause": "TEAM_DELETED", "by": null, "team": null,
            "assignee": { "email": "ada@desk.test" } }]);
        assert_eq!(left, expected);
    }
}

/// Who has a ticket, for which team, and where it stands.
fn whose(ticket: &Value) -> Value {
    json!([ticket["assignee"]["email"], ticket["team"]["name"], ticket["status"]])
}

/// Links the chats of the agents and of the team.
async fn link_chats(scene: &Scene) -> Sql {
    let sql = Sql::connect(&scene.desk.database).await.unwrap();
    sql.execute(&format!(
        "INSERT INTO staff_links (project_id, agent_id, chat_id, telegram_name, linked_at)
        SELECT projects.id, agents.id,
            CASE agents.email WHEN 'ada@desk.test' THEN {ADA} WHEN 'bob@desk.test' THEN {BOB} ELSE {EVE} END, 'Staff', 0
        FROM projects CROSS JOIN agents
        WHERE projects.name = 'Sandbox' AND agents.email IN ('ada@desk.test', 'bob@desk.test', 'eve@desk.test');
        INSERT INTO team_groups (project_id, chat_id, team_id, title, linked_at)
        SELECT project_id, {GROUP}, id, 'Group', 0 FROM teams"
    ))
    .await
    .unwrap();
    sql
}

/// How many notices with these words a chat got.
async fn told(sql: &Sql, chat: i64, words: &str) -> i64 {
    let query = format!("SELECT count(*) FROM outbox WHERE chat_id = {chat} AND payload LIKE '%{words}%'");
    sql.number(&query).await.unwrap()
}

async fn until_told(sql: &Sql, chat: i64, words: &str) {
    let is_told = || async { if told(sql, chat, words).await == 1 { Ok(()) } else { Err(words) } };
    eventually(PATIENCE, is_told).await;
}

async fn follow(scene: &Scene, client: &Client, after: &str) -> Subscription {
    let document = "subscription Told($id: ID!, $after: String) { ticketEvents(projectId: $id, after: $after) {
        __typename
        ... on TicketOpened { ticket { number } }
        ... on TicketUpdated { cause ticket { priority assignee { email } } }
        ... on TicketRemoved { ticketId }
    } }";
    client.subscribe(document, json!({ "id": scene.sandbox, "after": after })).await
}

async fn next(events: &mut Subscription) -> Value {
    events.next_within(PATIENCE).await["ticketEvents"].take()
}
