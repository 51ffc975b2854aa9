//! A private PostgreSQL cluster: its own directory, port and password, gone with its owner.

use std::io;
use std::net::TcpListener;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use super::account::Account;
use super::installation::Installation;
use super::{Database, Unavailable};
use crate::process::{Farewell, Process, Signal};
use crate::{Output, Source, eventually};

/// How long the server may take to start, recovery after [`Cluster::stop_now`] included.
const START_PATIENCE: Duration = Duration::from_secs(60);
/// How long the server may take to stop at once.
const STOP_PATIENCE: Duration = Duration::from_secs(20);
/// How often to try another port when someone else has taken the one just chosen.
const PORT_ATTEMPTS: u32 = 5;

/// What of a commit must be on disk before it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Nothing: the last commits are lost when PostgreSQL is stopped at once. Fast, and right for tests that do not.
    Relaxed,
    /// All of it, as in production (`fsync`, `synchronous_commit` and `full_page_writes` on). Right for
    /// measurements.
    Full,
}

/// How a cluster is to be; see [`Cluster::builder`].
#[derive(Debug)]
pub struct ClusterBuilder {
    settings: Vec<(String, String)>,
}

impl ClusterBuilder {
    /// Chooses the durability; relaxed if not chosen.
    #[must_use]
    pub fn durability(self, durability: Durability) -> Self {
        let value = match durability {
            Durability::Relaxed => "off",
            Durability::Full => "on",
        };
        ["fsync", "synchronous_commit", "full_page_writes"]
            .into_iter()
            .fold(self, |builder, name| builder.setting(name, value))
    }

    /// Sets one parameter of `postgresql.conf`.
    #[must_use]
    pub fn setting(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Makes the cluster and starts its server.
    ///
    /// # Errors
    /// When PostgreSQL is not installed, or cannot be started as an unprivileged user.
    pub async fn start(self) -> Result<Cluster, Unavailable> {
        let installation = Installation::find()?;
        let account = Account::unprivileged()?;
        let cannot = |what: &str, error: &dyn std::fmt::Display| {
            Unavailable(format!("{what} ({error}); see whether TMPDIR is writable for everybody and has space"))
        };
        let directory = tempfile::Builder::new()
            .prefix("switchboard-postgres-")
            .tempdir()
            .map_err(|error| cannot("no temporary directory for a private cluster", &error))?;
        account
            .own(directory.path())
            .map_err(|error| cannot("the temporary directory cannot be given away", &error))?;

        let mut cluster = Cluster {
            password: super::random_hex(),
            port: free_port(),
            output: Arc::default(),
            process: None,
            settings: self.settings,
            installation,
            account,
            directory,
        };
        cluster.initialize().await.map_err(|error| cannot("`initdb` failed", &error))?;
        cluster.start_on_a_free_port().await?;
        Ok(cluster)
    }
}

/// A private cluster. Dropping it ends its server and removes its files; so does the death of this process.
#[derive(Debug)]
pub struct Cluster {
    // Declared, and so dropped, before the directory of its files.
    process: Option<Process>,
    directory: TempDir,
    installation: Installation,
    account: Account,
    settings: Vec<(String, String)>,
    password: String,
    port: u16,
    output: Arc<Output>,
}

impl Cluster {
    /// A cluster with relaxed durability and room for many connections.
    pub fn builder() -> ClusterBuilder {
        ClusterBuilder { settings: Vec::new() }.durability(Durability::Relaxed).setting("max_connections", "500")
    }

    /// The URL of its superuser.
    pub fn admin_url(&self) -> String {
        format!("postgres://postgres:{}@127.0.0.1:{}/postgres", self.password, self.port)
    }

    /// A new, empty database.
    ///
    /// # Panics
    /// When the server refuses or is stopped.
    pub async fn create_database(&self) -> Database {
        Database::create(&self.admin_url()).await
    }

    /// A new database with everything that is in another one of this cluster, to which nobody is connected.
    ///
    /// # Panics
    /// When the server refuses or is stopped.
    pub(crate) async fn copy_database(&self, template: &Database) -> Database {
        template.copy(&self.admin_url()).await
    }

    /// What the server has logged.
    pub fn output(&self) -> &Output {
        &self.output
    }

    /// The process id of the server, to measure what it uses.
    ///
    /// # Panics
    /// When the server is stopped.
    pub fn process_id(&self) -> u32 {
        self.process.as_ref().expect("the cluster is running").id()
    }

    /// Stops the server at once, as a crash would: every connection breaks, nothing is finished.
    ///
    /// # Panics
    /// When it does not end.
    pub async fn stop_now(&mut self) {
        let Some(mut process) = self.process.take() else {
            return;
        };
        process.signal(Signal::QUIT);
        let ended = process.wait(STOP_PATIENCE).await;
        assert!(ended.is_some(), "PostgreSQL does not stop:\n{}", self.output);
    }

    /// Starts the server again, on the same port, with everything that was committed.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_again(&mut self) {
        if self.process.is_none()
            && let Err(failure) = self.start_server().await
        {
            panic!("PostgreSQL does not start again: {}", failure.into_unavailable(&self.output));
        }
    }

    async fn initialize(&self) -> Result<(), String> {
        let password_file = self.directory.path().join("password");
        std::fs::write(&password_file, &self.password).map_err(|error| error.to_string())?;
        self.account.own(&password_file).map_err(|error| error.to_string())?;

        let mut command = self.command("initdb");
        // C.UTF-8 folds the case of all letters and sorts the same everywhere; messages must be the English ones.
        command
            .args(["--no-sync", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--lc-messages=C"])
            // Not scram: a debug build would spend most of its time on the client's side of it.
            .arg("--auth=password")
            .arg("--pwfile")
            .arg(&password_file);
        let mut process = self.spawn(command).map_err(|error| error.to_string())?;
        match process.wait(START_PATIENCE).await {
            Some(status) if status.success() => Ok(()),
            Some(_) => Err(self.output.text(Source::Stderr)),
            None => Err("it does not end".to_owned()),
        }
    }

    async fn start_on_a_free_port(&mut self) -> Result<(), Unavailable> {
        let mut attempt = 1;
        loop {
            match self.start_server().await {
                Ok(()) => return Ok(()),
                Err(StartFailure::PortTaken) if attempt < PORT_ATTEMPTS => self.port = free_port(),
                Err(failure) => return Err(failure.into_unavailable(&self.output)),
            }
            attempt += 1;
        }
    }

    async fn start_server(&mut self) -> Result<(), StartFailure> {
        let mut command = self.command("postgres");
        command
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="])
            .args(["-c", &format!("port={}", self.port)]);
        for (name, value) in &self.settings {
            command.args(["-c", &format!("{name}={value}")]);
        }

        let mark = self.output.len();
        let process = self.spawn(command).map_err(StartFailure::NotStarted)?;
        let process = self.process.insert(process);
        let output = &self.output;
        let ready = eventually(START_PATIENCE, || {
            // Asked first: what is printed before the end is then not missed.
            let ended = process.status().is_some();
            let ready = output.find_after(mark, "ready to accept connections").is_some();
            std::future::ready((ready || ended).then_some(ready))
        });
        if ready.await {
            return Ok(());
        }
        // Dropping the process completes its output, which has the reason.
        self.process = None;
        match self.output.find_after(mark, "Address already in use") {
            Some(_) => Err(StartFailure::PortTaken),
            None => Err(StartFailure::Ended),
        }
    }
    /// One of PostgreSQL's programs on the data of this cluster.
    fn command(&self, program: &str) -> Command {
        let mut command = Process::command(self.installation.program(program), self.farewell());
        command.arg("-D").arg(self.directory.path().join("data")).current_dir(self.directory.path()).env("LC_ALL", "C");
        self.account.apply(&mut command);
        command
    }

    fn spawn(&self, command: Command) -> io::Result<Process> {
        Process::spawn(command, self.farewell(), Arc::clone(&self.output))
    }

    fn farewell(&self) -> Farewell<'_> {
        Farewell::QuitAndRemove { directory: self.directory.path() }
    }
}

/// Why a server did not start.
#[derive(Debug)]
enum StartFailure {
    NotStarted(io::Error),
    PortTaken,
    Ended,
}

impl StartFailure {
    fn into_unavailable(self, output: &Output) -> Unavailable {
        Unavailable(match self {
            Self::NotStarted(error) => {
                format!("`postgres` cannot be run ({error}); see its installation")
            }
            Self::PortTaken => "others take every port chosen for `postgres`; try again".to_owned(),
            Self::Ended => format!("`postgres` ended at its start; it said:\n{output}"),
        })
    }
}

/// A port that nobody uses at this moment.
fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .expect("the system has a free local port")
        .port()
}
