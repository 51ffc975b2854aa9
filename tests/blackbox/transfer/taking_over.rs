//! Those who take a session over, and those who read along in it.

use serde_json::json;
use tests::{Sql, eventually, on_both_engines};

use super::story::{Story, code, id_of};
use crate::stage::{
    PATIENCE, customer_writes, errors_of, event_cursor, messages, mutate, online, reply, sessions, try_send,
    until_written,
};

on_both_engines! {
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

    async fn who_reads_along_takes_over_while_the_other_is_away(engine: Engine) {
        let story = Story::begin(engine).await;
        let Story { desk, sandbox, ada, bob, session } = &story;
        story.participant(ada, "Add", &id_of(bob).await).await;
        let console = online(ada, sandbox).await;
        assert_eq!(code(&story.take_over(bob, true).await), "ASSIGNEE_ONLINE");
        assert_eq!(story.seen_by(ada).await["assignee"]["email"], "ada@desk.test");
        // Who reloads their console is there.
        drop(console);
        let sql = Sql::connect(&desk.database).await.unwrap();
        let ended = || async {
            let live = sql.number("SELECT count(*) FROM presence WHERE live").await.unwrap();
            if live == 0 { Ok(()) } else { Err(live) }
        };
        eventually(PATIENCE, ended).await;
        assert_eq!(code(&story.take_over(bob, true).await), "ASSIGNEE_ONLINE");
        sql.execute("UPDATE presence SET last_seen = last_seen - 60000000").await.unwrap();

        let start = event_cursor(&desk.admin, sandbox).await;
        let taken = story.take_over(bob, true).await;
        assert_eq!(taken["session"]["assignee"]["email"], "bob@desk.test", "{taken}");
        assert_eq!(taken["session"]["participants"], json!([{ "email": "ada@desk.test" }]));
        let document = "subscription Events($id: ID!, $after: String) {
            sessionEvents(projectId: $id, after: $after) { __typename ... on SessionUpdated { cause } }
        }";
        let mut live = desk.admin.subscribe(document, json!({ "id": sandbox, "after": start })).await;
        let told = json!({ "__typename": "SessionUpdated", "cause": "TAKE_OVER" });
        assert_eq!(live.next_within(PATIENCE).await["sessionEvents"], told);
        let audited = "SELECT count(*) FROM audit_log WHERE action = 'sessionTakeOver'
            AND agent_id = (SELECT id FROM agents WHERE email = 'bob@desk.test')";
        assert_eq!(sql.number(audited).await.unwrap(), 1);
        reply(bob, session, "she is away").await;
        // She does the same, since he is not there either; who has nothing to do with it does not.
        let cleo = desk.add_agent("cleo@desk.test", "Sandbox", "agent").await;
        assert_eq!(code(&story.take_over(&cleo, true).await), "SESSION_NOT_FOUND");
        let taken = story.take_over(ada, false).await;
        assert_eq!(taken["session"]["assignee"]["email"], "ada@desk.test", "{taken}");
        assert_eq!(story.left_by(bob).await["totalCount"], 1);
        // Supervisors do it at any time.
        let _console = online(ada, sandbox).await;
        assert_eq!(errors_of(&story.take_over(&desk.admin, true).await), [""; 0]);
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
}
