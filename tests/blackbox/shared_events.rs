//! An event is rendered once for all who see the same of it, and for each who sees something of their own.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::graphql::Subscription;
use tests::{Client, on_both_engines};

use crate::stage::{Desk, PATIENCE, customer_writes, errors_of, event_cursor, sandbox, until_session};

const SUBSCRIBERS: usize = 12;

on_both_engines! {
    async fn those_who_select_the_same_share_one_rendering(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let colleague = desk.add_agent("ada@desk.test", "Sandbox", "admin").await;
        let mut subscribers = Vec::new();
        for number in 1..=SUBSCRIBERS {
            // They do not begin at the same place, and that makes no difference.
            customer_writes(&desk.admin, &sandbox, 7, &number.to_string()).await;
            let start = event_cursor(&desk.admin, &sandbox).await;
            let client = if number % 2 == 0 { &desk.admin } else { &colleague };
            subscribers.push(Follower::after(client, ALIKE, &sandbox, &start).await);
        }
        customer_writes(&desk.admin, &sandbox, 7, "before").await;
        // Nothing is left to be rendered when it is counted.
        for subscriber in &mut subscribers {
            subscriber.until_change_by("before").await;
        }

        let rendered_before = rendered(&desk).await;
        customer_writes(&desk.admin, &sandbox, 7, "for all").await;
        let mut told = BTreeSet::new();
        for subscriber in &mut subscribers {
            told.insert(subscriber.until_change_by("for all").await.iter().map(Value::to_string).collect::<Vec<_>>());
        }
        assert_eq!(told.len(), 1, "all are told the same: {told:#?}");
        // An administrator of the workspace and one of the project are two audiences.
        let events = told.first().unwrap().len() as u64;
        assert_eq!(rendered(&desk).await - rendered_before, 2 * events);
    }

    async fn those_who_see_something_of_their_own_do_not(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let supervisor = desk.add_agent("cleo@desk.test", "Sandbox", "supervisor").await;
        customer_writes(&desk.admin, &sandbox, 7, "one").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let viewed = "mutation Viewed($input: SessionMarkViewedInput!) {
            sessionMarkViewed(input: $input) { userErrors { code } }
        }";
        let data = ada.query(viewed, json!({ "input": { "sessionId": session } })).await;
        assert_eq!(errors_of(&data["sessionMarkViewed"]), [""; 0]);

        let start = event_cursor(&desk.admin, &sandbox).await;
        let mut subscribers = Vec::new();
        for (client, unread, role) in [(&ada, 1, "AGENT"), (&bob, 2, "AGENT"), (&supervisor, 2, "SUPERVISOR")] {
            let unread_of = Follower::after(client, UNREAD, &sandbox, &start).await;
            let role_of = Follower::after(client, ROLE, &sandbox, &start).await;
            subscribers.push((unread_of, unread, role_of, role));
        }
        customer_writes(&desk.admin, &sandbox, 7, "two").await;
        for (mut unread_of, unread, mut role_of, role) in subscribers {
            assert_eq!(unread_of.until_text("two").await.last().unwrap()["session"]["unreadCount"], unread);
            assert_eq!(role_of.until_text("two").await.last().unwrap()["session"]["project"]["role"], role);
        }
    }

    async fn what_is_looked_up_for_each_is_known_by_its_type_and_its_name(engine: Engine) {
        // The version of a session comes with the event, that of a customer is looked up for each who asks.
        for (document, times) in [(VERSION_OF_SESSION, 1), (VERSION_OF_CUSTOMER, 2)] {
            let desk = Desk::start(engine).await;
            let sandbox = sandbox(&desk.admin).await;
            let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
            let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
            customer_writes(&desk.admin, &sandbox, 7, "first").await;
            let start = event_cursor(&desk.admin, &sandbox).await;
            let mut of_ada = Follower::after(&ada, document, &sandbox, &start).await;
            let mut of_bob = Follower::after(&bob, document, &sandbox, &start).await;
            customer_writes(&desk.admin, &sandbox, 7, "before").await;
            of_ada.until_change_by("before").await;
            of_bob.until_change_by("before").await;

            let rendered_before = rendered(&desk).await;
            customer_writes(&desk.admin, &sandbox, 7, "for both").await;
            let events = of_ada.until_change_by("for both").await;
            assert_eq!(of_bob.until_change_by("for both").await, events);
            assert_eq!(rendered(&desk).await - rendered_before, times * events.len() as u64, "{document}");
        }
    }
}

const ALIKE: &str = "subscription Alike($projectId: ID!, $after: String) {
    sessionEvents(projectId: $projectId, after: $after) {
        __typename
        ... on MessageAdded { cursor message { id text session { customer { name } } } }
    }
}";

const UNREAD: &str = "subscription Unread($projectId: ID!, $after: String) {
    sessionEvents(projectId: $projectId, after: $after) {
        ... on MessageAdded { message { text } ...WithUnread }
    }
}
fragment WithUnread on MessageAdded { session { unreadCount } }";

const ROLE: &str = "subscription Role($projectId: ID!, $after: String) {
    sessionEvents(projectId: $projectId, after: $after) {
        ... on MessageAdded { message { text } session { project { role } } }
    }
}";

const VERSION_OF_SESSION: &str = "subscription Versions($projectId: ID!, $after: String) {
    sessionEvents(projectId: $projectId, after: $after) {
        ... on MessageAdded { message { text } session { number: version customer { version: name } } }
    }
}";

const VERSION_OF_CUSTOMER: &str = "subscription Versions($projectId: ID!, $after: String) {
    sessionEvents(projectId: $projectId, after: $after) {
        ... on MessageAdded { message { text } session { version customer { number: version } } }
    }
}";

/// A subscriber with a selection of their own.
struct Follower(Subscription);

impl Follower {
    async fn after(client: &Client, document: &str, project_id: &str, cursor: &str) -> Self {
        Self(client.subscribe(document, json!({ "projectId": project_id, "after": cursor })).await)
    }

    /// Everything up to the message with this text.
    async fn until_text(&mut self, text: &str) -> Vec<Value> {
        let mut events = Vec::new();
        loop {
            let event = self.next().await;
            let is_last = event["message"]["text"] == text;
            events.push(event);
            if is_last {
                return events;
            }
        }
    }

    /// Everything up to the message with this text and the change of the session by it, which is told right behind it.
    async fn until_change_by(&mut self, text: &str) -> Vec<Value> {
        let mut events = self.until_text(text).await;
        let change = self.next().await;
        assert_eq!(change["message"], Value::Null, "{change}");
        events.push(change);
        events
    }

    async fn next(&mut self) -> Value {
        self.0.next_within(PATIENCE).await["sessionEvents"].take()
    }
}

/// How often the server has rendered an event.
async fn rendered(desk: &Desk) -> u64 {
    let page = reqwest::get(format!("{}/metrics", desk.server.url())).await.unwrap().text().await.unwrap();
    let line = page.lines().find_map(|line| line.strip_prefix("switchboard_events_rendered_total "));
    line.map_or(0, |number| number.parse().unwrap())
}
