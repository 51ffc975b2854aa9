//! What a workload needs around it: a database, a fake Bot API, and the server between them.

use std::net::SocketAddr;
use std::path::Path;

use serde_json::Value;
use tests::postgres::{Cluster, Durability};
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD, Builder};
use tests::{Client, Database, Engine, Ingress, Server};

use crate::Result;
use crate::made_up_data::{self, Customers, Shape};
use crate::telegram::Telegram;
use crate::usage::Processes;
use tests::Sql;

/// Everything but the server.
pub struct Stage {
    pub telegram: Telegram,
    pub ingress: Ingress,
    settings: Builder,
    database: Database,
    // Dropped after its database.
    cluster: Option<Cluster>,
}

/// The server while it runs.
pub struct Running {
    pub server: Server,
    pub address: SocketAddr,
    pub processes: Processes,
}

/// The project that most workloads use.
#[derive(Debug, Clone)]
pub struct Project {
    /// The global id.
    pub id: String,
    /// The number in the database.
    pub number: i64,
    pub customers: Customers,
}

impl Stage {
    /// A stage with an empty database, and settings for a server with nothing but its sandbox.
    pub async fn new(engine: Engine, server: &Path) -> Result<Self> {
        let cluster = match engine {
            Engine::Sqlite => None,
            // Everything else is as PostgreSQL comes.
            Engine::Postgres => Some(Cluster::builder().durability(Durability::Full).start().await?),
        };
        let database = match &cluster {
            None => Database::new(engine).await,
            Some(cluster) => cluster.create_database().await.into(),
        };
        let settings = Server::builder(server).without_rate_limit().database(&database);
        let (telegram, ingress) = (Telegram::start().await?, Ingress::start().await);
        Ok(Self { telegram, ingress, settings, database, cluster })
    }

    /// Gives the server a bot with a webhook, and its project as many sessions as asked for.
    pub async fn with_project(mut self, shape: Shape) -> Result<(Self, Project)> {
        self.settings = self.telegram.settings(self.settings).env("SWITCHBOARD_PUBLIC_URL", &self.ingress.url());
        // The first start makes the tables and the project.
        let mut running = self.start().await?;
        let id = project_called(&running.sign_in().await, "Telegram").await?;
        running.server.terminate().await;

        let sql = self.sql().await?;
        let number = sql.number("SELECT max(id) FROM projects WHERE NOT sandbox").await?;
        made_up_data::add_agents(&sql).await?;
        let customers = made_up_data::add_sessions(&sql, number, shape).await?;
        made_up_data::settle(&sql).await?;
        Ok((self, Project { id, number, customers }))
    }

    /// Starts the server.
    pub async fn start(&self) -> Result<Running> {
        let server = self.settings.start().await;
        let address = server.url().trim_start_matches("http://").parse()?;
        self.ingress.lead_to(server.url());
        let processes = Processes::new(server.process_id(), self.cluster.as_ref().map(Cluster::process_id));
        Ok(Running { server, address, processes })
    }

    /// A connection to the database beside the server.
    pub async fn sql(&self) -> Result<Sql> {
        Sql::connect(&self.database).await
    }
}

impl Running {
    /// Signs the administrator in.
    pub async fn sign_in(&self) -> Client {
        self.sign_in_as(ADMIN_EMAIL).await
    }

    /// Signs somebody in; all have the same password.
    pub async fn sign_in_as(&self, email: &str) -> Client {
        Client::sign_in(self.server.url(), email, ADMIN_PASSWORD).await
    }
}

/// The access token of a client that is signed in.
pub fn token_of(client: &Client) -> &str {
    client.token().expect("the client was made by signing in")
}

/// Text at a place in an answer.
pub fn text_at<'a>(data: &'a Value, place: &str) -> Result<&'a str> {
    data.pointer(place).and_then(Value::as_str).ok_or_else(|| format!("there is no {place} in {data}").into())
}

/// The list at a place in an answer.
pub fn list_at<'a>(data: &'a Value, place: &str) -> Result<&'a [Value]> {
    let list = data.pointer(place).and_then(Value::as_array).map(Vec::as_slice);
    list.ok_or_else(|| format!("there is no list {place} in {data}").into())
}

async fn project_called(client: &Client, name: &str) -> Result<String> {
    let data = client.query("{ projects(first: 100) { nodes { id name } } }", Value::Null).await;
    let projects = list_at(&data, "/projects/nodes")?;
    let project = projects.iter().find(|project| project["name"] == name);
    Ok(text_at(project.ok_or("the server has made no project for its bot")?, "/id")?.to_owned())
}
