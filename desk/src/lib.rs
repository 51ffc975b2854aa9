//! The use cases of a support desk, which every front door calls.
//!
//! Each use case takes the actor first and reads top-down: authorize, load, decide, write,
//! event, commit. The rules themselves are in `domain`; what is kept and how is in `store`.

mod actor;
pub mod admin;
mod bell;
mod clock;
mod customer;
mod error;
pub mod event;
mod idempotency;
pub mod identity;
pub mod intake;
pub mod job;
pub mod keys;
mod lease;
pub mod message;
pub mod open;
pub mod outbox;
mod page;
pub mod project;
pub mod sandbox;
pub mod session;
pub mod setup;

use std::sync::Arc;

pub use actor::Actor;
pub use bell::Bell;
pub use clock::{Clock, SystemClock};
pub use error::{Error, Rejected};
pub use idempotency::IdempotencyKeyRefusal;
pub use lease::Holder;
pub use page::{Connection, Edge, PageRequest};

use store::Store;

use crate::actor::Actors;
use crate::event::Log;
use crate::identity::VerifiedTokens;
use crate::intake::Arrivals;
use crate::keys::Keyring;
use crate::project::Workspaces;

/// A desk: its store, its keys, its clock and the events that flow out of it. Clones share
/// everything.
#[derive(Clone)]
pub struct Desk {
    store: Store,
    clock: Arc<dyn Clock>,
    keys: Arc<Keyring>,
    bell: Bell,
    log: Arc<Log>,
    actors: Arc<Actors>,
    verified_tokens: Arc<VerifiedTokens>,
    arrivals: Arrivals,
    workspaces: Arc<Workspaces>,
}

impl Desk {
    /// The present time on the wall clock, to the microsecond.
    pub fn now(&self) -> domain::Time {
        self.clock.now()
    }

    /// Rings whenever something was committed, by this process or another.
    pub fn bell(&self) -> &Bell {
        &self.bell
    }

    /// The keys of the desk, for the parts of the doors that check what they signed.
    pub fn keys(&self) -> &Keyring {
        &self.keys
    }

    /// Whether the database answers.
    pub async fn is_ready(&self) -> bool {
        match self.store.read().await {
            Ok(mut reader) => reader.now_micros().await.is_ok(),
            Err(_) => false,
        }
    }

    /// Makes a transaction's changes durable and wakes whoever waits for such.
    async fn commit(&self, tx: store::Tx) -> Result<(), Error> {
        tx.commit().await?;
        self.bell.ring();
        Ok(())
    }
}
