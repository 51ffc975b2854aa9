//! Agents who follow how many sessions their saved views show, while customers write.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::Setting;
use super::publisher::Publisher;
use super::views::save_views;
use crate::Result;
use crate::arguments::{CountsOptions, Via};
use crate::latency::Latencies;
use crate::made_up_data::{AGENT_COUNT, agent_email};
use crate::report::{Row, Table};
use crate::stage::{Running, token_of};
use crate::subscriber::{Subscriber, Tally};

const SUBSCRIPTION: &str = "subscription Counts($project: ID!) {
  savedViewCounts(projectId: $project) { id name count version }
}";

/// What writing costs while nobody follows the numbers, and what it costs while every agent does.
pub async fn measure(setting: &Setting<'_>, options: &CountsOptions) -> Result<[Row; 2]> {
    let running = setting.stage.start().await?;
    let client = running.sign_in().await;
    let views = save_views(&client, &setting.project.id, true).await;
    let publisher = Publisher::prepare(setting, &running, &client, Via::Webhook).await?;
    let rate = usize::try_from(options.rate)?;
    let messages = |period: Duration| Ok::<_, crate::Failure>(usize::try_from(period.as_secs())? * rate);
    let (warm_up, measured) = (messages(setting.periods.warm_up)?, messages(setting.periods.measured)?);
    let tally = Arc::new(Tally::new(2 * (warm_up + measured), 0));
    let gap = Duration::from_secs(1) / options.rate;

    let mut numbers = 0..0;
    let mut next = |count: usize| {
        numbers = numbers.end..numbers.end + count;
        numbers.clone()
    };
    let mut rows = Vec::new();
    let stop = CancellationToken::new();
    let mut receiving = JoinSet::new();
    for followers in [0, AGENT_COUNT] {
        for agent in 1..=followers {
            let mut follower = follow(setting, &running, agent).await?;
            // What it costs to come is not what it costs to be there.
            follower.receive_first(views).await?;
            receiving.spawn(follower.receive(tally.clone(), stop.clone()));
        }
        publisher.publish(next(warm_up), gap, &tally).await?;
        let (before, start) = (running.processes.cpu_time()?, Instant::now());
        publisher.publish(next(measured), gap, &tally).await?;
        let (elapsed, cpu) = (start.elapsed(), running.processes.cpu_time()?.since(before));
        ensure_all_follow(&mut receiving)?;
        rows.push(
            Row::new(Table::Counts)
                .text("engine", setting.engine)
                .text("sessions", setting.sessions)
                .count("followers", usize::try_from(followers)?)
                .count("written/s", rate)
                .cpu(cpu, 1.0 / elapsed.as_secs_f64())
                .memory(running.processes.memory()?),
        );
    }
    stop.cancel();
    rows.try_into().map_err(|_| "two rows were measured".into())
}

async fn follow(setting: &Setting<'_>, running: &Running, agent: i64) -> Result<Subscriber> {
    let client = running.sign_in_as(&agent_email(agent)).await;
    let operation = json!({ "query": SUBSCRIPTION, "variables": { "project": setting.project.id } });
    Subscriber::open(running.address, token_of(&client), &operation).await
}

/// A follower that ended is a failure.
fn ensure_all_follow(receiving: &mut JoinSet<Result<Latencies>>) -> Result<()> {
    match receiving.try_join_next() {
        Some(ended) => ended?.and(Err("a follower has ended too early".into())),
        None => Ok(()),
    }
}
