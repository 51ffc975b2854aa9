//! The audit log: every operation that changes something for others leaves an entry, and nothing takes one away.

mod everything;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::graphql::Response;
use tests::{Client, Engine, Sql, eventually, on_both_engines};

use self::everything::do_everything;
use crate::attributes::customer_id;
use crate::customers_data::export;
use crate::session_life::{HOUR, advance};
use crate::stage::{
    Desk, PATIENCE, customer_writes, errors_of, id_of, mutate, online, sandbox, try_mutate, until_session,
};

/// Mutations that leave no entry, with the reason.
const EXEMPT: [(&str, &str); 19] = [
    ("signIn", "changes nothing for others; failures are counted and sign-ins are in the log of the server"),
    ("signOut", "ends nothing but one's own sign-in"),
    ("tokenRefresh", "renews nothing but one's own sign-in"),
    ("staffLinkCreate", "makes a code for one's own chat"),
    ("staffLinkRemove", "ends the link of one's own chat"),
    ("messageSend", "the message itself tells who sent it, and when"),
    ("sessionsBulk", "each of the sessions has the entry of what was done to it"),
    ("sessionMarkViewed", "tells what one has read oneself; that a session is taken up is an event"),
    ("typingSet", "is over in a moment"),
    ("sandboxButtonPress", "is done by a simulated customer"),
    ("sandboxClockAdvance", "moves the clock of a simulation"),
    ("sandboxCustomerBlock", "is done by a simulated customer"),
    ("sandboxCustomerEdit", "is done by a simulated customer"),
    ("sandboxCustomerReact", "is done by a simulated customer"),
    ("sandboxCustomerSend", "is done by a simulated customer"),
    ("sandboxCustomerUnblock", "is done by a simulated customer"),
    ("sandboxFaultInject", "disturbs a simulation"),
    ("sandboxFaultsClear", "ends what disturbs a simulation"),
    ("sandboxUpdatePush", "is done by a simulated Telegram"),
];

/// What nobody may find in the log, since people wrote it to each other.
const PRIVATE: [&str; 3] = ["a private matter", "another wording", "the reason of the ban"];

on_both_engines! {
    async fn every_mutation_leaves_an_entry_or_has_a_reason_not_to(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        do_everything(&desk, &sandbox).await;

        let entries = all_entries(&desk.admin, None).await;
        let done: BTreeSet<String> = entries.iter().map(|entry| text(&entry["action"])).collect();
        let exempt: BTreeSet<String> = EXEMPT.iter().map(|(name, _)| (*name).to_owned()).collect();
        let mutations = mutations(&desk.admin).await;
        let missing: Vec<&String> = mutations.difference(&done).filter(|name| !exempt.contains(*name)).collect();
        assert!(missing.is_empty(), "do these in `do_everything`, or give a reason in EXEMPT: {missing:?}");
        let needless: Vec<&String> = exempt.iter().filter(|name| done.contains(*name) || !mutations.contains(*name)).collect();
        assert!(needless.is_empty(), "these are not exempt: {needless:?}");

        let admin = id_of(&desk.admin).await;
        // What was there before and what came of it, with the ids that clients know.
        let told = |action: &str| {
            let entry = entries.iter().find(|entry| entry["action"] == action).unwrap();
            serde_json::from_str::<Value>(entry["details"].as_str().unwrap()).unwrap()
        };
        let raised = told("sessionPriorityUpdate");
        assert_eq!((&raised["before"]["priority"], &raised["priority"]), (&json!("MEDIUM"), &json!("HIGH")), "{raised}");
        assert_eq!(raised["assignee"], admin, "{raised}");
        assert!(told("sessionTagsAdd")["tags"][0].is_string(), "{}", told("sessionTagsAdd"));
        for (action, kind) in [("wordListCreate", "WORD_LIST"), ("routingRuleCreate", "ROUTING_RULE")] {
            let entry = entries.iter().find(|entry| entry["action"] == action).unwrap();
            assert_eq!((&entry["objectKind"], entry["objectId"].is_string()), (&json!(kind), true), "{entry}");
        }
        for entry in &entries {
            let whole = entry.to_string();
            assert!(PRIVATE.iter().all(|words| !whole.contains(words)), "{whole}");
            let by_hand = mutations.contains(&text(&entry["action"]));
            assert_eq!(entry["agent"].is_object(), by_hand, "{entry}");
            if by_hand && entry["action"] != "invitationAccept" {
                assert_eq!(entry["agent"]["id"], admin, "{entry}");
            }
        }
    }

    async fn entries_are_found_by_what_was_done_by_whom_to_what_and_when(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let lead = desk.add_agent("lead@desk.test", "Sandbox", "supervisor").await;
        let team = |line: i32| json!({ "projectId": sandbox, "name": format!("Line {line}"), "line": line });
        let first = mutate(&desk.admin, "teamCreate", team(1), "team { id }").await["team"]["id"].take();
        let second = mutate(&lead, "teamCreate", team(2), "team { id }").await["team"]["id"].take();
        mutate(&lead, "teamUpdate", json!({ "teamId": first, "name": "The first" }), "team { id }").await;
        let token = json!({ "name": "Import", "scopes": ["PROJECTS_READ"] });
        mutate(&lead, "apiTokenCreate", token, "apiToken { id }").await;

        let found = |client: &Client, filter: Value| {
            let client = client.clone();
            let project = sandbox.clone();
            async move { actions(&client, Some(&project), filter).await }
        };
        let in_project = ["teamUpdate", "teamCreate", "teamCreate", "adminAgentAssign"];
        assert_eq!(found(&lead, json!({})).await, in_project, "newest first, and what belongs to no project is not in it");
        let lead_id = id_of(&lead).await;
        assert_eq!(found(&lead, json!({ "agentId": lead_id })).await, ["teamUpdate", "teamCreate"]);
        assert_eq!(found(&lead, json!({ "objectId": first })).await, ["teamUpdate", "teamCreate"]);
        assert_eq!(found(&lead, json!({ "objectId": second })).await, ["teamCreate"]);
        assert_eq!(found(&lead, json!({ "actions": ["teamUpdate", "nothing"] })).await, ["teamUpdate"]);
        let times: Vec<Value> = all_entries(&lead, Some(&sandbox)).await.iter().map(|entry| entry["at"].clone()).collect();
        assert_eq!(found(&lead, json!({ "since": times[1] })).await, ["teamUpdate", "teamCreate"]);
        assert_eq!(found(&lead, json!({ "since": times[1], "before": times[0] })).await, ["teamCreate"]);
        let update = all_entries(&lead, Some(&sandbox)).await.remove(0);
        let details: Value = serde_json::from_str(update["details"].as_str().unwrap()).unwrap();
        assert_eq!(details["before"], json!({ "name": "Line 1", "line": 1 }));
        assert_eq!(details["after"], json!({ "name": "The first", "line": 1 }));
        assert_eq!((&update["objectKind"], &update["objectId"]), (&json!("TEAM"), &first));

        // Page by page, from both ends, with the number of all.
        let mut forward = Vec::new();
        let mut after = Value::Null;
        loop {
            let page = page(&lead, json!({ "project": sandbox, "first": 3, "after": after })).await;
            assert_eq!(page["totalCount"], 4);
            forward.extend(page["nodes"].as_array().unwrap().iter().map(|entry| text(&entry["action"])));
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(forward, in_project);
        let last = page(&lead, json!({ "project": sandbox, "last": 1 })).await;
        assert_eq!((&last["nodes"][0]["action"], &last["pageInfo"]["hasPreviousPage"]), (&json!("adminAgentAssign"), &json!(true)));

        // The whole workspace is for its administrators, and a project for those who look after it.
        assert_eq!(refusal(&lead, None).await, ["FORBIDDEN"]);
        let all = actions(&desk.admin, None, json!({ "actions": ["apiTokenCreate", "adminAgentCreate"] })).await;
        assert_eq!(all, ["apiTokenCreate", "adminAgentCreate"]);
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        assert_eq!(refusal(&ada, Some(&sandbox)).await, ["FORBIDDEN"]);
        let eve = desk.add_stranger("eve@desk.test").await;
        assert_eq!(refusal(&eve, Some(&sandbox)).await, ["NOT_FOUND"]);
    }

    async fn nobody_changes_what_is_in_the_log(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let input = json!({ "projectId": sandbox, "name": "Second line", "line": 2 });
        mutate(&desk.admin, "teamCreate", input, "team { id }").await;
        let before = all_entries(&desk.admin, None).await;
        let sql = Sql::connect(&desk.database).await.unwrap();
        let of_engine: &[&str] = match engine {
            Engine::Sqlite => &[
                "REPLACE INTO audit_log SELECT * FROM audit_log WHERE id = 1",
                "INSERT OR REPLACE INTO audit_log (id, workspace_id, action, object_kind, object_id, at)
                    SELECT id, workspace_id, 'nothing', object_kind, object_id, at FROM audit_log",
                "INSERT INTO audit_log SELECT * FROM audit_log WHERE id = 1 ON CONFLICT DO UPDATE SET action = ''",
            ],
            Engine::Postgres => &[
                "TRUNCATE audit_log",
                "TRUNCATE audit_log RESTART IDENTITY CASCADE",
                "INSERT INTO audit_log SELECT * FROM audit_log WHERE id = 1
                    ON CONFLICT (id) DO UPDATE SET action = 'nothing'",
            ],
        };
        let on_both = [
            "UPDATE audit_log SET agent_id = NULL",
            "UPDATE audit_log SET details = '{}' WHERE id = 1",
            "DELETE FROM audit_log",
            "DELETE FROM audit_log WHERE id = 1",
        ];
        for statement in on_both.iter().chain(of_engine) {
            let refused = sql.execute_alone(statement).await.unwrap_err();
            assert!(format!("{refused:?}").contains("only added to"), "{statement}: {refused:?}");
        }
        assert_eq!(all_entries(&desk.admin, None).await, before);
        assert!(!before.is_empty());
    }

    async fn what_is_done_by_other_doors_is_in_the_log(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let lead = desk.add_agent("lead@desk.test", "Sandbox", "supervisor").await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let (leads, adas) = (id_of(&lead).await, id_of(&ada).await);
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        until_session(&desk.admin, &sandbox, 7).await;
        let customer = customer_id(&desk.admin, &sandbox, 7).await;
        // Who may not export a customer has not done so.
        assert_eq!(export(&desk, &ada, customer.as_str().unwrap()).await.0, 403);
        assert_eq!(export(&desk, &lead, customer.as_str().unwrap()).await.0, 200);
        desk.unassign_agent("ada@desk.test", "Sandbox").await;
        for command in ["agent-deactivate", "agent-activate", "password-reset"] {
            desk.administer(["admin", command, "--email", "ada@desk.test"]).await;
        }
        desk.administer(["admin", "seats", "--limit", "9"]).await;
        desk.administer(["admin", "seats", "--unlimited"]).await;

        let entries = all_entries(&desk.admin, None).await;
        let in_short = |entry: &Value| {
            let (agent, project) = (&entry["agent"]["id"], &entry["project"]["id"]);
            json!([entry["action"], agent, project, entry["objectKind"], entry["objectId"]])
        };
        let told: Vec<Value> = entries.iter().map(in_short).collect();
        let newest = [
            json!(["adminSeats", null, null, "WORKSPACE", null]),
            json!(["adminSeats", null, null, "WORKSPACE", null]),
            json!(["adminPasswordReset", null, null, "AGENT", adas]),
            json!(["adminAgentActivate", null, null, "AGENT", adas]),
            json!(["adminAgentDeactivate", null, null, "AGENT", adas]),
            json!(["adminAgentUnassign", null, sandbox, "AGENT", adas]),
            json!(["customerExport", leads, sandbox, "CUSTOMER", customer]),
            json!(["adminAgentAssign", null, sandbox, "AGENT", adas]),
            json!(["adminAgentCreate", null, null, "AGENT", adas]),
        ];
        assert_eq!(told[..newest.len()], newest);
        let seats: Value = serde_json::from_str(entries[0]["details"].as_str().unwrap()).unwrap();
        assert_eq!(seats, json!({ "before": 9, "after": null }));
    }

    async fn what_the_desk_does_by_itself_is_in_the_log(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let adas = id_of(&ada).await;
        let team = json!({ "projectId": sandbox, "name": "Experts", "line": 2 });
        let team = mutate(&desk.admin, "teamCreate", team, "team { id }").await["team"]["id"].take();
        let mut sessions = Vec::new();
        for customer in 7..10 {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
            sessions.push(until_session(&desk.admin, &sandbox, customer).await);
        }
        // What it said of a session, once it has, and that once.
        let said = async |session: &str, cause: &str| {
            let filter = json!({ "objectId": session, "actions": [cause] });
            let found = || async {
                let page = page(&desk.admin, json!({ "project": sandbox, "first": 9, "filter": filter })).await;
                if page["totalCount"] == 1 { Ok(page) } else { Err(page) }
            };
            let entry = eventually(PATIENCE, found).await["nodes"][0].take();
            assert_eq!((&entry["agent"], &entry["objectKind"]), (&Value::Null, &json!("SESSION")), "{entry}");
            serde_json::from_str::<Value>(entry["details"].as_str().unwrap()).unwrap()
        };

        // Of a session whose team is deleted, and of one whose agent is deactivated.
        let to_team = json!({ "sessionId": sessions[0], "toTeamId": team, "description": "for you" });
        mutate(&desk.admin, "sessionTransfer", to_team, "").await;
        mutate(&desk.admin, "teamDelete", json!({ "teamId": team }), "").await;
        assert_eq!(said(&sessions[0], "TRANSFER").await, json!({ "team": team }));
        let to_ada = json!({ "sessionId": sessions[1], "agentId": adas });
        mutate(&desk.admin, "sessionAssign", to_ada, "").await;
        mutate(&desk.admin, "agentDeactivate", json!({ "agentId": adas }), "").await;
        assert_eq!(said(&sessions[1], "DEACTIVATION").await, json!({ "agent": adas }));

        // Of one that is resolved, and closes.
        mutate(&desk.admin, "sessionResolve", json!({ "sessionId": sessions[2] }), "").await;
        advance(&desk.admin, &sandbox, HOUR).await;
        let closed = said(&sessions[2], "RESOLVED_CLOSE").await;
        assert_eq!(closed["status"], "CLOSED");

        // Of one for which nobody is there, and then somebody.
        let settings = json!({ "projectId": sandbox, "enabled": true });
        mutate(&desk.admin, "routingSettingsUpdate", settings, "").await;
        customer_writes(&desk.admin, &sandbox, 10, "hello").await;
        let waiting = until_session(&desk.admin, &sandbox, 10).await;
        let queued = said(&waiting, "QUEUED").await;
        assert_eq!((&queued["assignee"], queued["reason"].is_string()), (&Value::Null, true), "{queued}");
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let _console = online(&bob, &sandbox).await;
        assert_eq!(said(&waiting, "ROUTING").await["assignee"], id_of(&bob).await);
    }

    async fn what_was_refused_or_changed_nothing_leaves_no_entry(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let input = json!({ "projectId": sandbox, "name": "Second line", "line": 2 });
        let team = mutate(&desk.admin, "teamCreate", input.clone(), "team { id }").await["team"]["id"].take();
        let before = all_entries(&desk.admin, None).await.len();
        assert_eq!(errors_of(&try_mutate(&desk.admin, "teamCreate", input, "team { id }").await), ["NAME_TAKEN"]);
        let admin = id_of(&desk.admin).await;
        mutate(&desk.admin, "teamMemberRemove", json!({ "teamId": team, "agentId": admin }), "team { id }").await;
        mutate(&desk.admin, "agentActivate", json!({ "agentId": admin }), "agent { id }").await;
        let refused = try_mutate(&desk.admin, "agentDeactivate", json!({ "agentId": admin }), "agent { id }").await;
        assert_eq!(errors_of(&refused), ["ONESELF"]);
        assert_eq!(all_entries(&desk.admin, None).await.len(), before);
    }
}

async fn mutations(client: &Client) -> BTreeSet<String> {
    let schema = client.query("{ __schema { mutationType { fields { name } } } }", Value::Null).await;
    let fields = schema["__schema"]["mutationType"]["fields"].as_array().unwrap();
    fields.iter().map(|field| text(&field["name"])).collect()
}

const PAGE: &str = "query Page($project: ID, $filter: AuditFilter, $first: Int, $after: String, $last: Int) {
    auditEntries(projectId: $project, filter: $filter, first: $first, after: $after, last: $last) {
        nodes { at action agent { id } project { id } objectKind objectId details }
        totalCount
        pageInfo { hasNextPage hasPreviousPage endCursor }
    }
}";

async fn page(client: &Client, variables: Value) -> Value {
    client.query(PAGE, variables).await["auditEntries"].take()
}

async fn all_entries(client: &Client, project: Option<&str>) -> Vec<Value> {
    let mut entries = Vec::new();
    let mut after = Value::Null;
    loop {
        let mut page = page(client, json!({ "project": project, "first": 100, "after": after })).await;
        entries.append(page["nodes"].as_array_mut().unwrap());
        if page["pageInfo"]["hasNextPage"] == false {
            return entries;
        }
        after = page["pageInfo"]["endCursor"].take();
    }
}

async fn actions(client: &Client, project: Option<&str>, filter: Value) -> Vec<String> {
    let page = page(client, json!({ "project": project, "first": 100, "filter": filter })).await;
    let nodes = page["nodes"].as_array().unwrap();
    assert_eq!(page["totalCount"], nodes.len());
    nodes.iter().map(|entry| text(&entry["action"])).collect()
}

/// The codes of the errors for whoever asks for the log.
async fn refusal(client: &Client, project: Option<&str>) -> Vec<String> {
    let response: Response = client.try_query(PAGE, json!({ "project": project, "first": 1 })).await.unwrap();
    response.error_codes().into_iter().map(str::to_owned).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}
