//! The same done to many sessions, and what a customer asked about before.

use serde_json::{Value, json};
use tests::{Client, Engine, Sql, eventually, on_both_engines};

use crate::stage::{
    Desk, PATIENCE, client_at, customer_writes, errors_of, mutate, reply, sandbox, sessions, try_mutate, until_session,
    until_written,
};

const RESULTS: &str = "done refused results {
    sessionId session { id status priority assignee { email } tags { name } } userErrors { code path }
}";

/// Does something to sessions and returns what came of it, each with its code or nothing.
async fn bulk(client: &Client, project: &str, ids: &[String], action: Value) -> (Value, Vec<Option<String>>) {
    let mut input = json!({ "projectId": project, "sessionIds": ids });
    input.as_object_mut().unwrap().extend(action.as_object().unwrap().clone());
    let payload = mutate(client, "sessionsBulk", input, RESULTS).await;
    let results = payload["results"].as_array().expect("results").clone();
    let code = |result: &Value| result["userErrors"][0]["code"].as_str().map(str::to_owned);
    let codes: Vec<Option<String>> = results.iter().map(code).collect();
    let refused = codes.iter().flatten().count();
    assert_eq!((&payload["refused"], &payload["done"]), (&json!(refused), &json!(codes.len() - refused)));
    (json!(results), codes)
}

async fn several(desk: &Desk, project: &str, count: i64) -> Vec<String> {
    several_more(desk, project, 1, count).await
}

/// Sessions of so many customers from this one on, opened one after the other: what comes of each is told in that order.
async fn several_more(desk: &Desk, project: &str, first: i64, count: i64) -> Vec<String> {
    let mut ids = Vec::new();
    for customer in first..first + count {
        customer_writes(&desk.admin, project, customer, "hello").await;
        ids.push(until_session(&desk.admin, project, customer).await);
    }
    ids
}

async fn id_of(client: &Client) -> Value {
    client.query("{ viewer { id } }", Value::Null).await["viewer"]["id"].take()
}

on_both_engines! {
    async fn who_only_reads_along_ends_nothing(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let sessions = several(&desk, &project, 1).await;
        let one = json!({ "sessionId": sessions[0] });
        reply(&ada, &sessions[0], "mine").await;
        let joins = json!({ "sessionId": sessions[0], "agentId": id_of(&bob).await });
        mutate(&ada, "sessionParticipantAdd", joins, "session { id }").await;
        for mutation in ["sessionClose", "sessionResolve"] {
            let refused = try_mutate(&bob, mutation, one.clone(), "session { status }").await;
            assert_eq!((errors_of(&refused), &refused["session"]), (vec!["NOT_ACTIVE_REPLIER"], &Value::Null), "{mutation}");
        }
        let (_, codes) = bulk(&bob, &project, &sessions, json!({ "action": "CLOSE" })).await;
        assert_eq!(codes, [Some("TAKEN_BY_ANOTHER".to_owned())]);
        // A supervisor does, though somebody else answers in it.
        let closed = mutate(&desk.admin, "sessionClose", one, "session { status assignee { email } }").await;
        assert_eq!(closed["session"], json!({ "status": "CLOSED", "assignee": { "email": "ada@desk.test" } }));
    }

    async fn each_session_has_a_result_of_its_own(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let ids = several(&desk, &project, 4).await;
        // Half of them are another agent's.
        for id in &ids[2..] {
            reply(&bob, id, "mine").await;
        }
        let hidden = || Some("SESSION_NOT_FOUND".to_owned());
        let hers = json!({ "action": "ASSIGN", "agentId": id_of(&ada).await });
        let turned: Vec<String> = ids.iter().rev().cloned().collect();
        let (results, codes) = bulk(&ada, &project, &turned, hers).await;
        assert_eq!(codes, [None, None, hidden(), hidden()]);
        let order: Vec<&str> = results.as_array().unwrap().iter().map(|one| one["sessionId"].as_str().unwrap()).collect();
        let mut sorted = sessions(&desk.admin, &project).await;
        sorted.sort_by_key(|session| session["number"].as_i64());
        assert_eq!(json!(order), json!(sorted.iter().map(|one| &one["id"]).collect::<Vec<_>>()), "in the order of the ids");

        // Everything that can be done to one can be done to many.
        let tag = json!({ "projectId": project, "name": "Gold", "color": "#d93025" });
        let tag = mutate(&desk.admin, "tagCreate", tag, "tag { id }").await["tag"]["id"].take();
        let (results, _) = bulk(&ada, &project, &ids[..2], json!({ "action": "TAGS_ADD", "tagIds": [tag] })).await;
        assert_eq!(results[0]["session"]["tags"], json!([{ "name": "Gold" }]));
        let (results, _) = bulk(&ada, &project, &ids[..2], json!({ "action": "TAGS_REMOVE", "tagIds": [tag] })).await;
        assert_eq!(results[1]["session"]["tags"], json!([]));
        let (results, _) = bulk(&ada, &project, &ids[..2], json!({ "action": "PRIORITY", "priority": "URGENT" })).await;
        assert_eq!(results[0]["session"]["priority"], "URGENT");
        let waits = json!({ "action": "STATUS", "status": "FOLLOW_UP", "followUp": { "awaited": "CUSTOMER" } });
        let (results, _) = bulk(&ada, &project, &ids[..2], waits).await;
        assert_eq!(results[1]["session"]["status"], "FOLLOW_UP");
        let (results, codes) = bulk(&ada, &project, &ids[..1], json!({ "action": "RESOLVE", "summary": "done" })).await;
        assert_eq!((&results[0]["session"]["status"], codes), (&json!("PROCESSING"), vec![None]));
        let (_, codes) = bulk(&ada, &project, &ids[..1], json!({ "action": "RESOLVE" })).await;
        assert_eq!(codes, [Some("ALREADY_RESOLVED".to_owned())]);
        let hand = json!({ "action": "TRANSFER", "agentId": id_of(&bob).await, "description": "yours" });
        let (results, codes) = bulk(&ada, &project, &ids, hand.clone()).await;
        assert_eq!(codes, [None, None, hidden(), hidden()]);
        assert_eq!(results[0]["session"]["assignee"]["email"], "bob@desk.test");
        assert_eq!(bulk(&desk.admin, &project, &ids[..1], hand).await.1, [Some("SAME_TARGET".to_owned())]);
        let undescribed = json!({ "action": "TRANSFER", "agentId": id_of(&ada).await });
        assert_eq!(bulk(&bob, &project, &ids[..1], undescribed).await.1, [Some("DESCRIPTION_REQUIRED".to_owned())]);

        // What is refused for one stops none of the others.
        mutate(&bob, "sessionClose", json!({ "sessionId": ids[1] }), "session { id }").await;
        let (_, codes) = bulk(&bob, &project, &ids, json!({ "action": "CLOSE" })).await;
        assert_eq!(codes, [None, Some("SESSION_CLOSED".to_owned()), None, None]);
        // As if each had been asked for alone, it is in the audit log.
        let sql = Sql::connect(&desk.database).await.unwrap();
        let closed = "SELECT count(*) FROM audit_log WHERE action = 'sessionClose' AND agent_id IS NOT NULL";
        assert_eq!(sql.number(closed).await.unwrap(), 4);
    }

    async fn two_requests_at_once_do_everything_once(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let boss = desk.add_agent("boss@desk.test", "Sandbox", "supervisor").await;
        let ids = several(&desk, &project, 12).await;
        let close = || json!({ "action": "CLOSE" });
        let (one, other) = tokio::join!(bulk(&desk.admin, &project, &ids, close()), bulk(&boss, &project, &ids, close()));
        let done = one.1.iter().chain(&other.1).filter(|code| code.is_none()).count();
        assert_eq!(done, ids.len(), "{one:?} {other:?}");
        assert!(sessions(&desk.admin, &project).await.iter().all(|session| session["status"] == "CLOSED"));
    }

    async fn a_request_under_a_key_does_nothing_twice_and_gives_its_results_again(engine: Engine) {
        let mut desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let ids = several(&desk, &project, 4).await;
        reply(&bob, &ids[3], "mine").await;
        // By a filter, which would find others the next time.
        let unread = json!({ "status": { "eq": "UNREAD" } });
        let transfer = json!({ "projectId": project, "filter": unread, "limit": 2, "action": "TRANSFER",
            "agentId": id_of(&bob).await, "description": "yours", "idempotencyKey": "once" });
        let first = mutate(&ada, "sessionsBulk", transfer.clone(), RESULTS).await;
        assert_eq!((&first["done"], &first["results"][1]["sessionId"]), (&json!(2), &json!(ids[1])), "{first}");
        let handed = "SELECT count(*) FROM audit_log WHERE action = 'sessionTransfer'";
        let sql = Sql::connect(&desk.database).await.unwrap();
        assert_eq!(sql.number(handed).await.unwrap(), 2);
        // Back to her, which is not undone; what she is shown is what is now.
        let back = json!({ "sessionId": ids[0], "toAgentId": id_of(&ada).await, "description": "no, yours" });
        mutate(&bob, "sessionTransfer", back, "session { id }").await;
        desk.restart().await;
        let ada = desk.client_with_token_of(&ada);
        let again = mutate(&ada, "sessionsBulk", transfer.clone(), RESULTS).await;
        let shown = |payload: &Value| {
            let results = payload["results"].as_array().unwrap().iter();
            results.map(|one| (one["sessionId"].clone(), one["userErrors"].clone())).collect::<Vec<_>>()
        };
        assert_eq!((shown(&again), &again["done"]), (shown(&first), &json!(2)));
        assert_eq!(again["results"][0]["session"]["assignee"]["email"], "ada@desk.test");
        assert_eq!(again["results"][1]["session"]["assignee"]["email"], "bob@desk.test");
        let sql = Sql::connect(&desk.database).await.unwrap();
        assert_eq!(sql.number(handed).await.unwrap(), 3);

        // Refusals come again as well, though by now it could be done.
        let close = json!({ "projectId": project, "sessionIds": [ids[0], ids[3]], "action": "CLOSE", "idempotencyKey": "close" });
        let first = mutate(&ada, "sessionsBulk", close.clone(), RESULTS).await;
        assert_eq!((&first["done"], &first["refused"]), (&json!(1), &json!(1)), "{first}");
        let hers = json!({ "sessionId": ids[3], "toAgentId": id_of(&ada).await, "description": "yours" });
        mutate(&desk.admin, "sessionTransfer", hers, "session { id }").await;
        assert_eq!(shown(&mutate(&ada, "sessionsBulk", close.clone(), RESULTS).await), shown(&first));

        // The key is for one request, and is one.
        let mut other = close.clone();
        other["sessionIds"] = json!([ids[0]]);
        assert_eq!(errors_of(&try_mutate(&ada, "sessionsBulk", other, RESULTS).await), ["IDEMPOTENCY_KEY_REUSED"]);
        let mut empty = close;
        empty["idempotencyKey"] = json!("");
        assert_eq!(errors_of(&try_mutate(&ada, "sessionsBulk", empty, RESULTS).await), ["IDEMPOTENCY_KEY_MALFORMED"]);
    }

    async fn a_request_that_was_broken_off_goes_on_where_it_was(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let ids = several(&desk, &project, 3).await;
        let close = json!({ "projectId": project, "sessionIds": ids, "action": "CLOSE", "idempotencyKey": "close" });
        let first = mutate(&ada, "sessionsBulk", close.clone(), RESULTS).await;
        assert_eq!(first["done"], 3, "{first}");
        // As after a crash before the last of them, when nobody knew the results yet.
        let sql = Sql::connect(&desk.database).await.unwrap();
        sql.execute("UPDATE bulk_requests SET results = NULL").await.unwrap();
        mutate(&ada, "sessionReopen", json!({ "sessionId": ids[0] }), "session { id }").await;
        let again = mutate(&ada, "sessionsBulk", close.clone(), RESULTS).await;
        assert_eq!((&again["done"], &again["refused"]), (&json!(3), &json!(0)), "{again}");
        assert_eq!(again["results"][0]["session"]["status"], "UNREAD", "what was done is not done again: {again}");
        let kept = "SELECT count(*) FROM bulk_requests WHERE results IS NOT NULL";
        assert_eq!(sql.number(kept).await.unwrap(), 1);
        // Of two at once each session is done once, and both say so.
        let ids = several_more(&desk, &project, 10, 12).await;
        let close = json!({ "projectId": project, "sessionIds": ids, "action": "CLOSE", "idempotencyKey": "both" });
        let (one, other) = tokio::join!(
            mutate(&ada, "sessionsBulk", close.clone(), RESULTS),
            mutate(&ada, "sessionsBulk", close.clone(), RESULTS)
        );
        assert_eq!((&one["done"], &other["done"]), (&json!(12), &json!(12)), "{one} {other}");
        let closed = "SELECT count(*) FROM audit_log WHERE action = 'sessionClose'";
        assert_eq!(sql.number(closed).await.unwrap(), 15);
    }

    async fn what_another_request_did_to_a_session_is_not_taken_for_done(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let mut tags = Vec::new();
        for name in ["Gold", "Silver"] {
            let tag = json!({ "projectId": project, "name": name, "color": "#d93025" });
            tags.push(mutate(&desk.admin, "tagCreate", tag, "tag { id }").await["tag"]["id"].take());
        }
        let add = |ids: &[String], tag: usize, key: &str| {
            json!({ "projectId": project, "sessionIds": ids, "action": "TAGS_ADD", "tagIds": [tags[tag]], "idempotencyKey": key })
        };
        let mut ids = several(&desk, &project, 2).await;
        let gold = add(&ids, 0, "gold");
        assert_eq!(mutate(&ada, "sessionsBulk", gold.clone(), RESULTS).await["done"], 2);
        // As after a crash before a third session that was meant as well.
        ids.extend(several_more(&desk, &project, 3, 1).await);
        let sql = Sql::connect(&desk.database).await.unwrap();
        let mut numbers = Vec::new();
        for place in 0..3 {
            let number = format!("SELECT id FROM sessions ORDER BY id LIMIT 1 OFFSET {place}");
            numbers.push(sql.number(&number).await.unwrap());
        }
        let broken_off = format!("UPDATE bulk_requests SET results = NULL, session_ids = '{}'", json!(numbers));
        sql.execute(&broken_off).await.unwrap();
        // Meanwhile she does the like to the third by another request, and takes back what was done to the first.
        let silver = mutate(&ada, "sessionsBulk", add(&ids[2..], 1, "silver"), RESULTS).await;
        assert_eq!(silver["results"][0]["session"]["tags"], json!([{ "name": "Silver" }]));
        let (_, codes) = bulk(&ada, &project, &ids[..1], json!({ "action": "TAGS_REMOVE", "tagIds": [tags[0]] })).await;
        assert_eq!(codes, [None]);

        let again = mutate(&ada, "sessionsBulk", gold.clone(), RESULTS).await;
        assert_eq!((&again["done"], &again["refused"]), (&json!(3), &json!(0)), "{again}");
        let tags_of = |id: &String| {
            let result = again["results"].as_array().unwrap().iter().find(|one| one["sessionId"] == json!(id));
            result.expect("a result")["session"]["tags"].clone()
        };
        assert_eq!(tags_of(&ids[0]), json!([]), "what was done is not done again");
        assert_eq!(tags_of(&ids[1]), json!([{ "name": "Gold" }]));
        assert_eq!(tags_of(&ids[2]), json!([{ "name": "Gold" }, { "name": "Silver" }]), "and the rest is done");
    }

    async fn sessions_are_named_or_filtered_and_never_too_many(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let ids = several(&desk, &project, 3).await;
        let elsewhere = json!({ "name": "Elsewhere", "sandbox": true });
        let elsewhere = mutate(&desk.admin, "projectCreate", elsewhere, "project { id }").await["project"]["id"].take();
        let unread = json!({ "status": { "eq": "UNREAD" } });
        let many: Vec<&String> = std::iter::repeat_n(&ids[0], 101).collect();
        for (input, expected) in [
            (json!({ "action": "CLOSE" }), "SCOPE_REQUIRED"),
            (json!({ "action": "CLOSE", "sessionIds": ids, "filter": unread }), "SCOPE_REQUIRED"),
            (json!({ "action": "CLOSE", "sessionIds": [] }), "WRONG_COUNT"),
            (json!({ "action": "CLOSE", "sessionIds": many }), "WRONG_COUNT"),
            (json!({ "action": "CLOSE", "filter": unread }), "ARGUMENT_MISSING"),
            (json!({ "action": "CLOSE", "filter": unread, "limit": 101 }), "WRONG_COUNT"),
            (json!({ "action": "CLOSE", "sessionIds": ids, "limit": 1 }), "INVALID_ARGUMENT"),
            (json!({ "action": "CLOSE", "sessionIds": ids, "limit": 101 }), "INVALID_ARGUMENT"),
            (json!({ "action": "CLOSE", "sessionIds": ids, "filter": unread, "limit": 1 }), "SCOPE_REQUIRED"),
            (json!({ "action": "CLOSE", "sessionIds": ids, "summary": "done" }), "INVALID_ARGUMENT"),
            (json!({ "action": "PRIORITY", "sessionIds": ids, "priority": "LOW", "tagIds": [] }), "INVALID_ARGUMENT"),
            (json!({ "action": "ASSIGN", "sessionIds": ids, "agentId": null, "teamId": project }), "INVALID_ARGUMENT"),
            (json!({ "action": "ASSIGN", "sessionIds": ids }), "ARGUMENT_MISSING"),
            (json!({ "action": "TRANSFER", "sessionIds": ids, "description": "x" }), "ARGUMENT_MISSING"),
            (json!({ "action": "STATUS", "sessionIds": ids, "status": "FOLLOW_UP" }), "ARGUMENT_MISSING"),
            (json!({ "action": "TAGS_ADD", "sessionIds": ids, "tagIds": [] }), "ARGUMENT_MISSING"),
            (json!({ "action": "PRIORITY", "sessionIds": ids }), "ARGUMENT_MISSING"),
            (json!({ "action": "CLOSE", "sessionIds": [project] }), "INVALID_ID"),
        ] {
            let mut input = input;
            input["projectId"] = json!(project);
            let payload = try_mutate(&ada, "sessionsBulk", input, RESULTS).await;
            assert_eq!(errors_of(&payload), [expected], "{payload}");
            assert_eq!((&payload["results"], &payload["done"]), (&json!([]), &json!(0)));
        }
        let malformed = json!({ "projectId": project, "sessionIds": [ids[0], "x"], "action": "CLOSE" });
        let payload = try_mutate(&ada, "sessionsBulk", malformed, "userErrors { path }").await;
        assert_eq!(payload["userErrors"][0]["path"], json!(["input", "sessionIds", "1"]), "it says which");
        let input = json!({ "projectId": elsewhere, "sessionIds": ids, "action": "CLOSE" });
        assert_eq!(errors_of(&try_mutate(&ada, "sessionsBulk", input.clone(), RESULTS).await), ["PROJECT_NOT_FOUND"]);
        let payload = mutate(&desk.admin, "sessionsBulk", input, RESULTS).await;
        assert_eq!(payload["refused"], 3, "they are another project's: {payload}");

        customer_writes(&desk.admin, &project, 1, "and one more thing").await;
        until_written(&desk.admin, &project, 1, 2).await;
        let first = until_session(&desk.admin, &project, 2).await;
        let input = json!({ "projectId": project, "filter": unread, "limit": 1, "action": "CLOSE" });
        let payload = mutate(&ada, "sessionsBulk", input, RESULTS).await;
        assert_eq!(payload["results"][0]["sessionId"], json!(first), "the last message of the other is newer: {payload}");
        let input = json!({ "projectId": project, "filter": unread, "limit": 2, "action": "CLOSE" });
        let payload = mutate(&ada, "sessionsBulk", input, RESULTS).await;
        assert_eq!((&payload["done"], &payload["results"][0]["sessionId"]), (&json!(2), &json!(ids[0])), "{payload}");
    }

    async fn who_sees_a_session_reads_the_history_behind_it(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let mut ids = Vec::new();
        for number in 0..3 {
            customer_writes(&desk.admin, &project, 7, &format!("question {number}")).await;
            let newer = || async {
                let newest = crate::stage::session_of(&desk.admin, &project, 7).await?;
                let id = newest["id"].as_str()?.to_owned();
                (!ids.contains(&id)).then_some(id)
            };
            let id = eventually(PATIENCE, newer).await;
            let hand = json!({ "sessionId": id, "agentId": id_of(if number < 2 { &ada } else { &bob }).await });
            mutate(&desk.admin, "sessionAssign", hand, "session { id }").await;
            if number < 2 {
                mutate(&ada, "sessionClose", json!({ "sessionId": id }), "session { id }").await;
                let day = json!({ "projectId": project, "seconds": 90_000 });
                mutate(&desk.admin, "sandboxClockAdvance", day, "project { id }").await;
            }
            ids.push(id);
        }
        let document = "query Earlier($id: ID!, $first: Int, $after: String) {
            session(id: $id) { earlierSessions(first: $first, after: $after) {
                totalCount nodes { id lastMessage { text } } pageInfo { hasNextPage hasPreviousPage endCursor }
            } }
        }";
        let earlier = async |client: &Client, id: &str, first: i64, after: Option<&str>| {
            let variables = json!({ "id": id, "first": first, "after": after });
            client.query(document, variables).await["session"]["earlierSessions"].take()
        };
        let all = earlier(&bob, &ids[2], 10, None).await;
        assert_eq!(all["totalCount"], 2, "{all}");
        let texts = json!([{ "id": ids[1], "lastMessage": { "text": "question 1" } },
            { "id": ids[0], "lastMessage": { "text": "question 0" } }]);
        assert_eq!(all["nodes"], texts, "the newest first");
        let first = earlier(&bob, &ids[2], 1, None).await;
        assert_eq!((&first["pageInfo"]["hasNextPage"], &first["pageInfo"]["hasPreviousPage"]), (&json!(true), &json!(false)));
        let second = earlier(&bob, &ids[2], 1, first["pageInfo"]["endCursor"].as_str()).await;
        assert_eq!((&second["nodes"][0]["id"], &second["pageInfo"]["hasNextPage"]), (&json!(ids[0]), &json!(false)));
        assert_eq!(earlier(&ada, &ids[1], 10, None).await["totalCount"], 1);
        assert_eq!(earlier(&ada, &ids[0], 10, None).await["nodes"], json!([]));
        assert_eq!(earlier(&ada, &ids[2], 10, None).await, Value::Null, "that one is somebody else's");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_request_at_two_processes_at_once_does_everything_once() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let desk = Desk::start(Engine::Postgres).await;
    let other = desk.another_process().await;
    let project = sandbox(&desk.admin).await;
    let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
    let ada_there = client_at(&other, &ada);
    let ids = several(&desk, &project, 12).await;
    let close = json!({ "projectId": project, "sessionIds": ids, "action": "CLOSE", "idempotencyKey": "close" });
    let (one, two) = tokio::join!(
        mutate(&ada, "sessionsBulk", close.clone(), RESULTS),
        mutate(&ada_there, "sessionsBulk", close.clone(), RESULTS)
    );
    for results in [&one, &two] {
        assert_eq!((&results["done"], &results["refused"]), (&json!(12), &json!(0)), "{one} {two}");
    }
    let sql = Sql::connect(&desk.database).await.unwrap();
    for (count, expected) in [
        ("SELECT count(*) FROM bulk_requests", 1),
        ("SELECT count(*) FROM audit_log WHERE action = 'sessionClose'", 12),
        ("SELECT count(DISTINCT object_id) FROM audit_log WHERE action = 'sessionClose'", 12),
    ] {
        assert_eq!(sql.number(count).await.unwrap(), expected, "{count}");
    }
}
