//! What a page of the inbox costs the database, counted by the database itself.

use serde_json::json;
use tests::postgres::Cluster;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Client, Engine, Server, eventually};

use crate::stage::{BINARY, PATIENCE, customer_writes, reply, sandbox, sessions};

const SESSIONS: i64 = 40;

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_the_inbox_takes_the_same_statements_whatever_its_size() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let cluster = Cluster::builder().setting("log_statement", "all").start().await.expect("PostgreSQL is installed");
    let database = cluster.create_database().await;
    let server = Server::builder(BINARY).database_url(database.url()).start().await;
    let client = Client::sign_in(server.url(), ADMIN_EMAIL, ADMIN_PASSWORD).await;
    let sandbox = sandbox(&client).await;
    for customer in 1..=SESSIONS {
        customer_writes(&client, &sandbox, customer, "hello").await;
    }
    let all_there = || async {
        let sessions = sessions(&client, &sandbox).await;
        if sessions.len() == 40 { Ok(sessions) } else { Err(sessions.len()) }
    };
    for session in eventually(PATIENCE, all_there).await.iter().step_by(3) {
        reply(&client, session["id"].as_str().unwrap(), "hello!").await;
    }
    let all_sent = || async {
        let sessions = sessions(&client, &sandbox).await;
        sessions.iter().all(|session| session["lastMessage"]["delivery"]["state"] != "QUEUED").then_some(())
    };
    eventually(PATIENCE, all_sent).await;

    let mut costs = Vec::new();
    for size in [2, 10, SESSIONS] {
        let mark = cluster.output().len();
        page(&client, &sandbox, size).await;
        costs.push(statements_since(&cluster, mark));
    }
    assert_eq!(costs[0], costs[1]);
    assert_eq!(costs[1], costs[2]);
    assert!(!costs[0].is_empty());
}

/// Reads a page of the inbox with everything that a console shows of a session.
async fn page(client: &Client, project: &str, size: i64) {
    let document = "query Inbox($projectId: ID!, $first: Int!) {
        sessions(projectId: $projectId, first: $first) {
            nodes {
                id number status priority unreadCount lastMessageAt
                customer { name telegramUserId }
                assignee { name }
                lastMessage { text direction author { name } delivery { state } }
            }
            pageInfo { hasNextPage endCursor }
        }
    }";
    let data = client.query(document, json!({ "projectId": project, "first": size })).await;
    let count = data["sessions"]["nodes"].as_array().expect("a page has nodes").len();
    assert_eq!(i64::try_from(count).unwrap(), size);
}

/// The statements about what a page shows, sorted. Others are those of what the desk does beside.
fn statements_since(cluster: &Cluster, mark: usize) -> Vec<String> {
    const SHOWN: [&str; 4] = ["FROM \"sessions\"", "FROM \"customers\"", "FROM \"messages\"", "FROM \"session_views\""];
    let lines = cluster.output().lines_after(mark);
    let statements = lines.into_iter().filter(|line| SHOWN.iter().any(|table| line.contains(table)));
    let mut statements: Vec<String> =
        statements.map(|line| line.split_once("FROM").map(|(_, rest)| rest.to_owned()).unwrap_or_default()).collect();
    statements.sort();
    statements
}
