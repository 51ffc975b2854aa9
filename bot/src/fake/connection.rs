//! Connections that can be cut from within.

use std::{
    io,
    pin::{Pin, pin},
    sync::{Mutex, PoisonError},
    task::{Context, Poll},
};

use axum::{extract::connect_info::Connected, serve::IncomingStream};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use super::gate::GatedListener;

/// The connection that a call came in on.
#[derive(Debug, Clone)]
pub(super) struct Connection(CancellationToken);

impl Connection {
    /// Closes the connection without another byte.
    pub(super) fn cut(&self) {
        self.0.cancel();
    }
}

impl Connected<IncomingStream<'_, GatedListener>> for Connection {
    fn connect_info(stream: IncomingStream<'_, GatedListener>) -> Self {
        Self(stream.io().cut.clone())
    }
}

/// The connections that are open now, to be cut all at once.
#[derive(Debug, Default)]
pub(super) struct Connections(Mutex<CancellationToken>);

impl Connections {
    /// Takes a new connection in.
    pub(super) fn take_in(&self, stream: TcpStream) -> Wire {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Wire::new(stream, all.child_token())
    }

    /// Cuts every connection that is open now. Later ones are not affected.
    pub(super) fn cut_all(&self) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *all).cancel();
    }
}

/// A TCP connection that breaks when it is cut.
pub(super) struct Wire {
    stream: TcpStream,
    cut: CancellationToken,
    is_cut: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl Wire {
    fn new(stream: TcpStream, cut: CancellationToken) -> Self {
        Self { stream, is_cut: Box::pin(cut.clone().cancelled_owned()), cut }
    }

    /// Fails once the connection is cut, and wakes the task when it is.
    fn check(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        match self.is_cut.as_mut().poll(context) {
            Poll::Ready(()) => Err(io::ErrorKind::ConnectionReset.into()),
            Poll::Pending => Ok(()),
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check(context)?;
        pin!(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.check(context)?;
        pin!(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        pin!(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        pin!(&mut self.stream).poll_shutdown(context)
    }
}
