//! Keeping a part of the desk alive.

use std::time::Duration;

use domain::ProjectId;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

/// How long a part has to have run for its next panic to be the first again.
const HEALTHY_AFTER: Duration = Duration::from_secs(60);
/// The pause after the first panic. Each later one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Runs a part in a task of its own until it is done, and starts it anew when it panics, so that
/// no part ever takes another one down with it. The part ends with this future.
pub async fn supervise<F>(
    part: &'static str,
    project: Option<ProjectId>,
    stop: &CancellationToken,
    mut start: impl FnMut() -> F,
) where
    F: Future<Output = ()> + Send + 'static,
{
    let project = project.map(|project| project.0);
    let mut pause = FIRST_PAUSE;
    while !stop.is_cancelled() {
        let started_at = Instant::now();
        if AbortOnDropHandle::new(tokio::spawn(start())).await.is_ok() {
            return;
        }
        if started_at.elapsed() >= HEALTHY_AFTER {
            pause = FIRST_PAUSE;
        }
        // What the panic said may quote a message, so it is not repeated here.
        tracing::error!(part, project, ?pause, "a part of the desk panicked; starting it anew");
        metrics::counter!("switchboard_defects_total", "part" => part).increment(1);
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn a_part_that_panics_is_started_anew() {
        let starts = Arc::new(AtomicU32::new(0));
        supervise("test", None, &CancellationToken::new(), || {
            let starts = Arc::clone(&starts);
            async move {
                assert!(starts.fetch_add(1, Ordering::Relaxed) > 0, "the first start panics");
            }
        })
        .await;
        assert_eq!(starts.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn a_part_ends_with_its_supervision() {
        let (alive, ended) = tokio::sync::oneshot::channel::<()>();
        let mut alive = Some(alive);
        let stop = CancellationToken::new();
        let supervision = supervise("test", None, &stop, || {
            let alive = alive.take();
            async move {
                let _alive = alive;
                std::future::pending::<()>().await;
            }
        });
        assert!(tokio::time::timeout(Duration::from_millis(10), supervision).await.is_err());
        assert!(ended.await.is_err(), "the part has let go of everything");
    }
}
