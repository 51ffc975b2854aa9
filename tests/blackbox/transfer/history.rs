//! What stays readable of a session's history, and of its customer, for whom the session has ended.

use serde_json::{Value, json};
use tests::{Client, eventually, on_both_engines};

use super::story::{Story, code, id_of};
use crate::stage::{
    Desk, PATIENCE, customer_writes, event_cursor, messages, mutate, reply, sandbox, sessions, try_mutate,
    until_session,
};

/// What somebody sees of a session's history: by the session, and by the earlier session itself.
async fn history(client: &Client, session: &str, earlier: &str) -> Value {
    let document = "query History($session: ID!, $earlier: ID!) {
        session(id: $session) { earlierSessions(first: 5) { totalCount nodes { ...Part } } }
        earlier: session(id: $earlier) { ...Part }
    }
    fragment Part on Session {
        id version status tags { name } messages(first: 5) { nodes { text } }
        notes(first: 5) { totalCount nodes { text version } } lastMessage { text }
    }";
    client.query(document, json!({ "session": session, "earlier": earlier })).await
}

/// A session of the customer 7 that an agent has answered and closed, longer ago than it could be opened again.
async fn closed_session(desk: &Desk, sandbox: &str, agent: &Client) -> String {
    customer_writes(&desk.admin, sandbox, 7, "hello").await;
    let session = until_session(agent, sandbox, 7).await;
    reply(agent, &session, "good day").await;
    mutate(agent, "sessionClose", json!({ "sessionId": session }), "session { id }").await;
    let later = json!({ "projectId": sandbox, "seconds": 90_000 });
    mutate(&desk.admin, "sandboxClockAdvance", later, "userErrors { code }").await;
    session
}

/// The next session of the customer 7, which an agent takes.
async fn next_session(desk: &Desk, sandbox: &str, agent: &Client) -> String {
    let known = sessions(&desk.admin, sandbox).await;
    customer_writes(&desk.admin, sandbox, 7, "me again").await;
    let begun = || async {
        let all = sessions(&desk.admin, sandbox).await;
        let new = all.iter().find(|one| known.iter().all(|other| other["id"] != one["id"]));
        new.map(|new| new["id"].as_str().unwrap().to_owned()).ok_or(all.len())
    };
    let session = eventually(PATIENCE, begun).await;
    let input = json!({ "sessionId": session, "agentId": id_of(agent).await });
    mutate(agent, "sessionAssign", input, "session { id }").await;
    session
}

on_both_engines! {
    async fn the_history_that_was_read_with_a_session_ends_with_it(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let earlier = closed_session(&desk, &sandbox, &bob).await;
        let newer = next_session(&desk, &sandbox, &ada).await;
        let story = Story { desk, sandbox, ada, bob, session: newer };
        let Story { desk, sandbox, ada, bob, session } = &story;
        let tag = story.tag("Gold").await;
        let note = json!({ "sessionId": earlier, "text": "known" });
        mutate(bob, "noteCreate", note, "note { id }").await;
        assert_eq!(history(bob, session, &earlier).await["session"], Value::Null);
        assert_eq!(history(ada, session, &earlier).await["earlier"]["notes"]["totalCount"], 1);
        let start = event_cursor(&desk.admin, sandbox).await;
        reply(ada, session, "good day").await;
        story.hand_to(ada, bob).await;

        // What comes to the earlier session from now on is none of hers.
        let kept = history(ada, session, &earlier).await;
        assert_eq!(kept["session"]["earlierSessions"]["nodes"], json!([kept["earlier"]]));
        assert_eq!(kept["earlier"]["notes"]["totalCount"], 1);
        let old = messages(bob, &earlier).await.remove(0)["id"].take();
        mutate(bob, "noteCreate", json!({ "sessionId": earlier, "text": "a secret" }), "note { id }").await;
        mutate(bob, "sessionTagsAdd", json!({ "sessionId": earlier, "tagIds": [tag] }), "session { id }").await;
        let edit = json!({ "messageId": old, "text": "another secret" });
        mutate(&desk.admin, "sandboxCustomerEdit", edit, "updateId").await;
        let edited = || async {
            let all = messages(bob, &earlier).await;
            if all.iter().any(|one| one["text"] == "another secret") { Ok(()) } else { Err(all) }
        };
        eventually(PATIENCE, edited).await;
        assert_eq!(history(bob, session, &earlier).await["earlier"]["notes"]["totalCount"], 2);
        assert_eq!(history(ada, session, &earlier).await, kept);
        assert_eq!(story.left_by(ada).await["totalCount"], 1, "she has not left the earlier one, it was never hers");
        let document = "subscription Events($id: ID!, $after: String) { sessionEvents(projectId: $id, after: $after) {
            __typename
            ... on MessageAdded { message { session { earlierSessions(first: 5) { nodes {
                version tags { name } notes(first: 5) { nodes { text } }
            } } } } }
        } }";
        let mut replay = ada.subscribe(document, json!({ "id": sandbox, "after": start })).await;
        let told = loop {
            let told = replay.next_within(PATIENCE).await;
            if told["sessionEvents"]["__typename"] == "MessageAdded" {
                break told;
            }
        };
        let seen = &told["sessionEvents"]["message"]["session"]["earlierSessions"]["nodes"][0];
        assert_eq!((&seen["version"], &seen["tags"]), (&kept["earlier"]["version"], &json!([])), "{told}");
        assert_eq!(seen["notes"]["nodes"], json!([{ "text": "known" }]));

        // Who gets it back reads the history again as it is, until the next end.
        story.hand_to(&desk.admin, ada).await;
        let back = history(ada, session, &earlier).await;
        assert_eq!((&back["earlier"]["notes"]["totalCount"], &back["earlier"]["tags"]), (&json!(2), &json!([{ "name": "Gold" }])));
        story.hand_to(ada, bob).await;
        mutate(bob, "noteCreate", json!({ "sessionId": earlier, "text": "a third" }), "note { id }").await;
        assert_eq!(history(ada, session, &earlier).await["earlier"], back["earlier"]);
    }

    async fn what_became_of_a_former_session_stays_readable_for_who_handed_the_next_one_over(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let earlier = until_session(&bob, &sandbox, 7).await;
        reply(&bob, &earlier, "good day").await;
        let resolve = json!({ "sessionId": earlier, "summary": "sent it again" });
        mutate(&bob, "sessionResolve", resolve, "session { id }").await;
        mutate(&bob, "sessionClose", json!({ "sessionId": earlier }), "session { id }").await;
        let later = json!({ "projectId": sandbox, "seconds": 90_000 });
        mutate(&desk.admin, "sandboxClockAdvance", later, "userErrors { code }").await;
        let session = next_session(&desk, &sandbox, &ada).await;
        let story = Story { desk, sandbox, ada, bob, session };
        let Story { desk, ada, bob, .. } = &story;
        let resolution = async || {
            let document = "query Resolution($id: ID!) { session(id: $id) { status resolution { summary } } }";
            ada.query(document, json!({ "id": earlier })).await["session"].take()
        };
        let read = json!({ "status": "CLOSED", "resolution": { "summary": "sent it again" } });
        assert_eq!(resolution().await, read);
        story.hand_to(ada, bob).await;
        assert_eq!(resolution().await, read, "she has read it");
        let reopened = json!({ "sessionId": earlier });
        mutate(&desk.admin, "sessionClose", json!({ "sessionId": story.session }), "session { id }").await;
        mutate(&desk.admin, "sessionReopen", reopened, "session { id }").await;
        let secret = json!({ "sessionId": earlier, "summary": "a secret" });
        mutate(&desk.admin, "sessionResolve", secret, "session { id }").await;
        let seen = resolution().await;
        assert_eq!(seen, json!({ "status": "CLOSED", "resolution": null }), "it came later");
    }

    async fn a_closed_session_does_not_keep_a_customer_open_whose_next_one_was_handed_over(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let earlier = closed_session(&desk, &sandbox, &ada).await;
        let profile = "query Profile($session: ID!, $project: ID!) {
            session(id: $session) { customer { id isCurrent note tags { name } } }
            customers(projectId: $project, first: 5) { totalCount nodes { id } }
        }";
        let variables = json!({ "session": earlier, "project": sandbox });
        let shown = ada.query(profile, variables.clone()).await;
        assert_eq!((&shown["session"]["customer"]["isCurrent"], &shown["customers"]["totalCount"]), (&json!(true), &json!(1)));
        let customer = shown["session"]["customer"]["id"].clone();

        let newer = next_session(&desk, &sandbox, &ada).await;
        let story = Story { desk, sandbox, ada, bob, session: newer };
        story.hand_to(&story.ada, &story.bob).await;
        let note = |text: &str| json!({ "customerId": customer, "note": text });
        mutate(&story.bob, "customerUpdate", note("a secret"), "customer { id }").await;
        let shown = story.ada.query(profile, variables.clone()).await;
        assert_eq!(shown["session"]["customer"], json!({ "id": customer, "isCurrent": false, "note": null, "tags": [] }));
        assert_eq!(shown["customers"], json!({ "totalCount": 0, "nodes": [] }));
        let refused = try_mutate(&story.ada, "customerUpdate", note("mine"), "customer { id }").await;
        assert_eq!(code(&refused), "CUSTOMER_NOT_FOUND");
        story.hand_to(&story.bob, &story.ada).await;
        assert_eq!(story.ada.query(profile, variables).await["session"]["customer"]["note"], "a secret");
    }
}
