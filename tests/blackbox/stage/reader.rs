//! A reader of a project's events.

use serde_json::{Value, json};
use tests::graphql::Subscription;
use tests::{Client, eventually};
use tokio::time::timeout;

use super::{PATIENCE, event_cursor};

const SESSION_EVENTS: &str = "subscription SessionEvents($projectId: ID!, $after: String) {
    sessionEvents(projectId: $projectId, after: $after) {
        __typename
        ... on MessageAdded { cursor message { id text direction session { id } delivery { state } } }
        ... on MessageUpdated { cursor message { id text session { id } delivery { state error } } }
        ... on MessageRemoved { cursor }
        ... on SessionOpened { cursor session { id number status } }
        ... on SessionUpdated { cursor session { id number status closeReason version } }
        ... on SessionRemoved { cursor }
        ... on ResyncRequired { cursor }
    }
}";

/// Someone who follows the sessions of a project and knows how far they have read.
pub struct Reader {
    project_id: String,
    subscription: Subscription,
    cursor: Option<String>,
}

impl Reader {
    /// Reads what happens from now on. On PostgreSQL it may be told of what happened a moment before as well.
    pub async fn from_now(client: &Client, project_id: &str) -> Self {
        Self::after(client, project_id, &event_cursor(client, project_id).await).await
    }

    /// Reads what happened after a cursor, and then what happens.
    pub async fn after(client: &Client, project_id: &str, cursor: &str) -> Self {
        Self::start(client, project_id, Some(cursor.to_owned())).await
    }

    /// Reads what happens once the server has got the request. Nobody can tell when that is.
    pub async fn without_cursor(client: &Client, project_id: &str) -> Self {
        Self::start(client, project_id, None).await
    }

    async fn start(client: &Client, project_id: &str, cursor: Option<String>) -> Self {
        let variables = json!({ "projectId": project_id, "after": cursor });
        let subscription = client.subscribe(SESSION_EVENTS, variables).await;
        Self { project_id: project_id.to_owned(), subscription, cursor }
    }

    /// The cursor of the last event that was read.
    pub fn cursor(&self) -> &str {
        self.cursor.as_deref().expect("something was read")
    }

    /// The subscription, for a story about its end.
    pub fn subscription(&mut self) -> &mut Subscription {
        &mut self.subscription
    }

    /// Hangs up without a goodbye and comes back with the last cursor, as soon as the server has the socket.
    pub async fn come_back(&mut self, client: &Client) {
        let variables = json!({ "projectId": self.project_id, "after": self.cursor });
        let accepted = || client.try_subscribe(SESSION_EVENTS, variables.clone());
        self.subscription = eventually(PATIENCE, accepted).await;
    }

    /// The next event.
    pub async fn next(&mut self) -> Value {
        let mut data = self.subscription.next_within(PATIENCE).await;
        self.take_note(data["sessionEvents"].take())
    }

    /// The next event, coming back as often as the subscription ends before.
    pub async fn next_in_spite_of_all(&mut self, client: &Client) -> Value {
        let next = async {
            loop {
                match self.subscription.next().await {
                    Some(mut payload) if payload.get("errors").is_none() => {
                        return payload["data"]["sessionEvents"].take();
                    }
                    _ => self.come_back(client).await,
                }
            }
        };
        let event = timeout(PATIENCE, next).await.expect("an event comes in time");
        self.take_note(event)
    }

    /// The next event of a kind that is wanted, passing over others.
    pub async fn until(&mut self, kind: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let event = self.next().await;
            if event["__typename"] == kind && wanted(&event) {
                return event;
            }
        }
    }

    fn take_note(&mut self, event: Value) -> Value {
        let cursor = event["cursor"].as_str().unwrap_or_else(|| panic!("an event without a cursor: {event}"));
        self.cursor = Some(cursor.to_owned());
        event
    }
}
