//! Running operations: apart from the connection that asked for them, within a time limit, and with their panics
//! contained.

use std::{
    panic::AssertUnwindSafe,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use async_graphql::{Executor, Request, Response, ServerError, parser::types::OperationType};
use futures_util::{
    FutureExt as _, Stream, StreamExt as _,
    stream::{self, BoxStream, CatchUnwind, Peekable},
};
use tokio::{task::JoinError, time::timeout};
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument as _;

use super::{
    authentication::Caller,
    code::ErrorCode,
    endpoint::Endpoint,
    error::server_error,
    operation::Operation,
    request_id::RequestId,
    result::{OperationResult, Payload},
};

/// What a running operation yields. Its end, without a refusal, is its completion.
#[derive(Debug)]
pub(super) enum Event {
    /// One execution result.
    Next(Payload),
    /// The operation never ran, or broke down. Nothing follows.
    Refused(OperationResult),
}

/// Runs a query or a mutation to its one result.
///
/// It runs in a task of its own. If the caller goes away or the time is up, a query is stopped, but a mutation goes on
/// to its end, so that none is left half-done.
pub(super) async fn run_once<E: Executor>(
    endpoint: &Endpoint<E>,
    operation: Operation,
    caller: &Caller,
    request_id: &RequestId,
) -> OperationResult {
    let kind = operation.kind;
    let request = operation.into_request(caller);
    let executor = endpoint.executor.clone();
    let span = tracing::info_span!("operation", %request_id, %kind);
    let execution = async move { executor.execute(request).await }.instrument(span);

    let limit = endpoint.settings.execution_timeout;
    let response = if kind == OperationType::Mutation {
        timeout(limit, endpoint.drain.spawn(execution)).await
    } else {
        timeout(limit, AbortOnDropHandle::new(tokio::spawn(execution))).await
    };
    match response {
        Ok(Ok(response)) => OperationResult::of(response, request_id, endpoint.settings.reported_errors),
        Ok(Err(failure)) => OperationResult::refused(task_failure(failure), request_id),
        Err(_) => OperationResult::refused(out_of_time(kind, limit), request_id),
    }
}

/// Runs any operation as a stream of events.
///
/// This is where results become bytes. A source of results that are serialized already only has to yield them here.
pub(super) fn run<E: Executor>(
    endpoint: &Endpoint<E>,
    operation: Operation,
    caller: &Caller,
    request_id: RequestId,
) -> BoxStream<'static, Event> {
    if operation.kind == OperationType::Subscription {
        let request = operation.into_request(caller);
        return subscribe(endpoint, request, request_id).boxed();
    }
    let (endpoint, caller) = (endpoint.clone(), caller.clone());
    let result = async move {
        let result = run_once(&endpoint, operation, &caller, &request_id).await;
        match result.refusal_code() {
            Some(_) => Event::Refused(result),
            None => Event::Next(result.to_payload()),
        }
    };
    stream::once(result.boxed()).boxed()
}

fn subscribe<E: Executor>(endpoint: &Endpoint<E>, request: Request, request_id: RequestId) -> Subscription {
    let responses = endpoint.executor.execute_stream(request, None);
    Subscription {
        responses: AssertUnwindSafe(responses).catch_unwind().peekable(),
        request_id,
        reported_errors: endpoint.settings.reported_errors,
        begun: false,
    }
}

/// The events of one subscription, polled by the connection that it belongs to.
struct Subscription {
    responses: Peekable<CatchUnwind<AssertUnwindSafe<BoxStream<'static, Response>>>>,
    request_id: RequestId,
    reported_errors: usize,
    begun: bool,
}

impl Stream for Subscription {
    type Item = Event;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Event>> {
        let result = match ready!(self.responses.poll_next_unpin(context)) {
            None => return Poll::Ready(None),
            Some(Ok(response)) => OperationResult::of(response, &self.request_id, self.reported_errors),
            Some(Err(_)) => {
                let error = server_error(ErrorCode::Internal, "a resolver panicked");
                OperationResult::refused(error, &self.request_id)
            }
        };
        let first = !std::mem::replace(&mut self.begun, true);
        let refused = result.refusal_code().is_some() || (first && self.never_began(&result, context));
        Poll::Ready(Some(if refused { Event::Refused(result) } else { Event::Next(result.to_payload()) }))
    }
}

impl Subscription {
    /// Whether the first result says that the stream of events could not be made, for example because the caller may
    /// not see them. Such a result has no data, like an event that failed, but nothing follows it.
    fn never_began(&mut self, first: &OperationResult, context: &mut Context<'_>) -> bool {
        let failed = first.data == Some(async_graphql::Value::Null) && !first.errors.is_empty();
        failed && matches!(Pin::new(&mut self.responses).poll_peek(context), Poll::Ready(None))
    }
}

fn task_failure(failure: JoinError) -> ServerError {
    if failure.is_panic() {
        server_error(ErrorCode::Internal, "a resolver panicked")
    } else {
        server_error(ErrorCode::Unavailable, "The server is shutting down. Repeat the request.")
    }
}

fn out_of_time(kind: OperationType, limit: Duration) -> ServerError {
    let advice = match kind {
        OperationType::Mutation => {
            "It may still take effect: look before you repeat it, or repeat it with the same idempotency key."
        }
        _ => "Ask for less, or try again later.",
    };
    server_error(ErrorCode::Timeout, format!("The operation did not end within {limit:?}. {advice}"))
}
