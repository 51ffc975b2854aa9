//! What a page of the inbox costs the database.

use std::time::Instant;

use reqwest::get;
use serde_json::{Value, json};
use tests::{Client, eventually, on_both_engines};

use crate::notes::give;
use crate::stage::{Desk, PATIENCE, customer_writes, event_cursor, mutate, reply, sandbox, sessions, until_session};

const SESSIONS: usize = 40;
/// How often something is read at least to find what it costs by itself: now and then the desk does something else
/// meanwhile.
const LOOKS: usize = 8;
/// How many follow tickets.
const FOLLOWERS: usize = 12;

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
            let small = async || page(&desk.admin, &sandbox, 2, more).await;
            let large = async || page(&desk.admin, &sandbox, SESSIONS, more).await;
            take_the_same(&desk, small, large, most).await;
        }
    }

    async fn a_session_that_changes_hands_costs_no_more_if_many_follow_its_tickets(engine: Engine) {
        let desk = Desk::start_with(engine, |settings| settings.env("SWITCHBOARD_LEASE_SECONDS", "600")).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&ada, &sandbox, 7).await;
        give(&desk.admin, &session, &ada).await;
        mutate(&ada, "ticketCreate", json!({ "sessionId": session, "description": "x" }), "ticket { id }").await;
        let document = "subscription Told($id: ID!, $after: String) {
            ticketEvents(projectId: $id, after: $after) { __typename }
        }";
        let mut followers = Vec::new();
        let mut least = Vec::new();
        for count in [1, FOLLOWERS] {
            let variables = json!({ "id": sandbox, "after": event_cursor(&desk.admin, &sandbox).await });
            while followers.len() < count {
                followers.push(ada.subscribe(document, variables.clone()).await);
            }
            let mut fewest = u64::MAX;
            for _ in 0..LOOKS {
                let before = statements(&desk).await;
                for agent in [&bob, &ada] {
                    give(&desk.admin, &session, agent).await;
                    for follower in &mut followers {
                        follower.next_within(PATIENCE).await;
                    }
                }
                fewest = fewest.min(statements(&desk).await - before);
            }
            least.push(fewest);
        }
        // Each of them for itself would take two statements each time.
        assert!(least[1] < least[0] + 2 * FOLLOWERS as u64, "{least:?}");
    }

    async fn the_statistics_of_all_triggers_are_counted_at_once(engine: Engine) {
        let desk = Desk::start_with(engine, |settings| settings.env("SWITCHBOARD_LEASE_SECONDS", "600")).await;
        let mut projects = Vec::new();
        for triggers in [1, 4] {
            let name = json!({ "name": format!("Triggers: {triggers}"), "sandbox": true });
            let project = mutate(&desk.admin, "projectCreate", name, "project { id }").await["project"]["id"].take();
            let list = json!({ "projectId": project, "name": "Words", "phrases": ["refund"] });
            let list = mutate(&desk.admin, "wordListCreate", list, "wordList { id }").await["wordList"]["id"].take();
            for number in 0..triggers {
                let input = json!({ "projectId": project, "name": format!("Trigger {number}"), "wordListIds": [list],
                    "raisePriorityTo": "HIGH" });
                mutate(&desk.admin, "triggerCreate", input, "trigger { id }").await;
            }
            projects.push((project, triggers));
        }
        let document = "query Triggers($id: ID!) { project(id: $id) { triggers { statistics { fired } } } }";
        let read = async |(project, count): &(Value, usize)| {
            let data = desk.admin.query(document, json!({ "id": project })).await;
            assert_eq!(data["project"]["triggers"].as_array().map(Vec::len), Some(*count));
        };
        let [one, four] = &projects[..] else { panic!("there are two") };
        take_the_same(&desk, async || read(one).await, async || read(four).await, 6).await;
    }
}

/// Sees that two reads take as many statements, by the desk's own count, and no more than `most`. What the desk does
/// besides only ever adds to what a look counts, so that the least of all looks is nearest to what a read takes by itself;
/// where the desk has much to do, it takes more looks until that shows, and goes on showing for as many as are the least.
async fn take_the_same(desk: &Desk, one: impl AsyncFn(), other: impl AsyncFn(), most: u64) {
    let begun = Instant::now();
    let (mut least_of_one, mut least_of_other) = (u64::MAX, u64::MAX);
    let mut shown = 0;
    for look in 1.. {
        least_of_one = least_of_one.min(statements_of(desk, &one).await);
        least_of_other = least_of_other.min(statements_of(desk, &other).await);
        let is_shown = least_of_one == least_of_other && (1..=most).contains(&least_of_one);
        shown = if is_shown { shown + 1 } else { 0 };
        if shown == LOOKS {
            return;
        }
        assert!(
            begun.elapsed() < PATIENCE,
            "{least_of_one} and {least_of_other} statements in {look} looks; at most {most}"
        );
    }
}

/// How many statements the desk makes while something is read.
async fn statements_of(desk: &Desk, read: impl AsyncFn()) -> u64 {
    let before = statements(desk).await;
    read().await;
    statements(desk).await - before
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
