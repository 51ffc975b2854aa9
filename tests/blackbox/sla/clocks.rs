//! Clocks start, stand still, stop and are late, by the tables of the guide.

use tests::on_both_engines;

use super::*;
use crate::session_life::in_future;

/// A tag that every project begins with.
async fn preset_tag(client: &Client, project: &str, preset: &str) -> Value {
    let document = "query Tags($id: ID!) { project(id: $id) { tags { id preset } } }";
    let mut data = client.query(document, json!({ "id": project })).await;
    let Value::Array(tags) = data["project"]["tags"].take() else { panic!("tags are a list: {data}") };
    tags.into_iter().find(|tag| tag["preset"] == preset).expect("every project begins with it")["id"].take()
}

on_both_engines! {
    async fn the_first_answer_and_the_resolution_are_promised_by_the_type_of_the_session(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let session = session_of_new_customer(&desk, &sandbox, 7).await;
        let first = until_state(&desk.admin, &session, "FIRST_RESPONSE", "PENDING").await;
        assert_eq!((&first["type"], &first["targetSeconds"]), (&json!("STANDARD"), &json!(5 * MINUTE)));
        assert_eq!(seconds(&first["startedAt"], &first["dueAt"]), 5 * MINUTE);
        let resolution = until_state(&desk.admin, &session, "RESOLUTION", "PENDING").await;
        assert_eq!(seconds(&resolution["startedAt"], &resolution["dueAt"]), 30 * MINUTE);

        advance(&desk.admin, &sandbox, 4 * MINUTE).await;
        until_state(&desk.admin, &session, "FIRST_RESPONSE", "IMMINENT_BREACH").await;
        reply(&desk.admin, &session, "good day").await;
        let first = until_state(&desk.admin, &session, "FIRST_RESPONSE", "ACHIEVED").await;
        assert!(first["endedAt"].is_string(), "{first}");
        advance(&desk.admin, &sandbox, 20 * MINUTE).await;
        until_state(&desk.admin, &session, "RESOLUTION", "IMMINENT_BREACH").await;
        mutate(&desk.admin, "sessionResolve", json!({ "sessionId": session }), "session { id }").await;
        until_state(&desk.admin, &session, "RESOLUTION", "ACHIEVED").await;
    }

    async fn what_is_late_is_late_until_it_is_done_and_then_was_late(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let session = session_of_new_customer(&desk, &sandbox, 7).await;
        advance(&desk.admin, &sandbox, 31 * MINUTE).await;
        let late = until_state(&desk.admin, &session, "FIRST_RESPONSE", "BREACHING").await;
        assert_eq!(seconds(&late["startedAt"], &late["dueAt"]), 5 * MINUTE);
        until_state(&desk.admin, &session, "RESOLUTION", "BREACHING").await;
        reply(&desk.admin, &session, "good day").await;
        until_state(&desk.admin, &session, "FIRST_RESPONSE", "BREACHED").await;
        mutate(&desk.admin, "sessionResolve", json!({ "sessionId": session }), "session { id }").await;
        until_state(&desk.admin, &session, "RESOLUTION", "BREACHED").await;
    }

    async fn what_the_desk_writes_by_itself_is_no_answer(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let greets = json!({ "projectId": sandbox, "texts": [{ "text": "Welcome" }] });
        mutate(&desk.admin, "projectGreetingUpdate", greets, "project { id }").await;
        let session = session_of_new_customer(&desk, &sandbox, 7).await;
        until_settled(&desk.admin, &session, "Welcome").await;
        until_state(&desk.admin, &session, "FIRST_RESPONSE", "PENDING").await;
        advance(&desk.admin, &sandbox, 6 * MINUTE).await;
        until_state(&desk.admin, &session, "FIRST_RESPONSE", "BREACHING").await;
    }

    async fn the_next_answer_is_owed_from_the_first_message_that_nobody_answered_until_the_resolution(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let session = session_of_new_customer(&desk, &sandbox, 7).await;
        reply(&desk.admin, &session, "good day").await;
        customer_writes(&desk.admin, &sandbox, 7, "it is broken").await;
        let next = until_state(&desk.admin, &session, "NEXT_RESPONSE", "PENDING").await;
        advance(&desk.admin, &sandbox, MINUTE).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello?").await;
        until_written(&desk.admin, &sandbox, 7, 3).await;
        let same = until_state(&desk.admin, &session, "NEXT_RESPONSE", "PENDING").await;
        assert_eq!((&same["id"], &same["dueAt"]), (&next["id"], &next["dueAt"]));
        mutate(&desk.admin, "sessionResolve", json!({ "sessionId": session }), "session { id }").await;
        until_state(&desk.admin, &session, "NEXT_RESPONSE", "CANCELLED").await;
        until_state(&desk.admin, &session, "RESOLUTION", "ACHIEVED").await;
        advance(&desk.admin, &sandbox, HOUR).await;

        // What comes back is a new matter.
        customer_writes(&desk.admin, &sandbox, 7, "it is broken again").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        until_state(&desk.admin, &session, "NEXT_RESPONSE", "PENDING").await;
        let resolution = until_state(&desk.admin, &session, "RESOLUTION", "PENDING").await;
        assert_eq!(seconds(&resolution["startedAt"], &resolution["dueAt"]), 30 * MINUTE);
    }

    async fn the_time_stands_still_while_the_customer_is_waited_for_and_the_clock_explains_it(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let session = session_of_new_customer(&desk, &sandbox, 7).await;
        reply(&desk.admin, &session, "which one?").await;
        advance(&desk.admin, &sandbox, 10 * MINUTE).await;
        stands(&desk.admin, &session, "FOLLOW_UP", json!({ "awaited": "CUSTOMER" })).await;
        let paused = until_state(&desk.admin, &session, "RESOLUTION", "PAUSED").await;
        assert!(paused["dueAt"].is_null() && paused["pausedAt"].is_string(), "{paused}");
        advance(&desk.admin, &sandbox, 2 * HOUR).await;
        customer_writes(&desk.admin, &sandbox, 7, "the blue one").await;
        let resumed = until_state(&desk.admin, &session, "RESOLUTION", "PENDING").await;
        let still = seconds(&resumed["startedAt"], &resumed["dueAt"]) - 30 * MINUTE;
        assert!((2 * HOUR..2 * HOUR + MINUTE).contains(&still), "{resumed}");

        // Waiting for somebody else is no reason.
        stands(&desk.admin, &session, "FOLLOW_UP", json!({ "awaited": "THIRD_PARTY" })).await;
        until_state(&desk.admin, &session, "RESOLUTION", "PENDING").await;
        stands(&desk.admin, &session, "PROCESSING", Value::Null).await;
        mutate(&desk.admin, "sessionResolve", json!({ "sessionId": session }), "session { id }").await;
        let ended = until_state(&desk.admin, &session, "RESOLUTION", "ACHIEVED").await;
        let segments = ended["explain"].as_array().unwrap();
        let reasons: Vec<&Value> = segments.iter().map(|segment| &segment["reason"]).collect();
        assert_eq!(reasons, ["WORKING_TIME", "WAITING_FOR_CUSTOMER", "WORKING_TIME"]);
        assert_eq!(segments[0]["from"], ended["startedAt"]);
        assert_eq!(segments[2]["to"], ended["endedAt"]);
        assert!(segments.windows(2).all(|pair| pair[0]["to"] == pair[1]["from"]), "{segments:?}");
        let counted = segments.iter().filter(|segment| segment["counted"] == true);
        let counted: i64 = counted.map(|segment| seconds(&segment["from"], &segment["to"])).sum();
        assert!((10 * MINUTE..11 * MINUTE).contains(&counted), "{segments:?}");
    }

    async fn who_waits_is_owed_an_answer_whatever_is_said_of_the_session(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let session = session_of_new_customer(&desk, &sandbox, 7).await;
        let first = until_state(&desk.admin, &session, "FIRST_RESPONSE", "PENDING").await;
        // Nobody has asked the customer anything.
        stands(&desk.admin, &session, "FOLLOW_UP", json!({ "awaited": "CUSTOMER" })).await;
        until_state(&desk.admin, &session, "RESOLUTION", "PAUSED").await;
        until_state(&desk.admin, &session, "FIRST_RESPONSE", "PENDING").await;
        advance(&desk.admin, &sandbox, 2 * MINUTE).await;
        mutate(&desk.admin, "sessionResolve", json!({ "sessionId": session }), "session { id }").await;
        until_state(&desk.admin, &session, "FIRST_RESPONSE", "CANCELLED").await;

        // It was not, and the customer waits as before.
        stands(&desk.admin, &session, "PROCESSING", Value::Null).await;
        let again = until_state(&desk.admin, &session, "FIRST_RESPONSE", "PENDING").await;
        assert!(seconds(&first["startedAt"], &again["startedAt"]).abs() < MINUTE, "{first} {again}");
        until_state(&desk.admin, &session, "RESOLUTION", "PENDING").await;
        customer_writes(&desk.admin, &sandbox, 7, "hello?").await;
        until_written(&desk.admin, &sandbox, 7, 2).await;
        advance(&desk.admin, &sandbox, 4 * MINUTE).await;
        let late = until_state(&desk.admin, &session, "FIRST_RESPONSE", "BREACHING").await;
        assert_eq!(late["id"], again["id"]);
        assert!(clocks(&desk.admin, &session).await.iter().all(|clock| clock["metric"] != "NEXT_RESPONSE"));
        // Given up, it is late all the same.
        mutate(&desk.admin, "sessionResolve", json!({ "sessionId": session }), "session { id }").await;
        until_state(&desk.admin, &session, "FIRST_RESPONSE", "BREACHED").await;
    }

    async fn a_complaint_is_answered_at_once(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let session = session_of_new_customer(&desk, &sandbox, 7).await;
        until_state(&desk.admin, &session, "FIRST_RESPONSE", "PENDING").await;
        let tags = json!({ "sessionId": session, "tagIds": [preset_tag(&desk.admin, &sandbox, "COMPLAINT").await] });
        mutate(&desk.admin, "sessionTagsAdd", tags.clone(), "session { id }").await;
        let late = until_state(&desk.admin, &session, "FIRST_RESPONSE", "BREACHING").await;
        assert_eq!(late["type"], "COMPLAINT");
        let resolution = until_state(&desk.admin, &session, "RESOLUTION", "PENDING").await;
        assert_eq!(seconds(&resolution["startedAt"], &resolution["dueAt"]), 2 * HOUR);
        // What it is counts for what comes next.
        reply(&desk.admin, &session, "we are sorry").await;
        customer_writes(&desk.admin, &sandbox, 7, "and now?").await;
        assert_eq!(until_state(&desk.admin, &session, "NEXT_RESPONSE", "BREACHING").await["type"], "COMPLAINT");
        reply(&desk.admin, &session, "now it works").await;
        mutate(&desk.admin, "sessionTagsRemove", tags, "session { id }").await;
        let resolution = until_state(&desk.admin, &session, "RESOLUTION", "PENDING").await;
        assert_eq!(seconds(&resolution["startedAt"], &resolution["dueAt"]), 30 * MINUTE);
    }

    async fn what_becomes_a_complaint_by_a_link_is_promised_as_one(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let complaint = preset_tag(&desk.admin, &sandbox, "COMPLAINT").await;
        let input = json!({ "projectId": sandbox, "name": "Complaints", "tagIds": [complaint] });
        let link = mutate(&desk.admin, "diversionLinkCreate", input, "diversionLink { code }").await;
        let session = session_of_new_customer(&desk, &sandbox, 7).await;
        until_state(&desk.admin, &session, "FIRST_RESPONSE", "PENDING").await;
        let start = format!("/start {}", link["diversionLink"]["code"].as_str().unwrap());
        customer_writes(&desk.admin, &sandbox, 7, &start).await;
        until_type(&desk.admin, &session, "FIRST_RESPONSE", "COMPLAINT").await;
    }

    async fn what_becomes_a_complaint_by_a_merge_is_promised_as_one(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let complaint = preset_tag(&desk.admin, &sandbox, "COMPLAINT").await;
        let mut angry = Vec::new();
        for name in ["Angry", "Furious"] {
            let input = json!({ "projectId": sandbox, "name": name, "color": "#aa0000" });
            angry.push(mutate(&desk.admin, "tagCreate", input, "tag { id }").await["tag"]["id"].take());
        }
        // More than are told of at once, of which the oldest is told of later.
        let mut sessions = Vec::new();
        for customer in 7..=58 {
            let session = session_of_new_customer(&desk, &sandbox, customer).await;
            let tags = json!({ "sessionId": session, "tagIds": [angry[0]] });
            mutate(&desk.admin, "sessionTagsAdd", tags, "session { id }").await;
            sessions.push(session);
        }
        let (oldest, newest) = (&sessions[0], &sessions[51]);
        until_state(&desk.admin, newest, "FIRST_RESPONSE", "PENDING").await;
        let merge = json!({ "fromId": angry[0], "intoId": complaint });
        mutate(&desk.admin, "tagMerge", merge, "tag { id }").await;
        for session in [newest, oldest] {
            assert_eq!(until_state(&desk.admin, session, "FIRST_RESPONSE", "BREACHING").await["type"], "COMPLAINT");
        }
        mutate(&desk.admin, "tagMerge", json!({ "fromId": complaint, "intoId": angry[1] }), "tag { id }").await;
        for session in [newest, oldest] {
            assert_eq!(until_type(&desk.admin, session, "RESOLUTION", "STANDARD").await["targetSeconds"], 30 * MINUTE);
        }
    }

    async fn what_the_desk_answers_by_itself_starts_no_clock(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        customer_writes(&desk.admin, &sandbox, 7, "/status").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let told = "You have no such ticket. Write /status and its number, like /status #12.";
        until_settled(&desk.admin, &session, told).await;
        assert_eq!(clocks(&desk.admin, &session).await, Vec::<Value>::new());
        let unread = || async {
            let document = "query Unread($id: ID!) { session(id: $id) { unreadCount } }";
            desk.admin.query(document, json!({ "id": session })).await["session"]["unreadCount"].take()
        };
        assert_eq!(unread().await, 0);
        customer_writes(&desk.admin, &sandbox, 7, "it is broken").await;
        until_state(&desk.admin, &session, "FIRST_RESPONSE", "PENDING").await;
        until_state(&desk.admin, &session, "RESOLUTION", "PENDING").await;
        assert_eq!(unread().await, 1);
    }

    async fn somebody_waits_since_they_wrote_however_long_the_desk_could_not_hear_it(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let written = time(&json!(in_future(&desk.admin, &sandbox, -4 * MINUTE).await));
        let kim = json!({ "id": 7, "is_bot": false, "first_name": "Kim" });
        let update = json!({ "message": { "message_id": 1, "date": written.timestamp(), "from": kim, "text": "hello",
            "chat": { "id": 7, "type": "private", "first_name": "Kim" } } });
        let pushed = json!({ "projectId": sandbox, "json": update.to_string() });
        mutate(&desk.admin, "sandboxUpdatePush", pushed, "updateId").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let clock = until_state(&desk.admin, &session, "FIRST_RESPONSE", "IMMINENT_BREACH").await;
        assert!((0..=1).contains(&(time(&clock["startedAt"]).timestamp() - written.timestamp())), "{clock}");
    }

    async fn nobody_owes_anything_in_a_session_that_ended_by_silence(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let lenient = json!({ "types": { "standard": { "resolutionSeconds": 30 * 24 * HOUR } } });
        set_policy(&desk.admin, &sandbox, lenient).await;
        let session = session_of_new_customer(&desk, &sandbox, 7).await;
        reply(&desk.admin, &session, "good day").await;
        until_state(&desk.admin, &session, "RESOLUTION", "PENDING").await;
        advance(&desk.admin, &sandbox, 24 * HOUR).await;
        until_state(&desk.admin, &session, "RESOLUTION", "CANCELLED").await;
    }

    async fn whoever_hands_a_session_over_sees_its_clocks_no_more(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let session = session_of_new_customer(&desk, &sandbox, 7).await;
        reply(&ada, &session, "good day").await;
        let clock = until_state(&ada, &session, "RESOLUTION", "PENDING").await["id"].take();
        let input = json!({ "sessionId": session, "toAgentId": id_of(&bob).await, "description": "for you" });
        mutate(&ada, "sessionTransfer", input, "transfer { at }").await;
        assert_eq!(clocks(&ada, &session).await, Vec::<Value>::new());
        let document = "query Node($id: ID!) { node(id: $id) { id } }";
        for (client, node) in [(&ada, Value::Null), (&bob, json!({ "id": clock }))] {
            assert_eq!(client.query(document, json!({ "id": clock })).await["node"], node);
        }
    }
}
