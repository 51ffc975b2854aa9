//! PostgreSQL for tests: a server named by `SWITCHBOARD_TEST_POSTGRES`, or else a private cluster made from the
//! binaries that are installed here.

mod account;
mod cluster;
mod database;
mod installation;

use std::fmt;
use std::fs::File;
use std::io::Read;

use tokio::sync::OnceCell;
use tokio_postgres::NoTls;

pub use cluster::{Cluster, ClusterBuilder, Durability};
pub use database::Database;

/// Names a PostgreSQL server for tests: a `postgres://` URL of a role that may create databases.
pub const NAMED_SERVER_VARIABLE: &str = "SWITCHBOARD_TEST_POSTGRES";

/// Why there is no PostgreSQL to test with, and what to do about it.
#[derive(Debug, Clone)]
pub struct Unavailable(String);

impl fmt::Display for Unavailable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Unavailable {}

/// The server that all tests of this process share, each with databases of its own.
#[derive(Debug)]
enum SharedServer {
    Named { admin_url: String },
    Private(Cluster),
}

impl SharedServer {
    async fn start() -> Result<Self, Unavailable> {
        let Ok(admin_url) = std::env::var(NAMED_SERVER_VARIABLE) else {
            return Cluster::builder().start().await.map(Self::Private);
        };
        match connect(&admin_url).await {
            Ok(_) => Ok(Self::Named { admin_url }),
            Err(error) => Err(Unavailable(format!(
                "the server that {NAMED_SERVER_VARIABLE} names cannot be used ({error}); \
                 correct the URL, start the server, or unset the variable"
            ))),
        }
    }
}

// A static is never dropped: a private cluster ends with the process, by its guard.
static SHARED: OnceCell<Result<SharedServer, Unavailable>> = OnceCell::const_new();

/// The shared server, started by the first test that asks.
async fn shared() -> Result<&'static SharedServer, Unavailable> {
    SHARED.get_or_init(SharedServer::start).await.as_ref().map_err(Clone::clone)
}

/// Makes sure that the shared server is there.
///
/// # Errors
/// Why it is not, and what to do.
pub async fn available() -> Result<(), Unavailable> {
    shared().await.map(|_| ())
}

/// A new, empty database on the shared server.
///
/// # Errors
/// When there is no server.
///
/// # Panics
/// When the server is there and refuses to create a database.
pub async fn create_database() -> Result<Database, Unavailable> {
    Ok(match shared().await? {
        SharedServer::Named { admin_url } => Database::create_temporary(admin_url).await,
        SharedServer::Private(cluster) => cluster.create_database().await,
    })
}

/// The shared server if it ends with this process, so that what all tests share there need not be dropped.
pub(crate) async fn private_cluster() -> Option<&'static Cluster> {
    match shared().await {
        Ok(SharedServer::Private(cluster)) => Some(cluster),
        _ => None,
    }
}

/// Connects to the database of `url`, for a test that looks at it or disturbs it directly.
///
/// # Errors
/// Those of the connection.
pub async fn connect(url: &str) -> Result<tokio_postgres::Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    // What breaks the connection shows in the client's next call.
    tokio::spawn(async move { connection.await.ok() });
    Ok(client)
}

/// 128 random bits, for names that never clash and for the password of a cluster that others can reach.
fn random_hex() -> String {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .expect("a Unix system has /dev/urandom");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Engine;

    async fn count(client: &tokio_postgres::Client) -> i64 {
        client.query_one("SELECT count(*) FROM notes", &[]).await.unwrap().get(0)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn each_test_has_a_database_of_its_own() {
        if !Engine::Postgres.is_available().await {
            return;
        }
        let (one, other) = tokio::join!(create_database(), create_database());
        for database in [one.unwrap(), other.unwrap()] {
            let client = connect(database.url()).await.unwrap();
            client.batch_execute("CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('Ärger')").await.unwrap();
            assert_eq!(count(&client).await, 1);
            let row = client.query_one("SELECT count(*) FROM notes WHERE text ILIKE 'ärger'", &[]).await.unwrap();
            assert_eq!(row.get::<_, i64>(0), 1, "letters of all languages fold their case");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_temporary_database_is_dropped() {
        if !Engine::Postgres.is_available().await {
            return;
        }
        let home = create_database().await.unwrap();
        let temporary = Database::create_temporary(home.url()).await;
        let url = temporary.url().to_owned();
        let _connected = connect(&url).await.unwrap();
        drop(temporary);
        assert!(connect(&url).await.is_err());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_database_can_be_reached_by_way_of_a_proxy() {
        if !Engine::Postgres.is_available().await {
            return;
        }
        let database = create_database().await.unwrap();
        let proxy = crate::TcpProxy::start(database.address()).await;
        let client = connect(&database.url_by_way_of(proxy.address())).await.unwrap();
        client.batch_execute("SELECT 1").await.unwrap();
        proxy.cut();
        client.batch_execute("SELECT 1").await.unwrap_err();
        proxy.restore();
        connect(&database.url_by_way_of(proxy.address())).await.unwrap();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_private_cluster_loses_connections_but_no_commit_when_it_is_stopped() {
        if !Engine::Postgres.is_available().await {
            return;
        }
        let mut cluster = Cluster::builder().durability(Durability::Full).start().await.unwrap();
        let database = cluster.create_database().await;
        let client = connect(database.url()).await.unwrap();
        client.batch_execute("CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('kept')").await.unwrap();
        let fsync: String = client.query_one("SHOW fsync", &[]).await.unwrap().get(0);
        assert_eq!(fsync, "on");

        cluster.stop_now().await;
        client.batch_execute("SELECT 1").await.unwrap_err();
        connect(database.url()).await.map(|_| ()).unwrap_err();

        cluster.start_again().await;
        assert_eq!(count(&connect(database.url()).await.unwrap()).await, 1);
    }
}
