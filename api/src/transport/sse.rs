//! The distinct-connections mode of graphql-sse: one operation, one event stream
//! (<https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md>).

use std::{convert::Infallible, future::Future, pin::Pin, time::Duration};

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use futures_util::{
    StreamExt as _,
    future::{BoxFuture, pending},
    stream::{self, BoxStream},
};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep};

use super::{
    authentication::{AuthenticationError, Caller},
    clock::Clock,
    endpoint::Endpoint,
    error::server_error,
    execution::Event,
    http::{MediaType, protect},
    request_id::RequestId,
    result::{OperationResult, to_json},
};

/// What clients pass over.
const COMMENT: Bytes = Bytes::from_static(b":\n\n");

/// Streams the events of an operation until it ends, the client goes away, the token expires or the server drains.
///
/// The operation is polled only while the connection takes more, so that a slow client holds back nobody but itself.
pub(super) fn respond<E>(
    events: BoxStream<'static, Event>,
    endpoint: &Endpoint<E>,
    caller: &Caller,
    request_id: RequestId,
) -> Response {
    let period = endpoint.settings.keep_alive_interval;
    let mut keep_alive = interval_at(Instant::now() + period, period);
    keep_alive.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let stream = EventStream {
        events,
        keep_alive,
        expiry: expiry(caller.clone(), endpoint.clock.clone()),
        drain: Box::pin(endpoint.drain.begun()),
        request_id,
        ended: false,
    };
    let chunks = stream::unfold(stream, |mut stream| async move {
        let chunk = stream.next_chunk().await?;
        Some((chunk, stream))
    });
    // The client sees the stream open before there is an event.
    let chunks = stream::once(async { COMMENT }).chain(chunks);
    response(Body::from_stream(chunks.map(Ok::<_, Infallible>)))
}

/// The stream of an operation that was refused before it could run: its errors, as the protocol wants them.
pub(super) fn refuse(result: &OperationResult) -> Response {
    response(Body::from([next(&to_json(result)), complete()].concat()))
}

fn response(body: Body) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, MediaType::EventStream.content_type());
    protect(&mut headers);
    // Proxies must not wait for more before they pass an event on.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    (headers, body).into_response()
}

struct EventStream {
    events: BoxStream<'static, Event>,
    keep_alive: Interval,
    expiry: BoxFuture<'static, ()>,
    drain: Pin<Box<dyn Future<Output = ()> + Send>>,
    request_id: RequestId,
    ended: bool,
}

impl EventStream {
    /// What to send next. A draining server ends the stream without `complete`, so that the client connects anew.
    async fn next_chunk(&mut self) -> Option<Bytes> {
        if self.ended {
            return None;
        }
        let chunk = tokio::select! {
            () = &mut self.drain => return None,
            () = &mut self.expiry => self.end_with(&expired(&self.request_id)),
            _ = self.keep_alive.tick() => COMMENT,
            event = self.events.next() => match event {
                Some(Event::Next(payload)) => next(&payload).into(),
                Some(Event::Refused(result)) => self.end_with(&result),
                None => {
                    self.ended = true;
                    complete().into()
                }
            },
        };
        Some(chunk)
    }

    fn end_with(&mut self, result: &OperationResult) -> Bytes {
        self.ended = true;
        [next(&to_json(result)), complete()].concat().into()
    }
}

/// Resolves once the caller's credentials have expired. The clock is asked again after each wait, because it can be
/// moved while a timer cannot.
fn expiry(caller: Caller, clock: Clock) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        loop {
            match caller.time_left(&clock) {
                None => pending().await,
                Some(Duration::ZERO) => return,
                Some(left) => sleep(left).await,
            }
        }
    })
}

fn expired(request_id: &RequestId) -> OperationResult {
    let error = AuthenticationError::Expired;
    OperationResult::refused(server_error(error.code(), format!("{error}.")), request_id)
}

fn next(payload: &str) -> String {
    format!("event: next\ndata: {payload}\n\n")
}

fn complete() -> String {
    // The empty `data` is for the browser's own EventSource, which drops an event without it.
    "event: complete\ndata: \n\n".to_owned()
}
