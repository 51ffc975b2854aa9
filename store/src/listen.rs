//! The doorbell between processes on PostgreSQL: an empty `NOTIFY` after a commit.
//!
//! It is sent outside the business transaction, because PostgreSQL takes a lock on the whole
//! server for a commit that notifies, and it carries nothing: whoever hears it reads the
//! database. A ring that is lost costs time only, since everyone also looks by themselves.

use std::sync::Arc;
use std::time::Duration;

use diesel_async::SimpleAsyncConnection;
use futures_util::StreamExt;
use tokio_postgres::{AsyncMessage, NoTls};

use crate::Store;

const CHANNEL: &str = "switchboard";
const RECONNECT_AFTER: Duration = Duration::from_secs(1);

/// Hears of commits in other processes.
pub struct Doorbell(Option<Line>);

struct Line {
    url: Arc<str>,
    rings: Option<tokio::sync::mpsc::Receiver<()>>,
}

impl Doorbell {
    pub(crate) fn silent() -> Self {
        Self(None)
    }

    pub(crate) fn of_postgres(url: Arc<str>) -> Self {
        Self(Some(Line { url, rings: None }))
    }

    /// Waits for the next ring. It also rings after the connection was lost and found again,
    /// since something may have happened in between. On SQLite it never rings.
    pub async fn rung(&mut self) {
        let Some(line) = &mut self.0 else {
            return std::future::pending().await;
        };
        if let Some(rings) = &mut line.rings
            && rings.recv().await.is_some()
        {
            return;
        }
        line.rings = Some(connect(&line.url).await);
    }
}

/// Listens until the connection breaks, which closes the channel.
async fn connect(url: &str) -> tokio::sync::mpsc::Receiver<()> {
    loop {
        match listen(url).await {
            Ok(rings) => return rings,
            Err(error) => {
                tracing::warn!(%error, "the doorbell of PostgreSQL cannot be heard; trying again");
                tokio::time::sleep(RECONNECT_AFTER).await;
            }
        }
    }
}

async fn listen(url: &str) -> Result<tokio::sync::mpsc::Receiver<()>, tokio_postgres::Error> {
    let (client, mut connection) = tokio_postgres::connect(url, NoTls).await?;
    let (ring, rings) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        let mut messages =
            futures_util::stream::poll_fn(move |context| connection.poll_message(context));
        while let Some(Ok(message)) = messages.next().await {
            if matches!(message, AsyncMessage::Notification(_)) && ring.is_closed() {
                break;
            }
            // A full channel holds a ring that nobody has heard yet, and one is enough.
            let _ = ring.try_send(());
        }
    });
    client.batch_execute(&format!("LISTEN {CHANNEL}")).await?;
    // The client has to live as long as somebody listens, or the server ends the connection.
    let (forward, heard) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        let _client = client;
        let mut rings = rings;
        while rings.recv().await.is_some() {
            if forward.send(()).await.is_err() {
                break;
            }
        }
    });
    Ok(heard)
}

/// Starts the task that notifies on behalf of this process. It ends with the store.
pub(crate) fn start_ringing(store: &Store) {
    let (bell, Some(pool)) = store.rung() else {
        return;
    };
    let bell = Arc::downgrade(&bell);
    tokio::spawn(async move {
        while let Some(strong) = bell.upgrade() {
            let rung = tokio::time::timeout(RECONNECT_AFTER, strong.notified()).await;
            drop(strong);
            if rung.is_err() {
                continue;
            }
            if let Ok(mut conn) = pool.get().await
                && let Err(error) = conn.batch_execute(&format!("NOTIFY {CHANNEL}")).await
            {
                tracing::warn!(%error, "the doorbell of PostgreSQL could not be rung");
            }
        }
    });
}
