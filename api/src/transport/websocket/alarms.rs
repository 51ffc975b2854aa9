//! The times at which a socket has something to do although nothing happened.

use std::{future::pending, pin::Pin, time::Duration};

use tokio::time::{Instant, Sleep, sleep};

/// What a socket waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alarm {
    /// `connection_init` did not come.
    InitTimeout,
    /// The peer is due for a ping, and for an answer to the last one.
    KeepAlive,
    /// The token may have expired.
    TokenExpiry,
    /// An anonymous client may run nothing.
    Idle,
}

const ALARMS: [Alarm; 4] = [Alarm::InitTimeout, Alarm::KeepAlive, Alarm::TokenExpiry, Alarm::Idle];

/// All alarms of one socket. They share one timer, because a server has very many idle sockets.
#[derive(Debug)]
pub(super) struct Alarms {
    timer: Pin<Box<Sleep>>,
    due: [Option<Instant>; ALARMS.len()],
}

impl Alarms {
    /// No alarm is set yet.
    pub(super) fn new() -> Self {
        Self { timer: Box::pin(sleep(Duration::ZERO)), due: [None; ALARMS.len()] }
    }

    /// Sets an alarm, in place of the last one of its kind. A time too far away to be told is never.
    pub(super) fn set(&mut self, alarm: Alarm, after: Duration) {
        self.due[alarm as usize] = Instant::now().checked_add(after);
    }

    pub(super) fn clear(&mut self, alarm: Alarm) {
        self.due[alarm as usize] = None;
    }

    /// Waits for the next alarm, which is then no longer set.
    pub(super) async fn next(&mut self) -> Alarm {
        let earliest = ALARMS.into_iter().filter_map(|alarm| Some((self.due[alarm as usize]?, alarm)));
        let Some((due, alarm)) = earliest.min_by_key(|(due, _)| *due) else { return pending().await };
        if self.timer.deadline() != due {
            self.timer.as_mut().reset(due);
        }
        self.timer.as_mut().await;
        self.clear(alarm);
        alarm
    }
}
