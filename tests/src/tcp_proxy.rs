//! A network between two processes that a test can break.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::task::AbortOnDropHandle;

/// A TCP proxy on a port of its own that can cut, hold back and restore what goes through it.
///
/// It lives in the runtime of the test that started it and ends when it is dropped.
#[derive(Debug)]
pub struct TcpProxy {
    address: SocketAddr,
    line: watch::Sender<Line>,
    open_connections: Arc<AtomicUsize>,
    _accepting: AbortOnDropHandle<()>,
}

/// The state of the line, which every connection watches.
#[derive(Debug, Clone, Copy)]
struct Line {
    target: SocketAddr,
    condition: Condition,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Condition {
    Whole,
    Held,
    Cut,
}

impl TcpProxy {
    /// Starts a proxy in front of `target`.
    ///
    /// # Panics
    /// When no local port can be had.
    pub async fn start(target: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("the system has a free local port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let (line, _) = watch::channel(Line { target, condition: Condition::Whole });
        let open_connections = Arc::default();
        let accepting = tokio::spawn(accept(listener, line.clone(), Arc::clone(&open_connections)));
        Self { address, line, open_connections, _accepting: AbortOnDropHandle::new(accepting) }
    }

    /// Where clients connect to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many connections are open through it now.
    pub fn open_connections(&self) -> usize {
        self.open_connections.load(Ordering::Relaxed)
    }

    /// Closes every connection, on both sides, and every new one as soon as it is made.
    pub fn cut(&self) {
        self.set(Condition::Cut);
    }

    /// Holds every byte back, as a network that drops packets does: connections stay open and nothing arrives.
    pub fn pause(&self) {
        self.set(Condition::Held);
    }

    /// Ends [`cut`](Self::cut) and [`pause`](Self::pause): bytes held back go on, new connections are served.
    pub fn restore(&self) {
        self.set(Condition::Whole);
    }

    /// Sends new connections to another place, for example to a server that came back on another port.
    pub fn redirect(&self, target: SocketAddr) {
        self.line.send_modify(|line| line.target = target);
    }

    fn set(&self, condition: Condition) {
        self.line.send_modify(|line| line.condition = condition);
    }
}

async fn accept(listener: TcpListener, line: watch::Sender<Line>, open_connections: Arc<AtomicUsize>) {
    // The connections end with the proxy, because the set of their tasks is dropped with this one.
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok((client, _)) = listener.accept().await else {
            continue;
        };
        let open = OpenConnection::count(&open_connections);
        let mut line = line.subscribe();
        connections.spawn(async move {
            let _open = open;
            let mut watched = line.clone();
            tokio::select! {
                // How a connection ended does not matter: both sides see it closed.
                _ = forward_both_ways(client, &mut line) => {}
                () = until(&mut watched, |condition| condition == Condition::Cut) => {}
            }
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn forward_both_ways(client: TcpStream, line: &mut watch::Receiver<Line>) -> io::Result<()> {
    until(line, |condition| condition == Condition::Whole).await;
    let target = line.borrow().target;
    let server = TcpStream::connect(target).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::try_join!(forward(from_client, to_server, line.clone()), forward(from_server, to_client, line.clone()),)?;
    Ok(())
}

async fn forward(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut line: watch::Receiver<Line>) -> io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let length = from.read(&mut buffer).await?;
        until(&mut line, |condition| condition == Condition::Whole).await;
        if length == 0 {
            return to.shutdown().await;
        }
        to.write_all(&buffer[..length]).await?;
    }
}

async fn until(line: &mut watch::Receiver<Line>, wanted: impl Fn(Condition) -> bool) {
    if line.wait_for(|line| wanted(line.condition)).await.is_err() {
        // The proxy is gone, and this task is about to be stopped with it.
        std::future::pending().await
    }
}

/// Counts itself for as long as it lives.
struct OpenConnection(Arc<AtomicUsize>);

impl OpenConnection {
    fn count(counter: &Arc<AtomicUsize>) -> Self {
        counter.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(counter))
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    /// A server that answers every byte with the same byte.
    async fn echo_server() -> SocketAddr {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = stream.split();
                    tokio::io::copy(&mut from, &mut to).await
                });
            }
        });
        address
    }

    /// How long an answer may take on a busy machine. A closed connection fails at once.
    const PATIENCE: Duration = Duration::from_secs(20);

    async fn echoes(stream: &mut TcpStream, byte: u8) -> bool {
        let exchange = async {
            stream.write_all(&[byte]).await?;
            stream.read_u8().await
        };
        matches!(timeout(PATIENCE, exchange).await, Ok(Ok(answer)) if answer == byte)
    }

    #[tokio::test]
    async fn a_whole_line_carries_both_ways() {
        let proxy = TcpProxy::start(echo_server().await).await;
        let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
        assert!(echoes(&mut stream, 1).await);
        assert_eq!(proxy.open_connections(), 1);

        drop(stream);
        crate::eventually(PATIENCE, || async { (proxy.open_connections() == 0).then_some(()) }).await;
    }

    #[tokio::test]
    async fn a_cut_line_closes_connections_until_restored() {
        let proxy = TcpProxy::start(echo_server().await).await;
        let mut before = TcpStream::connect(proxy.address()).await.unwrap();
        assert!(echoes(&mut before, 1).await);

        proxy.cut();
        assert_eq!(before.read(&mut [0]).await.unwrap_or(0), 0);
        let mut during = TcpStream::connect(proxy.address()).await.unwrap();
        assert!(!echoes(&mut during, 2).await);

        proxy.restore();
        let mut after = TcpStream::connect(proxy.address()).await.unwrap();
        assert!(echoes(&mut after, 3).await);
        assert!(!echoes(&mut before, 4).await);
    }

    #[tokio::test]
    async fn a_paused_line_holds_bytes_back_and_delivers_them_later() {
        let proxy = TcpProxy::start(echo_server().await).await;
        let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
        assert!(echoes(&mut stream, 1).await);

        proxy.pause();
        stream.write_all(&[2]).await.unwrap();
        timeout(Duration::from_millis(200), stream.read_u8()).await.expect_err("nothing goes through");
        proxy.restore();
        assert_eq!(timeout(PATIENCE, stream.read_u8()).await.unwrap().unwrap(), 2);
    }

    #[tokio::test]
    async fn a_paused_line_can_be_cut() {
        let proxy = TcpProxy::start(echo_server().await).await;
        let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
        assert!(echoes(&mut stream, 1).await);
        proxy.pause();
        proxy.cut();
        let closed = timeout(PATIENCE, stream.read(&mut [0])).await.expect("the connection is closed");
        assert_eq!(closed.unwrap_or(0), 0);
    }

    #[tokio::test]
    async fn a_redirected_line_serves_new_connections_elsewhere() {
        let gone = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap();
        let proxy = TcpProxy::start(gone).await;
        let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
        assert!(!echoes(&mut stream, 1).await);

        proxy.redirect(echo_server().await);
        let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
        assert!(echoes(&mut stream, 2).await);
    }
}
