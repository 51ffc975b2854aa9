//! The operations that run on one socket.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum::extract::ws::Utf8Bytes;
use futures_util::{
    Stream, StreamExt as _,
    stream::{AbortHandle, Abortable, BoxStream, SelectAll, abortable},
};

use super::message;
use crate::transport::execution::Event;

/// All running operations of a socket, by the ids that the client gave them.
///
/// They wait in the queue of [`SelectAll`]: one that yields a frame goes to its end, so that each gets its turn.
pub(super) struct Operations {
    running: HashMap<Arc<str>, AbortHandle>,
    frames: SelectAll<Abortable<Frames>>,
}

impl Operations {
    pub(super) fn new() -> Self {
        Self { running: HashMap::new(), frames: SelectAll::new() }
    }

    pub(super) fn contains(&self, id: &str) -> bool {
        self.running.contains_key(id)
    }

    /// How many operations run.
    pub(super) fn running(&self) -> usize {
        self.running.len()
    }

    /// How many operations have not been dropped yet. Those that the client completed are dropped when they are polled
    /// next, which a client that does not read can put off.
    pub(super) fn held(&self) -> usize {
        self.frames.len()
    }

    pub(super) fn start(&mut self, id: String, events: BoxStream<'static, Event>) {
        let id: Arc<str> = id.into();
        let (frames, handle) = abortable(Frames { id: Arc::clone(&id), events, ended: false });
        self.running.insert(id, handle);
        self.frames.push(frames);
    }

    /// Stops an operation that the client completed. No frame of it follows. An unknown id is not an error, because the
    /// operation may just have ended by itself.
    pub(super) fn stop(&mut self, id: &str) {
        if let Some(handle) = self.running.remove(id) {
            handle.abort();
        }
    }

    /// The next frame of the operation whose turn it is. Pending while there is none, and also without any operation:
    /// whoever starts one polls again.
    pub(super) fn poll_frame(&mut self, context: &mut Context<'_>) -> Poll<Utf8Bytes> {
        match ready!(self.frames.poll_next_unpin(context)) {
            Some(frame) => {
                if let Some(id) = frame.ends {
                    self.running.remove(&id);
                }
                Poll::Ready(frame.text)
            }
            None => Poll::Pending,
        }
    }
}

struct Frame {
    text: Utf8Bytes,
    /// The operation of which this is the last frame.
    ends: Option<Arc<str>>,
}

/// The frames of one operation: its results, and at its end `complete` or `error`.
struct Frames {
    id: Arc<str>,
    events: BoxStream<'static, Event>,
    ended: bool,
}

impl Stream for Frames {
    type Item = Frame;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Frame>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let text = match ready!(self.events.poll_next_unpin(context)) {
            Some(Event::Next(payload)) => {
                let text = message::next(&self.id, &payload);
                return Poll::Ready(Some(Frame { text, ends: None }));
            }
            Some(Event::Refused(result)) => message::error(&self.id, &result.errors),
            None => message::complete(&self.id),
        };
        self.ended = true;
        Poll::Ready(Some(Frame { text, ends: Some(Arc::clone(&self.id)) }))
    }
}

#[cfg(test)]
mod tests {
    use std::{future::poll_fn, task::Poll};

    use futures_util::{StreamExt as _, stream};

    use super::{Event, Operations};

    fn endless(payload: &'static str) -> stream::BoxStream<'static, Event> {
        stream::repeat_with(move || Event::Next(payload.into())).boxed()
    }

    async fn frames(operations: &mut Operations, count: usize) -> String {
        let mut payloads = String::new();
        for _ in 0..count {
            let text = poll_fn(|context| operations.poll_frame(context)).await;
            let message: serde_json::Value = serde_json::from_str(&text).unwrap();
            payloads.push_str(message["payload"].as_str().unwrap_or("."));
        }
        payloads
    }

    #[tokio::test]
    async fn operations_take_turns() {
        let mut operations = Operations::new();
        for (id, payload) in [("1", r#""a""#), ("2", r#""b""#), ("3", r#""c""#)] {
            operations.start(id.into(), endless(payload));
        }
        assert_eq!(frames(&mut operations, 9).await, "abcabcabc");
    }

    #[tokio::test]
    async fn a_stopped_operation_yields_nothing_more_and_frees_its_id() {
        let mut operations = Operations::new();
        operations.start("1".into(), endless(r#""a""#));
        frames(&mut operations, 1).await;
        operations.stop("1");
        assert_eq!((operations.running(), operations.held()), (0, 1));
        operations.start("1".into(), endless(r#""b""#));
        assert_eq!(frames(&mut operations, 3).await, "bbb");
        assert_eq!((operations.running(), operations.held()), (1, 1));
    }

    #[tokio::test]
    async fn an_ended_operation_is_completed_and_forgotten() {
        let mut operations = Operations::new();
        operations.start("1".into(), endless(r#""a""#).take(2).boxed());
        assert_eq!(frames(&mut operations, 3).await, "aa.");
        assert!(!operations.contains("1"));
        let next = poll_fn(|context| Poll::Ready(operations.poll_frame(context))).await;
        assert!(next.is_pending());
        assert_eq!(operations.held(), 0);
    }
}
