//! A document that is kept if it turns out to be fit to run.

use std::sync::Arc;

use futures_util::{StreamExt as _, stream::BoxStream};

use super::{automatic::AutomaticDocuments, owner::Owner, sha256::Sha256};
use crate::transport::{execution::Event, result::OperationResult};

/// A document that came with its hash. That the hash is right is known; that it can be parsed, is within the limits
/// and fits the schema shows when it runs.
pub(in crate::transport) struct Candidate {
    pub(super) kept: Arc<AutomaticDocuments>,
    pub(super) owner: Owner,
    pub(super) hash: Sha256,
    pub(super) document: Arc<str>,
}

impl Candidate {
    /// Keeps the document, if it is to be kept, unless the operation was refused.
    pub(in crate::transport) fn settle(candidate: Option<Self>, result: &OperationResult) {
        if let (Some(candidate), None) = (candidate, result.refusal_code()) {
            candidate.keep();
        }
    }

    /// Keeps the document, if it is to be kept, as soon as the operation yields a result.
    pub(in crate::transport) fn watch(
        candidate: Option<Self>,
        events: BoxStream<'static, Event>,
    ) -> BoxStream<'static, Event> {
        let Some(candidate) = candidate else { return events };
        let mut candidate = Some(candidate);
        let keep_at_first_result = move |event: &Event| {
            if let (Event::Next(_), Some(candidate)) = (event, candidate.take()) {
                candidate.keep();
            }
        };
        events.inspect(keep_at_first_result).boxed()
    }

    fn keep(self) {
        self.kept.keep(self.owner, self.hash, self.document);
    }
}
