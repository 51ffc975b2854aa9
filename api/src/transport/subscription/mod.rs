//! Running subscriptions.

mod handover;
mod rendering;
mod template;

use std::{panic::AssertUnwindSafe, sync::Arc};

use async_graphql::{Executor, Request, Response, Value};
use asynk_strim::stream_fn;
use futures_util::{
    FutureExt as _, Stream, StreamExt as _,
    stream::{self, BoxStream},
};

pub use handover::{Handover, Occasion, Source};
pub(super) use rendering::Renderings;

use self::{rendering::Rendering, template::Template};
use super::{
    authentication::Caller, code::ErrorCode, endpoint::Endpoint, error::server_error, execution::Event,
    operation::Operation, request_id::RequestId, result::OperationResult,
};

/// The events of a subscription, in the task of the connection that it belongs to.
pub(super) fn run<E: Executor>(
    endpoint: &Endpoint<E>,
    operation: Operation,
    caller: &Caller,
    request_id: RequestId,
) -> BoxStream<'static, Event> {
    // What it took to begin is boxed apart, so that it is given back when that is over.
    begin(endpoint.clone(), operation, caller.clone(), request_id).boxed().flatten_stream().boxed()
}

/// Lets the resolver run, which hands its source over, or yields results by itself, or fails.
async fn begin<E: Executor>(
    endpoint: Endpoint<E>,
    operation: Operation,
    caller: Caller,
    request_id: RequestId,
) -> BoxStream<'static, Event> {
    let mut request = operation.into_request(&caller);
    let template = Template::of(&mut request);
    let handover = Handover::default();
    if template.is_some() {
        request.data.insert(handover.clone());
    }
    let mut responses = responses(&endpoint.executor, request);
    let first = responses.next().await;
    if let (None, Some(source), Some(template)) = (&first, handover.take(), template) {
        let rendering = endpoint.renderings.of(template);
        return Subscription { executor: endpoint.executor, caller, request_id, rendering }.follow(source).boxed();
    }
    let Some(first) = first else { return stream::empty().boxed() };

    let publish = move |response| OperationResult::of(response, &request_id, endpoint.settings.reported_errors);
    let first = publish(first);
    // A stream of events that could not be made, for example because the caller may not see them, has a first result
    // without data, like an event that failed, but nothing follows it.
    let failed = first.data == Some(Value::Null) && !first.errors.is_empty();
    let never_began = failed && matches!(responses.next().now_or_never(), Some(None));
    if never_began || first.refusal_code().is_some() {
        return stream::iter([Event::Refused(first)]).boxed();
    }
    let rest = responses.map(move |response| event_of(publish(response)));
    stream::iter([Event::Next(first.to_payload())]).chain(rest).boxed()
}

fn event_of(result: OperationResult) -> Event {
    match result.refusal_code() {
        Some(_) => Event::Refused(result),
        None => Event::Next(result.to_payload()),
    }
}

/// What an execution yields; a panic is its last response.
fn responses<E: Executor>(executor: &E, request: Request) -> BoxStream<'static, Response> {
    let responses = AssertUnwindSafe(executor.execute_stream(request, None)).catch_unwind();
    responses.map(|response| response.unwrap_or_else(|_| panicked())).boxed()
}

fn panicked() -> Response {
    Response::from_errors(vec![server_error(ErrorCode::Internal, "a resolver panicked")])
}

/// A subscription whose resolver has handed its source over.
struct Subscription<E> {
    executor: E,
    caller: Caller,
    request_id: RequestId,
    rendering: Arc<Rendering>,
}

impl<E: Executor> Subscription<E> {
    fn follow(self, source: Source) -> impl Stream<Item = Event> + Send {
        stream_fn(async move |mut yielder| {
            let mut source = AssertUnwindSafe(source).catch_unwind();
            while let Some(next) = source.next().await {
                let occasion = match next {
                    Ok(Ok(occasion)) => occasion,
                    Ok(Err(error)) => return yielder.yield_item(self.failure(error)).await,
                    Err(_) => {
                        let error = ErrorCode::Internal.error("the source of a subscription panicked");
                        return yielder.yield_item(self.failure(error)).await;
                    }
                };
                let rendered = self.rendering.render(&self.executor, &self.caller, occasion, &self.request_id).await;
                if let Some(payload) = rendered {
                    yielder.yield_item(Event::Next(payload)).await;
                }
            }
        })
    }

    /// The last result: the failure, in the place of the subscription field.
    fn failure(&self, error: async_graphql::Error) -> Event {
        let (segment, position) = self.rendering.template().root().unzip();
        let mut error = error.into_server_error(position.unwrap_or_default());
        error.path.extend(segment);
        event_of(OperationResult::of(Response::from_errors(vec![error]), &self.request_id, 1))
    }
}
