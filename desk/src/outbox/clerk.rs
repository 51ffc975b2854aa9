//! The one task of a process through which the senders of all its bots take calls and have them settled. What arrives
//! together is done in one transaction, so that many bots share one write to the disk.

use std::sync::Weak;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::settle::Settlement;
use super::take::{Taken, Wanted};
use crate::panics::caught;
use crate::{Desk, Error, Parts};

/// How many requests share a transaction at most.
const BATCH: usize = 256;
/// How many requests may wait; the next ones are held up.
const WAITING: usize = 4096;
/// How long the first request of a batch waits for others, when they come thick and fast.
const GATHERING: Duration = Duration::from_millis(3);
/// Requests come thick and fast when the last transaction ended no longer ago than this.
const BUSY: Duration = Duration::from_millis(20);
/// How often a transaction is tried that another one was in the way of.
const TRIES: usize = 3;

/// Takes requests to the task.
pub(crate) struct Clerk {
    requests: mpsc::Sender<Request>,
    process: String,
    next_attempt: AtomicU64,
}

/// What is asked of the clerk, with where the answer goes.
enum Request {
    Take(Wanted, oneshot::Sender<Result<Taken, Error>>),
    Settle(Box<Settlement>, oneshot::Sender<Result<(), Error>>),
}

impl Clerk {
    /// Starts the task. It ends with the desk, which it does not keep alive.
    pub(crate) fn start(desk: Weak<Parts>) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(work(receiver, desk));
        Self { requests: sender, process: crate::keys::random_id(), next_attempt: AtomicU64::new(1) }
    }

    /// A name that no other attempt has, in this process or another: what settles a call has to be what was started
    /// last.
    pub(super) fn next_attempt(&self) -> String {
        format!("{}-{}", self.process, self.next_attempt.fetch_add(1, Ordering::Relaxed))
    }

    pub(super) async fn take(&self, wanted: Wanted) -> Result<Taken, Error> {
        let (answer, taken) = oneshot::channel();
        self.requests.send(Request::Take(wanted, answer)).await.map_err(|_| closed())?;
        taken.await.map_err(|_| closed())?
    }

    pub(super) async fn settle(&self, settlement: Settlement) -> Result<(), Error> {
        let (answer, settled) = oneshot::channel();
        self.requests.send(Request::Settle(Box::new(settlement), answer)).await.map_err(|_| closed())?;
        settled.await.map_err(|_| closed())?
    }
}

/// The cause behind an error, whose own words are for people outside.
fn cause_of(error: &Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}

fn closed() -> Error {
    Error::internal("the task that keeps the outbox has ended")
}

async fn work(mut requests: mpsc::Receiver<Request>, desk: Weak<Parts>) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut done_at: Option<Instant> = None;
    while requests.recv_many(&mut batch, BATCH).await > 0 {
        if batch.len() < BATCH && done_at.is_some_and(|at| at.elapsed() < BUSY) {
            tokio::time::sleep(GATHERING).await;
            while batch.len() < BATCH
                && let Ok(request) = requests.try_recv()
            {
                batch.push(request);
            }
        }
        let Some(parts) = desk.upgrade() else { return };
        serve(&Desk(parts), std::mem::take(&mut batch)).await;
        done_at = Some(Instant::now());
    }
}

/// Does what is asked together, or one by one if it cannot be done together: what fails for a reason of its own must
/// not hold up the others.
async fn serve(desk: &Desk, requests: Vec<Request>) {
    let mut wanted = Vec::new();
    let mut takers = Vec::new();
    let mut settlements = Vec::new();
    let mut settlers = Vec::new();
    for request in requests {
        match request {
            Request::Take(what, answer) => {
                wanted.push(what);
                takers.push(answer);
            }
            Request::Settle(settlement, answer) => {
                settlements.push(*settlement);
                settlers.push(answer);
            }
        }
    }
    match together(desk, &settlements, &wanted).await {
        Ok(taken) => {
            // Whoever does not wait any more had the truth written all the same.
            settlers.into_iter().for_each(|answer| _ = answer.send(Ok(())));
            hand_out(desk, takers, taken).await;
        }
        Err(Error::Unavailable(error)) => {
            let copy = || Error::Unavailable(store::Error::Unavailable(error.to_string()));
            settlers.into_iter().for_each(|answer| _ = answer.send(Err(copy())));
            takers.into_iter().for_each(|answer| _ = answer.send(Err(copy())));
        }
        Err(error) if settlements.len() + wanted.len() == 1 => match (settlers.pop(), takers.pop()) {
            (Some(answer), _) => _ = answer.send(Err(error)),
            (None, Some(answer)) => _ = answer.send(Err(error)),
            (None, None) => {}
        },
        Err(error) => {
            tracing::warn!(error = cause_of(&error), "the outbox cannot be kept for all at once; one after the other");
            for (settlement, answer) in settlements.into_iter().zip(settlers) {
                let settled = together(desk, &[settlement], &[]).await;
                _ = answer.send(settled.map(drop));
            }
            for (wanted, answer) in wanted.into_iter().zip(takers) {
                match together(desk, &[], &[wanted]).await {
                    Ok(taken) => hand_out(desk, vec![answer], taken).await,
                    Err(error) => _ = answer.send(Err(error)),
                }
            }
        }
    }
}

async fn together(desk: &Desk, settlements: &[Settlement], wanted: &[Wanted]) -> Result<Vec<Taken>, Error> {
    let mut tries = 1;
    loop {
        let outcome = caught(desk.keep_outbox(settlements, wanted)).await;
        match outcome.unwrap_or_else(|panicked| Err(Error::internal(panicked))) {
            Err(Error::Unavailable(store::Error::Contended(_))) if tries < TRIES => tries += 1,
            outcome => return outcome,
        }
    }
}

/// Gives the calls to those who asked. Those of one who is gone go back.
async fn hand_out(desk: &Desk, takers: Vec<oneshot::Sender<Result<Taken, Error>>>, taken: Vec<Taken>) {
    let mut unwanted = Vec::new();
    for (answer, taken) in takers.into_iter().zip(taken) {
        if let Err(Ok(taken)) = answer.send(Ok(taken)) {
            unwanted.extend(taken.calls.into_iter().map(|call| (call, taken.attempt.clone())));
        }
    }
    if unwanted.is_empty() {
        return;
    }
    if let Err(error) = desk.return_calls(&unwanted).await {
        tracing::warn!(error = cause_of(&error), "calls that nobody makes stay marked; the next sender finds them");
    }
}
