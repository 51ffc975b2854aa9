//! A listener that can refuse connections for a while.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::serve::Listener;
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::{mpsc, oneshot},
};

use super::connection::{Connections, Wire};

/// How many connections may wait to be accepted.
const ACCEPT_BACKLOG: u32 = 1024;

/// The pause after a connection could not be accepted, as when files run out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Opens and shuts the listener.
#[derive(Debug)]
pub(super) struct Gate(mpsc::Sender<Order>);

/// The listener behind the gate.
pub(super) struct GatedListener {
    door: Door,
    address: SocketAddr,
    orders: mpsc::Receiver<Order>,
    connections: Arc<Connections>,
}

#[derive(Debug)]
struct Order {
    open: bool,
    done: oneshot::Sender<io::Result<()>>,
}

enum Door {
    /// Connections are accepted.
    Open(TcpListener),
    /// Connections are refused. The socket is bound and does not listen, which keeps the port.
    Shut(TcpSocket),
    /// Changing from one to the other failed.
    Broken,
}

impl Gate {
    /// Puts a gate before the listener.
    pub(super) fn before(listener: TcpListener, connections: Arc<Connections>) -> io::Result<(Self, GatedListener)> {
        let (gate, orders) = mpsc::channel(1);
        let address = listener.local_addr()?;
        let listener = GatedListener { door: Door::Open(listener), address, orders, connections };
        Ok((Self(gate), listener))
    }

    /// Refuses new connections and cuts those that are open.
    pub(super) async fn shut(&self) -> io::Result<()> {
        self.order(false).await
    }

    /// Accepts connections again.
    pub(super) async fn open(&self) -> io::Result<()> {
        self.order(true).await
    }

    async fn order(&self, open: bool) -> io::Result<()> {
        let stopped = || io::Error::new(io::ErrorKind::NotConnected, "the server has stopped");
        let (done, is_done) = oneshot::channel();
        let order = Order { open, done };
        self.0.send(order).await.map_err(|_| stopped())?;
        is_done.await.map_err(|_| stopped())?
    }
}

impl GatedListener {
    fn obey(&mut self, order: Order) {
        let outcome = match (order.open, std::mem::replace(&mut self.door, Door::Broken)) {
            (true, Door::Shut(socket)) => socket.listen(ACCEPT_BACKLOG).map(Door::Open),
            (false, Door::Open(listener)) => {
                // The port can be bound again only after the listener has let go of it.
                drop(listener);
                self.connections.cut_all();
                keep_port(self.address).map(Door::Shut)
            }
            (_, unchanged) => Ok(unchanged),
        };
        let outcome = outcome.map(|door| self.door = door);
        // Nobody waits any more if the caller gave up; the order is carried out all the same.
        _ = order.done.send(outcome);
    }
}

fn keep_port(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

impl Door {
    async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        match self {
            Self::Open(listener) => listener.accept().await,
            Self::Shut(_) | Self::Broken => std::future::pending().await,
        }
    }
}

impl Listener for GatedListener {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        loop {
            tokio::select! {
                accepted = self.door.accept() => match accepted {
                    Ok((stream, peer)) => return (self.connections.take_in(stream), peer),
                    Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
                },
                Some(order) = self.orders.recv() => self.obey(order),
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}
