//! Teams: who is in them, what waits for them, and what becomes of it when they are gone.

use serde_json::{Value, json};
use tests::{Client, eventually, on_both_engines};

use crate::stage::{
    Desk, PATIENCE, customer_writes, errors_of, id_of, mutate, reply, sandbox, sessions, try_mutate, until_session,
    until_written,
};

on_both_engines! {
    async fn who_is_in_a_team_sees_what_waits_for_it_and_nobody_else(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let lead = desk.add_agent("lead@desk.test", "Sandbox", "supervisor").await;
        let (ada, stranger) =
            (desk.add_agent("ada@desk.test", "Sandbox", "agent").await, desk.add_stranger("eve@desk.test").await);
        let team = team(&lead, &sandbox, "Second line").await;
        let waiting = waiting_for(&desk, &sandbox, 7, &team).await;
        assert!(sessions(&ada, &sandbox).await.is_empty());

        let member = |id: &Value| json!({ "teamId": team, "agentId": id });
        let (ada_id, eve_id) = (id_of(&ada).await, id_of(&stranger).await);
        for (client, input, code) in [
            (&ada, member(&ada_id), "NOT_SUPERVISOR"),
            (&stranger, member(&eve_id), "TEAM_NOT_FOUND"),
            (&lead, member(&eve_id), "AGENT_NOT_FOUND"),
            (&lead, member(&team), "INVALID_ID"),
        ] {
            assert_eq!(errors_of(&try_mutate(client, "teamMemberAdd", input, "team { id }").await), [code]);
        }
        for _ in 0..2 {
            let added = mutate(&lead, "teamMemberAdd", member(&ada_id), "team { line members { email } }").await;
            assert_eq!(added["team"], json!({ "line": 2, "members": [{ "email": "ada@desk.test" }] }));
        }
        until_sees(&ada, &sandbox, 1).await;
        let teams = "query Teams($id: ID!) { viewer { teams(projectId: $id) { name line } } }";
        let data = ada.query(teams, json!({ "id": sandbox })).await;
        assert_eq!(data["viewer"]["teams"], json!([{ "name": "Second line", "line": 2 }]));
        for _ in 0..2 {
            mutate(&lead, "teamMemberRemove", member(&ada_id), "team { id }").await;
        }
        until_sees(&ada, &sandbox, 0).await;
        assert_eq!(look(&ada, &waiting).await, Value::Null);
    }

    async fn names_can_be_seen_and_told_apart(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let named = |name: &str| json!({ "projectId": sandbox, "name": name, "line": 1 });
        let first = mutate(&desk.admin, "teamCreate", named("Cafe\u{301}"), "team { id name }").await["team"].take();
        assert_eq!(first["name"], "Café");
        for (name, code) in [
            ("\u{200b}", "NAME_EMPTY"),
            ("Bill\u{202e}gni", "NAME_INVALID"),
            ("Bill\ning", "NAME_INVALID"),
            ("CAFÉ", "NAME_TAKEN"),
            ("Ca\u{200b}fé", "NAME_TAKEN"),
        ] {
            let refused = try_mutate(&desk.admin, "teamCreate", named(name), "team { id }").await;
            assert_eq!(errors_of(&refused), [code], "{name:?}");
        }
        let renamed = json!({ "teamId": first["id"], "name": "CAFÉ" });
        let renamed = mutate(&desk.admin, "teamUpdate", renamed, "team { name }").await;
        assert_eq!(renamed["team"]["name"], "CAFÉ", "it is the same team");
        let tag = |name: &str| json!({ "projectId": sandbox, "name": name, "color": "#d93025" });
        for (name, code) in [("vip", "NAME_TAKEN"), ("\u{feff}", "NAME_EMPTY"), ("V\u{2067}IP", "NAME_INVALID")] {
            assert_eq!(errors_of(&try_mutate(&desk.admin, "tagCreate", tag(name), "tag { id }").await), [code], "{name:?}");
        }
    }

    async fn there_are_three_lines_of_support(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let team = team(&desk.admin, &sandbox, "Second line").await;
        for line in [0, 4] {
            let new = json!({ "projectId": sandbox, "name": format!("Line {line}"), "line": line });
            let refused = try_mutate(&desk.admin, "teamCreate", new, "team { id }").await;
            assert_eq!(errors_of(&refused), ["LINE_UNKNOWN"], "{line}");
            let change = json!({ "teamId": team, "name": "Another name", "line": line });
            let refused = try_mutate(&desk.admin, "teamUpdate", change, "team { id }").await;
            assert_eq!(errors_of(&refused), ["LINE_UNKNOWN"], "{line}");
        }
        let teams = "query Teams($id: ID!) { project(id: $id) { teams { name line } } }";
        let data = desk.admin.query(teams, json!({ "id": sandbox })).await;
        assert_eq!(data["project"]["teams"], json!([{ "name": "Second line", "line": 2 }]), "nothing came of it");
        for line in [1, 3] {
            let change = json!({ "teamId": team, "line": line });
            let changed = mutate(&desk.admin, "teamUpdate", change, "team { line }").await;
            assert_eq!(changed["team"]["line"], line);
        }
    }

    async fn the_sessions_of_a_team_that_is_deleted_are_for_everybody_but_those_that_are_closed(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let doomed = team(&desk.admin, &sandbox, "Second line").await;
        let link = json!({ "projectId": sandbox, "name": "Page", "teamId": doomed });
        let link = mutate(&desk.admin, "diversionLinkCreate", link, "diversionLink { id }").await["diversionLink"].take();
        let (waiting, answered, closed) = (
            waiting_for(&desk, &sandbox, 7, &doomed).await,
            waiting_for(&desk, &sandbox, 8, &doomed).await,
            waiting_for(&desk, &sandbox, 9, &doomed).await,
        );
        reply(&desk.admin, &answered, "good day").await;
        mutate(&desk.admin, "sessionClose", json!({ "sessionId": closed }), "session { id }").await;
        assert!(sessions(&ada, &sandbox).await.is_empty());

        let delete = |version: i64| json!({ "teamId": doomed, "expectedVersion": version });
        let refused = try_mutate(&ada, "teamDelete", delete(1), "deletedTeamId").await;
        assert_eq!(errors_of(&refused), ["NOT_SUPERVISOR"]);
        let refused = try_mutate(&desk.admin, "teamDelete", delete(7), "deletedTeamId").await;
        assert_eq!((errors_of(&refused), &refused["deletedTeamId"]), (vec!["VERSION_CONFLICT"], &Value::Null));
        let gone = mutate(&desk.admin, "teamDelete", delete(1), "deletedTeamId").await;
        assert_eq!(gone["deletedTeamId"], doomed);
        let again = try_mutate(&desk.admin, "teamDelete", json!({ "teamId": doomed }), "deletedTeamId").await;
        assert_eq!(errors_of(&again), ["TEAM_NOT_FOUND"]);

        assert_eq!(look(&ada, &waiting).await["team"], Value::Null);
        let kept = look(&desk.admin, &answered).await;
        assert_eq!((&kept["team"], kept["assignee"].is_object()), (&Value::Null, true), "{kept}");
        let seen: Vec<Value> = sessions(&ada, &sandbox).await.into_iter().map(|mut session| session["id"].take()).collect();
        assert_eq!(seen, [json!(waiting)], "what was closed before stays hidden");
        // Nothing leads to it any more, and its name is free.
        let document = "query After($project: ID!, $team: ID!, $link: ID!) {
            project(id: $project) { teams { id } }
            team: node(id: $team) { id }
            link: node(id: $link) { ... on DiversionLink { team { id } } }
        }";
        let data = desk.admin.query(document, json!({ "project": sandbox, "team": doomed, "link": link["id"] })).await;
        assert_eq!(data, json!({ "project": { "teams": [] }, "team": null, "link": { "team": null } }));
        team(&desk.admin, &sandbox, "Second line").await;
        // A customer who comes back is not sent to a team that is none.
        customer_writes(&desk.admin, &sandbox, 9, "one more thing").await;
        until_written(&desk.admin, &sandbox, 9, 2).await;
        let again = look(&ada, &closed).await;
        assert_eq!((&again["status"], &again["team"]), (&json!("UNREAD"), &Value::Null));
    }
}

async fn team(client: &Client, project: &str, name: &str) -> Value {
    let input = json!({ "projectId": project, "name": name, "line": 2 });
    mutate(client, "teamCreate", input, "team { id }").await["team"]["id"].take()
}

/// A session of a new customer that waits for a team, to which a link has led them.
async fn waiting_for(desk: &Desk, project: &str, customer: i64, team: &Value) -> String {
    let link = json!({ "projectId": project, "name": "Page", "teamId": team });
    let link = mutate(&desk.admin, "diversionLinkCreate", link, "diversionLink { code }").await;
    let start = format!("/start {}", link["diversionLink"]["code"].as_str().unwrap());
    customer_writes(&desk.admin, project, customer, &start).await;
    until_session(&desk.admin, project, customer).await
}

async fn look(client: &Client, session: &str) -> Value {
    let document = "query Session($id: ID!) { session(id: $id) { status assignee { email } team { name } } }";
    client.query(document, json!({ "id": session })).await["session"].take()
}

/// Waits until somebody sees so many sessions, which takes a second at most.
async fn until_sees(client: &Client, project: &str, count: usize) {
    let sees = || async {
        let seen = sessions(client, project).await.len();
        (seen == count).then_some(()).ok_or(seen)
    };
    eventually(PATIENCE, sees).await;
}
