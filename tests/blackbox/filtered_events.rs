//! A list that is kept by following its filter: what comes into it, and what goes out of it.

use serde_json::{Value, json};
use tests::graphql::Subscription;
use tests::{Client, on_both_engines};

use crate::stage::{Desk, PATIENCE, customer_writes, event_cursor, id_of, mutate, reply, sandbox, until_session};

on_both_engines! {
    async fn whoever_follows_the_sessions_of_an_agent_is_told_which_goes_to_another_one(engine: Engine) {
        let mut desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let (adas, bobs) = (id_of(&ada).await, id_of(&bob).await);
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let start = event_cursor(&desk.admin, &sandbox).await;
        let has = |agent: &Value| json!({ "assigneeId": { "eq": agent } });
        let updated = |agent: &str| json!({ "__typename": "SessionUpdated", "session": { "assignee": { "email": agent } } });
        let out = |agent: Value| {
            json!({ "__typename": "SessionRemoved", "sessionId": session, "session": { "assignee": agent } })
        };

        let taken = json!({ "assigneeId": { "isNull": true }, "kinds": ["SESSION_REMOVED"] });
        let mut of_nobody = follow(&desk.admin, &sandbox, taken, &start).await;
        let mut of_ada = follow(&desk.admin, &sandbox, has(&adas), &start).await;
        let mut of_bob = follow(&desk.admin, &sandbox, has(&bobs), &start).await;
        let mut hers = follow(&ada, &sandbox, has(&adas), &start).await;
        let wanted = json!({ "assigneeId": { "eq": adas }, "kinds": ["SESSION_UPDATED"] });
        let mut without = follow(&desk.admin, &sandbox, wanted, &start).await;

        assign(&desk.admin, &session, &adas).await;
        assert_eq!(next(&mut of_ada).await, updated("ada@desk.test"));
        assert_eq!(next(&mut of_nobody).await, out(json!({ "email": "ada@desk.test" })));
        assert_eq!(next(&mut hers).await, updated("ada@desk.test"));
        assert_eq!(next(&mut without).await, updated("ada@desk.test"));
        assign(&desk.admin, &session, &bobs).await;
        assert_eq!(next(&mut of_ada).await, out(json!({ "email": "bob@desk.test" })));
        assert_eq!(next(&mut of_bob).await, updated("bob@desk.test"), "one event, told in two ways");
        let lost = json!({ "__typename": "SessionRemoved", "sessionId": session, "session": null });
        assert_eq!(next(&mut hers).await, lost, "she does not see it any more");

        // Whoever was away is told as well. By now nobody remembers when it was Ada's.
        desk.restart().await;
        let mut back = follow(&desk.admin, &sandbox, has(&adas), &start).await;
        assert_eq!(next(&mut back).await, out(json!({ "email": "bob@desk.test" })));

        // What happens to it from then on is not for those whose list it is not in.
        let mut of_bob = follow(&desk.admin, &sandbox, has(&bobs), &start).await;
        assert_eq!(next(&mut of_bob).await, updated("bob@desk.test"));
        customer_writes(&desk.admin, &sandbox, 7, LATER).await;
        while of_bob.next_within(PATIENCE).await["sessionEvents"]["message"]["text"] != LATER {}
        assign(&desk.admin, &session, &adas).await;
        assert_eq!(next(&mut back).await, updated("ada@desk.test"));
    }

    async fn what_was_written_while_a_session_was_an_agents_is_told_whoever_has_it_by_now(engine: Engine) {
        let mut desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let start = event_cursor(&desk.admin, &sandbox).await;
        let (adas, bobs) = (id_of(&ada).await, id_of(&bob).await);
        let written = [(&ada, &adas, "this is Ada"), (&bob, &bobs, "this is Bob"), (&ada, &adas, "Ada again")];
        for (agent, id, words) in written {
            assign(&desk.admin, &session, id).await;
            reply(agent, &session, words).await;
        }
        // By now nobody remembers whose it was.
        desk.restart().await;
        for (agent, written) in [(adas, &["this is Ada", "Ada again"][..]), (bobs, &["this is Bob"])] {
            let wanted = json!({ "assigneeId": { "eq": agent }, "kinds": ["MESSAGE_ADDED"] });
            let mut back = follow(&desk.admin, &sandbox, wanted, &start).await;
            for words in written {
                let event = back.next_within(PATIENCE).await["sessionEvents"].take();
                assert_eq!(event, json!({ "__typename": "MessageAdded", "message": { "text": words } }));
            }
        }
    }
}

const LATER: &str = "is somebody there?";

const EVENTS: &str = "subscription Events($project: ID!, $filter: SessionEventFilter, $after: String) {
    sessionEvents(projectId: $project, filter: $filter, after: $after) {
        __typename
        ... on MessageAdded { message { text } }
        ... on SessionUpdated { session { assignee { email } } }
        ... on SessionRemoved { sessionId session { assignee { email } } }
    }
}";

async fn follow(client: &Client, project: &str, filter: Value, after: &str) -> Subscription {
    client.subscribe(EVENTS, json!({ "project": project, "filter": filter, "after": after })).await
}

/// The next event about the session itself.
async fn next(subscription: &mut Subscription) -> Value {
    loop {
        let event = subscription.next_within(PATIENCE).await["sessionEvents"].take();
        assert_ne!(event["message"]["text"], LATER, "it is not in the list");
        if event["__typename"].as_str().unwrap().starts_with("Session") {
            return event;
        }
    }
}

async fn assign(client: &Client, session: &str, agent: &Value) {
    mutate(client, "sessionAssign", json!({ "sessionId": session, "agentId": agent }), "session { id }").await;
}
