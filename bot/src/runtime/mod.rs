//! Running the front door: every bot of the desk, and the workers behind them.

mod bots;
mod commands;
mod farewell;
mod introduction;
mod post;
mod presence;
mod reception;
mod renewals;
mod report;
mod roster;
mod server;
mod share;
mod tenure;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use desk::media::MediaSource;
use desk::{Desk, Holder, supervise};
use futures_util::future::join_all;
use reqwest::Url;
use tokio_util::sync::CancellationToken;

use crate::Settings;
use crate::cause::cause_of;
use crate::intake::{self, Receiver};
use crate::media::TelegramFiles;
use crate::sandbox::Sandbox;
use crate::telegram::{BadApiUrl, Client, ClientBuildError};

pub(crate) use bots::Bots;
use commands::NewCommands;
use renewals::Renewals;
pub(crate) use report::Report;
use roster::Roster;
use server::BotApiServer;
use share::Share;

/// How long the last words to the database may take at a stop.
const FAREWELL_TIMEOUT: Duration = Duration::from_secs(2);

/// The front door of a desk: it serves each bot of which this process gets the lease, and works
/// off what came in, whichever process took it in.
pub struct Runtime {
    shared: Arc<Shared>,
}

/// What all bots of a process share.
struct Shared {
    desk: Desk,
    settings: Settings,
    holder: Holder,
    share: Share,
    renewals: Renewals,
    new_commands: NewCommands,
    client: Client,
    telegram: BotApiServer,
    sandbox: Sandbox,
    receiver: Arc<Receiver>,
}

/// Why the front door could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum CannotStart {
    /// The address of the Bot API server cannot be used.
    #[error("SWITCHBOARD_TELEGRAM_API_URL: {0}")]
    ApiUrl(#[from] BadApiUrl),
    /// The public address cannot be used.
    #[error(
        "SWITCHBOARD_PUBLIC_URL must be the http or https address at which Telegram reaches this desk, like \
         https://desk.example.com"
    )]
    PublicUrl,
    /// The HTTP client could not be built.
    #[error(transparent)]
    Client(#[from] ClientBuildError),
    /// The simulated Bot API of sandboxes has no port.
    #[error("the sandbox could not be opened on 127.0.0.1: {0}")]
    Sandbox(#[from] io::Error),
}

impl Runtime {
    /// Prepares the front door. Nothing is received or sent before [`Runtime::run`].
    ///
    /// # Errors
    ///
    /// [`CannotStart`] when a setting cannot be used, or the machine has no port for the sandbox.
    pub async fn new(desk: Desk, settings: Settings) -> Result<Self, CannotStart> {
        if settings.public_url.as_deref().is_some_and(|url| !is_public_url(url)) {
            return Err(CannotStart::PublicUrl);
        }
        let holder = Holder::new(settings.lease_ttl);
        let shared = Shared {
            client: Client::new()?,
            telegram: BotApiServer::new(&settings.telegram_api_url)?,
            sandbox: Sandbox::start(desk.clone()).await?,
            receiver: Arc::new(Receiver::new(desk.clone())),
            holder,
            share: Share::new(),
            renewals: Renewals::default(),
            new_commands: NewCommands::default(),
            desk,
            settings,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The routes under which Telegram delivers updates, for the HTTP server that is reached at
    /// the public address. Without one they know no bot.
    pub fn webhook_router(&self) -> Router {
        Arc::clone(&self.shared.receiver).router()
    }

    /// The files that Telegram keeps for the bots, for the door through which agents download them.
    pub fn media_source(&self) -> Arc<dyn MediaSource> {
        Arc::new(TelegramFiles::new(self.shared.desk.clone(), Bots::new(Arc::clone(&self.shared))))
    }

    /// Serves until told to stop. Then nothing new is fetched or sent, requests that are under way
    /// are settled, for no longer than [`Settings::drain_timeout`], and the leases are given up.
    pub async fn run(self, stop: CancellationToken) {
        let work = self.work(&stop);
        let drained = async {
            stop.cancelled().await;
            tokio::time::sleep(self.shared.settings.drain_timeout).await;
        };
        tokio::select! {
            () = work => {}
            () = drained => tracing::warn!(
                "the time to stop has run out; what was still under way is listed as unknown at the next start"
            ),
        }
        let farewell = self.shared.desk.release_leases(&self.shared.holder);
        match tokio::time::timeout(FAREWELL_TIMEOUT, farewell).await {
            Ok(Ok(())) | Err(_) => {}
            Ok(Err(error)) => tracing::warn!(error = cause_of(&error), "the leases end by themselves"),
        }
    }

    /// Takes deliveries to webhooks until told to stop, and leaves the rest to other processes:
    /// for one that runs the API alone.
    pub async fn receive_only(self, stop: CancellationToken) {
        tokio::join!(
            supervise("reception", None, &stop, || reception::follow(Arc::clone(&self.shared), stop.clone())),
            self.forget_along(&stop),
        );
        self.shared.sandbox.shut_down().await;
    }

    async fn forget_along(&self, stop: &CancellationToken) {
        let start = || {
            let (shared, stop) = (Arc::clone(&self.shared), stop.clone());
            async move { shared.sandbox.forget_along(stop).await }
        };
        supervise("sandbox", None, stop, start).await;
    }

    async fn work(&self, stop: &CancellationToken) {
        let shared = &self.shared;
        let workers = (0..shared.settings.intake_workers.max(1))
            .map(|_| supervise("intake worker", None, stop, || intake::work_off(shared.desk.clone(), stop.clone())));
        let serving = async {
            tokio::join!(
                join_all(workers),
                supervise("presence", None, stop, || presence::keep_up(Arc::clone(shared), stop.clone())),
                self.forget_along(stop),
                supervise("roster", None, stop, || Roster::new(Arc::clone(shared)).follow(stop.clone())),
                supervise("new commands", None, stop, || {
                    let shared = Arc::clone(shared);
                    let stop = stop.clone();
                    async move { shared.new_commands.follow(&shared.desk, stop).await }
                }),
            );
        };
        // For as long as anything is under way, also after the stop.
        let never = CancellationToken::new();
        let renewing = supervise("lease renewals", None, &never, || {
            let shared = Arc::clone(shared);
            async move { shared.renewals.run(&shared.desk, &shared.holder, shared.settings.lease_ttl).await }
        });
        tokio::select! {
            () = serving => {}
            () = renewing => {}
        }
        shared.sandbox.shut_down().await;
    }
}

fn is_public_url(text: &str) -> bool {
    let is_plain = |url: Url| {
        matches!(url.scheme(), "http" | "https") && url.has_host() && url.query().is_none() && url.fragment().is_none()
    };
    Url::parse(text).is_ok_and(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_where_a_path_can_be_appended() {
        for url in ["https://desk.example.com", "https://desk.example.com:8443/support/", "http://127.0.0.1:4000"] {
            assert!(is_public_url(url), "{url}");
        }
        for url in ["", "desk.example.com", "ftp://desk.example.com", "https://desk.example.com/?a", "https://x/#y"] {
            assert!(!is_public_url(url), "{url}");
        }
    }
}
