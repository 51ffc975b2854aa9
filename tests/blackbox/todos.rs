//! What is owed to customers: return visits by themselves, promises and waits by hand, with reminders.

use serde_json::{Value, json};
use tests::{Client, Sql, eventually, on_both_engines};

use crate::session_life::{HOUR, Updates, advance, in_future};
use crate::stage::{
    Desk, PATIENCE, customer_writes, errors_of, event_cursor, id_of, mutate, reply, sandbox, try_mutate, until_session,
};

/// What is looked at of a to-do.
const TODO: &str =
    "id kind text state dueFrom dueAt remindedAt version agent { email } team { name } settledBy { email }
    createdBy { email } session { id }";

on_both_engines! {
    async fn the_first_line_visits_the_customer_again_whoever_solved_it(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let [ada, bob, eve] = agents(&desk).await;
        let first = team(&desk, &sandbox, "First line", 1, &ada).await;
        let second = team(&desk, &sandbox, "Second line", 2, &bob).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        hand_to(&desk.admin, &session, &first).await;
        until_session(&ada, &sandbox, 7).await;
        reply(&ada, &session, "how can we help?").await;
        hand_to(&ada, &session, &second).await;
        until_session(&bob, &sandbox, 7).await;
        reply(&bob, &session, "it works again").await;
        let after = event_cursor(&desk.admin, &sandbox).await;
        resolve(&bob, &session).await;
        for client in [&ada, &bob, &desk.admin] {
            let found = todos(client, &sandbox, json!({})).await;
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!((&found[0]["kind"], &found[0]["state"]), (&json!("RETURN_VISIT"), &json!("OPEN")));
            assert_eq!((&found[0]["team"]["name"], &found[0]["agent"]), (&json!("First line"), &Value::Null));
            let (from, due) = (time(&found[0]["dueFrom"]), time(&found[0]["dueAt"]));
            assert_eq!(due - from, chrono::Duration::hours(24));
        }
        assert_eq!(todos(&eve, &sandbox, json!({})).await.len(), 0);
        let mut told = ada.subscribe(TODO_EVENTS, json!({ "projectId": sandbox, "after": after })).await;
        assert_eq!(told.next_within(PATIENCE).await["todoEvents"]["todo"]["state"], "OPEN");

        advance(&desk.admin, &sandbox, 24 * HOUR).await;
        let reminded = told.next_within(PATIENCE).await["todoEvents"]["todo"].take();
        assert!(reminded["remindedAt"].is_string(), "{reminded}");
        advance(&desk.admin, &sandbox, 24 * HOUR).await;
        let overdue = told.next_within(PATIENCE).await["todoEvents"]["todo"].take();
        assert!(time(&overdue["remindedAt"]) > time(&reminded["remindedAt"]), "the time for it is over: {overdue}");
        let done = mutate(&ada, "todoDone", json!({ "todoId": reminded["id"] }), &format!("todo {{ {TODO} }}")).await;
        assert_eq!((&done["todo"]["state"], &done["todo"]["settledBy"]["email"]), (&json!("DONE"), &json!("ada@desk.test")));
        assert_eq!(told.next_within(PATIENCE).await["todoEvents"]["todo"]["state"], "DONE");
        let again = try_mutate(&ada, "todoDone", json!({ "todoId": reminded["id"] }), "todo { id }").await;
        assert_eq!(errors_of(&again), ["ALREADY_SETTLED"]);
        assert_eq!(todos(&ada, &sandbox, json!({ "state": { "eq": "OPEN" } })).await.len(), 0);
    }

    async fn a_return_visit_is_given_up_when_the_session_goes_on_before(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        reply(&desk.admin, &session, "it works again").await;
        let mut given_up = 0;
        for way in ["customer", "status", "reopen", "closed"] {
            resolve(&desk.admin, &session).await;
            assert_eq!(todos(&desk.admin, &sandbox, json!({ "state": { "eq": "OPEN" } })).await.len(), 1, "{way}");
            match way {
                "status" => {
                    let input = json!({ "sessionId": session, "status": "PROCESSING" });
                    mutate(&desk.admin, "sessionStatusUpdate", input, "session { id }").await;
                }
                "reopen" => {
                    mutate(&desk.admin, "sessionClose", json!({ "sessionId": session }), "session { id }").await;
                    mutate(&desk.admin, "sessionReopen", json!({ "sessionId": session }), "session { id }").await;
                }
                "closed" => {
                    advance(&desk.admin, &sandbox, HOUR).await;
                    events.until(&session, "RESOLVED_CLOSE").await;
                    assert_eq!(todos(&desk.admin, &sandbox, json!({ "state": { "eq": "OPEN" } })).await.len(), 1, "it is over");
                    customer_writes(&desk.admin, &sandbox, 7, "it broke again").await;
                    events.until(&session, "CUSTOMER_MESSAGE").await;
                }
                _ => {
                    customer_writes(&desk.admin, &sandbox, 7, "it broke again").await;
                    events.until(&session, "CUSTOMER_MESSAGE").await;
                }
            }
            given_up += 1;
            let cancelled = json!({ "state": { "eq": "CANCELLED" }, "kind": { "in": ["RETURN_VISIT"] },
                "sessionId": { "eq": session } });
            assert_eq!(todos(&desk.admin, &sandbox, cancelled).await.len(), given_up, "{way}");
        }
    }

    async fn who_has_handed_a_session_over_is_told_of_its_to_dos_no_more_live_or_by_an_old_cursor(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let [ada, bob, _] = agents(&desk).await;
        let before = json!({ "projectId": sandbox, "after": event_cursor(&ada, &sandbox).await });
        let mut hers = ada.subscribe(TODO_EVENTS, before.clone()).await;
        let mut his = bob.subscribe(TODO_EVENTS, before.clone()).await;
        let mut made = Vec::new();
        for customer in [7, 8] {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
            let session = until_session(&desk.admin, &sandbox, customer).await;
            reply(&ada, &session, "we call you back").await;
            let due_at = in_future(&desk.admin, &sandbox, 2 * HOUR).await;
            let input = json!({ "sessionId": session, "kind": "PROMISE", "text": "call back", "dueAt": due_at });
            let todo = mutate(&ada, "todoCreate", input, "todo { id }").await["todo"]["id"].take();
            assert_eq!(hers.next_within(PATIENCE).await["todoEvents"]["todo"]["id"], todo);
            made.push((session, todo));
        }
        let [(given, his_todo), (_, her_todo)] = made.try_into().unwrap();
        let hand = json!({ "sessionId": given, "toAgentId": id_of(&bob).await, "description": "for you" });
        mutate(&ada, "sessionTransfer", hand, "session { id }").await;
        mutate(&bob, "todoDone", json!({ "todoId": his_todo }), "todo { id }").await;
        while his.next_within(PATIENCE).await["todoEvents"]["todo"]["state"] != "DONE" {}
        mutate(&ada, "todoDone", json!({ "todoId": her_todo }), "todo { id }").await;

        let mut again = ada.subscribe(TODO_EVENTS, before).await;
        for events in [&mut hers, &mut again] {
            loop {
                let told = events.next_within(PATIENCE).await["todoEvents"]["todo"].take();
                if told["state"] == "DONE" {
                    assert_eq!(told["id"], her_todo);
                    break;
                }
            }
        }
    }

    async fn a_promise_goes_along_with_its_session_and_whoever_has_it_is_reminded_once(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let [ada, bob, eve] = agents(&desk).await;
        let first = team(&desk, &sandbox, "First line", 1, &ada).await;
        link(&desk, &bob, &sandbox, 500).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        reply(&ada, &session, "we call you back").await;
        let due_at = in_future(&desk.admin, &sandbox, 2 * HOUR).await;
        let input = json!({ "sessionId": session, "kind": "PROMISE", "text": " call back ", "dueAt": due_at,
            "idempotencyKey": "once" });
        let made = mutate(&ada, "todoCreate", input.clone(), &format!("todo {{ {TODO} }}")).await["todo"].take();
        let again = mutate(&ada, "todoCreate", input, "todo { id }").await["todo"].take();
        assert_eq!(again["id"], made["id"]);
        assert_eq!((&made["text"], &made["agent"]["email"]), (&json!("call back"), &json!("ada@desk.test")));
        let input = json!({ "sessionId": session, "toAgentId": id_of(&bob).await, "description": "for you" });
        mutate(&ada, "sessionTransfer", input, "session { id }").await;
        let found = todos(&bob, &sandbox, json!({})).await;
        assert_eq!((found.len(), &found[0]["agent"]["email"]), (1, &json!("bob@desk.test")), "it survives the transfer");
        assert_eq!(in_session(&bob, &session).await, json!({ "nodes": [{ "id": made["id"] }], "totalCount": 1 }));
        for client in [&ada, &eve] {
            assert_eq!(todos(client, &sandbox, json!({})).await.len(), 0, "neither it nor the session is theirs");
        }
        assert_eq!(in_session(&ada, &session).await, json!({ "nodes": [], "totalCount": 0 }));
        let gone = try_mutate(&ada, "todoDone", json!({ "todoId": made["id"] }), "todo { id }").await;
        assert_eq!(errors_of(&gone), ["TODO_NOT_FOUND"]);

        advance(&desk.admin, &sandbox, 2 * HOUR).await;
        let reminded = || async {
            let found = todos(&bob, &sandbox, json!({})).await;
            if found[0]["remindedAt"].is_string() { Ok(()) } else { Err(found) }
        };
        eventually(PATIENCE, reminded).await;
        advance(&desk.admin, &sandbox, 2 * HOUR).await;
        let sql = Sql::connect(&desk.database).await.unwrap();
        let notices = "SELECT count(*) FROM outbox WHERE chat_id = 500
            AND payload LIKE '%To-do for session #% with Customer 7: a promise is due%'";
        assert_eq!(sql.number(notices).await.unwrap(), 1);

        let change = json!({ "todoId": made["id"], "agentId": id_of(&ada).await, "expectedVersion": made["version"] });
        let refused = try_mutate(&bob, "todoUpdate", change.clone(), &format!("todo {{ {TODO} }}")).await;
        assert_eq!(errors_of(&refused), ["VERSION_CONFLICT"], "he was reminded since");
        let mut change = change;
        change["expectedVersion"] = refused["todo"]["version"].clone();
        let changed = mutate(&bob, "todoUpdate", change, "todo { agent { email } remindedAt }").await;
        assert_eq!(changed["todo"], json!({ "agent": { "email": "ada@desk.test" }, "remindedAt": null }));
        assert_eq!(todos(&ada, &sandbox, json!({})).await.len(), 1, "it is hers again, without the session");

        // A team that is gone owes nothing: whoever has the session does.
        mutate(&bob, "todoUpdate", json!({ "todoId": made["id"], "teamId": first }), "todo { id }").await;
        mutate(&desk.admin, "teamDelete", json!({ "teamId": first }), "").await;
        let left = todos(&bob, &sandbox, json!({})).await;
        assert_eq!((&left[0]["agent"], &left[0]["team"], &left[0]["state"]), (&Value::Null, &Value::Null, &json!("OPEN")));
        let again = "SELECT count(*) FROM outbox WHERE chat_id = 500 AND payload LIKE '%a promise is due%'";
        let told_again = || async {
            let count = sql.number(again).await.unwrap();
            if count == 2 { Ok(()) } else { Err(count) }
        };
        eventually(PATIENCE, told_again).await;
    }

    async fn a_promise_of_a_session_that_a_team_gets_is_kept_by_whoever_takes_it(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let [ada, bob, eve] = agents(&desk).await;
        let first = team(&desk, &sandbox, "First line", 1, &bob).await;
        let member = json!({ "teamId": first, "agentId": id_of(&eve).await });
        mutate(&desk.admin, "teamMemberAdd", member, "team { id }").await;
        link(&desk, &bob, &sandbox, 500).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        reply(&ada, &session, "we call you back").await;
        let due_at = in_future(&desk.admin, &sandbox, 2 * HOUR).await;
        let input = json!({ "sessionId": session, "kind": "PROMISE", "text": "call back", "dueAt": due_at });
        mutate(&ada, "todoCreate", input, "todo { id }").await;
        hand_to(&ada, &session, &first).await;
        let ownerless = |found: &[Value]| (found[0]["agent"].clone(), found[0]["team"].clone()) == (Value::Null, Value::Null);
        for client in [&bob, &eve] {
            let found = todos(client, &sandbox, json!({})).await;
            assert!(ownerless(&found), "whoever has the session sees to it: {found:?}");
        }
        reply(&bob, &session, "I am on it").await;
        assert_eq!(todos(&eve, &sandbox, json!({})).await.len(), 0, "it is not hers");

        advance(&desk.admin, &sandbox, 2 * HOUR).await;
        let reminded = || async {
            let found = todos(&bob, &sandbox, json!({})).await;
            if found[0]["remindedAt"].is_string() { Ok(()) } else { Err(found) }
        };
        eventually(PATIENCE, reminded).await;
        let sql = Sql::connect(&desk.database).await.unwrap();
        let notices = "SELECT count(*) FROM outbox WHERE chat_id = 500 AND payload LIKE '%a promise is due%'";
        assert_eq!(sql.number(notices).await.unwrap(), 1);
    }

    async fn what_cannot_be_is_refused_and_what_is_owed_to_nobody_any_more_is_forgotten(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let stranger = id_of(&desk.add_stranger("eve@desk.test").await).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let (soon, later) =
            (in_future(&desk.admin, &sandbox, HOUR).await, in_future(&desk.admin, &sandbox, 2 * HOUR).await);
        let past = in_future(&desk.admin, &sandbox, -HOUR).await;
        let far = in_future(&desk.admin, &sandbox, 367 * 24 * HOUR).await;
        let admin = id_of(&desk.admin).await;
        let other = team(&desk, &sandbox, "First line", 1, &desk.admin).await;
        for (more, code) in [
            (json!({ "text": " " }), "TEXT_EMPTY"),
            (json!({ "text": "x".repeat(501) }), "TEXT_TOO_LONG"),
            (json!({ "dueAt": past }), "DUE_PAST"),
            (json!({ "dueAt": far }), "DUE_TOO_FAR"),
            (json!({ "dueFrom": later }), "DUE_FROM_AFTER_DUE"),
            (json!({ "agentId": stranger }), "NO_SUCH_AGENT"),
            (json!({ "agentId": admin, "teamId": other }), "TWO_OWNERS"),
            (json!({ "agentId": session }), "INVALID_ID"),
        ] {
            let mut input = json!({ "sessionId": session, "kind": "THIRD_PARTY", "text": "the bank", "dueAt": soon });
            for (name, value) in more.as_object().unwrap() {
                input[name] = value.clone();
            }
            let refused = try_mutate(&desk.admin, "todoCreate", input, "todo { id }").await;
            assert_eq!(errors_of(&refused), [code]);
        }
        let input = json!({ "sessionId": session, "kind": "THIRD_PARTY", "text": "the bank", "dueAt": soon });
        mutate(&desk.admin, "todoCreate", input, "todo { id }").await;
        let document = "query Customer($id: ID!) { session(id: $id) { customer { id name } } }";
        let customer = desk.admin.query(document, json!({ "id": session })).await["session"]["customer"].take();
        let erase = json!({ "customerId": customer["id"], "confirmName": customer["name"] });
        mutate(&desk.admin, "customerErase", erase, "customer { id }").await;
        let left = todos(&desk.admin, &sandbox, json!({})).await;
        assert_eq!((left.len(), &left[0]["text"], &left[0]["state"]), (1, &json!(""), &json!("CANCELLED")));
    }
}

const TODO_EVENTS: &str = "subscription TodoEvents($projectId: ID!, $after: String) {
    todoEvents(projectId: $projectId, after: $after) {
        ... on TodoUpdated { cursor cause todo { id state remindedAt } }
        ... on ResyncRequired { cursor }
    }
}";

async fn start(engine: tests::Engine) -> (Desk, String) {
    let desk = Desk::start(engine).await;
    let sandbox = sandbox(&desk.admin).await;
    (desk, sandbox)
}

async fn agents(desk: &Desk) -> [Client; 3] {
    let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
    let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
    let eve = desk.add_agent("eve@desk.test", "Sandbox", "agent").await;
    [ada, bob, eve]
}

/// A team of a line with one member.
async fn team(desk: &Desk, project: &str, name: &str, line: i64, member: &Client) -> Value {
    let input = json!({ "projectId": project, "name": name, "line": line });
    let team = mutate(&desk.admin, "teamCreate", input, "team { id }").await["team"]["id"].take();
    let input = json!({ "teamId": team, "agentId": id_of(member).await });
    mutate(&desk.admin, "teamMemberAdd", input, "team { id }").await;
    team
}

async fn hand_to(client: &Client, session: &str, team: &Value) {
    let input = json!({ "sessionId": session, "toTeamId": team, "description": "for you" });
    mutate(client, "sessionTransfer", input, "session { id }").await;
}

async fn resolve(client: &Client, session: &str) {
    mutate(client, "sessionResolve", json!({ "sessionId": session }), "session { id }").await;
}

/// Links a chat to whoever is signed in.
async fn link(desk: &Desk, client: &Client, project: &str, chat: i64) {
    let made = mutate(client, "staffLinkCreate", json!({ "projectId": project }), "invitation { code }").await;
    let code = made["invitation"]["code"].as_str().unwrap();
    customer_writes(&desk.admin, project, chat, &format!("/start {code}")).await;
    let linked = || async {
        let seen = client.query("{ viewer { staffLinks { telegramName } } }", Value::Null).await;
        if seen["viewer"]["staffLinks"] == json!([]) { Err(seen) } else { Ok(()) }
    };
    eventually(PATIENCE, linked).await;
}

/// The to-dos that somebody sees, which are counted right.
async fn todos(client: &Client, project: &str, filter: Value) -> Vec<Value> {
    let document = format!(
        "query Todos($projectId: ID!, $filter: TodoFilter) {{
            todos(projectId: $projectId, filter: $filter, first: 100) {{ nodes {{ {TODO} }} totalCount }}
        }}"
    );
    let mut data = client.query(&document, json!({ "projectId": project, "filter": filter })).await;
    let Value::Array(found) = data["todos"]["nodes"].take() else { panic!("no list: {data}") };
    assert_eq!(data["todos"]["totalCount"], found.len());
    found
}

/// The to-dos of a session that somebody sees.
async fn in_session(client: &Client, session: &str) -> Value {
    let document = "query Todos($id: ID!) { session(id: $id) { todos(first: 5) { nodes { id } totalCount } } }";
    client.query(document, json!({ "id": session })).await["session"]["todos"].take()
}

fn time(value: &Value) -> chrono::DateTime<chrono::Utc> {
    value.as_str().unwrap().parse().unwrap()
}
