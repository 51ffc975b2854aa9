//! Doing the same to many sessions once, however often it is asked for.
//!
//! Each session is a transaction of its own, so that what is kept under the key begins before the first of them and is
//! complete after the last. In between, and after a crash there, the audit log tells what was done: its entry is written
//! in the transaction that did it, and names the request.

use std::collections::{HashMap, HashSet};

use domain::{Session, SessionId};
use serde::{Deserialize, Serialize};
use store::bulk_requests::BulkRequest;

use super::{BulkAction, BulkOutcome, BulkRefused, BulkScope, SessionsBulkRefusal};
use crate::idempotency::Request;
use crate::retry::retried;
use crate::session::BulkReason;
use crate::{Actor, Desk, Error, Rejected};

/// What is kept of the outcome for one session.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    session: SessionId,
    /// Why it was left as it is, if it was: the word and the sentence.
    refused: Option<(String, String)>,
}

/// A request under a key, as it stands.
enum Begun {
    /// It came for the first time.
    Now(BulkRequest),
    /// It came before.
    Earlier(BulkRequest),
}

impl Desk {
    /// Does what the request asks for, or goes on where it was broken off, or says again what came of it.
    pub(super) async fn bulk_once(
        &self,
        actor: &Actor,
        place: (domain::ProjectId, BulkScope),
        action: &BulkAction,
        request: &Request<'_>,
    ) -> Result<Vec<BulkOutcome>, Rejected<SessionsBulkRefusal>> {
        let (project_id, scope) = place;
        let begun = match self.begun_earlier(actor, request).await? {
            Some(begun) => Begun::Earlier(begun),
            None => {
                let ids = self.ids_in(actor, project_id, scope).await?;
                retried(|| self.begin_bulk(actor, &ids, request)).await?
            }
        };
        let (begun, mut done) = match begun {
            Begun::Now(begun) => (begun, HashSet::new()),
            Begun::Earlier(begun) => {
                if let Some(results) = &begun.results {
                    return Ok(self.told_again(actor, results).await?);
                }
                let done = self.done_by(actor, &begun, &begun.session_ids).await?;
                (begun, done)
            }
        };
        let open: Vec<SessionId> = begun.session_ids.iter().copied().filter(|id| !done.contains(id)).collect();
        let mut outcomes = self.bulk_each(actor, project_id, &open, action, Some(begun.id)).await?;
        // What a twin of this request, or this request before it was broken off, has done in between is done.
        let refused = outcomes.iter().filter(|one| one.outcome.is_err()).map(|one| one.session_id);
        let refused: Vec<SessionId> = refused.collect();
        let meanwhile = self.done_by(actor, &begun, &refused).await?;
        outcomes.retain(|one| !meanwhile.contains(&one.session_id));
        done.extend(meanwhile);
        let mut known = self.seen(actor, &Vec::from_iter(done.iter().copied())).await?;
        let before = done.into_iter().map(|id| BulkOutcome { session_id: id, outcome: Ok(known.remove(&id)) });
        outcomes.extend(before);
        outcomes.sort_by_key(|one| one.session_id);
        self.keep_results(begun.id, &outcomes).await?;
        Ok(outcomes)
    }

    async fn begun_earlier(
        &self,
        actor: &Actor,
        request: &Request<'_>,
    ) -> Result<Option<BulkRequest>, Rejected<SessionsBulkRefusal>> {
        let mut tx = self.store.begin().await?;
        let Some(earlier) = request.earlier(self, &mut tx).await?? else { return Ok(None) };
        let found = tx.bulk_request(earlier).await?;
        tracing::debug!(agent = %actor.agent.id, "a bulk request came again");
        Ok(Some(found.ok_or(Error::NotFound("request"))?))
    }

    async fn begin_bulk(
        &self,
        actor: &Actor,
        ids: &[SessionId],
        request: &Request<'_>,
    ) -> Result<Begun, Rejected<SessionsBulkRefusal>> {
        let mut tx = self.store.begin().await?;
        if let Some(earlier) = request.earlier(self, &mut tx).await?? {
            return Ok(Begun::Earlier(tx.bulk_request(earlier).await?.ok_or(Error::NotFound("request"))?));
        }
        let begun = tx.insert_bulk_request(actor.agent.id, ids, self.now()).await?;
        request.answer(self, &mut tx, begun.id).await?;
        tx.commit_silently().await?;
        Ok(Begun::Now(begun))
    }

    /// To which of these sessions the request has done what it asks for.
    async fn done_by(
        &self,
        actor: &Actor,
        begun: &BulkRequest,
        ids: &[SessionId],
    ) -> Result<HashSet<SessionId>, Error> {
        if ids.is_empty() {
            return Ok(HashSet::new());
        }
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let mut reader = self.store.read().await?;
        let done = reader.done_by_bulk_request(begun, actor.agent.id, &ids).await?;
        Ok(done.into_iter().collect())
    }

    /// Those of the sessions that the actor sees, as they are now.
    async fn seen(&self, actor: &Actor, ids: &[SessionId]) -> Result<HashMap<SessionId, Session>, Error> {
        let found = self.sessions_by_id(actor, ids).await?;
        Ok(found.into_iter().map(|session| (session.id, session)).collect())
    }

    /// Keeps what came of it, unless something could not be done at this moment: that is tried when the request comes
    /// again.
    async fn keep_results(&self, id: i64, outcomes: &[BulkOutcome]) -> Result<(), Error> {
        let failed = |one: &BulkOutcome| matches!(&one.outcome, Err(refused) if refused.reason == BulkReason::TryAgain);
        if outcomes.iter().any(failed) {
            return Ok(());
        }
        let kept = outcomes.iter().map(|one| Kept {
            session: one.session_id,
            refused: one.outcome.as_ref().err().map(|why| (why.reason.name().to_owned(), why.message.clone())),
        });
        let kept = serde_json::to_string(&Vec::from_iter(kept)).map_err(Error::internal)?;
        let mut tx = self.store.begin().await?;
        tx.finish_bulk_request(id, &kept).await?;
        Ok(tx.commit_silently().await?)
    }

    /// What came of it, with the sessions as they are now.
    async fn told_again(&self, actor: &Actor, results: &str) -> Result<Vec<BulkOutcome>, Error> {
        let kept: Vec<Kept> = serde_json::from_str(results).map_err(Error::internal)?;
        let done: Vec<SessionId> = kept.iter().filter(|one| one.refused.is_none()).map(|one| one.session).collect();
        let mut known = self.seen(actor, &done).await?;
        let again = |one: Kept| -> Result<BulkOutcome, Error> {
            let outcome = match one.refused {
                None => Ok(known.remove(&one.session)),
                Some((reason, message)) => {
                    Err(BulkRefused { reason: reason.parse().map_err(Error::internal)?, message })
                }
            };
            Ok(BulkOutcome { session_id: one.session, outcome })
        };
        kept.into_iter().map(again).collect()
    }
}
