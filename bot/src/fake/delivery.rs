//! Delivering updates to a webhook.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use http::header;
use tokio::task::JoinSet;

use super::{BacklogError, PendingUpdate, bots::Bot, learning::learn, server::Server, webhook::Webhook};
use crate::telegram::update::Update;

/// How many updates are looked at ahead of the oldest that is not delivered.
const WINDOW: usize = 1000;

/// The longest wait before a failed delivery is tried again.
const MAX_BACKOFF: Duration = Duration::from_secs(5);

/// Delivers the updates of a bot until the webhook is replaced or the server stops: at most
/// `max_connections` at a time, and those of one conversation one after the other. An update is
/// forgotten once it and all before it were answered with 2xx.
pub(super) async fn deliver(server: Arc<Server>, bot: Arc<Bot>, webhook: Arc<Webhook>) {
    let stopped = webhook.stopped.clone();
    let mut arrivals = server.backlog.arrivals(bot.id);
    let mut deliveries = Deliveries {
        server,
        bot,
        webhook,
        lanes: HashMap::new(),
        ready: VecDeque::new(),
        undelivered: BTreeSet::new(),
        next_update_id: 0,
        may_be_more: true,
        posts: 0,
        tasks: JoinSet::new(),
    };
    loop {
        arrivals.mark_unchanged();
        if let Err(error) = deliveries.load().await {
            tracing::warn!("the fake Bot API cannot load what to deliver: {error}");
            deliveries.let_backlog_rest();
        }
        deliveries.start_posts();
        tokio::select! {
            // A backlog that is gone changes no more; what is loaded is delivered all the same.
            Ok(()) = arrivals.changed() => deliveries.may_be_more = true,
            Some(Ok(event)) = deliveries.tasks.join_next() => deliveries.settle(event).await,
            () = stopped.cancelled() => return,
        }
    }
}

/// The conversation that an update belongs to.
type LaneKey = i64;

struct Deliveries {
    server: Arc<Server>,
    bot: Arc<Bot>,
    webhook: Arc<Webhook>,
    /// What is to be delivered, by conversation. A conversation without anything has no lane.
    lanes: HashMap<LaneKey, Lane>,
    /// The lanes whose oldest update can go out now.
    ready: VecDeque<LaneKey>,
    undelivered: BTreeSet<i64>,
    next_update_id: i64,
    /// Whether the backlog may hold updates that are not loaded.
    may_be_more: bool,
    /// How many updates are going out now.
    posts: usize,
    tasks: JoinSet<Event>,
}

#[derive(Default)]
struct Lane {
    waiting: VecDeque<PendingUpdate>,
    failures: u32,
}

enum Event {
    Delivered(LaneKey),
    Failed(LaneKey, String),
    /// A lane has waited long enough after a failure.
    Rested(LaneKey),
    /// The backlog has had time to recover.
    BacklogRested,
}

impl Deliveries {
    async fn load(&mut self) -> Result<(), BacklogError> {
        let room = WINDOW.saturating_sub(self.undelivered.len());
        if room == 0 || !self.may_be_more {
            return Ok(());
        }
        let backlog = &self.server.backlog;
        let updates = backlog.pending(self.bot.id, self.next_update_id, room).await?;
        self.may_be_more = updates.len() == room;
        for update in updates {
            learn(&self.server, self.bot.id, &update.json);
            self.next_update_id = update.update_id + 1;
            self.undelivered.insert(update.update_id);
            let key = lane_of(&update);
            let lane = self.lanes.entry(key).or_default();
            if lane.waiting.is_empty() {
                self.ready.push_back(key);
            }
            lane.waiting.push_back(update);
        }
        Ok(())
    }

    fn start_posts(&mut self) {
        while self.posts < self.webhook.max_connections {
            let Some(key) = self.ready.pop_front() else {
                return;
            };
            let Some(update) = self.lanes.get(&key).and_then(|lane| lane.waiting.front()) else {
                continue;
            };
            let post = post(&self.server, &self.webhook, update.with_number());
            self.posts += 1;
            self.tasks.spawn(async move {
                match post.await {
                    Ok(()) => Event::Delivered(key),
                    Err(reason) => Event::Failed(key, reason),
                }
            });
        }
    }

    async fn settle(&mut self, event: Event) {
        match event {
            Event::Delivered(key) => {
                self.posts -= 1;
                self.finish_oldest_of(key);
                self.confirm().await;
            }
            Event::Failed(key, reason) => {
                self.posts -= 1;
                self.webhook.note_failure((self.server.now)(), reason);
                let lane = self.lanes.entry(key).or_default();
                lane.failures = lane.failures.saturating_add(1);
                let rest = backoff(self.server.webhook_backoff, lane.failures);
                self.tasks.spawn(async move {
                    tokio::time::sleep(rest).await;
                    Event::Rested(key)
                });
            }
            Event::Rested(key) => self.ready.push_back(key),
            Event::BacklogRested => self.may_be_more = true,
        }
    }

    fn finish_oldest_of(&mut self, key: LaneKey) {
        let Some(lane) = self.lanes.get_mut(&key) else {
            return;
        };
        lane.failures = 0;
        if let Some(update) = lane.waiting.pop_front() {
            self.undelivered.remove(&update.update_id);
        }
        if lane.waiting.is_empty() {
            self.lanes.remove(&key);
        } else {
            self.ready.push_back(key);
        }
    }

    async fn confirm(&mut self) {
        let below = self.undelivered.first().copied().unwrap_or(self.next_update_id);
        if let Err(error) = self.server.backlog.confirm(self.bot.id, below).await {
            // The next confirmation covers this one; until then a restart delivers it again.
            tracing::warn!("the fake Bot API cannot confirm a delivery: {error}");
        }
    }

    fn let_backlog_rest(&mut self) {
        self.may_be_more = false;
        let rest = self.server.webhook_backoff;
        self.tasks.spawn(async move {
            tokio::time::sleep(rest).await;
            Event::BacklogRested
        });
    }
}

fn lane_of(update: &PendingUpdate) -> LaneKey {
    Update::decode(&update.with_number()).map_or(0, |update| update.routing_key.as_i64())
}

fn backoff(first: Duration, failures: u32) -> Duration {
    let factor = 2_u32.saturating_pow(failures.saturating_sub(1));
    first.saturating_mul(factor).min(MAX_BACKOFF)
}

fn post(server: &Server, webhook: &Webhook, body: String) -> impl Future<Output = Result<(), String>> + Send + use<> {
    let mut request = server.http.post(webhook.url.clone()).header(header::CONTENT_TYPE, "application/json").body(body);
    if let Some(secret_token) = &webhook.secret_token {
        request = request.header("X-Telegram-Bot-Api-Secret-Token", secret_token);
    }
    async move {
        match request.send().await {
            Ok(response) if response.status().is_success() => Ok(()),
            Ok(response) => Err(format!("Wrong response from the webhook: {}", response.status())),
            Err(error) => Err(format!("Connection failed: {}", error.without_url())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_a_limit() {
        let first = Duration::from_millis(100);
        assert_eq!(backoff(first, 1), first);
        assert_eq!(backoff(first, 3), first * 4);
        assert_eq!(backoff(first, u32::MAX), MAX_BACKOFF);
    }
}
