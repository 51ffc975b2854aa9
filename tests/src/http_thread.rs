//! The one thread that all HTTP requests of the harness are sent from.

use std::panic::resume_unwind;
use std::sync::LazyLock;
use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio_util::task::AbortOnDropHandle;

/// Runs on a thread of its own until the process ends.
static RUNTIME: LazyLock<Handle> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_all().build().expect("the system has descriptors to wait with");
    let handle = runtime.handle().clone();
    let run = move || runtime.block_on(std::future::pending::<()>());
    thread::Builder::new().name("http".to_owned()).spawn(run).expect("the system has one more thread");
    handle
});

/// Runs an exchange on the thread. It ends early if the caller goes away.
///
/// hyper loses a request if one thread hands it to a connection just when another finds that the connection has ended:
/// the request is then neither sent nor given back, its caller waits for ever, and a test that kills servers takes that
/// for a server that does not answer (<https://github.com/hyperium/hyper/issues/4122>). On one thread the two cannot
/// happen at once.
pub(crate) async fn run<T: Send + 'static>(exchange: impl Future<Output = T> + Send + 'static) -> T {
    match AbortOnDropHandle::new(RUNTIME.spawn(exchange)).await {
        Ok(outcome) => outcome,
        // Nobody but the caller ends it, so that a panic is the only other outcome.
        Err(failure) => resume_unwind(failure.into_panic()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn nothing_runs_beside_an_exchange() {
        let (start, started) = oneshot::channel();
        let (run_other, other_ran) = mpsc::channel();
        let first = tokio::spawn(run(async move {
            start.send(()).unwrap();
            other_ran.recv_timeout(Duration::from_millis(200))
        }));
        started.await.unwrap();
        run(async move { run_other.send(()) }).await.expect_err("the first is over");
        assert_eq!(first.await.unwrap(), Err(mpsc::RecvTimeoutError::Timeout));
    }

    #[tokio::test]
    async fn an_exchange_that_nobody_waits_for_ends() {
        let (alive, ended) = oneshot::channel::<()>();
        let exchange = run(async move {
            let _alive = alive;
            std::future::pending::<()>().await;
        });
        tokio::time::timeout(Duration::from_millis(10), exchange).await.expect_err("it never ends by itself");
        ended.await.expect_err("what it had is dropped");
    }

    #[tokio::test]
    #[should_panic(expected = "in the exchange")]
    async fn a_panic_reaches_the_caller() {
        run(async { panic!("in the exchange") }).await
    }
}
