//! What goes over a socket, in both directions.

use std::{
    collections::VecDeque,
    future::poll_fn,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::time::timeout;

use super::{close::Close, operations::Operations};
use crate::transport::peer_progress::PeerProgress;

/// How many frames are written before the socket looks at its other business.
const TURN_FRAMES: usize = 32;

/// Writes the answers of the protocol itself before the frames of operations, and these only as fast as the peer takes
/// them.
pub(super) struct Wire {
    socket: WebSocket,
    answers: VecDeque<Message>,
    unflushed: bool,
    progress: PeerProgress,
}

/// What happened on the wire.
pub(super) enum Turn {
    /// A message came, or nothing will any more.
    Received(Option<Result<Message, axum::Error>>),
    /// What there was to write has been written as far as one turn goes.
    Written(Result<(), axum::Error>),
}

impl Wire {
    pub(super) fn new(socket: WebSocket, progress: PeerProgress) -> Self {
        Self { socket, answers: VecDeque::new(), unflushed: false, progress }
    }

    /// Whether the peer speaks a protocol of this server.
    pub(super) fn is_negotiated(&self) -> bool {
        self.socket.protocol().is_some()
    }

    pub(super) fn send(&mut self, answer: Utf8Bytes) {
        self.answers.push_back(Message::Text(answer));
    }

    /// Sends a ping of both levels: the one of WebSocket is answered by every peer, even one whose GraphQL client knows
    /// no pings; the one of the protocol is seen by the client, which may measure with it.
    pub(super) fn ping(&mut self, ping: Utf8Bytes) {
        if self.is_clear() {
            self.answers.extend([Message::Ping(bytes::Bytes::new()), Message::Text(ping)]);
        }
    }

    /// Whether all answers are on their way. Until then nothing more is read, so that a peer that asks but does not
    /// read cannot fill the memory.
    pub(super) fn is_clear(&self) -> bool {
        self.answers.is_empty()
    }

    /// Whether the peer took data that it had held up before, were it a part of a frame. To a ping it cannot answer before it
    /// has read what is ahead of it.
    pub(super) fn was_taken(&self) -> bool {
        self.progress.take()
    }

    /// Waits for a message, if one may be read, and meanwhile writes for one turn, as fast as the peer takes it. It returns
    /// whenever there may be something else to do. Nothing is lost if the wait is given up.
    pub(super) async fn turn(&mut self, operations: &mut Operations, may_read: bool) -> Turn {
        poll_fn(|context| {
            if may_read && let Poll::Ready(received) = self.socket.poll_next_unpin(context) {
                return Poll::Ready(Turn::Received(received));
            }
            self.poll_write(operations, context).map(Turn::Written)
        })
        .await
    }

    fn poll_write(&mut self, operations: &mut Operations, context: &mut Context<'_>) -> Poll<Result<(), axum::Error>> {
        let held = operations.held();
        for _ in 0..TURN_FRAMES {
            ready!(self.socket.poll_ready_unpin(context))?;
            let frame = match self.answers.pop_front() {
                Some(answer) => answer,
                None => match operations.poll_frame(context) {
                    Poll::Ready(text) => Message::Text(text),
                    Poll::Pending if operations.held() < held => return Poll::Ready(Ok(())),
                    Poll::Pending => return self.poll_idle(context),
                },
            };
            self.socket.start_send_unpin(frame)?;
            self.unflushed = true;
        }
        Poll::Ready(Ok(()))
    }

    /// Flushes what was written, or waits where there was nothing.
    fn poll_idle(&mut self, context: &mut Context<'_>) -> Poll<Result<(), axum::Error>> {
        if !self.unflushed {
            return Poll::Pending;
        }
        ready!(self.socket.poll_flush_unpin(context))?;
        self.unflushed = false;
        Poll::Ready(Ok(()))
    }

    /// Sends the answers that are left and the close frame, and waits for the peer to close its side: a connection that
    /// is dropped with unread data is reset, and the reset may overtake the close frame.
    pub(super) async fn close(mut self, close: Close, limit: Duration) {
        let farewell = async {
            for answer in self.answers.drain(..) {
                self.socket.feed(answer).await?;
            }
            self.socket.send(close.into_message()).await?;
            while let Some(Ok(_)) = self.socket.next().await {}
            Ok::<(), axum::Error>(())
        };
        // Whether the peer takes its leave or not, the socket ends here.
        let _ = timeout(limit, farewell).await;
    }

    /// Answers the peer's close frame.
    pub(super) async fn finish(mut self, limit: Duration) {
        let _ = timeout(limit, self.socket.close()).await;
    }
}
