//! The use cases of a support desk, which every front door calls.
//!
//! Each use case takes the actor first and reads top-down: authorize, load, decide, write,
//! event, commit. The rules themselves are in `domain`; what is kept and how is in `store`.

mod actor;
pub mod admin;
mod aftercare;
pub mod agent;
pub mod api_token;
mod audit;
mod bell;
pub mod canned;
mod clock;
mod credential;
pub mod customer;
pub mod diversion;
mod error;
pub mod event;
pub mod file;
pub mod greeting;
mod idempotency;
pub mod identity;
pub mod intake;
pub mod invitation;
pub mod job;
pub mod keys;
pub mod knowledge;
mod lease;
pub mod media;
pub mod message;
pub mod note;
pub mod open;
pub mod outbox;
mod page;
mod panics;
pub mod presence;
pub mod privacy;
pub mod project;
pub mod rating;
mod reseal;
mod retry;
pub mod routing;
pub mod sandbox;
pub mod saved_view;
pub mod scheduled;
pub mod search;
pub mod session;
pub mod setup;
pub mod sla;
pub mod staff;
pub mod statistics;
mod supervise;
pub mod tag;
pub mod team;
pub mod ticket;
pub mod todo;
pub mod trigger;
pub mod typing;
mod visibility;

use std::ops::Deref;
use std::sync::Arc;

pub use actor::{Actor, RightsWatcher};
pub use bell::Bell;
pub use clock::{Clock, SystemClock};
pub use credential::Credential;
pub use error::{Error, Rejected};
pub use idempotency::IdempotencyKeyRefusal;
pub use lease::Holder;
pub use page::{Connection, Edge, PAGE_SIZE, PageRequest};
pub use supervise::supervise;

use store::Store;

use crate::actor::Actors;
use crate::api_token::KnownApiTokens;
use crate::event::Log;
use crate::identity::{Attempts, VerifiedTokens};
use crate::intake::Arrivals;
use crate::keys::Keyring;
use crate::knowledge::Guides;
use crate::outbox::Clerk;
use crate::presence::{Attendance, Board};
use crate::project::Workspaces;
use crate::saved_view::Tallies;

/// A desk: its store, its keys, its clock and the events that flow out of it. Clones share
/// everything, and cost one count.
#[derive(Clone)]
pub struct Desk(Arc<Parts>);

/// What a desk is made of.
pub struct Parts {
    store: Store,
    clock: Arc<dyn Clock>,
    keys: Keyring,
    bell: Bell,
    log: Log,
    actors: Actors,
    known_api_tokens: KnownApiTokens,
    attempts: Attempts,
    verified_tokens: VerifiedTokens,
    arrivals: Arrivals,
    outbox: Clerk,
    workspaces: Workspaces,
    triggers: trigger::Known,
    guides: Guides,
    attendance: Attendance,
    board: Board,
    tallies: Tallies,
}

impl Deref for Desk {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
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

    /// Hears of each time that this process forgets what it remembers, since a customer was erased. What a door keeps of
    /// what it has shown it must forget as well.
    pub fn hear_forgetting(&self) -> tokio::sync::watch::Receiver<u64> {
        self.log.hear_forgetting()
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

    /// As [`Desk::commit`], where rights have changed: whoever asks this process next has the present ones.
    async fn commit_rights(&self, tx: store::Tx) -> Result<(), Error> {
        self.commit(tx).await?;
        self.actors.doubt_everybody();
        Ok(())
    }
}
