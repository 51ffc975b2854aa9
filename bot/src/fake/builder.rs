//! Starting the fake.

use std::{
    collections::HashSet,
    io,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use chrono::{DateTime, Utc};
use reqwest::redirect;
use tokio::{net::TcpListener, time::Instant};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    Backlog, Circumstances, FakeBotApi, MemoryBacklog, SendingLimits,
    bots::Bots,
    chat_book::ChatBook,
    chats::Chats,
    circumstances::Usual,
    connection::{Connection, Connections},
    faults::Faults,
    files::Files,
    gate::Gate,
    ledger::LedgerBook,
    limits::Limiter,
    server::Server,
};
use crate::telegram::Token;

/// How long a delivery to a webhook may take, as with Telegram.
const WEBHOOK_TIMEOUT: Duration = Duration::from_secs(60);

/// The clock of a fake that was not given one begins at 2026-01-01 00:00:00 UTC.
const DEFAULT_START_UNIX_SECONDS: i64 = 1_767_225_600;

/// How much is kept of what bots upload, unless something else is said.
const DEFAULT_FILE_CAPACITY_BYTES: usize = 512 * 1024 * 1024;

/// How a [`FakeBotApi`] is to be.
pub struct FakeBotApiBuilder {
    tokens: HashSet<Token>,
    any_token: bool,
    backlog: Arc<dyn Backlog>,
    circumstances: Box<dyn Circumstances>,
    limits: Option<SendingLimits>,
    file_capacity_bytes: usize,
    now: Box<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    webhook_backoff: Duration,
    ledger_capacity: usize,
}

impl Default for FakeBotApiBuilder {
    fn default() -> Self {
        let started = Instant::now();
        let start =
            DateTime::from_timestamp(DEFAULT_START_UNIX_SECONDS, 0).expect("the constant is within the calendar");
        Self {
            tokens: HashSet::new(),
            any_token: false,
            backlog: Arc::new(MemoryBacklog::default()),
            circumstances: Box::new(Usual),
            limits: None,
            file_capacity_bytes: DEFAULT_FILE_CAPACITY_BYTES,
            now: Box::new(move || start + started.elapsed()),
            webhook_backoff: Duration::from_millis(100),
            ledger_capacity: usize::MAX,
        }
    }
}

impl FakeBotApiBuilder {
    /// Knows the bot with this token. May be said of many.
    #[must_use]
    pub fn bot(mut self, token: Token) -> Self {
        self.tokens.insert(token);
        self
    }

    /// Takes every token that is well formed.
    #[must_use]
    pub fn any_token(mut self) -> Self {
        self.any_token = true;
        self
    }

    /// Keeps updates and message numbers here. Default: in memory.
    #[must_use]
    pub fn backlog(mut self, backlog: Arc<dyn Backlog>) -> Self {
        self.backlog = backlog;
        self
    }

    /// Asks here at each call what is to become of it. Default: the handle decides alone.
    #[must_use]
    pub fn circumstances(mut self, circumstances: impl Circumstances) -> Self {
        self.circumstances = Box::new(circumstances);
        self
    }

    /// Makes bots that send too fast wait, as Telegram does. Default: they may send as fast as they can.
    #[must_use]
    pub fn sending_limits(mut self, limits: SendingLimits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// Keeps this many bytes of the files that bots upload; beyond that the oldest are forgotten. Default: 512 MiB.
    #[must_use]
    pub fn file_capacity_bytes(mut self, bytes: usize) -> Self {
        self.file_capacity_bytes = bytes;
        self
    }

    /// Reads the time here. Default: a clock that begins with the year 2026 at each start.
    #[must_use]
    pub fn clock(mut self, now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        self.now = Box::new(now);
        self
    }

    /// Waits this long after a failed delivery to a webhook, twice as long after the next
    /// failure, and so on. Default: 100 ms.
    #[must_use]
    pub fn webhook_backoff(mut self, backoff: Duration) -> Self {
        self.webhook_backoff = backoff;
        self
    }

    /// Keeps this many entries in the ledger and this many messages of the chats. Default: all of
    /// them, which is for tests; a fake that runs for long needs a limit. One that has a limit takes
    /// a message that it does not know for one that it has forgotten; one without refuses to edit,
    /// delete or answer it.
    #[must_use]
    pub fn ledger_capacity(mut self, entries: usize) -> Self {
        self.ledger_capacity = entries;
        self
    }

    /// Starts to serve. Must be called within a tokio runtime.
    ///
    /// # Errors
    ///
    /// When the listener has no address or the HTTP client for webhooks cannot be built.
    pub fn start(self, listener: TcpListener) -> io::Result<FakeBotApi> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .timeout(WEBHOOK_TIMEOUT)
            .build()
            .map_err(io::Error::other)?;
        let api_url = format!("http://{}", listener.local_addr()?);
        let connections = Arc::new(Connections::default());
        let (gate, listener) = Gate::before(listener, Arc::clone(&connections))?;
        let server = Arc::new(Server {
            bots: Bots::new(self.any_token, self.tokens),
            chats: Chats::default(),
            backlog: self.backlog,
            circumstances: self.circumstances,
            ledger: LedgerBook::with_capacity(self.ledger_capacity),
            book: ChatBook::with_capacity(self.ledger_capacity),
            files: Files::with_capacity(self.file_capacity_bytes),
            faults: Faults::default(),
            limiter: Limiter::new(self.limits),
            albums: AtomicU64::new(0),
            now: self.now,
            http,
            webhook_backoff: self.webhook_backoff,
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
        });
        let service = server.router().into_make_service_with_connect_info::<Connection>();
        let serving = axum::serve(listener, service).with_graceful_shutdown(server.stop.clone().cancelled_owned());
        server.tasks.spawn(serving.into_future());
        Ok(FakeBotApi::new(api_url, server, gate, connections))
    }
}
