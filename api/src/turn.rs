//! Turns: how much of an answer is made before its task gives way to others.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use tokio::task_local;

/// How many relations a turn looks up. More than any answer of an ordinary size, since giving way between the fields of a
/// page costs a statement more; far less than what keeps a thread for long.
const TURN: u32 = 4096;

task_local! {
    /// How many relations the present turn has looked up.
    static LOOKED_UP: Cell<u32>;
}

/// Runs a future that gives way after each turn. A task that never does cannot be stopped, and what is known already is
/// answered without ever waiting, however much of it there is.
pub(crate) async fn in_turns<F: Future>(work: F) -> F::Output {
    let mut work = pin!(work);
    let turns = poll_fn(|context| {
        LOOKED_UP.with(|looked_up| looked_up.set(0));
        work.as_mut().poll(context)
    });
    LOOKED_UP.scope(Cell::new(0), turns).await
}

/// Counts one relation that is looked up, and waits for the next turn if the present one is over.
pub(crate) async fn look_up() {
    poll_fn(|context| {
        let is_over = LOOKED_UP.try_with(|looked_up| {
            let count = looked_up.get();
            looked_up.set(count.saturating_add(1));
            count >= TURN
        });
        // Where nobody takes turns, such as in the rendering of events, there is nothing to wait for.
        if is_over.unwrap_or(false) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(())
    })
    .await;
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use futures_util::future::{FutureExt as _, join_all};

    use super::*;

    async fn tree(done: Arc<AtomicU32>) {
        join_all((0..40).map(|_| async {
            for _ in 0..TURN {
                look_up().await;
                done.fetch_add(1, Ordering::SeqCst);
            }
        }))
        .await;
    }

    #[test]
    fn what_never_waits_gives_way_and_can_be_stopped() {
        let done = Arc::new(AtomicU32::new(0));
        let stopped = in_turns(tree(done.clone())).now_or_never();
        assert!(stopped.is_none(), "it gave way before its end");
        let done = done.load(Ordering::SeqCst);
        assert!((1..=2 * TURN).contains(&done), "{done}");
    }

    #[tokio::test]
    async fn turns_lead_to_the_end() {
        let done = Arc::new(AtomicU32::new(0));
        in_turns(tree(done.clone())).await;
        tree(done.clone()).await;
        assert_eq!(done.load(Ordering::SeqCst), 2 * 40 * TURN);
    }
}
