//! Sending what waits in the outbox.

mod bulk;
mod flood;
mod limit;
mod pace;
mod request;
mod settle;
mod slots;
mod verdict;
mod way;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use desk::outbox::{Outcome, QueuedCall, Room, Settlement, Wanted};
use desk::{Desk, Holder};
use domain::{ChatId, ProjectId, Time};
use tokio::sync::watch;
use tokio::task::{self, JoinError, JoinSet};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::backoff::{Backoff, OUTAGE, REFUSED};
use crate::cause::cause_of;
use crate::runtime::Report;
use crate::telegram::{Attempt, CallError, Client, Endpoint};

pub use pace::Pace;

use flood::Floods;
use pace::Pacer;
use settle::settle;
use slots::Slots;
use verdict::verdict;
use way::{Passage, Way};

/// How long after a look at the outbox a ring is answered by the next one: at least, and at most
/// after many looks in vain. Rings are as many as the commits of the whole desk, and most are
/// about something else.
const LOOK_GAPS: [Duration; 2] = [Duration::from_millis(20), Duration::from_millis(160)];

/// How long to wait before looking all the same when nothing is known to become due.
const LOOK_AFTER: Duration = Duration::from_secs(5);

/// How long to wait when a call is due that cannot be had: it changes a message that is on its way.
const HELD_UP: Duration = Duration::from_secs(1);

/// How long to wait after calls were taken: the next may be due soon, and nobody has looked.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// Makes the calls of one bot. Only the one who has the bot's lease may run it.
///
/// A call is marked before its request goes out and settled by what comes of it, so that at any
/// moment the database tells which calls may have reached Telegram. A chat that has to wait,
/// because Telegram says so or because it had its share, has a time in the outbox before which none of its calls is
/// taken. What waits for long holds no slot that a lane before it could need.
pub(crate) struct Sender {
    outfit: Outfit,
    pacer: Pacer,
    way: Way,
    floods: Floods,
    outage: Backoff,
    sending: JoinSet<Attempt>,
    in_flight: HashMap<task::Id, InFlight>,
    slots: Slots,
    settling: JoinSet<()>,
    look_gap: Duration,
    /// Whether calls may be marked as under way that nobody makes: those of a sender before this
    /// one, or those of a look whose answer was lost on its way from the database.
    may_be_abandoned: bool,
    /// Until when the bot was silent when its last sender stopped, unless that was looked up.
    is_silence_known: bool,
}

/// What a sender is made of.
pub(crate) struct Outfit {
    /// The desk whose outbox it is.
    pub(crate) desk: Desk,
    /// The client, which all bots share.
    pub(crate) client: Client,
    /// Where the calls go.
    pub(crate) endpoint: Endpoint,
    /// The project whose bot it is.
    pub(crate) project_id: ProjectId,
    /// How long one request may take.
    pub(crate) request_timeout: Duration,
    /// How fast messages go out.
    pub(crate) pace: Pace,
    /// Who has to have the bot's lease.
    pub(crate) holder: Holder,
    /// What is known of the bot.
    pub(crate) report: Arc<Report>,
}

/// A call that was taken for an attempt.
struct Taken {
    call: QueuedCall,
    attempt: Arc<str>,
}

/// A call whose request is under way.
struct InFlight {
    taken: Taken,
    started_at: Instant,
}

impl Sender {
    /// A sender that has not looked at the outbox yet.
    pub(crate) fn new(outfit: Outfit) -> Self {
        Self {
            pacer: Pacer::new(&outfit.pace, Instant::now()),
            outfit,
            way: Way::new(),
            floods: Floods::default(),
            outage: Backoff::default(),
            sending: JoinSet::new(),
            in_flight: HashMap::new(),
            slots: Slots::default(),
            settling: JoinSet::new(),
            look_gap: LOOK_GAPS[0],
            may_be_abandoned: true,
            is_silence_known: false,
        }
    }

    /// Sends until told to stop. Then it takes nothing more, and returns once everything that is
    /// under way has been settled.
    pub(crate) async fn run(mut self, stop: CancellationToken) {
        let mut rings = self.outfit.desk.bell().listen();
        while !stop.is_cancelled() {
            rings.mark_unchanged();
            let wait = self.take_what_is_due(&stop).await;
            let looked_at = Instant::now();
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep_until(looked_at + wait) => {}
                () = ring_after(&mut rings, looked_at + self.look_gap) => {}
                Some(ended) = self.sending.join_next_with_id() => self.conclude(ended),
                Some(_) = self.settling.join_next() => {}
            }
            while let Some(ended) = self.sending.try_join_next_with_id() {
                self.conclude(ended);
            }
            while self.settling.try_join_next().is_some() {}
        }
        while let Some(ended) = self.sending.join_next_with_id().await {
            self.conclude(ended);
        }
        while self.settling.join_next().await.is_some() {}
    }

    /// Takes what is due and may go out, and answers how long until the next look at the latest.
    async fn take_what_is_due(&mut self, stop: &CancellationToken) -> Duration {
        match self.try_take(stop).await {
            Ok(wait) => {
                self.outage.reset();
                wait
            }
            Err(error) => {
                // The calls may have been marked all the same, if only the answer was lost.
                self.may_be_abandoned = true;
                let pause = self.outage.next_pause(OUTAGE);
                let project = self.outfit.project_id;
                tracing::warn!(%project, error = cause_of(&error), ?pause, "the outbox cannot be read; trying again");
                pause
            }
        }
    }

    async fn try_take(&mut self, stop: &CancellationToken) -> Result<Duration, desk::Error> {
        if self.may_be_abandoned {
            if !(self.sending.is_empty() && self.settling.is_empty()) {
                return Ok(LOOK_AFTER);
            }
            self.give_up_abandoned().await?;
        }
        if !self.is_silence_known {
            self.keep_silence().await?;
        }
        let room = match self.room(Instant::now()) {
            Ok(room) => room,
            Err(wait) => return Ok(wait),
        };
        let Outfit { desk, project_id, holder, .. } = &self.outfit;
        let wanted = Wanted { project_id: *project_id, holder: holder.clone(), room, holds: self.holds() };
        let taken = desk.take_calls(wanted).await?;
        let wait = match taken.next_due {
            _ if !taken.calls.is_empty() => LOOK_AGAIN,
            Some(due) => self.until(due),
            None => until_next_look(),
        };
        self.look_gap = if taken.calls.is_empty() { (self.look_gap * 2).min(LOOK_GAPS[1]) } else { LOOK_GAPS[0] };
        for call in taken.calls {
            let taken = Taken { call, attempt: taken.attempt.clone() };
            if stop.is_cancelled() {
                self.put_back(taken, Duration::ZERO, "the sender was just being stopped");
            } else {
                self.start(taken);
            }
        }
        let until_room = self.pacer.wait(Instant::now()).unwrap_or(LOOK_AFTER);
        Ok(wait.min(until_room.max(LOOK_GAPS[0])))
    }

    /// Goes on with a silence that Telegram asked a sender before this one for.
    async fn keep_silence(&mut self) -> Result<(), desk::Error> {
        let Outfit { desk, project_id, .. } = &self.outfit;
        if let Some(until) = desk.bot_frozen_until(*project_id).await? {
            let wait = (until - desk.now()).to_std().unwrap_or_default();
            self.way.freeze(Instant::now() + wait);
        }
        self.is_silence_known = true;
        Ok(())
    }

    /// Settles what a sender before this one left behind. Nobody can tell what became of that.
    async fn give_up_abandoned(&mut self) -> Result<(), desk::Error> {
        let project = self.outfit.project_id;
        let abandoned = self.outfit.desk.give_up_abandoned_calls(project).await?;
        if abandoned > 0 {
            tracing::warn!(%project, abandoned, "calls were under way when the last sender stopped; their fate is unknown");
        }
        self.may_be_abandoned = false;
        Ok(())
    }

    /// How many calls may be taken now, or how long until one may.
    fn room(&self, now: Instant) -> Result<Room, Duration> {
        let slots = match self.way.passage(now) {
            Passage::Open => self.slots.room(),
            Passage::Trial if self.sending.is_empty() => Room::of_each(1),
            // A request that ends wakes the sender.
            Passage::Trial => return Err(LOOK_AFTER),
            Passage::Closed(until) => return Err(until.saturating_duration_since(now)),
        };
        let pace = self.pacer.room(now);
        let room = Room {
            messages: slots.messages.min(pace.messages),
            answers: slots.answers.min(pace.answers),
            live_replies: slots.live_replies,
            notices: slots.notices,
            bulk: slots.bulk.min(pace.bulk),
            edits: slots.edits.min(pace.edits),
        };
        if room.messages + room.answers + room.edits == 0 {
            return Err(self.pacer.wait(now).unwrap_or(LOOK_AFTER));
        }
        Ok(room)
    }

    /// The chats that have had their share, each with the time until which it is left alone.
    fn holds(&self) -> Vec<(ChatId, Time)> {
        let now = self.outfit.desk.now();
        self.pacer.waiting_chats(Instant::now()).map(|(chat, wait)| (chat, now + wait)).collect()
    }

    fn until(&self, due: Time) -> Duration {
        match (due - self.outfit.desk.now()).to_std() {
            Ok(wait) if !wait.is_zero() => wait.min(LOOK_AFTER),
            _ => HELD_UP,
        }
    }

    /// Sends a call, unless its chat has had its share.
    fn start(&mut self, taken: Taken) {
        let now = Instant::now();
        let cost = u32::try_from(taken.call.cost).unwrap_or(1).max(1);
        if let Err(wait) = self.pacer.spend(taken.call.lane, taken.call.chat_id, cost, now) {
            return self.put_back(taken, wait, "the chat takes about one message a second");
        }
        let Outfit { desk, client, endpoint, request_timeout, .. } = &self.outfit;
        let (desk, client, endpoint, timeout) = (desk.clone(), client.clone(), endpoint.clone(), *request_timeout);
        let call = taken.call.clone();
        let request = self.sending.spawn(async move { request::make(&desk, &client, &endpoint, &call, timeout).await });
        self.slots.take(taken.call.lane);
        self.in_flight.insert(request.id(), InFlight { taken, started_at: now });
    }

    /// Draws the conclusion from a request that has ended.
    fn conclude(&mut self, ended: Result<(task::Id, Attempt), JoinError>) {
        let (id, attempt) = match ended {
            Ok(ended) => ended,
            Err(error) => (error.id(), Attempt::Unknown("the request failed by a defect of the desk".to_owned())),
        };
        let Some(InFlight { taken, started_at }) = self.in_flight.remove(&id) else { return };
        self.slots.give_back(taken.call.lane);
        self.learn_from(&attempt, &taken.call, started_at);
        let outcome = verdict(attempt, &taken.call, self.outfit.desk.now());
        self.settle(taken, outcome);
    }

    /// Notes what an answer says of the way to Telegram.
    fn learn_from(&mut self, attempt: &Attempt, call: &QueuedCall, started_at: Instant) {
        let project = self.outfit.project_id;
        let now = Instant::now();
        match attempt {
            Attempt::NotSent(reason) => {
                let pause = self.way.obstructed(started_at, now, OUTAGE);
                tracing::warn!(%project, reason, ?pause, "Telegram cannot be reached; messages wait");
            }
            Attempt::Unauthorized => {
                let pause = self.way.obstructed(started_at, now, REFUSED);
                tracing::error!(%project, ?pause, "Telegram does not accept the bot's token; messages wait for a new one");
                let report = Arc::clone(&self.outfit.report);
                self.settling.spawn(async move { report.failed(&CallError::Unauthorized).await });
            }
            Attempt::Unknown(reason) => {
                tracing::warn!(%project, call = %call.id, reason, "nobody can tell whether Telegram took a call");
            }
            Attempt::RetryAfter(wait) => {
                self.way.cleared();
                tracing::warn!(%project, chat = call.chat_id.0, ?wait, "Telegram limits a chat");
                self.pacer.flooded(now);
                if let Some(until) = self.floods.hit(call.chat_id, now, now + *wait) {
                    tracing::warn!(%project, "Telegram limits several chats at once; the bot is silent for as long");
                    self.way.freeze(until);
                    let desk = self.outfit.desk.clone();
                    let until = desk.now() + until.saturating_duration_since(now);
                    self.settling.spawn(async move {
                        if let Err(error) = desk.bot_frozen(project, until).await {
                            tracing::warn!(%project, error = cause_of(&error), "a silence would not outlive a restart");
                        }
                    });
                }
            }
            Attempt::Sent { .. } | Attempt::Blocked { .. } | Attempt::Refused { .. } | Attempt::Migrated { .. } => {
                self.way.cleared();
            }
        }
    }

    /// Gives a call back to the outbox without having made it.
    fn put_back(&mut self, taken: Taken, wait: Duration, reason: &str) {
        let at = self.outfit.desk.now() + wait;
        self.settle(taken, Outcome::Again { at, counts: false, reason: reason.to_owned() });
    }

    fn settle(&mut self, taken: Taken, outcome: Outcome) {
        let Taken { call, attempt } = taken;
        let wait = self.pacer.wait_of(call.chat_id, Instant::now());
        let hold_until = wait.map(|wait| self.outfit.desk.now() + wait);
        self.settling.spawn(settle(self.outfit.desk.clone(), Settlement { call, attempt, outcome, hold_until }));
    }
}

/// Waits for a ring, and no shorter than until a moment. A ring that came before the wait counts.
async fn ring_after(rings: &mut watch::Receiver<u64>, earliest: Instant) {
    tokio::time::sleep_until(earliest).await;
    // It fails only when the desk is gone, and then there is nothing to wait for.
    let _ = rings.changed().await;
}

/// How long until the next look all the same. All senders of a process look at the same moments, so that however many
/// bots have nothing to send, their looks are few statements.
fn until_next_look() -> Duration {
    static BEGINNING: LazyLock<Instant> = LazyLock::new(Instant::now);
    let since_last = BEGINNING.elapsed().as_nanos() % LOOK_AFTER.as_nanos();
    LOOK_AFTER - Duration::from_nanos(u64::try_from(since_last).unwrap_or_default())
}
