//! Doing again what lost to another transaction.

use crate::idempotency::is_twin;
use crate::{Error, Rejected};

/// How often it is tried at most.
const TRIES: usize = 3;

/// Does what is one transaction, and again while another one was in the way: by its locks, or as
/// its own twin under the same idempotency key.
pub(crate) async fn retried<T, R, F>(mut attempt: impl FnMut() -> F) -> Result<T, Rejected<R>>
where
    F: Future<Output = Result<T, Rejected<R>>>,
{
    // Each on the heap: what answers a mutation holds the largest of all use cases, several times over.
    for _ in 1..TRIES {
        match Box::pin(attempt()).await {
            Err(Rejected::Failed(error)) if has_lost(&error) => {}
            outcome => return outcome,
        }
    }
    Box::pin(attempt()).await
}

fn has_lost(error: &Error) -> bool {
    match error {
        Error::Unavailable(cause) => matches!(cause, store::Error::Contended(_)),
        Error::Internal(cause) => is_twin(&**cause),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use super::*;

    async fn tries_of(error: impl Fn() -> Error) -> usize {
        let mut tries = 0;
        let outcome: Result<(), Rejected<()>> = retried(|| {
            tries += 1;
            ready(Err(Rejected::Failed(error())))
        })
        .await;
        assert!(matches!(outcome, Err(Rejected::Failed(_))));
        tries
    }

    #[tokio::test]
    async fn only_what_lost_to_another_transaction_is_done_again() {
        let text = || "why".to_owned();
        assert_eq!(tries_of(|| store::Error::Contended(text()).into()).await, TRIES);
        assert_eq!(tries_of(|| store::Error::Taken(text()).into()).await, TRIES);
        assert_eq!(tries_of(|| store::Error::Unavailable(text()).into()).await, 1);
        assert_eq!(tries_of(|| store::Error::Internal(text()).into()).await, 1);
        assert_eq!(tries_of(|| Error::Forbidden).await, 1);
    }
}
