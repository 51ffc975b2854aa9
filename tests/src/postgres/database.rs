//! One database of a PostgreSQL server.

use std::net::{SocketAddr, ToSocketAddrs};

use reqwest::Url;

use super::connect;

/// A database of its own for one test.
#[derive(Debug)]
pub struct Database {
    name: String,
    url: String,
    /// Where to drop it, on a server that outlives the tests.
    drop_at: Option<String>,
}

impl Database {
    /// Creates an empty database that ends with its server.
    pub(super) async fn create(admin_url: &str) -> Self {
        Self::create_like("template0", admin_url).await
    }

    /// Creates a copy of this database that ends with their server.
    pub(super) async fn copy(&self, admin_url: &str) -> Self {
        Self::create_like(&self.name, admin_url).await
    }

    /// PostgreSQL waits for up to five seconds until nobody is connected to the template. If not told otherwise, it
    /// copies block by block since its version 15 (the strategy `WAL_LOG`), and waits for no checkpoint.
    async fn create_like(template: &str, admin_url: &str) -> Self {
        let name = format!("switchboard_test_{}", super::random_hex());
        execute(admin_url, &format!("CREATE DATABASE {name} TEMPLATE {template}"))
            .await
            .unwrap_or_else(|error| panic!("cannot create a test database: {error}"));
        let mut url = parse(admin_url);
        url.set_path(&name);
        Self { name, url: url.into(), drop_at: None }
    }

    /// Creates an empty database that is dropped with the returned value.
    pub(super) async fn create_temporary(admin_url: &str) -> Self {
        let mut database = Self::create(admin_url).await;
        database.drop_at = Some(admin_url.to_owned());
        database
    }

    /// Its URL, password included.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address of its server, as the target of a [`TcpProxy`](crate::TcpProxy).
    ///
    /// # Panics
    /// When the server is reached by a Unix socket, or its name cannot be looked up.
    pub fn address(&self) -> SocketAddr {
        let url = parse(&self.url);
        let host = url.host_str().unwrap_or("localhost");
        (host, url.port().unwrap_or(5432))
            .to_socket_addrs()
            .ok()
            .and_then(|mut addresses| addresses.next())
            .unwrap_or_else(|| panic!("{host} is not the name of a host that can be reached over TCP"))
    }

    /// Its URL by way of another address, that of a [`TcpProxy`](crate::TcpProxy).
    pub fn url_by_way_of(&self, address: SocketAddr) -> String {
        let mut url = parse(&self.url);
        url.set_host(Some(&address.ip().to_string())).expect("an address is a host");
        url.set_port(Some(address.port())).expect("a URL with a host takes a port");
        url.into()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some(admin_url) = self.drop_at.take() else {
            return;
        };
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // A drop cannot await, and a runtime cannot be started inside another one: hence the thread.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(execute(&admin_url, &statement)).map_err(std::io::Error::other)
        });
        if !matches!(dropping.join(), Ok(Ok(()))) {
            eprintln!("The test database {} could not be dropped; drop it by hand.", self.name);
        }
    }
}

async fn execute(admin_url: &str, statement: &str) -> Result<(), tokio_postgres::Error> {
    connect(admin_url).await?.batch_execute(statement).await
}

fn parse(url: &str) -> Url {
    Url::parse(url).unwrap_or_else(|error| panic!("a PostgreSQL URL of the tests is malformed: {error}"))
}
