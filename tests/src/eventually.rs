//! Waiting for something that becomes true soon, without guessing how long "soon" is.

use std::fmt::Debug;
use std::panic::Location;
use std::time::{Duration, Instant};

/// Pause between two attempts: short, because most waits end at once, yet cheap beside an HTTP request.
const PAUSE: Duration = Duration::from_millis(10);

/// What one attempt of [`eventually`] may answer: a value, or the reason why there is none yet.
pub trait Attempt {
    /// What is waited for.
    type Value;

    /// The value, or what to say if this was the last attempt.
    fn settle(self) -> Result<Self::Value, String>;
}

impl<T> Attempt for Option<T> {
    type Value = T;

    fn settle(self) -> Result<T, String> {
        self.ok_or_else(|| "None".to_owned())
    }
}

impl<T, E: Debug> Attempt for Result<T, E> {
    type Value = T;

    fn settle(self) -> Result<T, String> {
        self.map_err(|error| format!("{error:?}"))
    }
}

/// Repeats `attempt` until it answers with a value, and returns that value.
///
/// # Panics
/// When `within` is over. The message names the calling line and what the last attempt answered, so an attempt that
/// returns a `Result` explains itself. An attempt that is still running when the time is over is abandoned.
#[track_caller]
pub fn eventually<A, F>(within: Duration, mut attempt: impl FnMut() -> F) -> impl Future<Output = A::Value>
where
    A: Attempt,
    F: Future<Output = A>,
{
    // An async function cannot know its caller's line, a function that returns a future can.
    let caller = Location::caller();
    async move {
        let start = Instant::now();
        let mut attempts = 0_u32;
        let mut last = "no attempt ended in time".to_owned();
        while let Some(left) = within.checked_sub(start.elapsed()) {
            attempts += 1;
            match tokio::time::timeout(left, attempt()).await {
                Ok(answer) => match answer.settle() {
                    Ok(value) => return value,
                    Err(reason) => last = reason,
                },
                Err(_) => break,
            }
            tokio::time::sleep(PAUSE).await;
        }
        panic!("{caller}: not within {within:?}, in {attempts} attempts; the last answer: {last}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn returns_the_first_value() {
        let mut left = 3;
        let value = eventually(Duration::from_secs(5), || {
            left -= 1;
            let answer = (left == 0).then_some("ready");
            async move { answer }
        })
        .await;
        assert_eq!(value, "ready");
    }

    #[tokio::test]
    #[should_panic(expected = "the last answer: \"still 7 rows\"")]
    async fn says_what_the_last_attempt_answered() {
        eventually(Duration::from_millis(30), || async { Err::<(), _>("still 7 rows") }).await;
    }

    #[tokio::test]
    #[should_panic(expected = "tests/src/eventually.rs")]
    async fn names_the_line_that_waited() {
        eventually(Duration::from_millis(30), || async { None::<()> }).await;
    }

    #[tokio::test]
    #[should_panic(expected = "no attempt ended in time")]
    async fn abandons_an_attempt_that_hangs() {
        eventually(Duration::from_millis(30), std::future::pending::<Option<()>>).await;
    }
}
