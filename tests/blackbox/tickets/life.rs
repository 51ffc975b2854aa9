//! Tickets from opening to resolving.

use serde_json::{Value, json};
use tests::{Client, Sql, eventually, on_both_engines};

use super::scene::{Scene, codes, look};
use crate::customers_data::export;
use crate::session_life::{HOUR, MINUTE, Updates, advance};
use crate::stage::{PATIENCE, customer_writes, errors_of, id_of, messages, mutate, reply, try_mutate, until_session};

on_both_engines! {
    async fn a_session_that_closes_at_once_is_not_looked_at_all_the_time_while_the_desk_is_at_its_ticket(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, desk, session, sandbox, .. } = &scene;
        let life = json!({ "projectId": sandbox, "noResponseAfterSeconds": 0 });
        mutate(&desk.admin, "projectSessionLifeUpdate", life, "project { id }").await;
        scene.ticket(ada, json!({})).await;
        reply(ada, session, "We look into it").await;
        let sql = Sql::connect(&desk.database).await.unwrap();
        let put_off_by = "SELECT max(due_at) - (SELECT max(recorded_at) FROM events WHERE cause = 'AGENT_REPLY') FROM jobs
            WHERE kind = 'session_idle_close'";
        let is_put_off = || async {
            let micros = sql.number(put_off_by).await.unwrap();
            if micros >= MINUTE * 1_000_000 { Ok(()) } else { Err(micros) }
        };
        eventually(PATIENCE, is_put_off).await;
        assert_ne!(status(ada, session).await, "CLOSED");
    }

    async fn silence_ends_no_session_while_the_desk_is_at_its_ticket(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, eve, desk, session, sandbox, .. } = &scene;
        let ticket = scene.ticket(ada, json!({})).await["id"].take();
        reply(ada, session, "We look into it").await;
        customer_writes(&desk.admin, sandbox, 8, "hello").await;
        let other = until_session(eve, sandbox, 8).await;
        reply(eve, &other, "How can we help?").await;
        let mut events = Updates::from_now(&desk.admin, sandbox).await;
        advance(&desk.admin, sandbox, 24 * HOUR).await;
        // The look at the one with the ticket was due before.
        events.until(&other, "NO_RESPONSE").await;
        assert_eq!(status(ada, session).await, "PROCESSING");

        mutate(ada, "ticketUpdate", json!({ "ticketId": ticket, "status": "WAITING" }), "ticket { id }").await;
        advance(&desk.admin, sandbox, 24 * HOUR).await;
        events.until(session, "NO_RESPONSE").await;
        assert_eq!(status(ada, session).await, "CLOSED");
    }

    async fn a_ticket_has_a_number_a_history_and_an_end(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, eve, session, .. } = &scene;
        let first = messages(ada, session).await[0]["id"].take();
        let ticket = scene.ticket(ada, json!({ "messageIds": [first], "type": "COMPLAINT", "idempotencyKey": "k" })).await;
        assert_eq!((&ticket["number"], &ticket["type"], &ticket["line"]), (&json!(1), &json!("COMPLAINT"), &json!(1)));
        assert_eq!((&ticket["status"], &ticket["priority"]), (&json!("OPEN"), &json!("MEDIUM")));
        let again = scene.ticket(ada, json!({ "messageIds": [first], "type": "COMPLAINT", "idempotencyKey": "k" })).await;
        assert_eq!(again["id"], ticket["id"]);
        assert_eq!(scene.ticket(eve, json!({ "line": 2 })).await["number"], 2);

        let id = &ticket["id"];
        // What is linked already counts once, however often it is named.
        let again = json!({ "ticketId": id, "messageIds": vec![first.clone(); 101] });
        mutate(ada, "ticketMessagesLink", again, "ticket { id }").await;
        for (input, code) in [
            (json!({ "description": " " }), "DESCRIPTION_REQUIRED"),
            (json!({ "line": 4 }), "NO_SUCH_LINE"),
            (json!({ "teamId": id }), "INVALID_ID"),
            (json!({ "status": "RESOLVED" }), "RESOLUTION_REQUIRED"),
        ] {
            let mut input = input;
            input["ticketId"] = id.clone();
            assert_eq!(codes(ada, "ticketUpdate", input).await, [code]);
        }
        let update = json!({ "ticketId": id, "status": "IN_PROGRESS", "priority": "HIGH", "expectedVersion": 1,
            "assigneeId": id_of(ada).await, "teamId": scene.second_line });
        let updated = mutate(ada, "ticketUpdate", update.clone(), "ticket { version status team { name } }").await;
        let expected = json!({ "version": 2, "status": "IN_PROGRESS", "team": { "name": "Second line" } });
        assert_eq!(updated["ticket"], expected);
        let conflict = try_mutate(ada, "ticketUpdate", update, "ticket { version }").await;
        assert_eq!((errors_of(&conflict), &conflict["ticket"]["version"]), (vec!["VERSION_CONFLICT"], &json!(2)));

        let resolve = json!({ "ticketId": id, "resolution": "a new cable" });
        let resolved = mutate(ada, "ticketResolve", resolve.clone(), "ticket { status resolution resolvedAt }").await;
        assert_eq!(resolved["ticket"]["resolution"], "a new cable");
        assert!(resolved["ticket"]["resolvedAt"].is_string());
        assert_eq!(codes(ada, "ticketResolve", resolve).await, ["ALREADY_RESOLVED"]);
        assert_eq!(codes(ada, "ticketUpdate", json!({ "ticketId": id, "line": 2 })).await, ["TICKET_RESOLVED"]);
        mutate(ada, "ticketUpdate", json!({ "ticketId": id, "status": "WAITING" }), "ticket { id }").await;
        assert_eq!(look(ada, id).await["resolvedAt"], Value::Null);

        let document = "query History($id: ID!) { ticket(id: $id) {
            history(first: 10) { nodes { cause version status by { email } } totalCount }
            messages { text } session { id } customer { name }
        } }";
        let shown = ada.query(document, json!({ "id": id })).await["ticket"].take();
        let steps = shown["history"]["nodes"].as_array().unwrap();
        let causes: Vec<&str> = steps.iter().map(|step| step["cause"].as_str().unwrap()).collect();
        assert_eq!(causes, ["OPENED", "UPDATED", "RESOLVED", "REOPENED"]);
        assert_eq!((&steps[2]["status"], &steps[2]["by"]["email"]), (&json!("RESOLVED"), &json!("ada@desk.test")));
        assert_eq!(shown["history"]["totalCount"], 4);
        assert_eq!((&shown["messages"], &shown["session"]["id"]), (&json!([{ "text": "It says error 5" }]), &json!(session)));
    }

    async fn tickets_are_listed_filtered_and_counted(engine: Engine) {
        let scene = Scene::set(engine).await;
        let Scene { ada, bob, sandbox, session, .. } = &scene;
        scene.ticket(ada, json!({ "priority": "LOW" })).await;
        scene.ticket(ada, json!({ "priority": "URGENT", "line": 2, "teamId": scene.second_line })).await;
        let third = scene.ticket(ada, json!({ "assigneeId": id_of(bob).await })).await;
        mutate(ada, "ticketResolve", json!({ "ticketId": third["id"], "resolution": "done" }), "ticket { id }").await;
        let document = "query Tickets($id: ID!, $filter: TicketFilter, $order: TicketOrder) {
            tickets(projectId: $id, filter: $filter, orderBy: $order, first: 10) { nodes { number } totalCount }
        }";
        for (filter, numbers) in [
            (json!({}), vec![3, 2, 1]),
            (json!({ "status": { "eq": "OPEN" } }), vec![2, 1]),
            (json!({ "priority": { "in": ["LOW", "MEDIUM"] } }), vec![3, 1]),
            (json!({ "type": { "eq": "COMPLAINT" } }), vec![]),
            (json!({ "line": { "eq": 2 } }), vec![2]),
            (json!({ "teamId": { "isNull": true } }), vec![3, 1]),
            (json!({ "teamId": { "eq": scene.second_line } }), vec![2]),
            (json!({ "assigneeId": { "eq": id_of(bob).await } }), vec![3]),
            (json!({ "assigneeId": { "eq": id_of(ada).await } }), vec![1]),
            (json!({ "not": { "assigneeId": { "isNull": false } } }), vec![2]),
            (json!({ "sessionId": { "eq": session }, "number": { "in": [1, 3] } }), vec![3, 1]),
            (json!({ "or": [{ "number": { "eq": 1 } }, { "line": { "eq": 2 } }] }), vec![2, 1]),
            (json!({ "createdAt": { "lt": "2020-01-01T00:00:00Z" } }), vec![]),
            (json!({ "updatedAt": { "gte": "2020-01-01T00:00:00Z" } }), vec![3, 2, 1]),
            (json!({ "resolvedAt": { "gte": "2020-01-01T00:00:00Z" } }), vec![3]),
            (json!({ "not": { "resolvedAt": { "gte": "2020-01-01T00:00:00Z" } } }), vec![2, 1]),
            (json!({ "escalatedAt": { "lt": "2100-01-01T00:00:00Z" } }), vec![]),
        ] {
            let data = ada.query(document, json!({ "id": sandbox, "filter": filter })).await["tickets"].take();
            let nodes = data["nodes"].as_array().unwrap();
            let found: Vec<i64> = nodes.iter().map(|node| node["number"].as_i64().unwrap()).collect();
            assert_eq!(found, numbers, "{filter}");
            assert_eq!(data["totalCount"], numbers.len(), "{filter}");
        }
        for (client, direction, numbers) in [
            (ada, "DESC", vec![2, 3, 1]),
            (ada, "ASC", vec![1, 3, 2]),
            (bob, "DESC", vec![2, 3]),
            (&scene.eve, "ASC", vec![1, 3, 2]),
        ] {
            let order = json!({ "field": "PRIORITY", "direction": direction });
            let data = client.query(document, json!({ "id": sandbox, "order": order })).await["tickets"].take();
            let found: Vec<Value> = numbers.iter().map(|number| json!({ "number": number })).collect();
            assert_eq!(data, json!({ "nodes": found, "totalCount": numbers.len() }), "{direction}");
        }
        // Who is on the second line sees what is theirs, and not the session.
        let theirs = bob.query(document, json!({ "id": sandbox, "filter": {} })).await["tickets"].take();
        assert_eq!(theirs, json!({ "nodes": [{ "number": 3 }, { "number": 2 }], "totalCount": 2 }));
        let of_session = "query OfSession($id: ID!) { session(id: $id) {
            tickets(last: 2) { nodes { number } totalCount pageInfo { hasPreviousPage } }
        } }";
        let listed = ada.query(of_session, json!({ "id": session })).await["session"]["tickets"].take();
        assert_eq!(listed["nodes"], json!([{ "number": 2 }, { "number": 3 }]));
        assert_eq!((&listed["totalCount"], &listed["pageInfo"]["hasPreviousPage"]), (&json!(3), &json!(true)));

        // A session has a hundred at most.
        let more = "INSERT INTO tickets (project_id, number, session_id, customer_id, kind, line, priority, status,
                description, created_at, updated_at, version)
            WITH RECURSIVE more (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < 97)
            SELECT project_id, 1000 + n, session_id, customer_id, kind, line, priority, status, description, created_at,
                updated_at, version
            FROM more CROSS JOIN tickets WHERE number = 1";
        Sql::connect(&scene.desk.database).await.unwrap().execute(more).await.unwrap();
        let input = json!({ "sessionId": session, "description": "one more" });
        assert_eq!(codes(ada, "ticketCreate", input).await, ["TOO_MANY_TICKETS"]);
    }

    async fn what_a_ticket_says_of_a_customer_goes_with_them(engine: Engine) {
        let scene = Scene::set(engine).await;
        let ticket = scene.ticket(&scene.ada, json!({})).await;
        let form = scene.form().await;
        super::scene::escalate(&scene.ada, form).await;
        let document = "query Customer($id: ID!) { session(id: $id) { customer { id name } } }";
        let admin = &scene.desk.admin;
        let customer = admin.query(document, json!({ "id": scene.session })).await["session"]["customer"].take();
        let (_, exported) = export(&scene.desk, admin, customer["id"].as_str().unwrap()).await;
        assert_eq!(exported["tickets"][0]["escalations"][0]["packet"]["problem"], "It says error 5\nyes, three times");
        let steps = exported["tickets"][0]["history"].as_array().unwrap();
        assert_eq!((&steps[0]["cause"], &steps[1]["cause"]), (&json!("OPENED"), &json!("ESCALATED")));
        let clocks = exported["slaClocks"].as_array().unwrap();
        assert!(clocks.iter().any(|clock| clock["ticket"].is_number() && clock["metric"] == "RESOLUTION"), "{exported}");
        assert!(clocks.iter().any(|clock| clock["history"][0]["change"] == "CANCELLED"), "{exported}");
        let erase = json!({ "customerId": customer["id"], "confirmName": customer["name"] });
        mutate(admin, "customerErase", erase, "customer { id }").await;
        let left = look(admin, &ticket["id"]).await;
        assert_eq!((&left["description"], &left["status"]), (&json!(""), &json!("RESOLVED")));
        assert_eq!(left["escalations"][0]["description"], "");
        let document = "query Packet($id: ID!) { ticket(id: $id) { escalations(first: 1) { nodes {
            packet { problem solutions customerName username keyMessages { id } }
        } } } }";
        let shown = admin.query(document, json!({ "id": ticket["id"] })).await["ticket"]["escalations"].take();
        let packet = &shown["nodes"][0]["packet"];
        let empty = json!({ "problem": "", "solutions": [], "customerName": "", "username": null, "keyMessages": [] });
        assert_eq!(*packet, empty);
    }
}

/// Where a session stands.
async fn status(client: &Client, session: &str) -> Value {
    let document = "query Status($id: ID!) { session(id: $id) { status } }";
    client.query(document, json!({ "id": session })).await["session"]["status"].take()
}
