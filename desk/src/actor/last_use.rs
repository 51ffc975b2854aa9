//! When an API token was last used.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::Duration;
use domain::{ApiTokenId, Time};

use super::Actor;
use crate::{Credential, Desk, Error};

/// How exactly the last use is kept. A use costs a write this often at most.
const PRECISION: Duration = Duration::minutes(1);

/// The last use that was noted, in microseconds since 1970.
#[derive(Debug)]
pub(super) struct LastUse(AtomicI64);

impl LastUse {
    pub(super) fn noted(at: Option<Time>) -> Self {
        Self(AtomicI64::new(at.map_or(i64::MIN, |at| at.timestamp_micros())))
    }

    /// Whether a use at a time is to be noted. Of those who ask at once, one is told so.
    fn is_to_be_noted(&self, now: Time) -> bool {
        let (noted, now, due) = (self.0.load(Ordering::Relaxed), now.timestamp_micros(), (now - PRECISION));
        noted <= due.timestamp_micros()
            && self.0.compare_exchange(noted, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

impl Desk {
    /// Notes that the actor acts. The request does not wait for that, and does not fail with it.
    pub(super) fn note_use(&self, actor: &Actor) {
        let Credential::ApiToken(id) = actor.credential else { return };
        let now = self.now();
        if actor.last_use.is_to_be_noted(now) {
            let desk = self.clone();
            tokio::spawn(async move {
                if let Err(error) = desk.write_use(id, now).await {
                    tracing::warn!(%error, token = %id, "the last use of an API token could not be noted");
                }
            });
        }
    }

    async fn write_use(&self, id: ApiTokenId, now: Time) -> Result<(), Error> {
        let mut tx = self.store.begin().await?;
        tx.note_api_token_use(id, now, now - PRECISION).await?;
        Ok(tx.commit_silently().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_is_noted_once_a_minute() {
        let at = |seconds| Time::from_timestamp(1_800_000_000 + seconds, 0).unwrap();
        let last_use = LastUse::noted(None);
        let noted: Vec<i64> =
            [0, 1, 59, 60, 61, 119, 120].into_iter().filter(|seconds| last_use.is_to_be_noted(at(*seconds))).collect();
        assert_eq!(noted, [0, 60, 120]);
        assert!(!LastUse::noted(Some(at(0))).is_to_be_noted(at(30)));
    }
}
