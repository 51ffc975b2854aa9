//! Opening a desk.

use std::sync::Arc;
use std::time::Duration;

use domain::Cursor;
use store::Store;

pub use store::{OpenError, Sharing};

use crate::actor::Actors;
use crate::api_token::KnownApiTokens;
use crate::event::Log;
use crate::identity::{Attempts, VerifiedTokens};
use crate::intake::Arrivals;
use crate::keys::{Keyring, SecretKey};
use crate::knowledge::Guides;
use crate::outbox::Clerk;
use crate::presence::{Attendance, Board};
use crate::project::Workspaces;
use crate::reseal::reseal;
use crate::saved_view::Tallies;
use crate::trigger::Known;
use crate::{Bell, Clock, Desk, Parts};

/// What a desk is opened with.
pub struct Settings<'a> {
    /// Where the desk is kept: `sqlite://…` or `postgres://…`.
    pub database_url: &'a str,
    /// Whether another process may use an SQLite file at the same time.
    pub sharing: Sharing,
    /// The master secret.
    pub secret: &'a SecretKey,
    /// The master secret before it was changed, if its tokens and seals are still to be taken.
    pub previous_secret: Option<&'a SecretKey>,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
}

/// Why a desk could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum CannotOpen {
    /// The database cannot be used.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// The database opened, but the first look at it failed.
    #[error("the desk could not be read: {0}")]
    Store(#[from] store::Error),
    /// The database was set up with another secret.
    #[error(
        "SWITCHBOARD_SECRET_KEY is not the secret that this database was set up with: bot tokens could not be \
         opened and every sign-in would end; bring back the old secret (by default the .key file beside the database)"
    )]
    ForeignSecret,
}

/// The fact that holds the seal of a known text, which is this name.
pub(crate) const SECRET_CHECK: &str = "secret_check";

/// How long a process waits for a ring before it looks for itself.
const LOOK_AFTER: Duration = Duration::from_secs(1);

impl Desk {
    /// Opens a desk and brings its database up to date. Answers the names of the migrations
    /// that ran as well.
    pub async fn open(settings: Settings<'_>) -> Result<(Self, Vec<String>), CannotOpen> {
        let (store, migrations) = Store::open(settings.database_url, settings.sharing).await?;
        let keys = Keyring::new(settings.secret, settings.previous_secret);
        check_secret(&store, &keys).await?;
        if settings.previous_secret.is_some() {
            reseal(&store, &keys).await?;
        }
        let bell = Bell::default();
        let log = Log::open(&store).await?;
        let arrivals = Arrivals::start(store.clone(), settings.clock.clone(), bell.clone());
        let desk = Self(Arc::new_cyclic(|parts| Parts {
            store,
            clock: settings.clock,
            keys,
            bell,
            log,
            actors: Actors::default(),
            known_api_tokens: KnownApiTokens::default(),
            attempts: Attempts::default(),
            verified_tokens: VerifiedTokens::default(),
            arrivals,
            outbox: Clerk::start(parts.clone()),
            workspaces: Workspaces::default(),
            triggers: Known::default(),
            guides: Guides::default(),
            attendance: Attendance::default(),
            board: Board::default(),
            tallies: Tallies::default(),
        }));
        desk.hear_other_processes();
        Ok((desk, migrations))
    }

    /// Passes the rings of other processes on to this one's bell, and rings by itself now and
    /// then in case one was lost.
    fn hear_other_processes(&self) {
        let mut doorbell = self.store.doorbell();
        let bell = self.bell.clone();
        tokio::spawn(async move {
            loop {
                let _ = tokio::time::timeout(LOOK_AFTER, doorbell.rung()).await;
                bell.ring();
            }
        });
    }

    /// The cursor of the newest event that readers may see.
    pub async fn head_cursor(&self) -> Result<Cursor, crate::Error> {
        Ok(self.log.cursor(crate::event::head(&mut self.store.read().await?).await?))
    }
}

/// Keeps a seal of a known text, so that a lost or mistaken secret is noticed at once and not
/// when the first bot fails.
async fn check_secret(store: &Store, keys: &Keyring) -> Result<(), CannotOpen> {
    let mut tx = store.begin().await?;
    let seal = tx.settle_meta(SECRET_CHECK, &keys.sealer.seal(SECRET_CHECK, SECRET_CHECK)).await?;
    tx.commit().await?;
    match keys.sealer.open(&seal, SECRET_CHECK) {
        Ok(_) => Ok(()),
        Err(_) => Err(CannotOpen::ForeignSecret),
    }
}
