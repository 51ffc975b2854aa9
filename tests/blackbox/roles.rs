//! Roles in projects: who gives them, who takes them, and what they are worth at once.

use serde_json::{Value, json};
use tests::{Client, eventually, on_both_engines};

use crate::stage::{
    Desk, PATIENCE, Reader, customer_writes, errors_of, id_of, mutate, reply, sandbox, sessions, try_mutate,
    until_session,
};

on_both_engines! {
    async fn a_role_is_given_changed_and_seen_by_colleagues(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let head = desk.add_agent("head@desk.test", "Sandbox", "admin").await;
        let ada = desk.add_stranger("ada@desk.test").await;
        let ada_id = id_of(&ada).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        reply(&desk.admin, &session, "good day").await;

        let set = |role: &str| json!({ "projectId": sandbox, "agentId": ada_id, "role": role });
        let member = mutate(&head, "projectRoleSet", set("AGENT"), &format!("{MEMBER} project {{ id }}")).await;
        assert_eq!(member["project"]["id"], json!(sandbox));
        assert_eq!(member["member"], json!({ "agent": { "email": "ada@desk.test" }, "role": "AGENT", "teams": [] }));
        until_role(&ada, &sandbox, "AGENT").await;
        assert!(sessions(&ada, &sandbox).await.is_empty(), "an agent sees no session of another one");
        mutate(&head, "projectRoleSet", set("SUPERVISOR"), MEMBER).await;
        until_role(&ada, &sandbox, "SUPERVISOR").await;
        assert_eq!(sessions(&ada, &sandbox).await.len(), 1);
        mutate(&head, "projectRoleSet", set("AGENT"), MEMBER).await;
        until_role(&ada, &sandbox, "AGENT").await;
        assert!(sessions(&ada, &sandbox).await.is_empty(), "at once");
        assert_eq!(errors_of(&try_mutate(&ada, "projectRoleSet", set("ADMIN"), MEMBER).await), ["NOT_ADMINISTRATOR"]);

        // Page by page, oldest first.
        let page = "query Page($id: ID!, $after: String) { project(id: $id) { members(first: 2, after: $after) {
            nodes { agent { email } role } totalCount pageInfo { hasNextPage endCursor }
        } } }";
        let first = ada.query(page, json!({ "id": sandbox })).await["project"]["members"].take();
        assert_eq!((&first["totalCount"], &first["pageInfo"]["hasNextPage"]), (&json!(3), &json!(true)));
        assert_eq!(first["nodes"][1], json!({ "agent": { "email": "head@desk.test" }, "role": "ADMIN" }));
        let after = &first["pageInfo"]["endCursor"];
        let second = ada.query(page, json!({ "id": sandbox, "after": after })).await["project"]["members"].take();
        assert_eq!(second["nodes"], json!([{ "agent": { "email": "ada@desk.test" }, "role": "AGENT" }]));
    }

    async fn a_role_and_a_team_count_at_once_and_readers_are_told_to_look_anew(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let ada_id = id_of(&ada).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        reply(&desk.admin, &session, "good day").await;
        let team = json!({ "projectId": sandbox, "name": "Second line", "line": 2 });
        let team = mutate(&desk.admin, "teamCreate", team, "team { id }").await["team"]["id"].take();
        let mut reader = Reader::from_now(&ada, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 8, "is somebody there?").await;
        reader.until("MessageAdded", |_| true).await;

        for (role, count) in [("SUPERVISOR", 2), ("AGENT", 1), ("SUPERVISOR", 2), ("AGENT", 1)] {
            let set = json!({ "projectId": sandbox, "agentId": ada_id, "role": role });
            mutate(&desk.admin, "projectRoleSet", set, MEMBER).await;
            assert_eq!(sessions(&ada, &sandbox).await.len(), count, "{role}");
            reader.until("ResyncRequired", |_| true).await;
        }
        let member = json!({ "teamId": team, "agentId": ada_id });
        for verb in ["teamMemberAdd", "teamMemberRemove"] {
            mutate(&desk.admin, verb, member.clone(), "team { id }").await;
            reader.until("ResyncRequired", |_| true).await;
        }
        customer_writes(&desk.admin, &sandbox, 8, "hello?").await;
        reader.until("MessageAdded", |event| event["message"]["text"] == "hello?").await;

        // A team of another project changes nothing in this one.
        let input = json!({ "name": "Elsewhere", "sandbox": true });
        let elsewhere = mutate(&desk.admin, "projectCreate", input, "project { id }").await["project"]["id"].take();
        let set = json!({ "projectId": elsewhere, "agentId": ada_id, "role": "AGENT" });
        mutate(&desk.admin, "projectRoleSet", set, MEMBER).await;
        let team = json!({ "projectId": elsewhere, "name": "Second line", "line": 2 });
        let other = mutate(&desk.admin, "teamCreate", team, "team { id }").await["team"]["id"].take();
        mutate(&desk.admin, "teamMemberAdd", json!({ "teamId": other, "agentId": ada_id }), "team { id }").await;
        customer_writes(&desk.admin, &sandbox, 8, "still there?").await;
        loop {
            let event = reader.next().await;
            assert_ne!(event["__typename"], "ResyncRequired", "of this project she sees what she saw");
            if event["message"]["text"] == "still there?" {
                break;
            }
        }
        mutate(&desk.admin, "teamMemberAdd", member, "team { id }").await;
        reader.until("ResyncRequired", |_| true).await;
    }

    async fn the_last_administrator_of_a_project_stays_one_unless_the_workspace_says_otherwise(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let head = desk.add_agent("head@desk.test", "Sandbox", "admin").await;
        let other = desk.add_agent("other@desk.test", "Sandbox", "agent").await;
        let (head_id, other_id) = (id_of(&head).await, id_of(&other).await);
        let set = |id: &Value, role: &str| json!({ "projectId": sandbox, "agentId": id, "role": role });
        let remove = |id: &Value| json!({ "projectId": sandbox, "agentId": id });
        // Whoever set up the desk has the role as well, until they give it up.
        mutate(&desk.admin, "projectRoleRemove", remove(&id_of(&desk.admin).await), "agent { id }").await;
        let refused = try_mutate(&head, "projectRoleSet", set(&head_id, "AGENT"), MEMBER).await;
        assert_eq!(errors_of(&refused), ["LAST_ADMIN"]);
        let refused = try_mutate(&head, "projectRoleRemove", remove(&head_id), "agent { id }").await;
        assert_eq!(errors_of(&refused), ["LAST_ADMIN"]);

        // With two, both want to be the only one: one of them succeeds.
        mutate(&head, "projectRoleSet", set(&other_id, "ADMIN"), MEMBER).await;
        until_role(&other, &sandbox, "ADMIN").await;
        let (one, two) = tokio::join!(
            try_mutate(&head, "projectRoleSet", set(&other_id, "AGENT"), MEMBER),
            try_mutate(&other, "projectRoleSet", set(&head_id, "AGENT"), MEMBER)
        );
        let done = [&one, &two].iter().filter(|payload| errors_of(payload).is_empty()).count();
        assert_eq!(done, 1, "{one} {two}");
        let members = "query Members($id: ID!) { project(id: $id) { members(first: 9) { nodes { role agent { id } } } } }";
        let data = desk.admin.query(members, json!({ "id": sandbox })).await;
        let members = data["project"]["members"]["nodes"].as_array().unwrap();
        let left: Vec<&Value> = members[1..].iter().filter(|member| member["role"] == "ADMIN").collect();
        assert_eq!(left.len(), 1, "{data}");
        mutate(&desk.admin, "projectRoleRemove", remove(&left[0]["agent"]["id"]), "agent { id }").await;
    }

    async fn a_role_is_given_to_colleagues_only_and_taken_from_those_who_have_one(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let gone = desk.add_agent("gone@desk.test", "Sandbox", "agent").await;
        let gone_id = id_of(&gone).await;
        desk.administer(["admin", "agent-deactivate", "--email", "gone@desk.test"]).await;
        let admin = id_of(&desk.admin).await;
        let set = |id: &Value| json!({ "projectId": sandbox, "agentId": id, "role": "AGENT" });
        for (input, code) in [
            (set(&gone_id), "AGENT_NOT_FOUND"),
            (set(&json!("QWdlbnQ6OTk5OTk5")), "AGENT_NOT_FOUND"),
            (set(&json!(sandbox)), "INVALID_ID"),
        ] {
            assert_eq!(errors_of(&try_mutate(&desk.admin, "projectRoleSet", input.clone(), MEMBER).await), [code], "{input}");
        }
        let remove = |id: &Value| json!({ "projectId": sandbox, "agentId": id });
        mutate(&desk.admin, "projectRoleRemove", remove(&admin), "agent { id }").await;
        let refused = try_mutate(&desk.admin, "projectRoleRemove", remove(&admin), "agent { id }").await;
        assert_eq!(errors_of(&refused), ["NO_ROLE"]);
        // Of somebody who is not active a role can be taken, and then they come back without it.
        mutate(&desk.admin, "projectRoleRemove", remove(&gone_id), "agent { active }").await;
        desk.administer(["admin", "agent-activate", "--email", "gone@desk.test"]).await;
        let data = desk.admin.query("{ agents(active: true, first: 9) { nodes { email } totalCount } }", Value::Null).await;
        assert_eq!(data["agents"]["totalCount"], 2);
        let members = "query Members($id: ID!) { project(id: $id) { members(first: 9) { totalCount } } }";
        let data = desk.admin.query(members, json!({ "id": sandbox })).await;
        assert_eq!(data["project"]["members"]["totalCount"], 1);
    }
}

const MEMBER: &str = "member { agent { email } role teams { name } }";

/// Waits until somebody has a role in a project, which takes a second at most.
async fn until_role(client: &Client, project: &str, role: &str) {
    let document = "query Role($id: ID!) { project(id: $id) { role } }";
    let has_role = || async {
        let data = client.query(document, json!({ "id": project })).await;
        (data["project"]["role"] == role).then_some(()).ok_or(data)
    };
    eventually(PATIENCE, has_role).await;
}
