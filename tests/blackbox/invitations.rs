//! Whoever is invited becomes an agent by a code, with what the invitation gives and nothing else.

use serde_json::{Value, json};
use tests::server::ADMIN_EMAIL;
use tests::{Client, Sql, eventually, on_both_engines};

use crate::stage::{Desk, PATIENCE, errors_of, id_of, mutate, sandbox, try_mutate};

const PASSWORD: &str = "a password of one's own";
const INVITED: &str =
    "acceptCode invitation { id email name state workspaceRole projects { project { id } role teams { name } } }";
const GRANT: &str = "accessToken refreshToken retryAfterMs agent { id email name workspaceRole active }";

on_both_engines! {
    async fn who_is_invited_becomes_an_agent_with_the_roles_and_teams_of_the_invitation(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let team = json!({ "projectId": sandbox, "name": "Second line", "line": 2 });
        let team = mutate(&desk.admin, "teamCreate", team, "team { id }").await["team"]["id"].take();
        let input = json!({
            "email": " Ada@Desk.test ", "name": "Ada",
            "projects": [{ "projectId": sandbox, "role": "SUPERVISOR", "teamIds": [team, team] }],
        });
        let invited = mutate(&desk.admin, "agentInvite", input, INVITED).await;
        let expected = json!({
            "id": invited["invitation"]["id"], "email": "ada@desk.test", "name": "Ada", "state": "OPEN",
            "workspaceRole": "MEMBER",
            "projects": [{ "project": { "id": sandbox }, "role": "SUPERVISOR", "teams": [{ "name": "Second line" }] }],
        });
        assert_eq!(invited["invitation"], expected);
        let code = invited["acceptCode"].as_str().unwrap();
        assert!(code.starts_with("sbi_"), "{code}");

        let anonymous = Client::anonymous(desk.server.url());
        let granted = accept(&anonymous, code, PASSWORD).await;
        assert_eq!(errors_of(&granted), [""; 0]);
        let ada = anonymous.with_token(granted["accessToken"].as_str().unwrap());
        let me = "query Me($project: ID!) {
            viewer { id email name workspaceRole active teams(projectId: $project) { name } }
            project(id: $project) { role members(first: 10) { nodes { agent { email } role teams { name } } totalCount } }
        }";
        let data = ada.query(me, json!({ "project": sandbox })).await;
        assert_eq!(data["viewer"]["id"], granted["agent"]["id"]);
        assert_eq!((&data["viewer"]["email"], &data["viewer"]["name"]), (&json!("ada@desk.test"), &json!("Ada")));
        assert_eq!(data["viewer"]["teams"], json!([{ "name": "Second line" }]));
        assert_eq!(data["project"]["role"], "SUPERVISOR");
        let members = json!({ "totalCount": 2, "nodes": [
            { "agent": { "email": ADMIN_EMAIL }, "role": "ADMIN", "teams": [] },
            { "agent": { "email": "ada@desk.test" }, "role": "SUPERVISOR", "teams": [{ "name": "Second line" }] },
        ] });
        assert_eq!(data["project"]["members"], members);
        let team_of = "query Team($id: ID!) { node(id: $id) { ... on Team { members { email } } } }";
        let data = desk.admin.query(team_of, json!({ "id": team })).await;
        assert_eq!(data["node"]["members"], json!([{ "email": "ada@desk.test" }]));
        // From then on they sign in as everybody does, and the code is spent.
        Client::sign_in(desk.server.url(), "ada@desk.test", PASSWORD).await;
        assert_eq!(errors_of(&accept(&anonymous, code, PASSWORD).await), ["INVITATION_NOT_VALID"]);
        let found = invitation(&desk.admin, &invited["invitation"]["id"]).await;
        assert_eq!((&found["state"], &found["agent"]["email"]), (&json!("ACCEPTED"), &json!("ada@desk.test")));
    }

    async fn a_code_that_is_none_any_more_is_refused_without_saying_why(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let anonymous = Client::anonymous(desk.server.url());
        let (revoked, id) = invite(&desk.admin, &sandbox, "revoked@desk.test").await;
        let gone = mutate(&desk.admin, "invitationRevoke", json!({ "invitationId": id }), "invitation { state }").await;
        assert_eq!(gone["invitation"]["state"], "REVOKED");
        mutate(&desk.admin, "invitationRevoke", json!({ "invitationId": id }), "invitation { state }").await;
        let (expired, id) = invite(&desk.admin, &sandbox, "late@desk.test").await;
        run(&desk, "UPDATE invitations SET expires_at = 1 WHERE email = 'late@desk.test'").await;
        assert_eq!(invitation(&desk.admin, &id).await["state"], "EXPIRED");
        let made_up = format!("sbi_{}", "A".repeat(43));
        let token = desk.admin.token().unwrap();
        for code in [revoked.as_str(), expired.as_str(), &made_up, "", "sbi_", token, &expired.replace("sbi_", "sba_")] {
            let refused = accept(&anonymous, code, PASSWORD).await;
            assert_eq!(errors_of(&refused), ["INVITATION_NOT_VALID"], "{code}");
            assert_eq!((&refused["accessToken"], &refused["agent"]), (&Value::Null, &Value::Null));
        }
        // Nobody came of any of them, and an address whose invitation has run out is invited anew.
        let agents = desk.admin.query("{ agents(first: 10) { totalCount } }", Value::Null).await;
        assert_eq!(agents["agents"]["totalCount"], 1);
        let (code, _) = invite(&desk.admin, &sandbox, "late@desk.test").await;
        // A password that cannot be taken costs neither the code nor an attempt.
        for (password, refusal) in [("seven77", "WEAK_PASSWORD"), (&*"x".repeat(1025), "PASSWORD_TOO_LONG")] {
            assert_eq!(errors_of(&accept(&anonymous, &code, password).await), [refusal]);
        }
        assert_eq!(errors_of(&accept(&anonymous, &code, PASSWORD).await), [""; 0]);
        desk.server.assert_never_printed(&code);
        desk.server.assert_never_printed(PASSWORD);
    }

    async fn a_code_that_many_tell_at_once_makes_one_agent(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let (code, _) = invite(&desk.admin, &sandbox, "ada@desk.test").await;
        let anonymous = Client::anonymous(desk.server.url());
        let accept = || accept(&anonymous, &code, PASSWORD);
        let (one, two, three) = tokio::join!(accept(), accept(), accept());
        let mut codes: Vec<Vec<&str>> = [&one, &two, &three].map(|granted| errors_of(granted)).into();
        codes.sort();
        assert_eq!(codes, [vec![], vec!["INVITATION_NOT_VALID"], vec!["INVITATION_NOT_VALID"]]);
    }

    async fn nobody_gives_more_than_they_administer(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let elsewhere = json!({ "name": "Elsewhere", "sandbox": true });
        let elsewhere = mutate(&desk.admin, "projectCreate", elsewhere, "project { id }").await["project"]["id"].take();
        let head = desk.add_agent("head@desk.test", "Sandbox", "admin").await;
        let lead = desk.add_agent("lead@desk.test", "Sandbox", "supervisor").await;
        let role = |project: &Value, role: &str| json!({ "projectId": project, "role": role });
        let (here, there) = (role(&json!(sandbox), "ADMIN"), role(&elsewhere, "AGENT"));
        let input = |more: Value| {
            let mut input = json!({ "email": "new@desk.test", "name": "New" });
            input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            input
        };
        for (client, more, code) in [
            (&lead, json!({ "projects": [role(&json!(sandbox), "AGENT")] }), "NOT_ADMINISTRATOR"),
            (&head, json!({ "projects": [here], "workspaceRole": "ADMIN" }), "ROLE_TOO_HIGH"),
            (&head, json!({ "workspaceRole": "ADMIN" }), "ROLE_TOO_HIGH"),
            (&head, json!({ "projects": [here, there] }), "PROJECT_NOT_FOUND"),
            (&head, json!({}), "PROJECT_REQUIRED"),
            (&head, json!({ "projects": [here, here] }), "PROJECT_REPEATED"),
            (&head, json!({ "projects": [{ "projectId": sandbox, "role": "AGENT", "teamIds": [sandbox] }] }), "INVALID_ID"),
            (&desk.admin, json!({ "projects": [here], "email": "nobody" }), "EMAIL_MALFORMED"),
            (&desk.admin, json!({ "projects": [here], "name": " " }), "NAME_EMPTY"),
            (&desk.admin, json!({ "projects": [here], "email": "LEAD@desk.test" }), "EMAIL_TAKEN"),
        ] {
            let refused = try_mutate(client, "agentInvite", input(more.clone()), INVITED).await;
            assert_eq!(errors_of(&refused), [code], "{more}");
            assert_eq!((&refused["invitation"], &refused["acceptCode"]), (&Value::Null, &Value::Null));
        }
        desk.assign_agent("head@desk.test", "Elsewhere", "supervisor").await;
        let seen = || async {
            let data = head.query("{ projects(first: 5) { totalCount } }", Value::Null).await;
            (data["projects"]["totalCount"] == 2).then_some(())
        };
        eventually(PATIENCE, seen).await;
        let refused = try_mutate(&head, "agentInvite", input(json!({ "projects": [here, there] })), INVITED).await;
        assert_eq!(errors_of(&refused), ["ROLE_TOO_HIGH"], "a project that they see and do not administer");

        // Within their project they invite, see and revoke; a second invitation for the address is one too many.
        let (_, id) = invite(&head, &sandbox, "new@desk.test").await;
        let again = input(json!({ "projects": [here] }));
        assert_eq!(errors_of(&try_mutate(&head, "agentInvite", again, INVITED).await), ["ALREADY_INVITED"]);
        let list = "query List($project: ID) { invitations(projectId: $project, first: 5) { totalCount nodes { id } } }";
        let listed = head.query(list, json!({ "project": sandbox })).await;
        assert_eq!(listed["invitations"], json!({ "totalCount": 1, "nodes": [{ "id": id }] }));
        let all = head.try_query(list, json!({ "project": null })).await.unwrap();
        assert_eq!(all.error_codes(), ["FORBIDDEN"]);
        assert_eq!(desk.admin.query(list, json!({ "project": null })).await["invitations"]["totalCount"], 1);
        assert_eq!(invitation(&lead, &id).await, Value::Null);
        let revoke = json!({ "invitationId": id });
        let refused = try_mutate(&lead, "invitationRevoke", revoke.clone(), "invitation { id }").await;
        assert_eq!(errors_of(&refused), ["INVITATION_NOT_FOUND"]);
        mutate(&head, "invitationRevoke", revoke, "invitation { id }").await;
    }

    async fn an_invitation_is_worth_no_more_than_whoever_made_it(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let anonymous = Client::anonymous(desk.server.url());
        let head = desk.add_agent("head@desk.test", "Sandbox", "admin").await;
        let (demoted, _) = invite(&head, &sandbox, "one@desk.test").await;
        desk.assign_agent("head@desk.test", "Sandbox", "supervisor").await;
        assert_eq!(errors_of(&accept(&anonymous, &demoted, PASSWORD).await), ["INVITATION_NOT_VALID"]);
        desk.assign_agent("head@desk.test", "Sandbox", "admin").await;
        let head_id = id_of(&head).await;
        let invited = || async { try_invite(&head, &sandbox, "two@desk.test").await };
        let (gone, id) = eventually(PATIENCE, invited).await;
        mutate(&desk.admin, "agentDeactivate", json!({ "agentId": head_id }), "agent { active }").await;
        assert_eq!(errors_of(&accept(&anonymous, &gone, PASSWORD).await), ["INVITATION_NOT_VALID"]);
        assert_eq!(invitation(&desk.admin, &id).await["state"], "REVOKED");
        // Also if they come back.
        mutate(&desk.admin, "agentActivate", json!({ "agentId": head_id }), "agent { active }").await;
        assert_eq!(errors_of(&accept(&anonymous, &gone, PASSWORD).await), ["INVITATION_NOT_VALID"]);
    }

    async fn an_invitation_is_made_once_under_a_key_and_its_code_told_once(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let projects = json!([{ "projectId": sandbox, "role": "AGENT" }]);
        let input = json!({ "email": "ada@desk.test", "name": "Ada", "projects": projects, "idempotencyKey": "one" });
        let create = || mutate(&desk.admin, "agentInvite", input.clone(), INVITED);
        let (one, two) = tokio::join!(create(), create());
        assert_eq!(one["invitation"]["id"], two["invitation"]["id"]);
        let codes = [&one, &two].map(|made| made["acceptCode"].is_string());
        assert!(codes[0] != codes[1], "{one} {two}");
        let mut other = input.clone();
        other["name"] = json!("Another");
        let refused = try_mutate(&desk.admin, "agentInvite", other, INVITED).await;
        assert_eq!(errors_of(&refused), ["IDEMPOTENCY_KEY_REUSED"]);
    }

    async fn codes_cannot_be_tried_at_random(engine: Engine) {
        let desk = Desk::start(engine).await;
        let anonymous = Client::anonymous(desk.server.url());
        let mut tried = 0;
        let refused = loop {
            let made_up = format!("sbi_{tried:A>43}");
            let answer = accept(&anonymous, &made_up, PASSWORD).await;
            match errors_of(&answer)[..] {
                ["INVITATION_NOT_VALID"] if tried < 500 => tried += 1,
                _ => break answer,
            }
        };
        assert_eq!(errors_of(&refused), ["TOO_MANY_ATTEMPTS"]);
        assert!(tried >= 60 && refused["retryAfterMs"].is_number(), "{tried}: {refused}");
    }
}

/// Invites somebody into a project, and answers the code and the id of the invitation.
async fn invite(client: &Client, project: &str, email: &str) -> (String, Value) {
    let made = try_invite(client, project, email).await;
    made.unwrap_or_else(|refused| panic!("nobody was invited: {refused}"))
}

async fn try_invite(client: &Client, project: &str, email: &str) -> Result<(String, Value), Value> {
    let projects = json!([{ "projectId": project, "role": "AGENT" }]);
    let input = json!({ "email": email, "name": email, "projects": projects });
    let made = try_mutate(client, "agentInvite", input, INVITED).await;
    match made["acceptCode"].as_str() {
        Some(code) => Ok((code.to_owned(), made["invitation"]["id"].clone())),
        None => Err(made),
    }
}

async fn accept(client: &Client, code: &str, password: &str) -> Value {
    try_mutate(client, "invitationAccept", json!({ "code": code, "password": password }), GRANT).await
}

async fn invitation(client: &Client, id: &Value) -> Value {
    let document = "query Invitation($id: ID!) { node(id: $id) { ... on Invitation { state agent { email } } } }";
    client.query(document, json!({ "id": id })).await["node"].take()
}

async fn run(desk: &Desk, statements: &str) {
    Sql::connect(&desk.database).await.unwrap().execute(statements).await.unwrap();
}
