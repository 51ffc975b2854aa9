//! Clients that each ask, wait for the answer and ask again, as fast as the server lets them.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::Result;
use crate::http::{Answer, Connection};
use crate::latency::Latencies;

/// What one client does.
pub trait Client: Send + 'static {
    /// Writes the next request into an empty buffer; false when there is nothing left to ask.
    fn write_request(&mut self, request: &mut Vec<u8>) -> bool;

    /// Checks that the answer is what was asked for.
    fn check(&self, answer: Answer<'_>) -> Result<()>;
}

/// What came of it.
pub struct Driven {
    pub latencies: Latencies,
    /// From the first request to the last answer.
    pub elapsed: Duration,
}

/// Lets each client work on a connection of its own until it has nothing left to ask or the time is over. One answer
/// that is not right ends everything.
pub async fn drive(address: SocketAddr, clients: Vec<impl Client>, limit: Duration) -> Result<Driven> {
    let mut ready = Vec::with_capacity(clients.len());
    for client in clients {
        ready.push((client, Connection::open(address).await?));
    }
    let start = Instant::now();
    let mut working = JoinSet::new();
    for (client, connection) in ready {
        working.spawn(work(client, connection, start + limit));
    }
    let mut latencies = Latencies::default();
    while let Some(done) = working.join_next().await {
        latencies.absorb(done??);
    }
    Ok(Driven { latencies, elapsed: start.elapsed() })
}

async fn work(mut client: impl Client, mut connection: Connection, end: Instant) -> Result<Latencies> {
    let mut latencies = Latencies::default();
    let mut request = Vec::new();
    let mut asked_at = Instant::now();
    while asked_at < end && client.write_request(&mut request) {
        let answer = connection.exchange(&request).await?;
        latencies.add(asked_at.elapsed());
        client.check(answer)?;
        request.clear();
        asked_at = Instant::now();
    }
    Ok(latencies)
}

/// The answer as an error, with the beginning of its body, if it is not as it should be.
pub fn expect(is_right: bool, answer: Answer<'_>) -> Result<()> {
    const SHOWN: usize = 600;
    if is_right {
        return Ok(());
    }
    let shown = String::from_utf8_lossy(&answer.body[..answer.body.len().min(SHOWN)]);
    Err(format!("the server gave a wrong answer, with status {}: {shown}", answer.status).into())
}
