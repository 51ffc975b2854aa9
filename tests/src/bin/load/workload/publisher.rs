//! Messages at a fixed rate.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tests::Client;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use super::Setting;
use crate::Result;
use crate::arguments::Via;
use crate::drive::expect;
use crate::http::{Connection, write_operation};
use crate::stage::{Running, list_at, text_at, token_of};
use crate::subscriber::Tally;
use crate::webhook::{CustomerWrites, FIRST_NUMBER, Webhook};

const SEND: &str = "mutation Publish($input: MessageSendInput!) {
  messageSend(input: $input) { message { id } userErrors { code message } }
}";

/// How many publishers take turns, so that a slow answer does not hold the next message up.
const PUBLISHERS: usize = 8;

/// Publishes messages at a fixed rate.
pub(super) struct Publisher {
    address: SocketAddr,
    way: Arc<Way>,
}

/// How a message is published.
enum Way {
    /// Answers of one agent, in sessions of theirs, in turn.
    Send { token: String, sessions: Vec<String> },
    /// Messages of customers, in turn.
    Webhook { webhook: Webhook, first_number: i64, first_customer: i64, customers: i64 },
}

impl Publisher {
    pub(super) async fn prepare(setting: &Setting<'_>, running: &Running, client: &Client, via: Via) -> Result<Self> {
        let way = match via {
            Via::Send => {
                let sessions = own_open_sessions(client, &setting.project.id).await?;
                Way::Send { token: token_of(client).to_owned(), sessions }
            }
            Via::Webhook => {
                let webhook = Webhook::learn(setting.stage, running).await?;
                let last =
                    setting.stage.sql().await?.number("SELECT coalesce(max(update_id), 0) FROM tg_inbox").await?;
                let customers = setting.project.customers;
                Way::Webhook {
                    webhook,
                    first_number: last.max(FIRST_NUMBER) + 1,
                    first_customer: customers.first_telegram_user,
                    customers: customers.count,
                }
            }
        };
        Ok(Self { address: running.address, way: Arc::new(way) })
    }

    /// Publishes the messages with these numbers, one after each gap.
    pub(super) async fn publish(
        &self,
        numbers: std::ops::Range<usize>,
        gap: Duration,
        tally: &Arc<Tally>,
    ) -> Result<()> {
        let mut connections = Vec::new();
        for _ in 0..PUBLISHERS {
            connections.push(Arc::new(Mutex::new(Connection::open(self.address).await?)));
        }
        let mut publishing = JoinSet::new();
        let mut pace = tokio::time::interval(gap);
        for number in numbers {
            pace.tick().await;
            let connection = connections[number % PUBLISHERS].clone();
            let (way, tally) = (self.way.clone(), tally.clone());
            publishing.spawn(async move {
                let mut connection = connection.lock().await;
                let mut request = Vec::new();
                way.write_request(&mut request, number, &tally.published.publish(number));
                let answer = connection.exchange(&request).await?;
                let has_user_error = memchr::memmem::find(answer.body, b"\"code\":").is_some();
                expect(answer.status == 200 && !has_user_error, answer)
            });
        }
        while let Some(published) = publishing.join_next().await {
            published??;
        }
        Ok(())
    }
}

impl Way {
    fn write_request(&self, request: &mut Vec<u8>, number: usize, text: &str) {
        match self {
            Self::Send { token, sessions } => {
                let session = &sessions[number % sessions.len()];
                let variables = json!({ "input": { "sessionId": session, "text": text } });
                write_operation(request, token, &json!({ "query": SEND, "variables": variables }).to_string());
            }
            Self::Webhook { webhook, first_number, first_customer, customers } => {
                let number = i64::try_from(number).unwrap_or_default();
                let telegram_user = first_customer + number % customers;
                let message = CustomerWrites { number: first_number + number, telegram_user, text };
                webhook.write_delivery(request, message);
            }
        }
    }
}

/// The global ids of open sessions that are the viewer's own.
async fn own_open_sessions(client: &Client, project: &str) -> Result<Vec<String>> {
    let viewer = client.query("{ viewer { id } }", Value::Null).await;
    let document = "query Own($project: ID!, $filter: SessionFilter) {
      sessions(projectId: $project, filter: $filter, first: 100) { nodes { id } }
    }";
    let filter = json!({
        "status": { "in": ["UNREAD", "PROCESSING", "FOLLOW_UP"] },
        "assigneeId": { "eq": text_at(&viewer, "/viewer/id")? },
    });
    let data = client.query(document, json!({ "project": project, "filter": filter })).await;
    let ids = list_at(&data, "/sessions/nodes")?.iter().map(|session| text_at(session, "/id").map(str::to_owned));
    let ids: Vec<_> = ids.collect::<Result<_>>()?;
    if ids.is_empty() {
        return Err("the administrator has no open session to answer in: ask for more --sessions".into());
    }
    Ok(ids)
}
