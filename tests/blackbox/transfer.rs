//! Sessions go from one to another: transfers, take-overs, those who read along, and what stays readable for whom a
//! session has ended.

use serde_json::{Value, json};
use tests::{Client, Engine, Sql, eventually, on_both_engines};

use crate::stage::{
    Desk, PATIENCE, customer_writes, errors_of, event_cursor, messages, mutate, reply, sandbox, sessions, texts,
    try_mutate, try_send, until_session, until_written,
};

/// A sandbox with two agents and a session of the first of them, in which the customer 7 said hello.
struct Story {
    desk: Desk,
    sandbox: String,
    ada: Client,
    bob: Client,
    session: String,
}

impl Story {
    async fn begin(engine: Engine) -> Self {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&ada, &sandbox, 7).await;
        reply(&ada, &session, "good day").await;
        Self { desk, sandbox, ada, bob, session }
    }

    async fn transfer(&self, client: &Client, target: Value, description: &str) -> Value {
        let mut input = json!({ "sessionId": self.session, "description": description });
        input.as_object_mut().unwrap().extend(target.as_object().unwrap().clone());
        let selection = "session { id version } transfer { description toAgent { email } toTeam { name } }";
        try_mutate(client, "sessionTransfer", input, selection).await
    }

    /// Hands the session to an agent.
    async fn hand_to(&self, from: &Client, to: &Client) {
        let payload = self.transfer(from, json!({ "toAgentId": id_of(to).await }), "about the order").await;
        assert_eq!(errors_of(&payload), [""; 0], "{payload}");
    }

    async fn take_over(&self, client: &Client, keeps_previous: bool) -> Value {
        let input = json!({ "sessionId": self.session, "keepPrevious": keeps_previous });
        try_mutate(client, "sessionTakeOver", input, PEOPLE).await
    }

    async fn participant(&self, client: &Client, verb: &str, agent: &Value) -> Value {
        let input = json!({ "sessionId": self.session, "agentId": agent });
        try_mutate(client, &format!("sessionParticipant{verb}"), input, PEOPLE).await
    }

    /// The session as somebody sees it.
    async fn seen_by(&self, client: &Client) -> Value {
        client.query(SESSION, json!({ "id": self.session })).await["session"].take()
    }

    async fn left_by(&self, client: &Client) -> Value {
        client.query(LEFT, json!({ "id": self.sandbox })).await["sessionsLeft"].take()
    }

    async fn customer_edits(&self, message: &Value, text: &str) {
        let input = json!({ "messageId": message, "text": text });
        mutate(&self.desk.admin, "sandboxCustomerEdit", input, "updateId").await;
        let edited = || async {
            let all = messages(&self.desk.admin, &self.session).await;
            if all.iter().any(|one| one["text"] == text) { Ok(()) } else { Err(all) }
        };
        eventually(PATIENCE, edited).await;
    }

    async fn team(&self, name: &str) -> Value {
        let input = json!({ "projectId": self.sandbox, "name": name, "line": 2 });
        mutate(&self.desk.admin, "teamCreate", input, "team { id }").await["team"]["id"].take()
    }

    async fn tag(&self, name: &str) -> Value {
        let input = json!({ "projectId": self.sandbox, "name": name, "color": "#d93025" });
        mutate(&self.desk.admin, "tagCreate", input, "tag { id }").await["tag"]["id"].take()
    }
}

const PEOPLE: &str = "session { id assignee { email } participants { email } }";

const SESSION: &str = "query Session($id: ID!) {
    session(id: $id) {
        status
        assignee { email }
        team { name }
        participants { email }
        tags { name }
        unreadCount
        transfers(first: 10) { totalCount nodes { description fromAgent { email } toAgent { email } toTeam { name } by { email } } }
        messages(first: 10) { totalCount nodes { id text editedAt pinnedAt reactions { emoji } changes { kind } } }
    }
}";

const LEFT: &str = "query Left($id: ID!) {
    sessionsLeft(projectId: $id, first: 10) { totalCount nodes { id assignee { email } lastMessage { text } } }
}";

async fn id_of(client: &Client) -> Value {
    client.query("{ viewer { id } }", Value::Null).await["viewer"]["id"].take()
}

fn code(payload: &Value) -> &str {
    payload["userErrors"][0]["code"].as_str().unwrap_or_else(|| panic!("it was not refused: {payload}"))
}

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
        let statement = "INSERT INTO team_members (team_id, agent_id) SELECT teams.id, agents.id FROM teams, agents
            WHERE teams.name = 'Second line' AND agents.email IN ('bob@desk.test', 'cleo@desk.test')";
        let cleo = desk.add_agent("cleo@desk.test", "Sandbox", "agent").await;
        let dora = desk.add_agent("dora@desk.test", "Sandbox", "agent").await;
        Sql::connect(&desk.database).await.unwrap().execute(statement).await.unwrap();
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

    async fn a_supervisor_takes_over_and_the_other_reads_along_or_leaves(engine: Engine) {
        let story = Story::begin(engine).await;
        let Story { desk, sandbox, ada, bob, session } = &story;
        let boss = desk.add_agent("boss@desk.test", "Sandbox", "supervisor").await;
        assert_eq!(code(&story.take_over(bob, true).await), "SESSION_NOT_FOUND");
        assert_eq!(code(&story.take_over(ada, true).await), "NOT_SUPERVISOR");
        let start = event_cursor(&desk.admin, sandbox).await;
        let taken = story.take_over(&boss, true).await;
        assert_eq!(taken["session"]["assignee"]["email"], "boss@desk.test", "{taken}");
        assert_eq!(taken["session"]["participants"], json!([{ "email": "ada@desk.test" }]));
        let document = "subscription Events($id: ID!, $after: String) {
            sessionEvents(projectId: $id, after: $after) { ... on SessionUpdated { cause session { id } } }
        }";
        let mut live = ada.subscribe(document, json!({ "id": sandbox, "after": start })).await;
        let told = live.next_within(PATIENCE).await;
        assert_eq!(told["sessionEvents"], json!({ "cause": "TAKE_OVER", "session": { "id": session } }));

        // The customer hears one voice.
        let refused = try_send(ada, json!({ "sessionId": session, "text": "but" })).await.unwrap();
        assert_eq!(errors_of(&refused.data["messageSend"]), ["NOT_ACTIVE_REPLIER"]);
        reply(&boss, session, "I am in charge here").await;
        assert_eq!(messages(ada, session).await.len(), 3, "she reads along");
        assert_eq!(story.take_over(&boss, false).await["session"]["participants"].as_array().unwrap().len(), 1);

        story.hand_to(&boss, ada).await;
        assert_eq!(story.seen_by(ada).await["participants"], json!([]));
        let taken = story.take_over(&boss, false).await;
        assert_eq!(taken["session"]["participants"], json!([]), "{taken}");
        reply(&boss, session, "in camera").await;
        assert_eq!(messages(ada, session).await.len(), 3);
        assert_eq!(story.left_by(ada).await["totalCount"], 1);
        mutate(&boss, "sessionClose", json!({ "sessionId": session }), "session { id }").await;
        assert_eq!(code(&story.take_over(&desk.admin, false).await), "ALREADY_CLOSED");
    }

    async fn who_joins_reads_along_until_they_leave(engine: Engine) {
        let story = Story::begin(engine).await;
        let Story { desk, sandbox, ada, bob, session } = &story;
        let (hers, his) = (id_of(ada).await, id_of(bob).await);
        let stranger = id_of(&desk.add_stranger("eve@desk.test").await).await;
        let cleo = desk.add_agent("cleo@desk.test", "Sandbox", "agent").await;
        assert_eq!(code(&story.participant(bob, "Add", &his).await), "SESSION_NOT_FOUND");
        assert_eq!(code(&story.participant(ada, "Add", &hers).await), "IS_ASSIGNEE");
        assert_eq!(code(&story.participant(ada, "Add", &stranger).await), "AGENT_NOT_FOUND");
        let joined = json!([{ "email": "bob@desk.test" }]);
        for _ in 0..2 {
            assert_eq!(story.participant(ada, "Add", &his).await["session"]["participants"], joined);
        }
        assert_eq!(messages(bob, session).await.len(), 2, "from the first message on");
        assert_eq!(sessions(bob, sandbox).await.len(), 1);
        let refused = try_send(bob, json!({ "sessionId": session, "text": "hi" })).await.unwrap();
        assert_eq!(errors_of(&refused.data["messageSend"]), ["NOT_ACTIVE_REPLIER"]);
        assert_eq!(code(&story.participant(bob, "Add", &id_of(&cleo).await).await), "TAKEN_BY_ANOTHER");
        assert_eq!(code(&story.participant(bob, "Remove", &hers).await), "TAKEN_BY_ANOTHER");
        assert_eq!(code(&story.participant(ada, "Remove", &hers).await), "IS_ASSIGNEE");

        // He goes, and sees who was there then.
        let left = story.participant(bob, "Remove", &his).await;
        assert_eq!((errors_of(&left), &left["session"]["participants"]), (vec![], &json!([])), "{left}");
        story.participant(ada, "Add", &id_of(&cleo).await).await;
        customer_writes(&desk.admin, sandbox, 7, "a secret").await;
        until_written(&desk.admin, sandbox, 7, 2).await;
        let seen = story.seen_by(bob).await;
        assert_eq!((&seen["participants"], &seen["messages"]["totalCount"]), (&json!([]), &json!(2)));
        assert_eq!(story.left_by(bob).await["nodes"][0]["lastMessage"]["text"], "good day");
        let removed = story.participant(ada, "Remove", &id_of(&cleo).await).await;
        assert_eq!(removed["session"]["participants"], json!([]), "{removed}");
        assert_eq!(messages(&cleo, session).await.len(), 3);

        mutate(ada, "sessionClose", json!({ "sessionId": session }), "session { id }").await;
        assert_eq!(code(&story.participant(ada, "Add", &his).await), "ALREADY_CLOSED");
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
