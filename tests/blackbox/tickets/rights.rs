//! Who sees a ticket, and who works on it.

use serde_json::{Value, json};
use tests::on_both_engines;

use super::scene::{Scene, codes, look};
use crate::notes::give;
use crate::stage::{id_of, mutate};

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
}
