//! The moment in which the objects of an answer ask for what they need.

use std::future::Future as _;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Wake, Waker};

use futures_util::poll;
use tokio::sync::Notify;
use tokio::task::coop::unconstrained;
use tokio::task::yield_now;

/// Moments, one after the other. One begins with the first who waits for its end, and ends once their task has gone as
/// far as it goes without waiting, so that everybody who can ask has asked.
///
/// To give way is not enough for that: who gave way may be looked at again for any other reason, such as what another
/// field of the same object waited for, and would go on before the others have asked.
#[derive(Default)]
pub(super) struct Moments(Arc<Present>);

#[derive(Default)]
struct Present {
    has_begun: AtomicBool,
    end: Notify,
}

impl Moments {
    /// Waits for the end of the present moment.
    pub(super) async fn end(&self) {
        let mut end = pin!(unconstrained(self.0.end.notified()));
        if !self.0.has_begun.swap(true, Ordering::AcqRel) {
            self.0.begin();
        }
        // Outside of a task it ends as soon as it has begun.
        if poll!(end.as_mut()).is_ready() {
            return yield_now().await;
        }
        end.await;
    }
}

impl Present {
    /// Has tokio end the moment, which keeps the waker of who gives way until its thread has nothing else to do, or looks
    /// for what came from outside.
    fn begin(self: &Arc<Self>) {
        let end = Waker::from(self.clone());
        let _ = pin!(yield_now()).poll(&mut Context::from_waker(&end));
    }
}

impl Wake for Present {
    fn wake(self: Arc<Self>) {
        self.has_begun.store(false, Ordering::Release);
        self.end.notify_waiters();
    }
}
