//! The numbers of a project agree with its event log.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use tests::{Client, on_both_engines};

use crate::rating::QUESTION;
use crate::session_life::{HOUR, MINUTE, Updates, advance, in_future};
use crate::stage::{
    Desk, PATIENCE, customer_writes, event_cursor, mutate, reply, sandbox, until_session, until_settled,
};

on_both_engines! {
    async fn the_numbers_are_those_of_the_event_log(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let begun = event_cursor(&desk.admin, &sandbox).await;
        let from = in_future(&desk.admin, &sandbox, 0).await;
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        // Who answers, after how many minutes, and how satisfied the customer is with it.
        for (customer, agent, minutes, stars) in
            [(7, &ada, 1, Some(5)), (8, &bob, 30, Some(2)), (9, &ada, 5, None), (10, &ada, 20, Some(4))]
        {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
            let session = until_session(&desk.admin, &sandbox, customer).await;
            advance(&desk.admin, &sandbox, minutes * MINUTE).await;
            reply(agent, &session, "how can we help?").await;
            advance(&desk.admin, &sandbox, 10 * MINUTE).await;
            reply(agent, &session, "it works again").await;
            mutate(agent, "sessionResolve", json!({ "sessionId": session }), "session { id }").await;
            advance(&desk.admin, &sandbox, MINUTE).await;
            let question = until_settled(&desk.admin, &session, QUESTION).await["id"].take();
            if let Some(stars) = stars {
                let input = json!({ "messageId": question, "label": format!("{stars} ⭐") });
                mutate(&desk.admin, "sandboxButtonPress", input, "").await;
                events.until(&session, "RATED").await;
            }
        }
        let to = in_future(&desk.admin, &sandbox, MINUTE).await;
        let range = json!({ "from": from, "to": to });
        let log = Log::read(&desk.admin, &sandbox, &begun).await;
        let found = statistics(&desk.admin, &sandbox, &range).await;
        let all: Vec<&Story> = log.0.values().collect();
        assert_eq!(all.len(), 4);
        check(&found["total"], &all);
        assert_eq!(found["total"]["ratings"], json!({ "count": 3, "mean": 11.0 / 3.0, "distribution": [0, 1, 0, 1, 1] }));
        let agents = found["agents"].as_array().unwrap();
        assert_eq!(agents.len(), 2);
        for one in agents {
            let email = one["agent"]["email"].as_str().unwrap();
            let theirs: Vec<&Story> = all.iter().copied().filter(|story| story.agent == email).collect();
            check(&one["figures"], &theirs);
        }
        assert_eq!(agents[0]["figures"]["ratings"]["distribution"], json!([0, 0, 0, 1, 1]));

        // What started later is not in it.
        advance(&desk.admin, &sandbox, HOUR).await;
        customer_writes(&desk.admin, &sandbox, 11, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 11).await;
        reply(&ada, &session, "how can we help?").await;
        assert_eq!(statistics(&desk.admin, &sandbox, &range).await["total"], found["total"]);
    }
}

/// What the event log tells of a session.
#[derive(Default)]
struct Story {
    begun: Option<DateTime<Utc>>,
    answered: Option<DateTime<Utc>>,
    resolved: Option<DateTime<Utc>>,
    agent: String,
}

/// The stories of the sessions, by their ids.
struct Log(BTreeMap<String, Story>);

impl Log {
    /// Reads the log of a project after a cursor, up to what has happened by now.
    async fn read(client: &Client, project: &str, after: &str) -> Self {
        // Something that comes after all that is to be read.
        customer_writes(client, project, 99, "the end").await;
        let variables = json!({ "projectId": project, "after": after });
        let mut events = client.subscribe(EVENTS, variables).await;
        let mut stories: BTreeMap<String, Story> = BTreeMap::new();
        loop {
            let event = events.next_within(PATIENCE).await["sessionEvents"].take();
            if event["session"]["customer"]["telegramUserId"] == "99" {
                break;
            }
            let id = event["session"]["id"].as_str().unwrap().to_owned();
            let at: DateTime<Utc> = event["occurredAt"].as_str().unwrap().parse().unwrap();
            let story = stories.entry(id).or_default();
            match (event["__typename"].as_str().unwrap(), event["cause"].as_str().unwrap()) {
                ("SessionOpened", _) => story.begun = Some(at),
                ("MessageAdded", "AGENT_REPLY") if story.answered.is_none() => {
                    story.answered = Some(at);
                    story.agent = event["message"]["author"]["email"].as_str().unwrap().to_owned();
                }
                ("SessionUpdated", "RESOLVED") => story.resolved = Some(at),
                _ => {}
            }
        }
        Self(stories)
    }
}

/// Compares figures with what the log tells.
fn check(figures: &Value, stories: &[&Story]) {
    let spread = |end: fn(&Story) -> Option<DateTime<Utc>>| {
        let mut times: Vec<Duration> = stories.iter().filter_map(|story| Some(end(story)? - story.begun?)).collect();
        times.sort_unstable();
        let rank = |hundredths: usize| times[(times.len() * hundredths).div_ceil(100) - 1].num_seconds();
        json!({ "count": times.len(), "medianSeconds": rank(50), "p90Seconds": rank(90) })
    };
    assert_eq!(figures["firstResponse"], spread(|story| story.answered));
    assert_eq!(figures["handling"], spread(|story| story.resolved));
}

async fn statistics(client: &Client, project: &str, range: &Value) -> Value {
    let figures = "firstResponse { count medianSeconds p90Seconds } handling { count medianSeconds p90Seconds }
        ratings { count mean distribution } escalations";
    let document = format!(
        "query Statistics($id: ID!, $range: StatisticsRange!) {{
            statistics(projectId: $id, range: $range) {{
                total {{ {figures} }} agents {{ agent {{ email }} figures {{ {figures} }} }}
                teams {{ team {{ name }} figures {{ escalations }} }}
                escalationReasons {{ reason count }} compliance {{ metric met missed }}
            }}
        }}"
    );
    client.query(&document, json!({ "id": project, "range": range })).await["statistics"].take()
}

const EVENTS: &str = "subscription Events($projectId: ID!, $after: String) {
    sessionEvents(projectId: $projectId, after: $after) {
        __typename
        ... on SessionOpened { cause occurredAt session { id customer { telegramUserId } } }
        ... on SessionUpdated { cause occurredAt session { id customer { telegramUserId } } }
        ... on MessageAdded { cause occurredAt session { id customer { telegramUserId } } message { author { email } } }
        ... on MessageUpdated { cause occurredAt session { id customer { telegramUserId } } }
    }
}";
