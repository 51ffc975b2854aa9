//! Running operations: apart from the connection that asked for them, within a time limit, and with their panics
//! contained.

use std::time::Duration;

use async_graphql::{Executor, ServerError, parser::types::OperationType};
use futures_util::{
    FutureExt as _, StreamExt as _,
    stream::{self, BoxStream},
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
    subscription,
};
use crate::turn::in_turns;

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
/// It runs in a task of its own, in turns. If the caller goes away or the time is up, a query is stopped at the end of
/// its turn, but a mutation goes on to its end, so that none is left half-done.
pub(super) async fn run_once<E: Executor>(
    endpoint: &Endpoint<E>,
    operation: Operation,
    caller: &Caller,
    request_id: &RequestId,
) -> OperationResult {
    let kind = operation.kind;
    let charge = operation.charged().cloned();
    let request = operation.into_request(caller);
    let executor = endpoint.executor.clone();
    let span = tracing::info_span!("operation", %request_id, %kind);
    let execution = in_turns(async move { executor.execute(request).await }).instrument(span);

    let limit = endpoint.settings.execution_timeout;
    let response = if kind == OperationType::Mutation {
        timeout(limit, endpoint.drain.spawn(execution)).await
    } else {
        timeout(limit, AbortOnDropHandle::new(tokio::spawn(execution))).await
    };
    let result = match response {
        Ok(Ok(response)) => OperationResult::of(response, request_id, endpoint.settings.reported_errors),
        Ok(Err(failure)) => OperationResult::refused(task_failure(failure), request_id),
        Err(_) => OperationResult::refused(out_of_time(kind, limit), request_id),
    };
    result.charged(charge.as_ref())
}

/// Runs any operation as a stream of events.
pub(super) fn run<E: Executor>(
    endpoint: &Endpoint<E>,
    operation: Operation,
    caller: &Caller,
    request_id: RequestId,
) -> BoxStream<'static, Event> {
    if operation.kind == OperationType::Subscription {
        return subscription::run(endpoint, operation, caller, request_id);
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
