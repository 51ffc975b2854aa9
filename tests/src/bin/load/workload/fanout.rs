//! Publishing messages to many subscribers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::json;
use tests::Client;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::Setting;
use super::publisher::Publisher;
use crate::Result;
use crate::arguments::{FanoutOptions, Via};
use crate::latency::Latencies;
use crate::machine::socket_limit;
use crate::report::{Row, Table, to_f64};
use crate::stage::{Running, token_of};
use crate::subscriber::{Subscriber, Tally};

const SUBSCRIPTION: &str = "subscription Live($project: ID!) {
  sessionEvents(projectId: $project, filter: { kinds: [MESSAGE_ADDED] }) {
    ... on MessageAdded { cursor message { id text direction createdAt } }
  }
}";

/// How many sockets are opened at once.
const OPENING: usize = 64;
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
