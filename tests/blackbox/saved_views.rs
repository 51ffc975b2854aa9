//! Filters of sessions are saved under a name, for oneself or for everybody in the project.

use serde_json::{Value, json};
use tests::{Client, on_both_engines};

use crate::session_life::{HOUR, advance};
use crate::stage::{
    Desk, customer_writes, errors_of, id_of, mutate, reply, sandbox, try_mutate, until_session, until_written,
};

const VIEW: &str = "savedView { id name filter shared count version owner { email }
    sessions(first: 10) { nodes { number } totalCount } }";

async fn save(client: &Client, project: &str, name: &str, filter: Value, shared: bool) -> Value {
    let input = json!({ "projectId": project, "name": name, "filter": filter, "shared": shared });
    mutate(client, "savedViewCreate", input, VIEW).await["savedView"].take()
}

/// The names of the views that somebody has, in their order.
async fn names(client: &Client, project: &str) -> Vec<String> {
    let data =
        client.query("query Views($id: ID!) { savedViews(projectId: $id) { name } }", json!({ "id": project })).await;
    let views = data["savedViews"].as_array().unwrap();
    views.iter().map(|view| view["name"].as_str().unwrap().to_owned()).collect()
}

/// The numbers of the sessions that a filter lets through, in ascending order, by a list and by a view alike.
async fn shown(client: &Client, project: &str, filter: Value) -> Vec<i64> {
    let document = "query Shown($id: ID!, $filter: SessionFilter) {
        sessions(projectId: $id, filter: $filter, first: 50, orderBy: { field: CREATED_AT, direction: ASC }) { nodes { number } }
    }";
    let data = client.query(document, json!({ "id": project, "filter": filter })).await;
    let numbers = |nodes: &Value| -> Vec<i64> {
        let mut numbers: Vec<i64> =
            nodes.as_array().unwrap().iter().map(|node| node["number"].as_i64().unwrap()).collect();
        numbers.sort_unstable();
        numbers
    };
    let listed = numbers(&data["sessions"]["nodes"]);
    let view = save(client, project, "under test", filter, false).await;
    assert_eq!(numbers(&view["sessions"]["nodes"]), listed, "a view shows what the filter does: {view}");
    assert_eq!(view["count"], json!(listed.len()), "{view}");
    mutate(client, "savedViewDelete", json!({ "savedViewId": view["id"] }), "savedViewId").await;
    listed
}

/// A filter within so many negations.
pub fn within_nots(count: usize, filter: Value) -> Value {
    (0..count).fold(filter, |filter, _| json!({ "not": filter }))
}

async fn refusal(client: &Client, mutation: &str, input: Value) -> String {
    errors_of(&try_mutate(client, mutation, input, "__typename").await).concat()
}

on_both_engines! {
    async fn views_are_personal_or_shared_and_keep_their_order(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let boss = desk.add_agent("boss@desk.test", "Sandbox", "supervisor").await;
        customer_writes(&desk.admin, &project, 7, "hello").await;
        let session = until_session(&ada, &project, 7).await;
        customer_writes(&desk.admin, &project, 8, "hello").await;
        until_session(&ada, &project, 8).await;
        reply(&ada, &session, "good day").await;

        let mine = json!({ "assigneeId": { "isNull": false } });
        let view = save(&ada, &project, " Mine ", mine.clone(), false).await;
        assert_eq!((&view["name"], &view["shared"], &view["owner"]["email"]), (&json!("Mine"), &json!(false), &json!("ada@desk.test")));
        assert_eq!((&view["count"], &view["sessions"]["nodes"]), (&json!(1), &json!([{ "number": 1 }])));
        assert_eq!(view["filter"], mine.to_string());
        save(&ada, &project, "Second", json!({}), false).await;
        let shared = save(&boss, &project, "Everything", json!({}), true).await;
        assert_eq!((&shared["shared"], &shared["owner"], &shared["count"]), (&json!(true), &Value::Null, &json!(2)));
        assert_eq!(names(&ada, &project).await, ["Everything", "Mine", "Second"]);
        assert_eq!(names(&bob, &project).await, ["Everything"]);

        // Everybody sees by it what they may see: Ada answers in the first session.
        let node = "query Node($id: ID!) { node(id: $id) { ... on SavedView { count sessions(first: 5) { nodes { number } } } } }";
        let seen = bob.query(node, json!({ "id": shared["id"] })).await["node"].take();
        assert_eq!(seen, json!({ "count": 1, "sessions": { "nodes": [{ "number": 2 }] } }));
        assert_eq!(bob.query(node, json!({ "id": view["id"] })).await["node"], Value::Null, "somebody else's");

        let ids = async |client: &Client| {
            let data = client.query("query Views($id: ID!) { savedViews(projectId: $id) { id shared } }", json!({ "id": project })).await;
            let views = data["savedViews"].as_array().unwrap().clone();
            views.into_iter().filter(|view| view["shared"] == false).map(|view| view["id"].clone()).collect::<Vec<_>>()
        };
        let mut order = ids(&ada).await;
        order.reverse();
        let input = json!({ "projectId": project, "savedViewIds": order });
        mutate(&ada, "savedViewReorder", input.clone(), "savedViews { name }").await;
        assert_eq!(names(&ada, &project).await, ["Everything", "Second", "Mine"]);
        assert_eq!(refusal(&bob, "savedViewReorder", input).await, "SAVED_VIEWS_INCOMPLETE");
        let input = json!({ "projectId": project, "savedViewIds": [order[0], order[0]] });
        assert_eq!(refusal(&ada, "savedViewReorder", input).await, "SAVED_VIEWS_INCOMPLETE");

        let change = json!({ "savedViewId": view["id"], "name": "Open", "filter": { "status": { "in": ["UNREAD"] } }, "expectedVersion": 2 });
        let changed = mutate(&ada, "savedViewUpdate", change.clone(), VIEW).await["savedView"].take();
        assert_eq!((&changed["name"], &changed["version"], &changed["count"]), (&json!("Open"), &json!(3), &json!(1)));
        assert_eq!(refusal(&ada, "savedViewUpdate", change).await, "VERSION_CONFLICT");
        let taken = json!({ "savedViewId": view["id"], "name": "Second" });
        assert_eq!(refusal(&ada, "savedViewUpdate", taken).await, "NAME_TAKEN");
        for client in [&ada, &bob] {
            let change = json!({ "savedViewId": shared["id"], "name": "Ours" });
            assert_eq!(refusal(client, "savedViewUpdate", change).await, "NOT_SUPERVISOR");
        }
        assert_eq!(refusal(&boss, "savedViewDelete", json!({ "savedViewId": view["id"] })).await, "SAVED_VIEW_NOT_FOUND");
        let again = json!({ "projectId": project, "name": "Ours", "filter": {}, "shared": true });
        assert_eq!(refusal(&ada, "savedViewCreate", again).await, "NOT_SUPERVISOR");
        mutate(&boss, "savedViewDelete", json!({ "savedViewId": shared["id"] }), "savedViewId").await;
        assert_eq!(names(&ada, &project).await, ["Second", "Open"]);

        // What was done to the shared one is in the audit log, and nothing of the personal ones.
        let sql = tests::Sql::connect(&desk.database).await.unwrap();
        let entries = "SELECT count(*) FROM audit_log WHERE object_kind = 'SAVED_VIEW'";
        assert_eq!(sql.number(entries).await.unwrap(), 2);
    }

    async fn the_same_request_saves_one_view(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let input = |name: &str| json!({ "projectId": project, "name": name, "filter": {}, "idempotencyKey": "one" });
        let first = mutate(&desk.admin, "savedViewCreate", input("Mine"), "savedView { id }").await;
        let second = mutate(&desk.admin, "savedViewCreate", input("Mine"), "savedView { id }").await;
        assert_eq!(first["savedView"], second["savedView"]);
        assert_eq!(refusal(&desk.admin, "savedViewCreate", input("Yours")).await, "IDEMPOTENCY_KEY_REUSED");
        let foreign = json!({ "projectId": project, "name": "Other", "filter": { "tagId": { "eq": project } } });
        assert_eq!(refusal(&desk.admin, "savedViewCreate", foreign).await, "INVALID_ID");
    }

    async fn sessions_are_filtered_by_everything_that_a_team_sorts_them_by(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let input = json!({ "projectId": project, "name": "Page" });
        let link = mutate(&desk.admin, "diversionLinkCreate", input, "diversionLink { id code }").await["diversionLink"].take();
        let start = format!("/start {}", link["code"].as_str().unwrap());
        let link = &link["id"];
        let mut sessions = Vec::new();
        for (customer, text) in [(1, "hello"), (2, "hello"), (3, "hello"), (4, "hello"), (5, start.as_str())] {
            customer_writes(&desk.admin, &project, customer, text).await;
            sessions.push(until_session(&desk.admin, &project, customer).await);
        }
        let input = json!({ "projectId": project, "name": "Gold", "color": "#d93025" });
        let tag = mutate(&desk.admin, "tagCreate", input, "tag { id }").await["tag"]["id"].take();
        mutate(&desk.admin, "sessionTagsAdd", json!({ "sessionId": sessions[0], "tagIds": [tag] }), "session { id }").await;
        let waits = json!({ "sessionId": sessions[1], "status": "FOLLOW_UP", "followUp": { "awaited": "THIRD_PARTY" } });
        mutate(&desk.admin, "sessionStatusUpdate", waits, "session { id }").await;
        mutate(&desk.admin, "sessionResolve", json!({ "sessionId": sessions[2] }), "session { id }").await;
        mutate(&desk.admin, "sessionMarkViewed", json!({ "sessionId": sessions[3] }), "session { id }").await;
        let input = json!({ "projectId": project, "name": "Second line", "line": 2 });
        let team = mutate(&desk.admin, "teamCreate", input, "team { id }").await["team"]["id"].take();
        let input = json!({ "sessionId": sessions[4], "toTeamId": team, "description": "For the experts" });
        mutate(&desk.admin, "sessionTransfer", input, "session { id }").await;
        let ada = id_of(&desk.add_agent("ada@desk.test", "Sandbox", "agent").await).await;
        mutate(&desk.admin, "sessionParticipantAdd", json!({ "sessionId": sessions[3], "agentId": ada }), "session { id }").await;
        // The desk gives out no sessions here, so that it puts none in line.
        let sql = tests::Sql::connect(&desk.database).await.unwrap();
        sql.execute("UPDATE sessions SET queued_at = created_at WHERE number = 1").await.unwrap();

        for (filter, expected) in [
            (json!({ "tagId": { "eq": tag } }), vec![1]),
            (json!({ "not": { "tagId": { "in": [tag] } } }), vec![2, 3, 4, 5]),
            (json!({ "tagId": { "in": [] } }), vec![]),
            (json!({ "awaited": { "eq": "THIRD_PARTY" } }), vec![2]),
            (json!({ "not": { "awaited": { "in": ["THIRD_PARTY", "CUSTOMER"] } } }), vec![1, 3, 4, 5]),
            (json!({ "resolved": true }), vec![3]),
            (json!({ "resolved": false }), vec![1, 2, 4, 5]),
            (json!({ "unread": false }), vec![4]),
            (json!({ "unread": true, "resolved": false }), vec![1, 2, 5]),
            (json!({ "teamId": { "eq": team } }), vec![5]),
            (json!({ "teamId": { "isNull": true } }), vec![1, 2, 3, 4]),
            (json!({ "not": { "teamId": { "eq": team } } }), vec![1, 2, 3, 4]),
            (json!({ "diversionLinkId": { "eq": link } }), vec![5]),
            (json!({ "diversionLinkId": { "isNull": false } }), vec![5]),
            (json!({ "participantId": { "eq": ada } }), vec![4]),
            (json!({ "not": { "participantId": { "in": [ada] } } }), vec![1, 2, 3, 5]),
            (json!({ "queued": true }), vec![1]),
            (json!({ "queued": false }), vec![2, 3, 4, 5]),
            (json!({ "or": [{ "tagId": { "eq": tag } }, { "resolved": true }] }), vec![1, 3]),
        ] {
            assert_eq!(shown(&desk.admin, &project, filter.clone()).await, expected, "{filter}");
        }
    }

    async fn sessions_are_filtered_by_who_has_them_how_pressing_they_are_and_when_they_were(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let ada = id_of(&desk.add_agent("ada@desk.test", "Sandbox", "agent").await).await;
        let bob = id_of(&desk.add_agent("bob@desk.test", "Sandbox", "agent").await).await;
        for (customer, agent, priority) in [(1, Some(&ada), "MEDIUM"), (2, Some(&bob), "URGENT"), (3, None, "LOW")] {
            customer_writes(&desk.admin, &project, customer, "hello").await;
            let session = until_session(&desk.admin, &project, customer).await;
            if let Some(agent) = agent {
                let input = json!({ "sessionId": session, "agentId": agent });
                mutate(&desk.admin, "sessionAssign", input, "session { id }").await;
            }
            let input = json!({ "sessionId": session, "priority": priority });
            mutate(&desk.admin, "sessionPriorityUpdate", input, "session { id }").await;
            advance(&desk.admin, &project, HOUR).await;
        }
        // The oldest one has the newest message.
        customer_writes(&desk.admin, &project, 1, "hello?").await;
        until_written(&desk.admin, &project, 1, 2).await;
        let document = "query Times($id: ID!) {
            sessions(projectId: $id, first: 3, orderBy: { field: CREATED_AT, direction: ASC }) {
                nodes { createdAt lastMessageAt }
            }
        }";
        let seen = desk.admin.query(document, json!({ "id": project })).await["sessions"]["nodes"].take();
        let times = |of: &str| [&seen[0][of], &seen[1][of], &seen[2][of]];
        let (created, last) = (times("createdAt"), times("lastMessageAt"));

        for (filter, expected) in [
            (json!({ "priority": { "eq": "URGENT" } }), vec![2]),
            (json!({ "priority": { "in": ["LOW", "URGENT"] } }), vec![2, 3]),
            (json!({ "priority": { "eq": "LOW", "in": ["MEDIUM", "URGENT"] } }), vec![]),
            (json!({ "not": { "priority": { "eq": "MEDIUM" } } }), vec![2, 3]),
            (json!({ "number": { "eq": 2 } }), vec![2]),
            (json!({ "number": { "in": [1, 3] } }), vec![1, 3]),
            (json!({ "number": { "in": [] } }), vec![]),
            (json!({ "assigneeId": { "eq": ada } }), vec![1]),
            (json!({ "assigneeId": { "in": [ada, bob] } }), vec![1, 2]),
            (json!({ "assigneeId": { "eq": ada, "in": [bob] } }), vec![]),
            (json!({ "assigneeId": { "isNull": true } }), vec![3]),
            (json!({ "not": { "assigneeId": { "eq": ada } } }), vec![2, 3]),
            (json!({ "createdAt": { "gte": created[1] } }), vec![2, 3]),
            (json!({ "createdAt": { "lt": created[1] } }), vec![1]),
            (json!({ "createdAt": { "gte": created[1], "lt": created[2] } }), vec![2]),
            (json!({ "lastMessageAt": { "gte": last[2] } }), vec![1, 3]),
            (json!({ "lastMessageAt": { "lt": last[0] } }), vec![2, 3]),
            (json!({ "lastMessageAt": { "gte": last[1], "lt": last[2] } }), vec![2]),
            (json!({ "and": [{ "number": { "in": [1, 2] } }, { "priority": { "in": ["LOW", "URGENT"] } }] }), vec![2]),
            (json!({ "and": [{ "number": { "in": [1, 2] } }], "assigneeId": { "eq": ada } }), vec![1]),
            (json!({ "and": [] }), vec![1, 2, 3]),
            (json!({ "or": [] }), vec![]),
            // As deep and as long as a filter can be.
            (within_nots(4, json!({ "number": { "eq": 2 } })), vec![2]),
            (json!({ "or": vec![json!({ "number": { "eq": 2 } }); 49] }), vec![2]),
        ] {
            assert_eq!(shown(&desk.admin, &project, filter.clone()).await, expected, "{filter}");
        }
    }
}
