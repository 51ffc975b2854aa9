//! The doorbell between processes on PostgreSQL: an empty `NOTIFY` after a commit.
//!
//! It is sent outside the business transaction, because PostgreSQL takes a lock on the whole
//! server for a commit that notifies, and it carries nothing: whoever hears it reads the
//! database. A ring that is lost costs time only, since everyone also looks by themselves.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use diesel_async::SimpleAsyncConnection;
use diesel_async::pooled_connection::deadpool::Pool;
use futures_util::StreamExt;
use tokio::sync::{mpsc, watch};

use crate::error::Error;
use crate::postgres::{Conn, Server};

const CHANNEL: &str = "switchboard";
const RECONNECT_AFTER: Duration = Duration::from_secs(1);

/// Hears of commits in other processes.
pub struct Doorbell(Option<mpsc::Receiver<()>>);

impl Doorbell {
    pub(crate) fn silent() -> Self {
        Self(None)
    }

    /// Starts the task that listens. It ends with the doorbell.
    pub(crate) fn of_postgres(server: Arc<Server>) -> Self {
        // One ring that nobody has heard yet is enough.
        let (ring, rings) = mpsc::channel(1);
        tokio::spawn(async move {
            tokio::select! {
                () = ring.closed() => {}
                () = keep_listening(&server, &ring) => {}
            }
        });
        Self(Some(rings))
    }

    /// Waits for the next ring; a wait that is given up loses none. It also rings whenever the
    /// connection was made anew, since something may have happened before. On SQLite it never
    /// rings.
    pub async fn rung(&mut self) {
        let heard = match &mut self.0 {
            Some(rings) => rings.recv().await,
            None => None,
        };
        if heard.is_none() {
            std::future::pending().await
        }
    }
}

async fn keep_listening(server: &Server, ring: &mpsc::Sender<()>) {
    loop {
        let Err(error) = listen(server, ring).await;
        tracing::warn!(%error, "the doorbell of PostgreSQL cannot be heard; trying again");
        tokio::time::sleep(RECONNECT_AFTER).await;
    }
}

/// Listens until the connection breaks.
async fn listen(server: &Server, ring: &mpsc::Sender<()>) -> Result<Infallible, Error> {
    let mut connection = server.connect().await.map_err(|error| Error::Unavailable(error.to_string()))?;
    connection.batch_execute(&format!("LISTEN {CHANNEL}")).await?;
    // It fails when a ring is still waiting to be heard, and then another one says no more.
    let _ = ring.try_send(());
    let mut notifications = pin!(connection.notifications_stream());
    while let Some(notification) = notifications.next().await {
        notification?;
        let _ = ring.try_send(());
    }
    Err(Error::Unavailable("the server closed the connection".to_owned()))
}

/// Rings the doorbells of other processes on behalf of this one.
#[derive(Clone)]
pub(crate) struct Ringer(watch::Sender<()>);

impl Ringer {
    /// Starts the task that notifies. It ends with the last clone.
    pub(crate) fn start(pool: Pool<Conn>) -> Self {
        let (ringer, mut rings) = watch::channel(());
        tokio::spawn(async move {
            while rings.changed().await.is_ok() {
                if let Err(error) = notify(&pool).await {
                    tracing::warn!(%error, "the doorbell of PostgreSQL could not be rung");
                }
            }
        });
        Self(ringer)
    }

    /// Rings soon. Rings that come together become one.
    pub(crate) fn ring(&self) {
        self.0.send_replace(());
    }
}

async fn notify(pool: &Pool<Conn>) -> Result<(), Error> {
    pool.get().await?.batch_execute(&format!("NOTIFY {CHANNEL}")).await?;
    Ok(())
}
