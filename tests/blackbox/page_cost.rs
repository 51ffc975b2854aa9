//! What a page of the inbox costs the database.

use reqwest::get;
use serde_json::json;
use tests::{Client, eventually, on_both_engines};

use crate::stage::{Desk, PATIENCE, customer_writes, mutate, reply, sandbox, sessions};

const SESSIONS: usize = 40;
/// How often a page is read to find what it costs by itself: now and then the desk does something else meanwhile.
const LOOKS: usize = 8;

on_both_engines! {
    async fn a_page_of_the_inbox_takes_the_same_statements_whatever_its_size(engine: Engine) {
        // The desk looks after its leases less often then.
        let desk = Desk::start_with(engine, |settings| settings.env("SWITCHBOARD_LEASE_SECONDS", "600")).await;
        let sandbox = sandbox(&desk.admin).await;
        for customer in 0..SESSIONS {
            customer_writes(&desk.admin, &sandbox, 1 + customer as i64, "hello").await;
        }
        let all_there = || async {
            let sessions = sessions(&desk.admin, &sandbox).await;
            if sessions.len() == SESSIONS { Ok(sessions) } else { Err(sessions.len()) }
        };
        for session in eventually(PATIENCE, all_there).await.iter().step_by(3) {
            reply(&desk.admin, session["id"].as_str().unwrap(), "hello!").await;
        }
        let all_sent = || async {
            let sessions = sessions(&desk.admin, &sandbox).await;
            sessions.iter().all(|session| session["lastMessage"]["delivery"]["state"] != "QUEUED").then_some(())
        };
        eventually(PATIENCE, all_sent).await;

        // With whether who answers is there, and with why they do, it takes a few more.
        let reasons = "routingGrounds { scopeSource } assignee { presence(projectId: $projectId) }";
        for (more, most) in [("", 10), (reasons, 13)] {
            let small = statements_of(&desk, async || page(&desk.admin, &sandbox, 2, more).await).await;
            let large = statements_of(&desk, async || page(&desk.admin, &sandbox, SESSIONS, more).await).await;
            assert_eq!(small, large);
            assert!((1..=most).contains(&large), "{large} statements");
        }
    }

    async fn the_statistics_of_all_triggers_are_counted_at_once(engine: Engine) {
        let desk = Desk::start_with(engine, |settings| settings.env("SWITCHBOARD_LEASE_SECONDS", "600")).await;
        let sandbox = sandbox(&desk.admin).await;
        let list = json!({ "projectId": sandbox, "name": "Words", "phrases": ["refund"] });
        let list = mutate(&desk.admin, "wordListCreate", list, "wordList { id }").await["wordList"]["id"].take();
        let document = "query Triggers($id: ID!) { project(id: $id) { triggers { statistics { fired } } } }";
        let read = async || {
            desk.admin.query(document, json!({ "id": sandbox })).await;
        };
        let mut counts = Vec::new();
        for number in 0..4 {
            let input = json!({ "projectId": sandbox, "name": format!("Trigger {number}"), "wordListIds": [list],
                "raisePriorityTo": "HIGH" });
            mutate(&desk.admin, "triggerCreate", input, "trigger { id }").await;
            counts.push(statements_of(&desk, read).await);
        }
        assert_eq!(counts.first(), counts.last(), "{counts:?}");
    }
}

/// How many statements it takes to read something, by the desk's own count.
async fn statements_of(desk: &Desk, read: impl AsyncFn()) -> u64 {
    let mut least = u64::MAX;
    for _ in 0..LOOKS {
        let before = statements(desk).await;
        read().await;
        least = least.min(statements(desk).await - before);
    }
    least
}

/// How many statements the desk has made so far.
async fn statements(desk: &Desk) -> u64 {
    let metrics = get(format!("{}/metrics", desk.server.url())).await.unwrap().text().await.unwrap();
    let line = metrics.lines().find_map(|line| line.strip_prefix("switchboard_statements_total "));
    line.and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("no count of statements in\n{metrics}"))
}

/// Reads a page of the inbox with everything that a console shows of a session, and more if wanted.
async fn page(client: &Client, project: &str, size: usize, more: &str) {
    let document = format!(
        "query Inbox($projectId: ID!, $first: Int!) {{
        sessions(projectId: $projectId, first: $first) {{
            nodes {{
                id number status priority unreadCount lastMessageAt
                customer {{ name telegramUserId }}
                assignee {{ name }}
                {more}
                lastMessage {{
                    text direction author {{ name }} delivery {{ state }} album {{ id }} media {{ kind downloadUrl }}
                    reactions {{ emoji }} details {{ __typename }}
                }}
            }}
            pageInfo {{ hasNextPage endCursor }}
        }}
    }}"
    );
    let data = client.query(&document, json!({ "projectId": project, "first": size })).await;
    assert_eq!(data["sessions"]["nodes"].as_array().expect("a page has nodes").len(), size);
}
