//! Following tickets.

use serde_json::{Value, json};
use tests::graphql::Subscription;
use tests::{Client, on_both_engines};

use super::scene::Scene;
use crate::notes::give;
use crate::stage::{PATIENCE, event_cursor, id_of, mutate};

const DOCUMENT: &str = "subscription Told($id: ID!, $filter: TicketEventFilter, $after: String) {
    ticketEvents(projectId: $id, filter: $filter, after: $after) {
        __typename
        ... on TicketOpened { cursor cause ticket { id number } }
        ... on TicketUpdated { cursor cause ticket { id number priority } }
        ... on TicketRemoved { cursor ticketId }
        ... on ResyncRequired { cursor }
    }
}";

on_both_engines! {
    async fn tickets_are_told_of_to_those_who_see_them_and_their_end_to_those_who_lose_them(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, bob, eve, .. } = &scene;
        let after = event_cursor(eve, &scene.sandbox).await;
        let mut hers = follow(&scene, ada, &after, Value::Null).await;
        let mut all = follow(&scene, eve, &after, Value::Null).await;
        let ticket = scene.ticket(ada, json!({})).await["id"].take();
        assert_eq!(next(&mut hers).await["__typename"], "TicketOpened");
        assert_eq!(next(&mut all).await["ticket"]["id"], ticket);
        // He is told of what he sees when it comes to him: behind what the others have read.
        let mut his = follow(&scene, bob, &event_cursor(eve, &scene.sandbox).await, Value::Null).await;
        scene.escalate_quickly(ada, "L2").await;
        let lost = next(&mut hers).await;
        assert_eq!((&lost["__typename"], &lost["ticketId"]), (&json!("TicketRemoved"), &ticket));
        let got = next(&mut his).await;
        assert_eq!((&got["__typename"], &got["cause"]), (&json!("TicketUpdated"), &json!("ESCALATION")));
        assert_eq!(next(&mut all).await["cause"], "ESCALATION");
        let raise = json!({ "ticketId": ticket, "priority": "HIGH" });
        mutate(bob, "ticketUpdate", raise, "ticket { id }").await;
        assert_eq!(next(&mut his).await["ticket"]["priority"], "HIGH");
        let end = scene_end(&scene, eve).await;
        // What she is told next is what comes when she has a session with a ticket again, and nothing in between.
        let told = next(&mut hers).await;
        assert_eq!((&told["__typename"], &told["ticket"]["id"]), (&json!("TicketUpdated"), &end));
    }

    async fn who_lost_a_ticket_is_told_no_more_of_it_by_an_old_cursor_either(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, bob, eve, session, .. } = &scene;
        let before = event_cursor(ada, &scene.sandbox).await;
        let mut his = follow(&scene, bob, &before, Value::Null).await;
        let ticket = scene.ticket(ada, json!({})).await["id"].take();
        give(ada, session, bob).await;
        let raise = json!({ "ticketId": ticket, "priority": "HIGH" });
        mutate(bob, "ticketUpdate", raise, "ticket { id }").await;
        while next(&mut his).await["ticket"]["priority"] != "HIGH" {}

        let mut again = follow(&scene, ada, &before, Value::Null).await;
        let lost = loop {
            let told = next(&mut again).await;
            assert_ne!(told["ticket"]["priority"], "HIGH", "{told}");
            if told["__typename"] == "TicketRemoved" {
                break told;
            }
        };
        assert_eq!(lost["ticketId"], ticket);
        // What she is told next is what comes when she has the session again, and nothing in between.
        let end = scene_end(&scene, eve).await;
        let told = next(&mut again).await;
        assert_eq!((&told["__typename"], &told["ticket"]["id"]), (&json!("TicketUpdated"), &end));
    }

    async fn a_transfer_of_a_session_takes_its_tickets_along(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, bob, desk, session, .. } = &scene;
        let (tickets, mut hers) = two_tickets(&scene).await;
        let after = event_cursor(&desk.admin, &scene.sandbox).await;
        let mut his = follow(&scene, bob, &after, Value::Null).await;
        give(ada, session, bob).await;
        for ticket in &tickets {
            let (lost, got) = (next(&mut hers).await, next(&mut his).await);
            assert_eq!((&lost["__typename"], &lost["ticketId"]), (&json!("TicketRemoved"), &ticket["id"]));
            assert_eq!((&got["__typename"], &got["ticket"]["id"]), (&json!("TicketUpdated"), &ticket["id"]));
        }
        // From the cursor of the first of them all are told again.
        let mut again = follow(&scene, bob, &after, Value::Null).await;
        let first = next(&mut again).await;
        let mut rest = follow(&scene, bob, first["cursor"].as_str().unwrap(), Value::Null).await;
        assert_eq!(next(&mut rest).await["ticket"]["id"], first["ticket"]["id"]);
    }

    async fn an_escalation_takes_the_other_tickets_of_its_session_along(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, bob, .. } = &scene;
        let (tickets, mut hers) = two_tickets(&scene).await;
        let after = event_cursor(ada, &scene.sandbox).await;
        let mut his = follow(&scene, bob, &after, Value::Null).await;
        scene.escalate_quickly(ada, "L2").await;
        for ticket in &tickets {
            let (lost, got) = (next(&mut hers).await, next(&mut his).await);
            assert_eq!((&lost["__typename"], &lost["ticketId"]), (&json!("TicketRemoved"), &ticket["id"]));
            assert_eq!((&got["__typename"], &got["ticket"]["id"]), (&json!("TicketUpdated"), &ticket["id"]));
        }
        // Of the one that was escalated they are told once.
        mutate(bob, "ticketUpdate", json!({ "ticketId": tickets[0]["id"], "priority": "HIGH" }), "ticket { id }").await;
        assert_eq!(next(&mut his).await["ticket"]["priority"], "HIGH");
    }

    async fn a_filter_lets_one_ticket_through(engine: Engine) {
        let scene = Scene::set(engine).await;
        let first = scene.ticket(&scene.ada, json!({})).await;
        let second = scene.ticket(&scene.ada, json!({})).await;
        let after = event_cursor(&scene.ada, &scene.sandbox).await;
        let filter = json!({ "ticketId": { "eq": second["id"] }, "kinds": ["TICKET_UPDATED"] });
        let mut told = follow(&scene, &scene.ada, &after, filter).await;
        for ticket in [&first, &second] {
            mutate(&scene.ada, "ticketUpdate", json!({ "ticketId": ticket["id"], "line": 3 }), "ticket { id }").await;
        }
        assert_eq!(next(&mut told).await["ticket"]["number"], 2);
    }
}

/// The session comes back to the first agent with a ticket. Answers the ticket.
async fn scene_end(scene: &Scene, eve: &Client) -> Value {
    let input = json!({ "sessionId": scene.session, "agentId": id_of(&scene.ada).await });
    mutate(eve, "sessionAssign", input, "session { id }").await;
    let document = "query T($id: ID!) { session(id: $id) { tickets(first: 1) { nodes { id } } } }";
    eve.query(document, json!({ "id": scene.session })).await["session"]["tickets"]["nodes"][0]["id"].take()
}

/// Two tickets of Ada's, and what she is told after she was told of them.
async fn two_tickets(scene: &Scene) -> ([Value; 2], Subscription) {
    let before = event_cursor(&scene.ada, &scene.sandbox).await;
    let mut hers = follow(scene, &scene.ada, &before, Value::Null).await;
    let tickets = [scene.ticket(&scene.ada, json!({})).await, scene.ticket(&scene.ada, json!({})).await];
    for ticket in &tickets {
        assert_eq!(next(&mut hers).await["ticket"]["id"], ticket["id"]);
    }
    (tickets, hers)
}

async fn follow(scene: &Scene, client: &Client, after: &str, filter: Value) -> Subscription {
    client.subscribe(DOCUMENT, json!({ "id": scene.sandbox, "after": after, "filter": filter })).await
}

async fn next(events: &mut Subscription) -> Value {
    events.next_within(PATIENCE).await["ticketEvents"].take()
}
