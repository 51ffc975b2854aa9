//! How long a connection may take for the head of a request.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hyper::rt::{Sleep, Timer};
use hyper_util::rt::TokioTimer;

use super::ConnectionSettings;

/// The timer of one connection.
///
/// hyper has one time-out for the head of a request, which begins when the request before has been answered. A client
/// that keeps its connection may wait for longer than one that has just connected, so each head but the first gets more.
/// A part of such a head holds the connection for no longer than nothing at all would.
pub(super) struct HeadTimer {
    extra_after_first: Duration,
    is_past_first: AtomicBool,
}

impl HeadTimer {
    pub(super) fn new(settings: &ConnectionSettings) -> Self {
        let extra_after_first = settings.idle_timeout.saturating_sub(settings.head_timeout);
        Self { extra_after_first, is_past_first: AtomicBool::new(false) }
    }
}

impl Timer for HeadTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(Instant::now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        let is_past_first = self.is_past_first.swap(true, Ordering::Relaxed);
        let extra = if is_past_first { self.extra_after_first } else { Duration::ZERO };
        TokioTimer::new().sleep_until(deadline + extra)
    }
}
