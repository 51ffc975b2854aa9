//! Integrations act with API tokens: as the agent who made them, and within their scopes.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::graphql::Ending;
use tests::{Client, eventually, on_both_engines};

use crate::stage::{Desk, PATIENCE, Reader, customer_writes, errors_of, sandbox, until_session};

/// How long anything may go on that is no longer allowed.
const AT_ONCE: Duration = Duration::from_secs(1);

const SCOPES: [&str; 8] = [
    "PROJECTS_READ",
    "PROJECTS_WRITE",
    "AGENTS_READ",
    "SESSIONS_READ",
    "SESSIONS_WRITE",
    "MESSAGES_SEND",
    "CUSTOMERS_WRITE",
    "SANDBOX_WRITE",
];

on_both_engines! {
    async fn a_token_acts_as_the_agent_who_made_it_and_is_shown_once(engine: Engine) {
        let desk = Desk::start(engine).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let input = json!({ "name": " CRM import ", "scopes": ["SESSIONS_READ", "PROJECTS_READ", "SESSIONS_READ"] });
        let created = create(&ada, input).await;
        let secret = created["secret"].as_str().unwrap();
        assert!(secret.starts_with("sba_"), "{secret}");
        let token = &created["apiToken"];
        assert_eq!(token["name"], "CRM import");
        assert_eq!(token["scopes"], json!(["PROJECTS_READ", "SESSIONS_READ"]));
        assert_eq!(token["agent"]["email"], "ada@desk.test");
        assert_eq!((&token["expiresAt"], &token["revokedAt"]), (&Value::Null, &Value::Null));

        let integration = ada.with_token(secret);
        assert_eq!(integration.query("{ viewer { email } }", Value::Null).await["viewer"]["email"], "ada@desk.test");
        assert_eq!(listed(&ada, false).await, [token["id"].clone()]);
        let node = "query Node($id: ID!) { node(id: $id) { __typename id } }";
        let data = ada.query(node, json!({ "id": token["id"] })).await;
        assert_eq!(data["node"], json!({ "__typename": "ApiToken", "id": token["id"] }));
        desk.server.assert_never_printed(secret);
    }

    async fn what_is_wrong_with_a_new_token_is_said(engine: Engine) {
        let desk = Desk::start(engine).await;
        let refusal = async |input: Value| {
            let payload = create(&desk.admin, input).await;
            payload["userErrors"].as_array().unwrap().iter().map(|error| error["code"].clone()).collect::<Vec<_>>()
        };
        let scopes = json!(["SESSIONS_READ"]);
        assert_eq!(refusal(json!({ "name": " ", "scopes": scopes })).await, ["NAME_EMPTY"]);
        assert_eq!(refusal(json!({ "name": "x".repeat(101), "scopes": scopes })).await, ["NAME_TOO_LONG"]);
        assert_eq!(refusal(json!({ "name": "x", "scopes": [] })).await, ["SCOPES_EMPTY"]);
        let past = json!({ "name": "x", "scopes": scopes, "expiresAt": "2020-01-01T00:00:00Z" });
        assert_eq!(refusal(past).await, ["EXPIRES_IN_THE_PAST"]);
        let keyless = json!({ "name": "x", "scopes": scopes, "idempotencyKey": "" });
        assert_eq!(refusal(keyless).await, ["IDEMPOTENCY_KEY_MALFORMED"]);
        assert_eq!(listed(&desk.admin, true).await, [Value::Null; 0]);
    }

    async fn a_request_that_is_repeated_makes_no_other_token_and_shows_no_secret(engine: Engine) {
        let desk = Desk::start(engine).await;
        let input = json!({ "name": "Import", "scopes": ["SESSIONS_READ"], "idempotencyKey": "key-1" });
        let first = create(&desk.admin, input.clone()).await;
        let again = create(&desk.admin, input).await;
        assert_eq!(again["apiToken"]["id"], first["apiToken"]["id"]);
        assert_eq!(again["secret"], Value::Null);
        let other = json!({ "name": "Import", "scopes": ["PROJECTS_READ"], "idempotencyKey": "key-1" });
        assert_eq!(errors_of(&create(&desk.admin, other).await), ["IDEMPOTENCY_KEY_REUSED"]);
        assert_eq!(listed(&desk.admin, false).await.len(), 1);
    }

    async fn every_operation_needs_its_scope_and_no_other(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        customer_writes(&desk.admin, &project, 7, "hello").await;
        let session = until_session(&desk.admin, &project, 7).await;
        let ids = ids_in(&desk.admin, &session).await;
        for scope in SCOPES {
            let alone = integration(&desk.admin, &[scope]).await;
            let others: Vec<_> = SCOPES.into_iter().filter(|other| *other != scope).collect();
            let without = integration(&desk.admin, &others).await;
            for (document, variables) in operations(scope, &project, &session, &ids) {
                let response = without.try_query(document, variables.clone()).await.unwrap();
                assert_eq!(response.error_codes(), ["FORBIDDEN"], "without {scope}: {document}\n{response:?}");
                assert!(response.body.contains(scope), "the missing scope is named: {}", response.body);
                let response = alone.try_query(document, variables).await.unwrap();
                assert_eq!(response.error_codes(), [""; 0], "with {scope} alone: {document}\n{response:?}");
            }
        }
        // A mutation shows what it changed, but not what hangs on it.
        let closer = integration(&desk.admin, &["SESSIONS_WRITE"]).await;
        let view = "mutation View($input: SessionMarkViewedInput!) {
            sessionMarkViewed(input: $input) { session { id customer { name } } }
        }";
        let response = closer.try_query(view, json!({ "input": { "sessionId": session } })).await.unwrap();
        assert_eq!(response.error_codes(), ["FORBIDDEN"], "{response:?}");

        let events = "subscription Events($id: ID!) { sessionEvents(projectId: $id) { __typename } }";
        let messages = "subscription Messages($id: ID!) { sessionMessages(sessionId: $id) { __typename } }";
        let deaf: Vec<_> = SCOPES.into_iter().filter(|scope| *scope != "SESSIONS_READ").collect();
        let deaf = integration(&desk.admin, &deaf).await;
        for (document, id) in [(events, &project), (messages, &session)] {
            let mut subscription = deaf.subscribe(document, json!({ "id": id })).await;
            match subscription.ending_within(PATIENCE).await {
                Ending::Failed(errors) => assert_eq!(errors[0]["extensions"]["code"], "FORBIDDEN", "{errors}"),
                other => panic!("{document} led to {other:?}"),
            }
        }
        let hearing = integration(&desk.admin, &["SESSIONS_READ"]).await;
        let mut subscription = hearing.subscribe(events, json!({ "id": project })).await;
        let heard = async {
            loop {
                customer_writes(&desk.admin, &project, 7, "again").await;
                if let Ok(Some(payload)) = tokio::time::timeout(AT_ONCE, subscription.next()).await {
                    return payload;
                }
            }
        };
        assert_eq!(heard.await.get("errors"), None);
    }

    async fn a_token_gives_no_right_that_its_agent_has_not(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        customer_writes(&desk.admin, &project, 7, "hello").await;
        let session = until_session(&desk.admin, &project, 7).await;
        let stranger = desk.add_stranger("stranger@desk.test").await;
        let integration = integration(&stranger, &SCOPES).await;
        let look = "query Look($project: ID!, $session: ID!) {
            project(id: $project) { id } session(id: $session) { id } projects(first: 1) { totalCount }
        }";
        let data = integration.query(look, json!({ "project": project, "session": session })).await;
        assert_eq!(data, json!({ "project": null, "session": null, "projects": { "totalCount": 0 } }));
        let create = "mutation Create($input: ProjectCreateInput!) {
            projectCreate(input: $input) { userErrors { code } }
        }";
        let data = integration.query(create, json!({ "input": { "name": "Mine", "sandbox": true } })).await;
        assert_eq!(errors_of(&data["projectCreate"]), ["NOT_ADMINISTRATOR"]);
    }

    async fn a_token_can_neither_see_nor_manage_tokens_nor_the_sign_in(engine: Engine) {
        let desk = Desk::start(engine).await;
        let created = create(&desk.admin, json!({ "name": "Everything", "scopes": SCOPES })).await;
        let secret = created["secret"].as_str().unwrap();
        let integration = desk.admin.with_token(secret);
        let id = created["apiToken"]["id"].clone();
        let input = json!({ "name": "Another", "scopes": ["SESSIONS_READ"] });
        for (document, variables) in [
            (LIST, json!({ "ofWorkspace": false })),
            (LIST, json!({ "ofWorkspace": true })),
            (CREATE, json!({ "input": input })),
            (REVOKE, json!({ "input": { "id": id } })),
            ("query Node($id: ID!) { node(id: $id) { id } }", json!({ "id": id })),
            ("mutation { signOut { signedOut } }", Value::Null),
        ] {
            let response = integration.try_query(document, variables).await.unwrap();
            assert_eq!(response.error_codes(), ["FORBIDDEN"], "{document}\n{response:?}");
        }
        let refresh = "mutation Refresh($input: TokenRefreshInput!) {
            tokenRefresh(input: $input) { accessToken userErrors { code } }
        }";
        let data = integration.query(refresh, json!({ "input": { "refreshToken": secret } })).await;
        assert_eq!(errors_of(&data["tokenRefresh"]), ["REFRESH_TOKEN_INVALID"]);
        assert!(is_taken(&integration).await);
    }

    async fn agents_manage_their_own_tokens_and_administrators_those_of_all(engine: Engine) {
        let desk = Desk::start(engine).await;
        let (ada, bob) = (desk.add_stranger("ada@desk.test").await, desk.add_stranger("bob@desk.test").await);
        let id = |created: &Value| created["apiToken"]["id"].clone();
        let input = json!({ "name": "Import", "scopes": ["SESSIONS_READ"] });
        let of_ada = create(&ada, input.clone()).await;
        let of_bob = create(&bob, input.clone()).await;
        let of_admin = create(&desk.admin, input).await;
        assert_eq!(listed(&ada, false).await, [id(&of_ada)]);
        assert_eq!(listed(&desk.admin, false).await, [id(&of_admin)]);
        assert_eq!(listed(&desk.admin, true).await, [id(&of_admin), id(&of_bob), id(&of_ada)]);
        let refused = ada.try_query(LIST, json!({ "ofWorkspace": true })).await.unwrap();
        assert_eq!(refused.error_codes(), ["FORBIDDEN"]);

        assert_eq!(errors_of(&revoke(&ada, &id(&of_bob)).await), ["API_TOKEN_NOT_FOUND"]);
        let node = "query Node($id: ID!) { node(id: $id) { id } }";
        assert_eq!(ada.query(node, json!({ "id": id(&of_bob) })).await["node"], Value::Null);
        let integration = bob.with_token(of_bob["secret"].as_str().unwrap());
        assert!(is_taken(&integration).await);
        let revoked = revoke(&desk.admin, &id(&of_bob)).await;
        assert_eq!(errors_of(&revoked), [""; 0]);
        assert!(revoked["apiToken"]["revokedAt"].is_string());
        assert!(!is_taken(&integration).await);
        // It stays in the list, and to revoke it again changes nothing.
        assert_eq!(revoke(&bob, &id(&of_bob)).await["apiToken"], revoked["apiToken"]);
        assert_eq!(listed(&bob, false).await, [id(&of_bob)]);
    }

    async fn a_token_ends_when_its_time_comes(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        // A busy machine takes a while to make the token and to read through it what a customer writes.
        let end = chrono::DateTime::from_timestamp_micros(now_micros(&desk, &project).await + 12_000_000).unwrap();
        let input = json!({ "name": "Brief", "scopes": SCOPES, "expiresAt": end.to_rfc3339() });
        let created = create(&desk.admin, input).await;
        let integration = desk.admin.with_token(created["secret"].as_str().unwrap());
        let mut reader = Reader::from_now(&integration, &project).await;
        customer_writes(&desk.admin, &project, 7, "hello").await;
        reader.until("MessageAdded", |_| true).await;

        // The socket closes as with an access token that has expired.
        match reader.subscription().ending_within(PATIENCE).await {
            Ending::Closed { code: 4403, .. } => {}
            other => panic!("the subscription led to {other:?}"),
        }
        assert!(now_micros(&desk, &project).await >= end.timestamp_micros());
        assert!(!is_taken(&integration).await);
    }

    async fn the_last_use_is_kept_and_costs_no_write_a_request(engine: Engine) {
        let desk = Desk::start(engine).await;
        let created = create(&desk.admin, json!({ "name": "Import", "scopes": ["PROJECTS_READ"] })).await;
        assert_eq!(created["apiToken"]["lastUsedAt"], Value::Null);
        let integration = desk.admin.with_token(created["secret"].as_str().unwrap());
        assert!(is_taken(&integration).await);
        let last_use = || async {
            let data = desk.admin.query(LIST, json!({ "ofWorkspace": false })).await;
            data["apiTokens"]["nodes"][0]["lastUsedAt"].as_str().map(str::to_owned)
        };
        let first = eventually(PATIENCE, last_use).await;
        for _ in 0..10 {
            assert!(is_taken(&integration).await);
        }
        assert_eq!(last_use().await, Some(first));
    }

    async fn a_deactivated_agent_has_no_token_left(engine: Engine) {
        let desk = Desk::start(engine).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let integration = integration(&ada, &SCOPES).await;
        assert!(is_taken(&integration).await);
        desk.administer(["admin", "agent-deactivate", "--email", "ada@desk.test"]).await;
        eventually(AT_ONCE, || async { (!is_taken(&integration).await).then_some(()) }).await;
        desk.administer(["admin", "agent-activate", "--email", "ada@desk.test"]).await;
        assert!(!is_taken(&integration).await);
    }

    async fn a_password_reset_ends_the_tokens_and_says_how_many(engine: Engine) {
        let desk = Desk::start(engine).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let hers = [integration(&ada, &SCOPES).await, integration(&ada, &SCOPES).await];
        let his = integration(&bob, &SCOPES).await;
        let reset = desk.administer(["admin", "password-reset", "--email", "ada@desk.test"]).await.stdout();
        assert!(reset.contains("2 API tokens"), "{reset}");
        for integration in &hers {
            eventually(AT_ONCE, || async { (!is_taken(integration).await).then_some(()) }).await;
        }
        assert!(is_taken(&his).await);
        let again = desk.administer(["admin", "password-reset", "--email", "ada@desk.test"]).await.stdout();
        assert!(!again.contains("API token"), "{again}");
    }

    async fn a_made_up_token_is_refused(engine: Engine) {
        let desk = Desk::start(engine).await;
        let created = create(&desk.admin, json!({ "name": "Import", "scopes": ["PROJECTS_READ"] })).await;
        let secret = created["secret"].as_str().unwrap();
        let reversed: String = secret[4..].chars().rev().collect();
        for token in ["sba_", &secret[..40], &format!("sba_{}", "A".repeat(43)), &format!("sba_{reversed}")] {
            let response = desk.admin.with_token(token).try_query("{ viewer { id } }", Value::Null).await.unwrap();
            assert_eq!(response.status, StatusCode::UNAUTHORIZED, "{token}");
            assert_eq!(response.error_codes(), ["UNAUTHENTICATED"]);
        }
    }
}

const LIST: &str = "query List($ofWorkspace: Boolean!) {
    apiTokens(ofWorkspace: $ofWorkspace, first: 100) { nodes { id lastUsedAt } totalCount }
}";
const CREATE: &str = "mutation Create($input: ApiTokenCreateInput!) {
    apiTokenCreate(input: $input) {
        apiToken { id name scopes agent { email } createdAt expiresAt lastUsedAt revokedAt }
        secret userErrors { code message path }
    }
}";
const REVOKE: &str = "mutation Revoke($input: ApiTokenRevokeInput!) {
    apiTokenRevoke(input: $input) { apiToken { id revokedAt } userErrors { code message path } }
}";

async fn create(client: &Client, input: Value) -> Value {
    client.query(CREATE, json!({ "input": input })).await["apiTokenCreate"].take()
}

async fn revoke(client: &Client, id: &Value) -> Value {
    client.query(REVOKE, json!({ "input": { "id": id } })).await["apiTokenRevoke"].take()
}

/// A client with a new token of an agent.
async fn integration(client: &Client, scopes: &[&str]) -> Client {
    let name: String = scopes.join(" ").chars().take(100).collect();
    let created = create(client, json!({ "name": name, "scopes": scopes })).await;
    client.with_token(created["secret"].as_str().unwrap_or_else(|| panic!("no token was made: {created}")))
}

/// The ids of the tokens that a client may see, newest first.
async fn listed(client: &Client, of_workspace: bool) -> Vec<Value> {
    let data = client.query(LIST, json!({ "ofWorkspace": of_workspace })).await;
    let nodes = data["apiTokens"]["nodes"].as_array().unwrap();
    assert_eq!(data["apiTokens"]["totalCount"], nodes.len());
    nodes.iter().map(|token| token["id"].clone()).collect()
}

async fn is_taken(client: &Client) -> bool {
    let response = client.try_query("{ viewer { id } }", Value::Null).await.unwrap();
    assert!(response.errors.is_empty() || response.error_codes() == ["UNAUTHENTICATED"], "{response:?}");
    response.errors.is_empty()
}

/// The time of the desk, in microseconds since 1970.
async fn now_micros(desk: &Desk, project: &str) -> i64 {
    let data = desk.admin.query("query Now($id: ID!) { project(id: $id) { now } }", json!({ "id": project })).await;
    let now: chrono::DateTime<chrono::Utc> = data["project"]["now"].as_str().unwrap().parse().unwrap();
    now.timestamp_micros()
}

/// The ids of what there is in a session: the customer and a message.
async fn ids_in(client: &Client, session: &str) -> [Value; 2] {
    let document = "query Ids($id: ID!) { session(id: $id) { customer { id } messages(first: 1) { nodes { id } } } }";
    let data = client.query(document, json!({ "id": session })).await;
    [data["session"]["customer"]["id"].clone(), data["session"]["messages"]["nodes"][0]["id"].clone()]
}

/// Operations that need a scope and nothing else. They can be repeated.
fn operations(scope: &str, project: &str, session: &str, ids: &[Value; 2]) -> Vec<(&'static str, Value)> {
    let node = "query Node($id: ID!) { node(id: $id) { id } }";
    let nodes = "query Nodes($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    match scope {
        "PROJECTS_READ" => vec![
            ("query Project($id: ID!) { project(id: $id) { id eventCursor } }", json!({ "id": project })),
            ("{ projects(first: 1) { nodes { id } totalCount } }", Value::Null),
            ("{ viewer { projects(first: 1) { nodes { id } } } }", Value::Null),
            (node, json!({ "id": project })),
            (nodes, json!({ "ids": [project] })),
        ],
        "PROJECTS_WRITE" => vec![(
            "mutation Create($input: ProjectCreateInput!) { projectCreate(input: $input) { project { id } } }",
            json!({ "input": { "name": "Another", "sandbox": true } }),
        )],
        "AGENTS_READ" => vec![(nodes, json!({ "ids": [AGENT] })), (node, json!({ "id": AGENT }))],
        "SESSIONS_READ" => vec![
            ("query Session($id: ID!) { session(id: $id) { id unreadCount } }", json!({ "id": session })),
            (
                "query Sessions($id: ID!) { sessions(projectId: $id, first: 1) { totalCount nodes { customer { id } } } }",
                json!({ "id": project }),
            ),
            (
                "query Messages($id: ID!) { session(id: $id) { messages(first: 1) { totalCount } } }",
                json!({ "id": session }),
            ),
            (node, json!({ "id": session })),
            (node, json!({ "id": ids[0] })),
            (nodes, json!({ "ids": [ids[1]] })),
        ],
        "SESSIONS_WRITE" => {
            let assign = "mutation Assign($input: SessionAssignInput!) {
                sessionAssign(input: $input) { session { id } userErrors { code } }
            }";
            let close = "mutation Close($input: SessionCloseInput!) { sessionClose(input: $input) { session { id } } }";
            let reopen =
                "mutation Reopen($input: SessionReopenInput!) { sessionReopen(input: $input) { session { id } } }";
            let view = "mutation View($input: SessionMarkViewedInput!) { sessionMarkViewed(input: $input) { session { id } } }";
            let input = json!({ "input": { "sessionId": session } });
            vec![
                (assign, json!({ "input": { "sessionId": session, "agentId": null } })),
                (close, input.clone()),
                (reopen, input.clone()),
                (view, input),
            ]
        }
        "MESSAGES_SEND" => vec![(
            "mutation Send($input: MessageSendInput!) { messageSend(input: $input) { message { text } } }",
            json!({ "input": { "sessionId": session, "text": "hello!" } }),
        )],
        "CUSTOMERS_WRITE" => vec![(
            "mutation Push($input: CustomerAttributesSetInput!) { customerAttributesSet(input: $input) { results { userErrors { code } } } }",
            json!({ "input": { "projectId": project, "customers": [] } }),
        )],
        "SANDBOX_WRITE" => vec![
            (
                "mutation Write($input: SandboxCustomerSendInput!) { sandboxCustomerSend(input: $input) { userErrors { code } } }",
                json!({ "input": { "projectId": project, "telegramUserId": "8", "name": "Kim", "text": "hello" } }),
            ),
            (
                "mutation Move($input: SandboxClockAdvanceInput!) { sandboxClockAdvance(input: $input) { userErrors { code } } }",
                json!({ "input": { "projectId": project, "seconds": 1 } }),
            ),
        ],
        other => unreachable!("{other} has no operations"),
    }
}

/// `Agent:1`, who is the administrator.
const AGENT: &str = "QWdlbnQ6MQ";
