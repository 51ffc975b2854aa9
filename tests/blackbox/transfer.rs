//! Sessions go from one to another: transfers, take-overs, those who read along, and what stays readable for whom a
//! session has ended.

mod at_once;
mod history;
mod story;
mod taking_over;

use serde_json::{Value, json};
use tests::{Sql, eventually, on_both_engines};

use self::story::{Story, code, id_of};
use crate::stage::{
    PATIENCE, customer_writes, errors_of, messages, mutate, reply, sessions, texts, try_mutate, until_written,
};

on_both_engines! {
    async fn a_transfer_carries_everything_and_what_was_seen_stays_as_it_was(engine: Engine) {
        let story = Story::begin(engine).await;
        let Story { desk, sandbox, ada, bob, session } = &story;
        let (vip, refund) = (story.tag("Gold").await, story.tag("Silver").await);
        mutate(ada, "sessionTagsAdd", json!({ "sessionId": session, "tagIds": [vip] }), "session { id }").await;
        let payload = story.transfer(ada, json!({ "toAgentId": id_of(bob).await }), "  wants a refund ").await;
        assert_eq!(payload["transfer"]["description"], "wants a refund", "{payload}");
        assert_eq!(payload["transfer"]["toAgent"]["email"], "bob@desk.test");

        // Whoever gets it has everything.
        let got = story.seen_by(bob).await;
        assert_eq!(got["status"], "UNREAD", "he has not looked at it yet");
        assert_eq!((&got["tags"], &got["unreadCount"]), (&json!([{ "name": "Gold" }]), &json!(1)));
        let transfer = &got["transfers"]["nodes"][0];
        assert_eq!((&transfer["description"], &transfer["fromAgent"]), (&json!("wants a refund"), &json!({ "email": "ada@desk.test" })));
        assert_eq!(texts(&messages(bob, session).await, "INBOUND"), ["hello"]);

        // What happens to it from now on is none of hers, whatever it is.
        let kept = story.seen_by(ada).await;
        let hello = &kept["messages"]["nodes"][0]["id"];
        let input = json!({ "sessionId": session, "tagIds": [vip] });
        mutate(bob, "sessionTagsRemove", input, "session { id }").await;
        mutate(bob, "sessionTagsAdd", json!({ "sessionId": session, "tagIds": [refund] }), "session { id }").await;
        story.customer_edits(hello, "a secret").await;
        story.customer_edits(hello, "another secret").await;
        mutate(&desk.admin, "sandboxCustomerReact", json!({ "messageId": hello, "emoji": ["👍"] }), "updateId").await;
        mutate(bob, "messagePin", json!({ "messageId": hello }), "message { id }").await;
        let second = story.team("Second line").await;
        let payload = story.transfer(bob, json!({ "toTeamId": second }), "classified").await;
        assert_eq!(payload["transfer"]["toTeam"]["name"], "Second line", "{payload}");
        customer_writes(&desk.admin, sandbox, 7, "and another thing").await;
        until_written(&desk.admin, sandbox, 7, 2).await;
        let now = story.seen_by(&desk.admin).await;
        assert_eq!((&now["team"]["name"], &now["assignee"], &now["status"]), (&json!("Second line"), &Value::Null, &json!("UNREAD")));
        assert_eq!((&now["transfers"]["totalCount"], &now["messages"]["totalCount"]), (&json!(2), &json!(3)));
        assert_eq!(story.seen_by(ada).await, kept);
        assert_eq!(kept["transfers"]["totalCount"], 1, "her own");

        // It is in the list of what she left, and in his.
        let left = story.left_by(ada).await;
        assert_eq!(left["totalCount"], 1);
        assert_eq!(left["nodes"], json!([{
            "id": session, "assignee": { "email": "bob@desk.test" }, "lastMessage": { "text": "good day" },
        }]));
        assert_eq!(story.left_by(bob).await["nodes"][0]["assignee"], Value::Null);
        assert_eq!(sessions(ada, sandbox).await.len() + sessions(bob, sandbox).await.len(), 0);

        // Who gets it back has everything again.
        story.hand_to(&desk.admin, ada).await;
        let back = story.seen_by(ada).await;
        assert_eq!((&back["messages"]["nodes"][0]["text"], &back["tags"]), (&json!("another secret"), &json!([{ "name": "Silver" }])));
        assert_eq!((&back["transfers"]["totalCount"], &back["messages"]["totalCount"]), (&json!(3), &json!(3)));
        assert_eq!(story.left_by(ada).await["totalCount"], 0);
    }

    async fn a_transfer_has_one_target_and_says_what_it_is_about(engine: Engine) {
        let story = Story::begin(engine).await;
        let (ada, bob) = (&story.ada, &story.bob);
        let (hers, his) = (id_of(ada).await, id_of(bob).await);
        let team = story.team("Second line").await;
        let stranger = id_of(&story.desk.add_stranger("eve@desk.test").await).await;
        let nowhere = team.as_str().unwrap().replace(team.as_str().unwrap(), "VGVhbTo5OTk5");
        for (target, description, expected) in [
            (json!({}), "x", "TARGET_REQUIRED"),
            (json!({ "toAgentId": his, "toTeamId": team }), "x", "TARGET_REQUIRED"),
            (json!({ "toAgentId": team }), "x", "INVALID_ID"),
            (json!({ "toAgentId": his }), " \n", "DESCRIPTION_REQUIRED"),
            (json!({ "toAgentId": his }), &"x".repeat(2001), "DESCRIPTION_TOO_LONG"),
            (json!({ "toAgentId": stranger }), "x", "NO_SUCH_AGENT"),
            (json!({ "toTeamId": nowhere }), "x", "NO_SUCH_TEAM"),
            (json!({ "toAgentId": hers }), "x", "SAME_TARGET"),
            (json!({ "toAgentId": his, "expectedVersion": 1 }), "x", "VERSION_CONFLICT"),
        ] {
            let payload = story.transfer(ada, target, description).await;
            assert_eq!(code(&payload), expected, "{payload}");
        }
        assert_eq!(code(&story.transfer(bob, json!({ "toAgentId": his }), "x").await), "SESSION_NOT_FOUND");

        // Whoever reads along does not hand it on, and what is closed stays where it is.
        assert_eq!(errors_of(&story.participant(ada, "Add", &his).await), [""; 0]);
        assert_eq!(code(&story.transfer(bob, json!({ "toAgentId": his }), "x").await), "TAKEN_BY_ANOTHER");
        assert_eq!(errors_of(&story.transfer(ada, json!({ "toTeamId": team }), "x").await), [""; 0]);
        assert_eq!(code(&story.transfer(&story.desk.admin, json!({ "toTeamId": team }), "x").await), "SAME_TARGET");
        mutate(&story.desk.admin, "sessionClose", json!({ "sessionId": story.session }), "session { id }").await;
        let payload = story.transfer(&story.desk.admin, json!({ "toAgentId": his }), "x").await;
        assert_eq!(code(&payload), "ALREADY_CLOSED");
    }

    async fn a_team_gets_a_session_together_and_nobody_else_does(engine: Engine) {
        let story = Story::begin(engine).await;
        let Story { desk, sandbox, ada, bob, session } = &story;
        let team = story.team("Second line").await;
        let cleo = desk.add_agent("cleo@desk.test", "Sandbox", "agent").await;
        let dora = desk.add_agent("dora@desk.test", "Sandbox", "agent").await;
        for member in [bob, &cleo] {
            let input = json!({ "teamId": team, "agentId": id_of(member).await });
            mutate(&desk.admin, "teamMemberAdd", input, "team { id }").await;
        }
        assert_eq!(errors_of(&story.transfer(ada, json!({ "toTeamId": team }), "x").await), [""; 0]);
        for (client, count) in [(bob, 1), (&cleo, 1), (&dora, 0), (ada, 0)] {
            let listed = || async {
                let listed = sessions(client, sandbox).await.len();
                if listed == count { Ok(()) } else { Err(listed) }
            };
            eventually(PATIENCE, listed).await;
        }
        // The first to answer has it. For the others it is gone, as if it had never been theirs.
        reply(bob, session, "I am on it").await;
        assert_eq!(story.seen_by(&cleo).await, Value::Null);
        assert_eq!(story.left_by(&cleo).await["totalCount"], 0);
        // Taken from him, it waits for his team, and he may take it again.
        mutate(&desk.admin, "sessionAssign", json!({ "sessionId": session, "agentId": null }), "session { id }").await;
        assert_eq!((sessions(bob, sandbox).await.len(), sessions(&cleo, sandbox).await.len()), (1, 1));
        // Who is not of the team goes on reading what they had when it is taken from them.
        story.hand_to(&desk.admin, &dora).await;
        mutate(&desk.admin, "sessionAssign", json!({ "sessionId": session, "agentId": null }), "session { id }").await;
        customer_writes(&desk.admin, sandbox, 7, "later").await;
        until_written(&desk.admin, sandbox, 7, 2).await;
        let seen = story.seen_by(&dora).await;
        assert_eq!(seen["messages"]["totalCount"], 3, "{seen}");
        assert_eq!(sessions(&dora, sandbox).await.len(), 0);
        // So does who has it pass by and gives it to somebody else.
        let input = json!({ "sessionId": session, "agentId": id_of(&dora).await });
        mutate(&cleo, "sessionAssign", input, "session { messages(first: 1) { totalCount } }").await;
        assert_eq!(story.seen_by(&cleo).await["messages"]["totalCount"], 4);
    }

    async fn every_hand_over_is_told_and_whoever_gets_it_has_to_look(engine: Engine) {
        let story = Story::begin(engine).await;
        let Story { desk, ada, bob, session, .. } = &story;
        let boss = desk.add_agent("boss@desk.test", "Sandbox", "supervisor").await;
        assert_eq!(story.seen_by(ada).await["status"], "PROCESSING", "she has answered");
        let assign = |agent: Value| json!({ "sessionId": session, "agentId": agent });
        mutate(ada, "sessionAssign", assign(id_of(bob).await), "session { id }").await;
        assert_eq!(story.seen_by(bob).await["status"], "UNREAD", "he has not looked");
        let (of_ada, of_bob) = (story.seen_by(ada).await, story.seen_by(bob).await);
        assert!(of_ada["leftAt"].is_string() && of_bob["leftAt"].is_null(), "{of_ada} {of_bob}");
        let refused = try_mutate(ada, "sessionClose", json!({ "sessionId": session }), "session { id }").await;
        assert_eq!(code(&refused), "SESSION_NOT_FOUND");
        assert!(refused["userErrors"][0]["message"].as_str().unwrap().contains("has ended for you"), "{refused}");
        mutate(bob, "sessionMarkViewed", json!({ "sessionId": session }), "session { id }").await;
        assert_eq!(story.seen_by(bob).await["status"], "PROCESSING");
        story.take_over(&boss, true).await;
        mutate(&boss, "sessionAssign", assign(Value::Null), "session { id }").await;
        assert_eq!(story.seen_by(&boss).await["status"], "UNREAD", "nobody has it");

        let told = story.seen_by(&boss).await["transfers"].take();
        let row = |kind: &str, from: Option<&str>, to: Option<&str>, by: &str| {
            let agent = |email: Option<&str>| email.map(|email| json!({ "email": email }));
            json!({ "kind": kind, "description": "", "fromAgent": agent(from), "toAgent": agent(to), "toTeam": null,
                "by": agent(Some(by)) })
        };
        let expected = [
            row("ASSIGNMENT", Some("ada@desk.test"), Some("bob@desk.test"), "ada@desk.test"),
            row("TAKE_OVER", Some("bob@desk.test"), Some("boss@desk.test"), "boss@desk.test"),
            row("ASSIGNMENT", Some("boss@desk.test"), None, "boss@desk.test"),
        ];
        assert_eq!(told, json!({ "totalCount": 3, "nodes": expected }));
    }

    async fn api_tokens_of_who_left_and_erasure_leave_no_way_to_what_was_kept(engine: Engine) {
        let story = Story::begin(engine).await;
        let Story { desk, sandbox, ada, bob, session } = &story;
        let input = json!({ "name": "Integration", "scopes": ["SESSIONS_READ", "AGENTS_READ", "PROJECTS_READ"] });
        let secret = mutate(ada, "apiTokenCreate", input, "secret").await["secret"].take();
        let token = ada.with_token(secret.as_str().unwrap());
        let hello = messages(ada, session).await.remove(0)["id"].take();
        story.hand_to(ada, bob).await;
        story.customer_edits(&hello, "a secret").await;
        customer_writes(&desk.admin, sandbox, 7, "classified").await;
        until_written(&desk.admin, sandbox, 7, 2).await;
        let seen = story.seen_by(&token).await;
        assert_eq!((&seen["messages"]["totalCount"], &seen["messages"]["nodes"][0]["text"]), (&json!(2), &json!("hello")));
        assert_eq!(sessions(&token, sandbox).await.len(), 0);

        // What is kept for her is the customer's as well.
        let customer = "query Customer($id: ID!) { session(id: $id) { customer { id name } } }";
        let customer = desk.admin.query(customer, json!({ "id": session })).await["session"]["customer"].take();
        let input = json!({ "customerId": customer["id"], "confirmName": customer["name"] });
        mutate(&desk.admin, "customerErase", input, "customer { id }").await;
        let seen = story.seen_by(ada).await;
        assert_eq!(seen["messages"]["nodes"][0]["text"], "", "{seen}");
        assert_eq!(seen["transfers"]["nodes"][0]["description"], "");
        let sql = Sql::connect(&desk.database).await.unwrap();
        for query in [
            "SELECT count(*) FROM departure_messages WHERE text <> '' OR content IS NOT NULL OR changes IS NOT NULL",
            "SELECT count(*) FROM session_transfers WHERE description <> ''",
        ] {
            assert_eq!(sql.number(query).await.unwrap(), 0, "{query}");
        }
        assert_eq!(sql.number("SELECT count(*) FROM departure_messages").await.unwrap(), 2);
    }
}
