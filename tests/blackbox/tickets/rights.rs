//! Who sees a ticket, and who works on it.

use serde_json::{Value, json};
use tests::graphql::Subscription;
use tests::{Client, on_both_engines};

use super::scene::{Scene, codes, escalate, look, refused};
use crate::notes::give;
use crate::session_life::{HOUR, advance};
use crate::stage::{PATIENCE, customer_writes, event_cursor, id_of, mutate, reply, until_session};

/// Every way to what there is about a ticket, its escalation and its clock, from the session that was left, from a newer one
/// of the customer, and from nowhere.
const DOORS: &str = "query Doors($ids: [ID!]!, $ticket: ID!, $left: ID!, $newer: ID!, $project: ID!) {
    nodes(ids: $ids) { id }
    ticket(id: $ticket) { id }
    tickets(projectId: $project, first: 10) { nodes { id } totalCount }
    left: session(id: $left) { resolution { summary } ...Hers }
    newer: session(id: $newer) { tickets(first: 10) { totalCount } earlierSessions(first: 10) { nodes { ...Hers } } }
}
fragment Hers on Session { tickets(first: 10) { totalCount } sla { id } }";

on_both_engines! {
    async fn a_ticket_is_seen_by_those_who_have_to_do_with_it(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, bob, eve, desk, session, .. } = &scene;
        let cyd = desk.add_agent("cyd@desk.test", "Sandbox", "agent").await;
        let ticket = scene.ticket(ada, json!({})).await["id"].take();
        assert_eq!(look(bob, &ticket).await, Value::Null);
        assert_eq!(look(eve, &ticket).await["number"], 1);
        // As its team.
        let update = |field: &str, value: Value| json!({ "ticketId": ticket, field: value });
        mutate(ada, "ticketUpdate", update("teamId", scene.second_line.clone()), "ticket { id }").await;
        assert_eq!(look(bob, &ticket).await["number"], 1);
        let document = "query S($id: ID!) { ticket(id: $id) { session { id } customer { id } } }";
        let seen = bob.query(document, json!({ "id": ticket })).await["ticket"].take();
        assert_eq!(seen, json!({ "session": null, "customer": null }), "and nothing of what is in the session");
        mutate(bob, "ticketUpdate", update("status", json!("IN_PROGRESS")), "ticket { id }").await;
        mutate(ada, "ticketUpdate", update("teamId", Value::Null), "ticket { id }").await;
        assert_eq!(look(bob, &ticket).await, Value::Null);
        // As its agent.
        mutate(ada, "ticketUpdate", update("assigneeId", id_of(bob).await), "ticket { id }").await;
        assert_eq!(look(bob, &ticket).await["assignee"]["email"], "bob@desk.test");
        // As somebody who watches it, who does not work on it.
        assert_eq!(codes(&cyd, "ticketWatch", json!({ "ticketId": ticket })).await, ["TICKET_NOT_FOUND"]);
        let watch = json!({ "ticketId": ticket, "agentId": id_of(&cyd).await });
        mutate(ada, "ticketWatch", watch.clone(), "ticket { id }").await;
        assert_eq!(look(&cyd, &ticket).await["watchers"], json!([{ "email": "cyd@desk.test" }]));
        assert_eq!(codes(&cyd, "ticketUpdate", update("line", json!(2))).await, ["NOT_OWNER"]);
        mutate(&cyd, "ticketUnwatch", json!({ "ticketId": ticket }), "ticket { id }").await;
        assert_eq!(look(&cyd, &ticket).await, Value::Null);

        // Whoever hands the session over sees its tickets no longer.
        give(&desk.admin, session, &cyd).await;
        assert_eq!(look(ada, &ticket).await, Value::Null);
        assert_eq!(codes(ada, "ticketUpdate", update("line", json!(2))).await, ["TICKET_NOT_FOUND"]);
        assert_eq!(look(&cyd, &ticket).await["number"], 1);
    }

    async fn who_escalated_reads_nothing_later_by_any_door(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, bob, eve, desk, sandbox, session, .. } = &scene;
        let after = event_cursor(ada, sandbox).await;
        let document = "subscription T($id: ID!, $after: String) { ticketEvents(projectId: $id, after: $after) {
            __typename ... on TicketOpened { ticket { id } }
        } }";
        let mut told = ada.subscribe(document, json!({ "id": sandbox, "after": after })).await;
        let ticket = scene.ticket(ada, json!({})).await["id"].take();
        // To watch it for herself gives her no more than she has.
        mutate(ada, "ticketWatch", json!({ "ticketId": ticket }), "ticket { id }").await;
        // She is told of it before the escalation, after which it would be told as an end of the ticket too.
        until(&mut told, "TicketUpdated").await;
        let document = "query C($id: ID!) { ticket(id: $id) { sla { id } } }";
        let clock = ada.query(document, json!({ "id": ticket })).await["ticket"]["sla"][0]["id"].take();
        assert!(clock.is_string());
        let mut input = scene.form().await;
        input["idempotencyKey"] = json!("once");
        let first = escalate(ada, input.clone()).await;
        until(&mut told, "TicketRemoved").await;
        go_on(bob, eve, session, &ticket, &first["escalation"]["id"]).await;
        // The customer comes back, in a session to which the other one is history.
        advance(&desk.admin, sandbox, 25 * HOUR).await;
        customer_writes(&desk.admin, sandbox, 7, "hello again").await;
        let newer = until_session(ada, sandbox, 7).await;
        assert_ne!(newer, *session);

        let ids = json!([ticket, first["escalation"]["id"], clock]);
        let doors = json!({ "ids": ids, "ticket": ticket, "left": session, "newer": newer, "project": sandbox });
        let mut seen = ada.query(DOORS, doors.clone()).await;
        let hers = json!({ "tickets": { "totalCount": 0 }, "sla": [] });
        for earlier in seen["newer"]["earlierSessions"]["nodes"].take().as_array().unwrap() {
            assert_eq!(*earlier, hers);
        }
        let nothing = json!({ "nodes": [], "totalCount": 0 });
        assert_eq!((&seen["nodes"], &seen["ticket"]), (&json!([null, null, null]), &Value::Null));
        assert_eq!((&seen["tickets"], &seen["newer"]["tickets"]), (&nothing, &hers["tickets"]));
        assert_eq!(seen["left"], json!({ "resolution": null, "tickets": hers["tickets"], "sla": [] }));
        let all = eve.query(DOORS, doors).await;
        assert_eq!((&all["tickets"]["totalCount"], &all["left"]["tickets"]["totalCount"]), (&json!(1), &json!(1)));

        let resolve = json!({ "ticketId": ticket, "resolution": "x" });
        for mutation in ["ticketWatch", "ticketUnwatch", "ticketUpdate"] {
            assert_eq!(codes(ada, mutation, json!({ "ticketId": ticket })).await, ["TICKET_NOT_FOUND"]);
        }
        assert_eq!(codes(ada, "ticketResolve", resolve).await, ["TICKET_NOT_FOUND"]);
        let input_again = json!({ "ticketId": ticket, "level": "L3", "reason": "OTHER", "description": "x" });
        assert_eq!(refused(ada, input_again).await[0]["code"], "TICKET_NOT_FOUND");
        let judge = json!({ "escalationId": first["escalation"]["id"], "unnecessary": false });
        assert_eq!(codes(ada, "escalationJudge", judge).await, ["ESCALATION_NOT_FOUND"]);

        // Her own request again is answered with what she did, and not with what came of it.
        let selection = "ticket { id status priority version description resolution assignee { email } history(first: 9) {
                totalCount } escalations(first: 9) { totalCount } }
            escalation { id unnecessary judgedBy { email } judgementNote }";
        let again = mutate(ada, "ticketEscalate", input, selection).await;
        let expected = json!({
            "id": ticket, "status": "OPEN", "priority": first["ticket"]["priority"], "version": first["ticket"]["version"],
            "description": "error 5 stays", "resolution": null, "assignee": null, "history": { "totalCount": 0 },
            "escalations": { "totalCount": 0 },
        });
        assert_eq!(again["ticket"], expected);
        let expected = json!({ "id": first["escalation"]["id"], "unnecessary": null, "judgedBy": null,
            "judgementNote": "" });
        assert_eq!(again["escalation"], expected);

        // What she is told next is of a ticket that she sees.
        let input = json!({ "sessionId": newer, "description": "another matter" });
        let another = mutate(eve, "ticketCreate", input, "ticket { id }").await;
        let next = told.next_within(PATIENCE).await["ticketEvents"].take();
        assert_eq!(next, json!({ "__typename": "TicketOpened", "ticket": { "id": another["ticket"]["id"] } }));
    }

    async fn who_works_on_a_ticket_is_told_of_its_clocks_and_of_nothing_in_its_session(engine: Engine) {
        let scene = Scene::set(engine).await;
        let ticket = scene.ticket(&scene.ada, json!({ "teamId": scene.second_line })).await["id"].take();
        let after = event_cursor(&scene.eve, &scene.sandbox).await;
        let document = "subscription C($id: ID!, $after: String) { slaEvents(projectId: $id, after: $after) {
            ... on SlaClockUpdated { session { id } clock {
                metric state endedAt warnAt remainingSeconds explainTruncated ticket { id } session { id }
                history(first: 5) { nodes { kind targetSeconds at } totalCount }
            } }
        } }";
        let mut his = scene.bob.subscribe(document, json!({ "id": scene.sandbox, "after": after })).await;
        let resolve = json!({ "ticketId": ticket, "resolution": "a new cable" });
        mutate(&scene.ada, "ticketResolve", resolve, "ticket { id }").await;
        let told = loop {
            let told = his.next_within(PATIENCE).await["slaEvents"].take();
            if told["clock"]["metric"] == "RESOLUTION" {
                break told;
            }
        };
        let clock = &told["clock"];
        assert_eq!((&told["session"], &clock["session"]), (&Value::Null, &Value::Null));
        assert_eq!((&clock["ticket"]["id"], &clock["state"], &clock["warnAt"]), (&ticket, &json!("ACHIEVED"), &Value::Null));
        assert!(clock["remainingSeconds"].as_i64().unwrap() > 0 && clock["explainTruncated"] == false, "{clock}");
        let [start, end] = &clock["history"]["nodes"].as_array().unwrap()[..] else { panic!("{clock}") };
        assert_eq!((&start["kind"], &end["kind"]), (&json!("STARTED"), &json!("SATISFIED")));
        assert!(start["targetSeconds"].is_i64() && end["targetSeconds"].is_null(), "{clock}");
        assert_eq!((&end["at"], &clock["history"]["totalCount"]), (&clock["endedAt"], &json!(2)));
    }

    async fn who_may_write_escalates_and_judges_without_reading(engine: Engine) {
        let scene = Scene::set(engine).await;
        let ticket = scene.ticket(&scene.eve, json!({})).await["id"].take();
        let token = json!({ "name": "Bridge", "scopes": ["SESSIONS_WRITE"] });
        let token = mutate(&scene.eve, "apiTokenCreate", token, "secret").await["secret"].take();
        let bridge = scene.eve.with_token(token.as_str().unwrap());
        let input = json!({ "ticketId": ticket, "level": "L2", "reason": "OTHER", "description": "at once",
            "quick": true });
        assert_eq!(refused(&bridge, input).await, json!([]));
        let escalation = look(&scene.eve, &ticket).await["escalations"][0]["id"].take();
        let judge = json!({ "escalationId": escalation, "unnecessary": true });
        assert_eq!(codes(&bridge, "escalationJudge", judge).await, [""; 0]);
        assert_eq!(look(&scene.eve, &ticket).await["escalations"][0]["unnecessary"], true);
    }

    async fn the_tickets_of_who_goes_are_their_teams_again(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, bob, eve, desk, .. } = &scene;
        let bobs = id_of(bob).await;
        let of_team = json!({ "assigneeId": bobs, "teamId": scene.second_line });
        let of_team = scene.ticket(ada, of_team).await["id"].take();
        let alone = scene.ticket(ada, json!({ "assigneeId": bobs })).await["id"].take();
        mutate(&desk.admin, "agentDeactivate", json!({ "agentId": bobs }), "agent { id }").await;
        let seen = look(eve, &of_team).await;
        assert_eq!((&seen["assignee"], &seen["team"]["name"]), (&Value::Null, &json!("Second line")));
        assert_eq!(look(eve, &alone).await["assignee"]["email"], "ada@desk.test", "who has its session");
        let document = "query H($id: ID!) { ticket(id: $id) { history(last: 1) { nodes { cause by { email } } } } }";
        let last = eve.query(document, json!({ "id": alone })).await["ticket"]["history"]["nodes"].take();
        assert_eq!(last, json!([{ "cause": "AGENT_GONE", "by": null }]));
    }
}

/// Reads on until something of this kind is told.
async fn until(events: &mut Subscription, kind: &str) {
    while events.next_within(PATIENCE).await["ticketEvents"]["__typename"] != kind {}
}

/// What becomes of a ticket that was escalated, until its session is closed.
async fn go_on(bob: &Client, eve: &Client, session: &str, ticket: &Value, escalation: &Value) {
    reply(bob, session, "It is the cable").await;
    let update = json!({ "ticketId": ticket, "description": "a secret", "priority": "URGENT",
        "assigneeId": id_of(bob).await });
    mutate(bob, "ticketUpdate", update, "ticket { id }").await;
    let judge = json!({ "escalationId": escalation, "unnecessary": true, "note": "a secret" });
    mutate(eve, "escalationJudge", judge, "escalation { id }").await;
    let resolve = json!({ "ticketId": ticket, "resolution": "classified" });
    mutate(bob, "ticketResolve", resolve, "ticket { id }").await;
    mutate(bob, "sessionClose", json!({ "sessionId": session }), "session { id }").await;
}
