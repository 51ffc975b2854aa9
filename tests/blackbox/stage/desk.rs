//! A running desk.

use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD, Builder, Finished};
use tests::{Client, Database, Engine, Role, Server, Sql, Template, eventually};

use super::PATIENCE;

/// The product.
pub const BINARY: &str = env!("CARGO_BIN_EXE_switchboard");

/// What the databases of most tests begin with.
static MIGRATED: Template = Template::new();

/// A database for a test that is not about how one comes to be: the server finds it up to date.
pub async fn migrated_database(engine: Engine) -> Database {
    MIGRATED.database(engine, migrate).await
}

/// Brings a database up to date by the product's own command.
async fn migrate(database: &Database) {
    let finished = Server::builder(BINARY).database(database).run(["migrate"]).await;
    assert!(finished.status.success(), "{}", finished.stderr());
    let sql = Sql::connect(database).await.unwrap();
    // The command opens a desk, which names its event log at random and seals a text with its secret.
    sql.execute("DELETE FROM meta WHERE key IN ('event_log_epoch', 'secret_check')").await.unwrap();
    let left = "SELECT count(*) FROM meta WHERE key NOT IN ('rights_version', 'erasure_version')";
    assert_eq!(sql.number(left).await.unwrap(), 0, "the desks of all tests would share a fact of one desk");
}

/// A client of a process, with the token of a client of another one.
pub fn client_at(process: &Server, client: &Client) -> Client {
    let token = client.token().expect("the client is signed in");
    Client::anonymous(process.url()).with_token(token)
}

/// A desk in one process, on a database of its own, with its administrator signed in.
pub struct Desk {
    pub server: Server,
    pub admin: Client,
    pub settings: Builder,
    // Dropped after the process that uses it.
    pub database: Database,
}

impl Desk {
    /// Starts a desk that has a sandbox and nothing else.
    pub async fn start(engine: Engine) -> Self {
        Self::start_with(engine, |settings| settings).await
    }

    /// Starts a desk with more settings.
    pub async fn start_with(engine: Engine, more: impl FnOnce(Builder) -> Builder) -> Self {
        let database = migrated_database(engine).await;
        // What a killed process held is free again soon.
        let defaults = Server::builder(BINARY).without_rate_limit().env("SWITCHBOARD_LEASE_SECONDS", "1");
        let settings = more(defaults.database(&database));
        let server = settings.start().await;
        let admin = Client::sign_in(server.url(), ADMIN_EMAIL, ADMIN_PASSWORD).await;
        Self { server, admin, settings, database }
    }

    /// Starts the process again, after a stop or a kill. The administrator stays signed in.
    pub async fn restart(&mut self) {
        self.server.restart().await;
        self.admin = self.client_with_token_of(&self.admin);
    }

    /// A client of the process as it is now, with the token of a client from before.
    pub fn client_with_token_of(&self, client: &Client) -> Client {
        client_at(&self.server, client)
    }

    /// Starts another process on the same database, which PostgreSQL alone allows.
    pub async fn another_process(&self) -> Server {
        self.settings.clone().role(Role::Serve).start().await
    }

    /// Runs `switchboard admin …` beside the running process.
    pub async fn administer<const N: usize>(&self, arguments: [&str; N]) -> Finished {
        let finished = self.settings.clone().env("SWITCHBOARD_NEW_PASSWORD", ADMIN_PASSWORD).run(arguments).await;
        assert!(finished.status.success(), "{arguments:?} failed: {}", finished.stderr());
        finished
    }

    /// Adds an agent without any rights and signs them in.
    pub async fn add_stranger(&self, email: &str) -> Client {
        self.administer(["admin", "agent-create", "--email", email, "--name", email]).await;
        Client::sign_in(self.server.url(), email, ADMIN_PASSWORD).await
    }

    /// Adds an agent with a role in the project of this name and signs them in.
    pub async fn add_agent(&self, email: &str, project_name: &str, role: &str) -> Client {
        self.administer(["admin", "agent-create", "--email", email, "--name", email]).await;
        self.assign_agent(email, project_name, role).await;
        Client::sign_in(self.server.url(), email, ADMIN_PASSWORD).await
    }

    /// Gives an agent a role in the project of this name.
    pub async fn assign_agent(&self, email: &str, project_name: &str, role: &str) {
        let number = self.number_of(project_name).await;
        self.administer(["admin", "agent-assign", "--email", email, "--project", &number, "--role", role]).await;
        self.until_told().await;
    }

    /// Waits until readers of the event log see all that was done until now, so that it comes before any cursor that is taken
    /// from then on. On PostgreSQL transactions of other tests may hide it for a moment.
    pub async fn until_told(&self) {
        if self.database.engine() == Engine::Sqlite {
            return;
        }
        let sql = Sql::connect(&self.database).await.unwrap();
        let hidden = "SELECT count(*) FROM events WHERE tx >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint";
        let told = || async {
            let count = sql.number(hidden).await.unwrap();
            if count == 0 { Ok(()) } else { Err(count) }
        };
        eventually(PATIENCE, told).await;
    }

    /// Takes the role of an agent in the project of this name away.
    pub async fn unassign_agent(&self, email: &str, project_name: &str) {
        let number = self.number_of(project_name).await;
        self.administer(["admin", "agent-unassign", "--email", email, "--project", &number]).await;
    }

    async fn number_of(&self, project_name: &str) -> String {
        let projects = self.administer(["admin", "project-list"]).await.stdout();
        let line = projects.lines().find(|line| line.contains(project_name)).expect("the project is listed");
        line.split_whitespace().next().expect("a line begins with the number").to_owned()
    }
}
