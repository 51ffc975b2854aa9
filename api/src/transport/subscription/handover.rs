//! How a resolver hands the source of its events over to the transport.
//!
//! The stream that async-graphql makes of a subscription executes the selection anew for each subscriber and each
//! event. A resolver that gives its source away instead lets the transport render an event once for all subscribers who
//! get the same of it.

use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::Data;
use futures_util::stream::BoxStream;

/// What a subscriber is told of, one after the other. A failure is told as well and is the last.
pub type Source = BoxStream<'static, Result<Occasion, async_graphql::Error>>;

/// Something to be rendered by the selection of a subscription.
pub struct Occasion {
    pub(super) likeness: Option<Likeness>,
    pub(super) attach: Attach,
}

/// Adds to the data of one operation.
pub(super) type Attach = Box<dyn FnOnce(&mut Data) + Send>;

/// What makes an occasion the same for several subscribers: rendered by the same selection, equal ones give equal results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Likeness {
    audience: Arc<str>,
    identity: u128,
}

impl Occasion {
    /// An occasion of one subscriber. To render it the operation is executed with the data that `attach` adds, by which
    /// the resolver knows that it is to yield this occasion alone.
    pub fn new(attach: impl FnOnce(&mut Data) + Send + 'static) -> Self {
        Self { likeness: None, attach: Box::new(attach) }
    }

    /// Says that every subscriber of an audience sees the occasion of this identity alike.
    #[must_use]
    pub fn alike_for(mut self, audience: Arc<str>, identity: u128) -> Self {
        self.likeness = Some(Likeness { audience, identity });
        self
    }
}

/// Found by a resolver in the data of its operation: the place where it may leave its source. It then yields nothing
/// itself.
#[derive(Clone, Default)]
pub struct Handover(Arc<Mutex<Option<Source>>>);

impl Handover {
    /// Leaves a source here.
    pub fn give(&self, source: Source) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(source);
    }

    pub(super) fn take(&self) -> Option<Source> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
