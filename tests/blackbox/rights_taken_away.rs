//! Rights that are taken away end what runs with them within a second, also where nothing happens and whoever took
//! them away.

use std::time::Duration;

use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tests::graphql::Ending;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Client, Engine, Role, Server, Sql, eventually, on_both_engines};
use tokio::time::timeout;

use crate::stage::{BINARY, Desk, Reader, customer_writes, errors_of, migrated_database, sandbox};

/// How long anything may go on that is no longer allowed.
const AT_ONCE: Duration = Duration::from_secs(1);

on_both_engines! {
    async fn deactivation_by_a_command_closes_an_idle_socket(engine: Engine) {
        let desk = Desk::start(engine).await;
        let agent = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let mut idle = idle_reader(&desk.admin, &agent).await;
        let mut other = idle_reader(&desk.admin, &desk.admin).await;
        desk.administer(["admin", "agent-deactivate", "--email", "ada@desk.test"]).await;
        assert_eq!(end_of(&mut idle).await, closed());
        // Nobody else is told anything.
        let sandbox = sandbox(&desk.admin).await;
        customer_writes(&desk.admin, &sandbox, 7, "afterwards").await;
        other.until("MessageAdded", |event| event["message"]["text"] == "afterwards").await;
    }

    async fn the_end_of_a_role_ends_an_idle_subscription(engine: Engine) {
        let desk = Desk::start(engine).await;
        let agent = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let mut idle = idle_reader(&desk.admin, &agent).await;
        desk.unassign_agent("ada@desk.test", "Sandbox").await;
        assert_eq!(end_of(&mut idle).await, (vec!["FORBIDDEN".to_owned()], Some(Ending::Completed)));
        // The agent is signed in still, and may come back once they have a role again.
        assert_eq!(agent.query("{ viewer { email } }", Value::Null).await["viewer"]["email"], "ada@desk.test");
        desk.assign_agent("ada@desk.test", "Sandbox", "agent").await;
        eventually(AT_ONCE, || async {
            let data = agent.query("{ projects(first: 1) { totalCount } }", Value::Null).await;
            (data["projects"]["totalCount"] == 1).then_some(())
        })
        .await;
        idle_reader(&desk.admin, &agent).await;
    }

    async fn another_role_in_the_project_ends_nothing(engine: Engine) {
        let desk = Desk::start(engine).await;
        let agent = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let mut reader = idle_reader(&desk.admin, &agent).await;
        desk.assign_agent("ada@desk.test", "Sandbox", "supervisor").await;
        let sandbox = sandbox(&desk.admin).await;
        for text in ["one", "two"] {
            customer_writes(&desk.admin, &sandbox, 7, text).await;
            reader.until("MessageAdded", |event| event["message"]["text"] == text).await;
        }
    }

    async fn signing_out_closes_an_idle_socket(engine: Engine) {
        let desk = Desk::start(engine).await;
        let client = sign_in(desk.server.url()).await;
        let mut idle = idle_reader(&desk.admin, &client).await;
        client.query(SIGN_OUT, Value::Null).await;
        assert_eq!(end_of(&mut idle).await, closed());
        // Other sign-ins of the same agent go on.
        idle_reader(&desk.admin, &desk.admin).await;
    }

    async fn a_new_password_closes_an_idle_socket(engine: Engine) {
        let desk = Desk::start(engine).await;
        let agent = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let mut idle = idle_reader(&desk.admin, &agent).await;
        desk.administer(["admin", "password-reset", "--email", "ada@desk.test"]).await;
        assert_eq!(end_of(&mut idle).await, closed());
    }

    async fn revoking_an_api_token_closes_an_idle_socket(engine: Engine) {
        let desk = Desk::start(engine).await;
        let (integration, id) = integration(&desk.admin).await;
        let mut idle = idle_reader(&desk.admin, &integration).await;
        revoke(&desk.admin, &id).await;
        assert_eq!(end_of(&mut idle).await, closed());
    }

    async fn revoking_an_api_token_ends_an_idle_event_stream_with_one_error(engine: Engine) {
        let desk = Desk::start(engine).await;
        let (integration, id) = integration(&desk.admin).await;
        let document = "subscription Events($id: ID!) { sessionEvents(projectId: $id) { __typename } }";
        let request = reqwest::Client::new()
            .post(desk.server.graphql_url())
            .bearer_auth(integration.token().unwrap())
            .header("accept", "text/event-stream")
            .json(&json!({ "query": document, "variables": { "id": sandbox(&desk.admin).await } }));
        let mut chunks = request.send().await.unwrap().bytes_stream();
        // The server says something as soon as the stream is open.
        chunks.next().await.unwrap().unwrap();
        revoke(&desk.admin, &id).await;
        let rest = async {
            let mut text = String::new();
            while let Some(chunk) = chunks.next().await {
                text.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
            }
            text
        };
        let rest = timeout(AT_ONCE, rest).await.expect("the stream ends");
        assert_eq!(rest.matches("UNAUTHENTICATED").count(), 1, "{rest}");
        assert!(rest.contains("event: complete"), "{rest}");
    }

    async fn rights_that_were_changed_in_the_database_itself_count_as_well(engine: Engine) {
        let desk = Desk::start(engine).await;
        let agent = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let mut idle = idle_reader(&desk.admin, &agent).await;
        Sql::connect(&desk.database).await.unwrap().execute("DELETE FROM memberships").await.unwrap();
        assert_eq!(end_of(&mut idle).await, (vec!["FORBIDDEN".to_owned()], Some(Ending::Completed)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_process_takes_away_ends_in_the_other() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let database = migrated_database(Engine::Postgres).await;
    let settings = Server::builder(BINARY).database(&database).role(Role::Serve);
    let [one, other] = [settings.start().await, settings.start().await];
    let here = sign_in(one.url()).await;
    let there = Client::anonymous(other.url()).with_token(here.token().unwrap());
    let admin = sign_in(one.url()).await;
    let (integration_here, id) = integration(&admin).await;
    let integration_there = Client::anonymous(other.url()).with_token(integration_here.token().unwrap());
    let mut of_agent = idle_reader(&admin, &there).await;
    let mut of_integration = idle_reader(&admin, &integration_there).await;

    here.query(SIGN_OUT, Value::Null).await;
    assert_eq!(end_of(&mut of_agent).await, closed());
    revoke(&admin, &id).await;
    assert_eq!(end_of(&mut of_integration).await, closed());
}

const SIGN_OUT: &str = "mutation { signOut { userErrors { code } } }";

async fn sign_in(url: &str) -> Client {
    Client::sign_in(url, ADMIN_EMAIL, ADMIN_PASSWORD).await
}

/// Someone who follows the sandbox, where now nothing happens any more.
async fn idle_reader(admin: &Client, client: &Client) -> Reader {
    let sandbox = sandbox(admin).await;
    let mut reader = Reader::from_now(client, &sandbox).await;
    customer_writes(admin, &sandbox, 7, "is somebody there?").await;
    reader.until("MessageAdded", |event| event["message"]["text"] == "is somebody there?").await;
    reader
}

/// A client with a new API token that can follow sessions, and the id of the token.
async fn integration(admin: &Client) -> (Client, Value) {
    let document = "mutation Create($input: ApiTokenCreateInput!) {
        apiTokenCreate(input: $input) { apiToken { id } secret }
    }";
    let input = json!({ "name": "Import", "scopes": ["PROJECTS_READ", "SESSIONS_READ"] });
    let mut created = admin.query(document, json!({ "input": input })).await["apiTokenCreate"].take();
    (admin.with_token(created["secret"].as_str().unwrap()), created["apiToken"]["id"].take())
}

async fn revoke(admin: &Client, id: &Value) {
    let document =
        "mutation Revoke($input: ApiTokenRevokeInput!) { apiTokenRevoke(input: $input) { userErrors { code } } }";
    let data = admin.query(document, json!({ "input": { "id": id } })).await;
    assert_eq!(errors_of(&data["apiTokenRevoke"]), [""; 0]);
}

/// The codes of the errors that still come, and how the subscription then ends, if it does at once.
async fn end_of(reader: &mut Reader) -> (Vec<String>, Option<Ending>) {
    let subscription = reader.subscription();
    let mut codes = Vec::new();
    let draining = async {
        while let Some(payload) = subscription.next().await {
            let errors = payload["errors"].as_array().cloned().unwrap_or_default();
            codes.extend(errors.iter().map(|error| error["extensions"]["code"].as_str().unwrap().to_owned()));
        }
    };
    // One that goes on is told by the ending that is missing.
    let _ = timeout(AT_ONCE, draining).await;
    (codes, subscription.ending().cloned())
}

/// The end of a socket whose credentials are revoked, which clients take for a reason to come back with others.
fn closed() -> (Vec<String>, Option<Ending>) {
    (Vec::new(), Some(Ending::Closed { code: 4403, reason: "Forbidden: token revoked".to_owned() }))
}
