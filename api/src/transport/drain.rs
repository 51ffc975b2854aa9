//! Ending the transports without losing work.

use std::future::Future;

use tokio::task::JoinHandle;
use tokio_util::{
    sync::CancellationToken,
    task::{TaskTracker, task_tracker::TaskTrackerToken},
};

/// Tells sockets and event streams to end, and knows when they and all running mutations have ended.
///
/// Shutting down is: cancel the token, stop the listener, then await [`finished`](Self::finished).
#[derive(Debug, Clone)]
pub struct Drain {
    begun: CancellationToken,
    work: TaskTracker,
}

impl Drain {
    /// A drain that begins when `begun` is cancelled.
    pub fn new(begun: CancellationToken) -> Self {
        Self { begun, work: TaskTracker::new() }
    }

    /// Waits until every socket is closed and every mutation has ended. Sockets only close once the drain has begun;
    /// the caller bounds the wait.
    pub async fn finished(&self) {
        self.work.close();
        self.work.wait().await;
    }

    /// Resolves when the drain begins.
    pub(super) fn begun(&self) -> impl Future<Output = ()> + Send + 'static {
        self.begun.clone().cancelled_owned()
    }

    /// Runs work that must not be stopped half-way, whether its caller still waits or not.
    pub(super) fn spawn<F>(&self, work: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.work.spawn(work)
    }

    /// Counts as work until it is dropped.
    pub(super) fn hold(&self) -> TaskTrackerToken {
        self.work.token()
    }
}
