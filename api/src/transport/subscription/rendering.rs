//! Results that are shared by the subscribers who get the same.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError, Weak},
};

use async_graphql::Executor;
use futures_util::{FutureExt as _, StreamExt as _};
use tokio::sync::OnceCell;

use super::{
    handover::{Attach, Likeness, Occasion},
    responses,
    template::{Template, TemplateKey},
};
use crate::transport::{
    authentication::Caller,
    request_id::RequestId,
    result::{OperationResult, Payload},
};

/// How many results of one selection are kept. Subscribers who keep up need the last few of them.
const KEPT: usize = 64;

/// How many selections are remembered before those that nobody follows any more are dropped.
const SWEEP_FROM: usize = 64;

/// The selections that are followed at the moment.
#[derive(Default)]
pub(in crate::transport) struct Renderings(Mutex<HashMap<TemplateKey, Weak<Rendering>>>);

impl Renderings {
    /// Forgets every result that was kept.
    pub(in crate::transport) fn forget(&self) {
        let renderings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for rendering in renderings.values().filter_map(Weak::upgrade) {
            rendering.results.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    /// The rendering of a selection, shared with whoever follows the same.
    pub(super) fn of(&self, template: Template) -> Arc<Rendering> {
        let key = template.key();
        let mut renderings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rendering) = renderings.get(&key).and_then(Weak::upgrade) {
            return rendering;
        }
        if renderings.len() >= SWEEP_FROM && renderings.len() == renderings.capacity() {
            renderings.retain(|_, rendering| rendering.strong_count() > 0);
        }
        let rendering = Arc::new(Rendering { template, results: Mutex::default() });
        renderings.insert(key, Arc::downgrade(&rendering));
        rendering
    }
}

/// One selection and its newest results.
pub(super) struct Rendering {
    template: Template,
    results: Mutex<VecDeque<(Likeness, Shared)>>,
}

/// A result that one subscriber makes and the others wait for. Nothing if the occasion has no result.
type Shared = Arc<OnceCell<Option<Payload>>>;

impl Rendering {
    pub(super) fn template(&self) -> &Template {
        &self.template
    }

    /// The result of an occasion, made by the first who asks for it. One with errors is the asker's own: it bears the
    /// id of their request, and the next may have none.
    pub(super) async fn render<E: Executor>(
        &self,
        executor: &E,
        caller: &Caller,
        occasion: Occasion,
        request_id: &RequestId,
    ) -> Option<Payload> {
        let Occasion { likeness, attach } = occasion;
        let execute = || self.execute(executor, caller, attach, request_id);
        let Some(likeness) = likeness else { return Some(execute().boxed().await?.to_payload()) };
        let shared = self.result(likeness);
        if let Some(made) = shared.get() {
            return made.clone();
        }
        let make = shared.get_or_try_init(async || match execute().await {
            Some(result) if !result.errors.is_empty() => Err(result.to_payload()),
            result => Ok(result.map(|result| result.to_payload())),
        });
        // Boxed, so that the many who find the result made do not carry the room for making it.
        match make.boxed().await {
            Ok(shared) => shared.clone(),
            Err(own) => Some(own),
        }
    }

    async fn execute<E: Executor>(
        &self,
        executor: &E,
        caller: &Caller,
        attach: Attach,
        request_id: &RequestId,
    ) -> Option<OperationResult> {
        metrics::counter!("switchboard_events_rendered_total").increment(1);
        let mut request = self.template.request();
        caller.attach_to(&mut request.data);
        attach(&mut request.data);
        let response = responses(executor, request).next().await?;
        Some(OperationResult::of(response, request_id, usize::MAX))
    }

    fn result(&self, likeness: Likeness) -> Shared {
        let mut results = self.results.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, result)) = results.iter().rev().find(|(known, _)| *known == likeness) {
            return result.clone();
        }
        if results.len() == KEPT {
            results.pop_front();
        }
        let result = Shared::default();
        results.push_back((likeness, result.clone()));
        result
    }
}
