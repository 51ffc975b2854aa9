//! The product's own binary as a child process, as an operator would run it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use crate::process::{Farewell, Process, Signal};
use crate::{Database, Output, Source, eventually};

/// The administrator's e-mail address, unless a test sets or unsets `SWITCHBOARD_ADMIN_EMAIL`.
pub const ADMIN_EMAIL: &str = "admin@desk.test";
/// The administrator's password, unless a test sets or unsets `SWITCHBOARD_ADMIN_PASSWORD`.
pub const ADMIN_PASSWORD: &str = "correct horse battery staple";

/// How long a process may take to start, even a debug build on a busy machine.
const START_PATIENCE: Duration = Duration::from_secs(60);
/// How long a process may take to end after SIGTERM.
const STOP_PATIENCE: Duration = Duration::from_secs(30);
/// How long a command may run.
const COMMAND_PATIENCE: Duration = Duration::from_secs(60);
/// How long a line of the log may take to appear.
const LOG_PATIENCE: Duration = Duration::from_secs(30);

/// Which part of the product a process runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// API and bot in one process.
    Serve,
    /// The API alone.
    Api,
    /// The bot alone.
    Bot,
}

impl Role {
    /// The subcommand of the binary.
    fn command(self) -> &'static str {
        match self {
            Self::Serve => "serve",
            Self::Api => "api",
            Self::Bot => "bot",
        }
    }

    /// What the process prints on standard output once it is ready.
    fn ready_line(self) -> &'static str {
        match self {
            Self::Serve | Self::Api => LISTENING,
            Self::Bot => "Bot is running",
        }
    }
}

/// What stands before the address in the line that says where a process listens.
const LISTENING: &str = "Listening on ";

/// How a process is to be started; see [`Server::builder`].
///
/// Its clones share the working directory and all settings made before, so that several processes can serve one desk.
#[derive(Debug, Clone)]
pub struct Builder {
    binary: PathBuf,
    directory: Arc<TempDir>,
    environment: BTreeMap<String, String>,
    role: Role,
}

impl Builder {
    /// Chooses the database.
    #[must_use]
    pub fn database(self, database: &Database) -> Self {
        self.database_url(database.url())
    }

    /// Chooses the database by its URL, for example by way of a [`TcpProxy`](crate::TcpProxy).
    #[must_use]
    pub fn database_url(self, url: &str) -> Self {
        self.env("SWITCHBOARD_DATABASE_URL", url)
    }

    /// Chooses what the process runs; [`Role::Serve`] if not chosen.
    #[must_use]
    pub fn role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    /// Sets a variable of the environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Lets clients ask as much as they like, for tests that ask again and again until something has happened.
    #[must_use]
    pub fn without_rate_limit(self) -> Self {
        self.env("SWITCHBOARD_RATE_LIMIT_POINTS", "0")
    }

    /// Unsets a variable that the harness sets.
    #[must_use]
    pub fn without_env(mut self, name: &str) -> Self {
        self.environment.remove(name);
        self
    }

    /// The working directory of the process: empty at first, and removed with the last of its processes.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Starts the process and waits until it is ready.
    ///
    /// # Panics
    /// When it ends or is not ready in time; the message has everything it printed.
    pub async fn start(&self) -> Server {
        let output = Arc::default();
        let process = self.spawn([self.role.command()], &output);
        let mut server = Server { settings: self.clone(), process, output, url: None };
        server.wait_until_ready(0).await;
        server
    }

    /// Runs a command, such as `["migrate"]` or `["schema"]`, to its end. A start that is expected to be refused is
    /// such a command too: `["serve"]`.
    ///
    /// # Panics
    /// When it does not end in time; the message has everything it printed.
    pub async fn run<const N: usize>(&self, arguments: [&str; N]) -> Finished {
        let output = Arc::default();
        let mut process = self.spawn(arguments, &output);
        let Some(status) = process.wait(COMMAND_PATIENCE).await else {
            panic!("{} {arguments:?} does not end; it printed:\n{output}", self.binary.display());
        };
        Finished { status, output }
    }

    fn spawn<const N: usize>(&self, arguments: [&str; N], output: &Arc<Output>) -> Process {
        let mut command = Process::command(&self.binary, Farewell::Kill);
        // Settings of whoever runs the tests must not reach the product.
        let inherited = std::env::vars_os().map(|(name, _)| name);
        for name in inherited.filter(|name| is_setting(name)) {
            command.env_remove(name);
        }
        command.args(arguments).envs(&self.environment).current_dir(self.directory.path());
        Process::spawn(command, Farewell::Kill, Arc::clone(output))
            .unwrap_or_else(|error| panic!("cannot run {}: {error}", self.binary.display()))
    }
}

fn is_setting(variable: &OsStr) -> bool {
    variable == "RUST_LOG" || variable.to_str().is_some_and(|name| name.starts_with("SWITCHBOARD_"))
}

/// A command that has run to its end.
#[derive(Debug)]
pub struct Finished {
    /// How it ended.
    pub status: ExitStatus,
    output: Arc<Output>,
}

impl Finished {
    /// What it printed on standard output.
    pub fn stdout(&self) -> String {
        self.output.text(Source::Stdout)
    }

    /// What it printed on standard error.
    pub fn stderr(&self) -> String {
        self.output.text(Source::Stderr)
    }
}

/// A process of the product.
///
/// It is killed when it is dropped or when this process dies. If the test is failing then, its output is printed.
#[derive(Debug)]
pub struct Server {
    settings: Builder,
    process: Process,
    output: Arc<Output>,
    url: Option<String>,
}

impl Server {
    /// Prepares a process of `binary` (`env!("CARGO_BIN_EXE_switchboard")`): on a port of its own, with a working
    /// directory of its own, with [`ADMIN_EMAIL`] and [`ADMIN_PASSWORD`], and with no other settings.
    ///
    /// # Panics
    /// When there is no directory for temporary files.
    pub fn builder(binary: impl AsRef<Path>) -> Builder {
        let directory = tempfile::Builder::new()
            .prefix("switchboard-server-")
            .tempdir()
            .expect("the directory for temporary files (TMPDIR) is writable");
        let environment = [
            ("SWITCHBOARD_LISTEN", "127.0.0.1:0"),
            ("SWITCHBOARD_ADMIN_EMAIL", ADMIN_EMAIL),
            ("SWITCHBOARD_ADMIN_PASSWORD", ADMIN_PASSWORD),
        ];
        Builder {
            binary: binary.as_ref().to_owned(),
            directory: Arc::new(directory),
            environment: environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            role: Role::Serve,
        }
    }

    /// Where it listens, for example `http://127.0.0.1:40123`. Another port after [`restart`](Self::restart).
    ///
    /// # Panics
    /// For a [`Role::Bot`], which does not listen.
    pub fn url(&self) -> &str {
        self.url.as_deref().expect("a bot process has no address; ask the API process")
    }

    /// The address of GraphQL over HTTP.
    pub fn graphql_url(&self) -> String {
        format!("{}/graphql", self.url())
    }

    /// The address of GraphQL over WebSocket.
    pub fn ws_url(&self) -> String {
        self.graphql_url().replacen("http", "ws", 1)
    }

    /// The process id, to measure what it uses.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Everything it has printed since it was first started.
    pub fn output(&self) -> &Output {
        &self.output
    }

    /// Kills it (SIGKILL) and waits until it is gone.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Asks it to stop (SIGTERM) and waits until it has.
    ///
    /// # Panics
    /// When it does not end in time.
    pub async fn terminate(&mut self) -> ExitStatus {
        self.process.signal(Signal::TERM);
        match self.process.wait(STOP_PATIENCE).await {
            Some(status) => status,
            None => panic!("the process does not end {STOP_PATIENCE:?} after SIGTERM"),
        }
    }

    /// Starts it again with the same settings, directory and database, and waits until it is ready. A process that
    /// still runs is terminated first.
    ///
    /// # Panics
    /// When it does not end or does not start.
    pub async fn restart(&mut self) {
        if self.process.status().is_none() {
            self.terminate().await;
        }
        let mark = self.output.len();
        self.process = self.settings.spawn([self.settings.role.command()], &self.output);
        self.wait_until_ready(mark).await;
    }

    /// The first line it printed that contains `text`, waiting for it if need be.
    ///
    /// # Panics
    /// When there is none in time.
    pub async fn wait_for_log(&self, text: &str) -> String {
        let found = || async { self.output.find(text).ok_or_else(|| format!("no line contains {text:?}")) };
        eventually(LOG_PATIENCE, found).await
    }

    /// Checks that a secret was never printed.
    ///
    /// # Panics
    /// When it was. The message has the line.
    pub fn assert_never_printed(&self, secret: &str) {
        if let Some(line) = self.output.find(secret) {
            panic!("a secret was printed: {line}");
        }
    }

    /// Waits for the line that says the process is ready, leaving out the first `mark` lines of its output.
    async fn wait_until_ready(&mut self, mark: usize) {
        let (process, output, role) = (&mut self.process, &self.output, self.settings.role);
        let outcome = eventually(START_PATIENCE, || {
            // Asked first: what is printed before the end is then not missed.
            let status = process.status();
            let ready = output.find_after(mark, role.ready_line()).map(Ok);
            std::future::ready(ready.or(status.map(Err)).ok_or("neither ready nor ended"))
        });
        match outcome.await {
            Ok(line) => self.url = line.split_once(LISTENING).map(|(_, url)| url.trim().to_owned()),
            Err(status) => panic!("`{}` ended instead of starting: {status}", role.command()),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let command = self.settings.role.command();
            eprintln!("--- what `switchboard {command}` printed ---\n{}--- end ---", self.output);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    /// A script that keeps the contract between the binary and this harness.
    const PRETENDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/pretend-switchboard");

    #[tokio::test]
    async fn a_server_tells_where_it_listens() {
        let server = Server::builder(PRETENDER).start().await;
        assert_eq!(server.url(), "http://127.0.0.1:41234");
        assert_eq!(server.graphql_url(), "http://127.0.0.1:41234/graphql");
        assert_eq!(server.ws_url(), "ws://127.0.0.1:41234/graphql");
        assert_eq!(server.wait_for_log("Admin").await, format!("Admin e-mail: {ADMIN_EMAIL}"));
    }

    #[tokio::test]
    async fn a_server_stops_when_asked_and_starts_again_in_the_same_place() {
        let mut server = Server::builder(PRETENDER).start().await;
        assert!(server.terminate().await.success());
        assert!(server.output().find("second start").is_none());
        server.restart().await;
        assert!(server.output().find("second start").is_some());
        server.kill();
        assert_eq!(server.terminate().await.signal(), Some(9));
    }

    #[tokio::test]
    async fn a_bot_beside_an_api_shares_its_directory_and_settings() {
        let api = Server::builder(PRETENDER).env("SWITCHBOARD_SECRET_KEY", "shared").role(Role::Api);
        let bot = api.clone().role(Role::Bot).start().await;
        assert_eq!(api.directory(), bot.settings.directory());
        assert!(api.start().await.output().find("second start").is_some());
    }

    #[tokio::test]
    async fn a_refused_start_has_a_status_and_a_reason() {
        let refused = Server::builder(PRETENDER).database_url("mysql://nowhere").run(["serve"]).await;
        assert_eq!(refused.status.code(), Some(2));
        assert_eq!(refused.stdout(), "");
        assert_eq!(refused.stderr(), "SWITCHBOARD_DATABASE_URL: unknown scheme\n");
    }

    #[tokio::test]
    #[should_panic(expected = "`serve` ended instead of starting: exit status: 2")]
    async fn a_start_that_fails_is_not_waited_for() {
        Server::builder(PRETENDER).database_url("mysql://nowhere").start().await;
    }

    #[tokio::test]
    #[should_panic(expected = "a secret was printed: Admin e-mail")]
    async fn a_printed_secret_is_found() {
        Server::builder(PRETENDER).start().await.assert_never_printed(ADMIN_EMAIL);
    }
}
