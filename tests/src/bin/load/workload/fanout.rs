//! Publishing messages to many subscribers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};
use tests::Client;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::Setting;
use crate::Result;
use crate::arguments::{FanoutOptions, Via};
use crate::drive::expect;
use crate::http::{Connection, write_operation};
use crate::latency::Latencies;
use crate::machine::socket_limit;
use crate::report::{Row, Table, to_f64};
use crate::stage::{Running, list_at, text_at, token_of};
use crate::subscriber::{Subscriber, Tally};
use crate::webhook::{CustomerWrites, FIRST_NUMBER, Webhook};

const SUBSCRIPTION: &str = "subscription Live($project: ID!) {
  sessionEvents(projectId: $project, filter: { kinds: [MESSAGE_ADDED] }) {
    ... on MessageAdded { cursor message { id text direction createdAt } }
  }
}";

const SEND: &str = "mutation Publish($input: MessageSendInput!) {
  messageSend(input: $input) { message { id } userErrors { code message } }
}";

/// How many sockets are opened at once.
const OPENING: usize = 64;
/// How many publishers take turns, so that a slow answer does not hold the next message up.
const PUBLISHERS: usize = 8;
/// How long deliveries may take after the last message.
const PATIENCE: Duration = Duration::from_secs(60);
/// Pause between two looks whether everything has been delivered.
const PAUSE: Duration = Duration::from_millis(20);

pub async fn measure(setting: &Setting<'_>, options: &FanoutOptions) -> Result<Row> {
    let subscribers = options.subscribers;
    if subscribers > socket_limit() {
        let limit = socket_limit();
        return Err(
            format!("the machine allows {limit} sockets: raise the hard limit of open files (ulimit -Hn)").into()
        );
    }
    let running = setting.stage.start().await?;
    let client = running.sign_in().await;
    let publisher = Publisher::prepare(setting, &running, &client, options.via).await?;

    let rate = usize::try_from(options.rate)?;
    let messages = |period: Duration| Ok::<_, crate::Failure>(usize::try_from(period.as_secs())? * rate);
    let (warm_up, measured) = (messages(setting.periods.warm_up)?, messages(setting.periods.measured)?);
    let tally = Arc::new(Tally::new(warm_up + measured, warm_up));
    let stop = CancellationToken::new();
    let mut receiving = subscribe(&running, &client, setting, subscribers, &tally, &stop).await?;
    let idle = running.processes.memory()?;

    let gap = Duration::from_secs(1) / options.rate;
    publisher.publish(0..warm_up, gap, &tally).await?;
    until_received(&tally, warm_up * subscribers, &mut receiving).await?;
    let before = running.processes.cpu_time()?;
    let start = Instant::now();
    publisher.publish(warm_up..warm_up + measured, gap, &tally).await?;
    until_received(&tally, (warm_up + measured) * subscribers, &mut receiving).await?;
    let (elapsed, cpu) = (start.elapsed(), running.processes.cpu_time()?.since(before));
    let memory = running.processes.memory()?;

    stop.cancel();
    let mut latencies = Latencies::default();
    while let Some(received) = receiving.join_next().await {
        latencies.absorb(received??);
    }
    let deliveries = to_f64(latencies.count());
    let (p50, p99) = latencies.p50_and_p99_millis();
    Ok(Row::new(Table::Fanout)
        .text("engine", setting.engine)
        .text(
            "published by",
            match options.via {
                Via::Send => "`messageSend`",
                Via::Webhook => "webhook",
            },
        )
        .count("subscribers", subscribers)
        .count("published/s", rate)
        .number("deliveries/s", deliveries / elapsed.as_secs_f64(), 0)
        .number("p50 ms", p50, 1)
        .number("p99 ms", p99, 1)
        .cpu(cpu, 1_000_000.0 / deliveries)
        .number("MB before", idle.server, 0)
        .memory(memory))
}

/// Opens all sockets and has them receive.
async fn subscribe(
    running: &Running,
    client: &Client,
    setting: &Setting<'_>,
    subscribers: usize,
    tally: &Arc<Tally>,
    stop: &CancellationToken,
) -> Result<JoinSet<Result<Latencies>>> {
    let operation = json!({ "query": SUBSCRIPTION, "variables": { "project": setting.project.id } });
    let open = |_| Subscriber::open(running.address, token_of(client), &operation);
    let sockets: Vec<_> = stream::iter(0..subscribers).map(open).buffer_unordered(OPENING).try_collect().await?;
    let mut receiving = JoinSet::new();
    for socket in sockets {
        receiving.spawn(socket.receive(tally.clone(), stop.clone()));
    }
    Ok(receiving)
}

/// Waits until all deliveries are there. A subscriber that ends before is a failure.
async fn until_received(tally: &Tally, count: usize, receiving: &mut JoinSet<Result<Latencies>>) -> Result<()> {
    let start = Instant::now();
    while tally.received() < count {
        if let Some(ended) = receiving.try_join_next() {
            ended??;
            return Err("a subscriber has ended too early".into());
        }
        if start.elapsed() > PATIENCE {
            return Err(format!("{} of {count} deliveries arrived, and no more came", tally.received()).into());
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

/// Publishes messages at a fixed rate.
struct Publisher {
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
    async fn prepare(setting: &Setting<'_>, running: &Running, client: &Client, via: Via) -> Result<Self> {
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
    async fn publish(&self, numbers: std::ops::Range<usize>, gap: Duration, tally: &Arc<Tally>) -> Result<()> {
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
