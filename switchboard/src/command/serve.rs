//! `switchboard serve`, `switchboard api` and `switchboard bot`

use std::net::SocketAddr;
use std::time::Duration;

use api::connection::{self, ConnectionSettings};
use api::metrics_page::{self, Readers};
use api::transport::{AllowedOrigins, Origin, TransportSettings};
use desk::event::Dispatcher;
use desk::job::JobRunner;
use desk::open::Sharing;
use desk::presence::PresenceKeeper;
use desk::privacy::ErasureWatcher;
use desk::search::SearchIndexer;
use desk::sla::SlaSweeper;
use desk::{Desk, RightsWatcher, supervise};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::failure::Failure;
use crate::settings::Settings;
use crate::{desk_opening, open_files, persisted_documents, signals};

/// Which parts of the desk this process runs.
#[derive(Debug, Clone, Copy)]
pub struct Roles {
    api: bool,
    bot: bool,
}

impl Roles {
    /// Everything in one process.
    pub const ALL: Self = Self { api: true, bot: true };
    /// The API alone.
    pub const API: Self = Self { api: true, bot: false };
    /// The bot alone.
    pub const BOT: Self = Self { api: false, bot: true };
}

/// How often the memory of the metrics is tidied up.
const METRICS_UPKEEP: Duration = Duration::from_secs(5);

/// Serves until told to stop, then finishes what has been begun.
pub async fn run(settings: &Settings, roles: Roles) -> Result<(), Failure> {
    if !(roles.api && roles.bot) && settings.database_url.0.starts_with("sqlite://") {
        return Err(Failure::new(
            "SWITCHBOARD_DATABASE_URL: the API and the bot run apart on PostgreSQL only; with SQLite run `switchboard serve`",
        ));
    }
    let stop = signals::stop()?;
    let metrics = start_metrics()?;
    // A mistake in these and a taken port are noticed before a database is made for nothing.
    let api_settings = api_settings(settings)?;
    let listener = if roles.api { Some(listen("SWITCHBOARD_LISTEN", settings.listen).await?) } else { None };
    let metrics_listener = match settings.metrics_listen {
        Some(address) => Some(listen("SWITCHBOARD_METRICS_LISTEN", address).await?),
        None => None,
    };
    let desk = prepare(settings).await?;

    let mut parts = JoinSet::new();
    let runtime = bot::Runtime::new(desk.clone(), bot_settings(settings)).await?;
    let webhooks = runtime.webhook_router();
    if let Some(listener) = listener {
        let address = listener.local_addr().map_err(|error| Failure::new(error.to_string()))?;
        let server = api::Server::new(desk.clone(), api_settings, metrics.clone()).with_media(runtime.media_source());
        start(&mut parts, "dispatcher", &desk, &stop, |desk, stop| Dispatcher::new(desk).run(stop));
        start(&mut parts, "presence keeper", &desk, &stop, |desk, stop| PresenceKeeper::new(desk).run(stop));
        start(&mut parts, "rights watcher", &desk, &stop, |desk, stop| RightsWatcher::new(desk).run(stop));
        parts.spawn(server.serve(listener, webhooks, stop.clone()));
        println!("Listening on http://{address}");
        if settings.graphiql {
            println!("Open http://{address}/graphiql to try the API.");
        }
    }
    start(&mut parts, "erasure watcher", &desk, &stop, |desk, stop| ErasureWatcher::new(desk).run(stop));
    start(&mut parts, "search indexer", &desk, &stop, |desk, stop| SearchIndexer::new(desk).run(stop));
    start(&mut parts, "job runner", &desk, &stop, |desk, stop| JobRunner::new(desk).run(stop));
    start(&mut parts, "service levels", &desk, &stop, |desk, stop| SlaSweeper::new(desk).run(stop));
    if roles.bot {
        parts.spawn(runtime.run(stop.clone()));
        println!("Bot is running");
    } else {
        parts.spawn(runtime.receive_only(stop.clone()));
    }
    if let Some(listener) = metrics_listener {
        let address = listener.local_addr().map_err(|error| Failure::new(error.to_string()))?;
        let routes = metrics_page::router(metrics.clone(), Readers::All);
        parts.spawn(connection::serve(listener, routes, ConnectionSettings::default(), stop.clone()));
        println!("Metrics are at http://{address}/metrics");
    }
    parts.spawn(look_after_metrics(metrics, stop.clone()));
    wait(parts, stop, settings.drain_limit()).await
}

/// Opens the desk, and at the first start sets it up and says how to sign in.
async fn prepare(settings: &Settings) -> Result<Desk, Failure> {
    let (desk, migrations) = desk_opening::open(settings, Sharing::Exclusive).await?;
    for migration in migrations {
        tracing::info!(migration, "the database was brought up to date");
    }
    let password = settings.admin_password.as_ref().map(|password| password.0.as_str());
    if let Some(first) = desk.set_up(&settings.admin_email, password).await? {
        println!("Admin e-mail: {}", first.email);
        if let Some(password) = first.one_time_password {
            println!("One-time password: {password}");
        }
    }
    if let Some(token) = &settings.telegram_bot_token {
        let project = desk.set_up_bot(&token.0).await?;
        tracing::info!(project = %project.id, "the bot of SWITCHBOARD_TELEGRAM_BOT_TOKEN is served");
    }
    Ok(desk)
}

/// Starts a part, and starts it anew should it panic.
fn start<F>(
    parts: &mut JoinSet<()>,
    name: &'static str,
    desk: &Desk,
    stop: &CancellationToken,
    run: fn(Desk, CancellationToken) -> F,
) where
    F: Future<Output = ()> + Send + 'static,
{
    let (desk, stop) = (desk.clone(), stop.clone());
    parts.spawn(async move { supervise(name, None, &stop, || run(desk.clone(), stop.clone())).await });
}

/// Waits for the signal, and then for every part to finish, but not for ever.
async fn wait(mut parts: JoinSet<()>, stop: CancellationToken, limit: Duration) -> Result<(), Failure> {
    let ended = tokio::select! {
        () = stop.cancelled() => None,
        ended = parts.join_next() => ended,
    };
    // A part that ends because of the signal may be seen before the signal itself.
    if !stop.is_cancelled() {
        // No part ends by itself, so one that does leaves a process that only seems to work.
        stop.cancel();
        let reason = ended.and_then(Result::err).map(|panic| panic.to_string()).unwrap_or_default();
        tokio::time::timeout(limit, parts.join_all()).await.ok();
        return Err(Failure::new(format!("a part of the desk ended unexpectedly: {reason}")));
    }
    match tokio::time::timeout(limit, async { while parts.join_next().await.is_some() {} }).await {
        Ok(()) => tracing::info!("stopped"),
        Err(_) => tracing::warn!("stopped before everything was finished; it goes on at the next start"),
    }
    Ok(())
}

async fn listen(setting: &str, address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        Failure::new(format!(
            "{setting}: {address} cannot be listened on: {error}; stop the program that uses it or choose another port"
        ))
    })
}

fn start_metrics() -> Result<PrometheusHandle, Failure> {
    PrometheusBuilder::new()
        .install_recorder()
        .map_err(|error| Failure::new(format!("the metrics cannot be collected: {error}")))
}

async fn look_after_metrics(metrics: PrometheusHandle, stop: CancellationToken) {
    let mut upkeep = tokio::time::interval(METRICS_UPKEEP);
    while stop.run_until_cancelled(upkeep.tick()).await.is_some() {
        metrics.run_upkeep();
    }
}

fn api_settings(settings: &Settings) -> Result<api::Settings, Failure> {
    let transport = settings.limits.transport()?;
    let persisted = persisted_documents::read(settings, &transport.document)?;
    Ok(api::Settings {
        allowed_origins: settings
            .allowed_origins
            .iter()
            .map(|origin| origin.parse::<Origin>())
            .collect::<Result<AllowedOrigins, _>>()
            .map_err(|error| Failure::new(format!("SWITCHBOARD_ALLOWED_ORIGINS: {error}")))?,
        graphiql: settings.graphiql,
        introspection: settings.introspection,
        metrics: settings.metrics_listen.is_none(),
        max_upload_bytes: settings.limits.max_upload_bytes,
        transport: TransportSettings { persisted, ..transport },
        connections: connection_settings(settings)?,
    })
}

fn connection_settings(settings: &Settings) -> Result<ConnectionSettings, Failure> {
    let room = open_files::room_for_connections();
    let connections = settings.limits.connections(room)?;
    if connections.most > room {
        tracing::warn!(
            room,
            "SWITCHBOARD_LIMIT_CONNECTIONS is more than this process may open; raise its limit of open files (ulimit -n)"
        );
    }
    Ok(connections)
}

fn bot_settings(settings: &Settings) -> bot::Settings {
    bot::Settings {
        telegram_api_url: settings.telegram_api_url.clone(),
        public_url: settings.public_url.clone(),
        lease_ttl: settings.lease_ttl(),
        drain_timeout: settings.telegram_drain_limit(),
        ..bot::Settings::default()
    }
}
