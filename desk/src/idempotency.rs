//! Requests that may be sent again without being done again.

use aws_lc_rs::digest;
use chrono::Duration;
use domain::AgentId;
use store::Tx;
use store::idempotency::Answered;

use crate::{Desk, Error};

/// How long an answer stands under its key.
const ANSWERS_LIVE_FOR: Duration = Duration::hours(24);
/// The longest key, in bytes.
pub const KEY_BYTES: usize = 255;

/// Why a key was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdempotencyKeyRefusal {
    /// Empty or too long.
    #[error("an idempotency key has 1 to {KEY_BYTES} bytes: use a random one such as a UUID")]
    Malformed,
    /// Used with another input.
    #[error("this idempotency key was used for another request within 24 hours: use a new key for a new request")]
    Reused,
}

/// Whether a failure means that the same key was stored by the same request a moment earlier.
pub(crate) fn is_twin(cause: &(dyn std::error::Error + 'static)) -> bool {
    matches!(cause.downcast_ref(), Some(store::Error::Taken(_)))
}

/// A request that makes something. Under a key, the same request gets the same answer; without one, each is a request of
/// its own.
///
/// Of two that come at once the later one waits in [`Request::earlier`] for the answer of the first. Where it is another
/// lock that keeps them apart, and they still pass each other by, the later one fails as a twin ([`is_twin`]), is tried
/// again by [`retried`](crate::retry::retried), and finds the answer then.
pub(crate) struct Request<'a> {
    agent_id: AgentId,
    operation: &'static str,
    keyed: Option<Keyed<'a>>,
}

struct Keyed<'a> {
    key: &'a str,
    fingerprint: String,
}

impl<'a> Request<'a> {
    /// `input` is everything that makes one request differ from another. Only a digest of it is kept.
    pub(crate) fn new(
        agent_id: AgentId,
        key: Option<&'a str>,
        operation: &'static str,
        input: &impl serde::Serialize,
    ) -> Result<Result<Self, IdempotencyKeyRefusal>, Error> {
        let Some(key) = key else { return Ok(Ok(Self { agent_id, operation, keyed: None })) };
        if key.is_empty() || key.len() > KEY_BYTES || key.contains('\0') {
            return Ok(Err(IdempotencyKeyRefusal::Malformed));
        }
        let input = serde_json::to_vec(input).map_err(Error::internal)?;
        let digest = digest::digest(&digest::SHA256, &input);
        let fingerprint = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Ok(Self { agent_id, operation, keyed: Some(Keyed { key, fingerprint }) }))
    }

    /// Whether the request has a key.
    pub(crate) fn is_keyed(&self) -> bool {
        self.keyed.is_some()
    }

    /// The object that the earlier request made, if there was such a request. One that is just being done is waited for:
    /// without that, what its twin makes could be refused for being there already.
    pub(crate) async fn earlier(
        &self,
        desk: &Desk,
        tx: &mut Tx,
    ) -> Result<Result<Option<i64>, IdempotencyKeyRefusal>, Error> {
        Ok(self.earlier_answer(desk, tx).await?.map(|earlier| earlier.map(|answered| answered.object_id)))
    }

    /// All that was kept of the answer to the earlier request, found in the same way.
    pub(crate) async fn earlier_answer(
        &self,
        desk: &Desk,
        tx: &mut Tx,
    ) -> Result<Result<Option<Answered>, IdempotencyKeyRefusal>, Error> {
        if self.keyed.is_some() {
            tx.lock_credentials(self.agent_id).await?;
        }
        self.answered(desk, tx).await
    }

    /// The first of the objects that the earlier request made, and how many there were. The caller holds a lock that a
    /// request like this one needs as well.
    pub(crate) async fn earlier_several(
        &self,
        desk: &Desk,
        tx: &mut Tx,
    ) -> Result<Result<Option<(i64, i64)>, IdempotencyKeyRefusal>, Error> {
        let earlier = self.answered(desk, tx).await?;
        Ok(earlier.map(|earlier| earlier.map(|answered| (answered.object_id, answered.object_count))))
    }

    async fn answered(
        &self,
        desk: &Desk,
        tx: &mut Tx,
    ) -> Result<Result<Option<Answered>, IdempotencyKeyRefusal>, Error> {
        let Some(Keyed { key, fingerprint }) = &self.keyed else { return Ok(Ok(None)) };
        let earlier = tx.answered(self.agent_id, key, desk.now() - ANSWERS_LIVE_FOR).await?;
        Ok(match earlier {
            None => Ok(None),
            Some(answered) if answered.operation == self.operation && answered.fingerprint == *fingerprint => {
                Ok(Some(answered))
            }
            Some(_) => Err(IdempotencyKeyRefusal::Reused),
        })
    }

    /// Keeps the answer in the transaction that made the object.
    pub(crate) async fn answer(&self, desk: &Desk, tx: &mut Tx, object_id: i64) -> Result<(), store::Error> {
        self.answer_several(desk, tx, object_id, 1).await
    }

    /// Keeps the answer with what else is to be said again, as JSON.
    pub(crate) async fn answer_with(
        &self,
        desk: &Desk,
        tx: &mut Tx,
        object_id: i64,
        details: String,
    ) -> Result<(), store::Error> {
        self.keep(desk, tx, (object_id, 1), Some(details)).await
    }

    /// Keeps the answer in the transaction that made the objects.
    pub(crate) async fn answer_several(
        &self,
        desk: &Desk,
        tx: &mut Tx,
        first: i64,
        count: i64,
    ) -> Result<(), store::Error> {
        self.keep(desk, tx, (first, count), None).await
    }

    async fn keep(
        &self,
        desk: &Desk,
        tx: &mut Tx,
        (object_id, object_count): (i64, i64),
        details: Option<String>,
    ) -> Result<(), store::Error> {
        let Some(Keyed { key, fingerprint }) = &self.keyed else { return Ok(()) };
        let answered = Answered {
            operation: self.operation.to_owned(),
            fingerprint: fingerprint.clone(),
            object_id,
            object_count,
            details,
        };
        let now = desk.now();
        tx.insert_answered(self.agent_id, key, &answered, now - ANSWERS_LIVE_FOR, now).await
    }
}
