//! One transaction of the outbox: calls that have ended are settled, and those that are due are taken.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::event::Cause;
use domain::{ChatId, EventKind, Message, OutboxId, Project, ProjectId, TelegramUserId, Time};
use store::Tx;
use store::outbox::{DueLanes, Hold, Lane, OpenTry, OutboxState, QueuedCall, Turn};

use super::bind::Bound;
use super::settle::{Outcome, Settlement};
use super::take::{Taken, Wanted};
use crate::message::message_event;
use crate::{Desk, Error};

/// Why a notice is withdrawn.
const OBSOLETE: &str = "what it tells is no longer so, or not for whom it was";

/// What the taking of calls has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Touched {
    /// Nothing.
    Nothing,
    /// Calls, which nobody waits for but those who take them.
    Calls,
    /// What agents see.
    Messages,
}

/// A call that became a message as it should, with the number that Telegram gave it.
struct Plain<'a> {
    call: &'a QueuedCall,
    telegram_message_id: i64,
}

impl Desk {
    /// Settles calls and takes others, in one transaction. What was taken is in the order of `wanted`.
    pub(super) async fn keep_outbox(&self, settlements: &[Settlement], wanted: &[Wanted]) -> Result<Vec<Taken>, Error> {
        if settlements.is_empty() {
            let due = self.store.read().await?.due_lanes(&projects_of(wanted)).await?;
            let now = self.now().timestamp_micros();
            if !wanted.iter().any(|wanted| is_anything_due(wanted, &due, now)) {
                return Ok(wanted.iter().map(|wanted| nothing(wanted, &due)).collect());
            }
        }
        let mut tx = self.store.begin().await?;
        self.settle_all(&mut tx, settlements).await?;
        let (taken, touched) = self.take_all(&mut tx, wanted).await?;
        match touched {
            Touched::Nothing if settlements.is_empty() => tx.roll_back().await?,
            Touched::Calls if settlements.is_empty() => tx.commit_silently().await?,
            _ => self.commit(tx).await?,
        }
        Ok(taken)
    }

    async fn settle_all(&self, tx: &mut Tx, settlements: &[Settlement]) -> Result<(), Error> {
        if settlements.is_empty() {
            return Ok(());
        }
        lock_sessions(tx, settlements).await?;
        let ids: Vec<i64> = settlements.iter().map(|settlement| settlement.call.id.0).collect();
        let tries: HashMap<OutboxId, (String, OpenTry)> =
            tx.open_tries(&ids).await?.into_iter().map(|(id, attempt, open)| (id, (attempt, open))).collect();
        let mut plain = Vec::new();
        for settlement in settlements {
            match as_plain(settlement, &tries) {
                Some(sent) => plain.push(sent),
                None => self.settle_in(tx, &settlement.call, &settlement.attempt, &settlement.outcome).await?,
            }
        }
        self.settle_plain(tx, &plain).await?;
        let holds: Vec<Hold> = settlements.iter().filter_map(Settlement::hold).collect();
        if !holds.is_empty() {
            tx.hold_chats(&holds).await?;
        }
        Ok(())
    }

    /// Settles calls that delivered their messages, in as many statements for all as for one.
    async fn settle_plain(&self, tx: &mut Tx, plain: &[Plain<'_>]) -> Result<(), Error> {
        if plain.is_empty() {
            return Ok(());
        }
        let message_ids: Vec<i64> = plain.iter().filter_map(|sent| sent.call.message_id).map(|id| id.0).collect();
        let messages: Vec<Message> = tx.messages(&message_ids).await?;
        let project_ids: HashSet<i64> = plain.iter().map(|sent| sent.call.project_id.0).collect();
        let projects = tx.projects(&project_ids.into_iter().collect::<Vec<_>>()).await?;
        let projects: HashMap<ProjectId, Project> = projects.into_iter().map(|project| (project.id, project)).collect();
        let now = self.now();
        let events: Vec<_> = messages
            .iter()
            .map(|message| {
                let at = projects.get(&message.project_id).map_or(now, |project| project.time(now));
                message_event(message, EventKind::MessageUpdated, Cause::Delivery, at)
            })
            .collect();
        let numbers: Vec<_> =
            plain.iter().filter_map(|sent| Some((sent.call.message_id?, Some(sent.telegram_message_id)))).collect();
        tx.set_messages_sent(&numbers).await?;
        tx.append_events(&events, now).await?;
        let ids: Vec<i64> = plain.iter().map(|sent| sent.call.id.0).collect();
        tx.settle_calls_as_sent(&ids, now).await?;
        Ok(())
    }

    async fn take_all(&self, tx: &mut Tx, wanted: &[Wanted]) -> Result<(Vec<Taken>, Touched), Error> {
        if wanted.is_empty() {
            return Ok((Vec::new(), Touched::Nothing));
        }
        let now = self.now();
        let due = tx.due_lanes(&projects_of(wanted)).await?;
        let ready: Vec<&Wanted> =
            wanted.iter().filter(|wanted| is_anything_due(wanted, &due, now.timestamp_micros())).collect();
        // Who takes a bot over waits for this transaction, and so finds what it has marked.
        let kept = self.keep_bots(tx, &ready).await?;
        let ready: Vec<&Wanted> = ready.into_iter().filter(|wanted| kept.contains(&wanted.project_id)).collect();
        let holds: Vec<Hold> = ready
            .iter()
            .flat_map(|wanted| {
                let project_id = wanted.project_id;
                wanted.holds.iter().map(move |&(chat_id, until)| Hold { project_id, chat_id, until })
            })
            .collect();
        if !holds.is_empty() {
            tx.hold_chats(&holds).await?;
        }
        let turns = claim(tx, &ready, &due, now).await?;
        let attempt: Arc<str> = self.outbox.next_attempt().into();
        let (mut calls, touched) = self.start(tx, &turns, &attempt).await?;
        let taken = wanted.iter().map(|wanted| match calls.remove(&wanted.project_id) {
            Some(calls) => Taken { attempt: attempt.clone(), calls, next_due: None },
            None => nothing(wanted, &due),
        });
        Ok((taken.collect(), touched))
    }

    /// Marks the calls as under way, and gives them by project, those first that go first.
    async fn start(
        &self,
        tx: &mut Tx,
        turns: &[Turn],
        attempt: &str,
    ) -> Result<(HashMap<ProjectId, Vec<QueuedCall>>, Touched), Error> {
        let mut of_project: HashMap<ProjectId, Vec<QueuedCall>> = HashMap::new();
        if turns.is_empty() {
            return Ok((of_project, Touched::Nothing));
        }
        let mut touched = Touched::Calls;
        let ids: Vec<i64> = turns.iter().map(|turn| turn.id.0).collect();
        let places: HashMap<OutboxId, usize> = turns.iter().enumerate().map(|(place, turn)| (turn.id, place)).collect();
        let mut calls = tx.start_calls(&ids, attempt).await?;
        calls.sort_by_key(|call| places.get(&call.id).copied());
        for mut call in calls {
            match self.bind(tx, &mut call).await? {
                Bound::Ready => of_project.entry(call.project_id).or_default().push(call),
                Bound::Later { at } => tx.requeue_call(call.id, at, false, "its message is on its way").await?,
                Bound::Never { reason } => {
                    let outcome = Outcome::Failed { reason, unreachable: false };
                    self.settle_in(tx, &call, attempt, &outcome).await?;
                    touched = Touched::Messages;
                }
                Bound::Withdrawn => {
                    tx.settle_call(call.id, OutboxState::Withdrawn, Some(OBSOLETE), self.now()).await?;
                    // What waits behind it in its chat need not wait for the next look as well.
                    touched = Touched::Messages;
                }
            }
        }
        Ok((of_project, touched))
    }
}

/// Locks the sessions that change with what is settled: those of customers who cannot be reached, and of groups that
/// have moved. It is done before anything of the outbox is touched, since whoever writes to a customer locks the
/// session before the call.
async fn lock_sessions(tx: &mut Tx, settlements: &[Settlement]) -> Result<(), Error> {
    let (mut messages, mut customers) = (Vec::new(), Vec::new());
    for Settlement { call, outcome, .. } in settlements {
        match outcome {
            Outcome::Failed { unreachable: true, .. } => messages.extend(call.message_id.map(|id| id.0)),
            Outcome::Migrated { .. } => {
                let group = TelegramUserId(call.chat_id.0);
                customers.extend(tx.customer_by_telegram_user(call.project_id, group).await?.map(|group| group.id));
            }
            _ => {}
        }
    }
    if !messages.is_empty() {
        customers.extend(tx.messages(&messages).await?.into_iter().map(|message| message.customer_id));
    }
    if !customers.is_empty() {
        tx.lock_open_sessions(&customers).await?;
    }
    Ok(())
}

/// Locks what is due and may be made, lane by lane. A chat has one call at a time, so that what a lane sends counts
/// before a lower one has its turn.
async fn claim(tx: &mut Tx, ready: &[&Wanted], due: &[DueLanes], now: Time) -> Result<Vec<Turn>, Error> {
    let mut turns: Vec<Turn> = Vec::new();
    let mut messages: HashMap<ProjectId, usize> = HashMap::new();
    let mut chats: HashSet<(ProjectId, ChatId)> = HashSet::new();
    for lane in Lane::ALL {
        let rooms: Vec<store::outbox::Room> = ready
            .iter()
            .filter(|wanted| is_due(wanted.project_id, lane, due, now.timestamp_micros()))
            .filter_map(|wanted| {
                let made = messages.get(&wanted.project_id).copied().unwrap_or_default();
                let limit = i64::try_from(wanted.room.left(lane, made)).unwrap_or(i64::MAX);
                (limit > 0).then_some(store::outbox::Room { project_id: wanted.project_id, limit })
            })
            .collect();
        if rooms.is_empty() {
            continue;
        }
        for turn in tx.claim_calls(lane, &rooms, now).await? {
            let is_message = !matches!(lane, Lane::Answer | Lane::Edit);
            if is_message {
                if !chats.insert((turn.project_id, turn.chat_id)) {
                    continue;
                }
                *messages.entry(turn.project_id).or_default() += 1;
            }
            turns.push(turn);
        }
    }
    Ok(turns)
}

/// What a settlement is if nothing has to be done but to say so.
fn as_plain<'a>(settlement: &'a Settlement, tries: &HashMap<OutboxId, (String, OpenTry)>) -> Option<Plain<'a>> {
    let Settlement { call, attempt, outcome, .. } = settlement;
    let (of_try, open) = tries.get(&call.id)?;
    match outcome {
        Outcome::Sent { telegram_message_id: Some(number) }
            if call.lane != Lane::Edit && of_try == &**attempt && open.state == OutboxState::Sending =>
        {
            Some(Plain { call, telegram_message_id: *number })
        }
        _ => None,
    }
}

fn projects_of(wanted: &[Wanted]) -> Vec<i64> {
    wanted.iter().map(|wanted| wanted.project_id.0).collect()
}

fn is_due(project_id: ProjectId, lane: Lane, due: &[DueLanes], now: i64) -> bool {
    let lanes = due.iter().filter(|due| due.project_id == project_id).flat_map(|due| &due.lanes);
    lanes.into_iter().any(|(of_lane, at)| *of_lane == lane && *at <= now)
}

fn is_anything_due(wanted: &Wanted, due: &[DueLanes], now: i64) -> bool {
    Lane::ALL.into_iter().any(|lane| wanted.room.left(lane, 0) > 0 && is_due(wanted.project_id, lane, due, now))
}

/// No calls, and when there may be some.
fn nothing(wanted: &Wanted, due: &[DueLanes]) -> Taken {
    let lanes = due.iter().filter(|due| due.project_id == wanted.project_id).flat_map(|due| &due.lanes);
    let first = lanes.filter(|(lane, _)| wanted.room.left(*lane, 0) > 0).map(|(_, at)| *at).min();
    Taken { attempt: Arc::default(), calls: Vec::new(), next_due: first.and_then(Time::from_timestamp_micros) }
}
