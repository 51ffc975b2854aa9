//! A Bot API server without Telegram behind it.
//!
//! It serves the sandbox, inside the process, and the tests, over real HTTP. It answers the way
//! Telegram does, keeps a ledger of every send that it accepted, and fails on demand in every
//! way that Telegram and the network between can. Its customers are simulated.
//!
//! What must survive a crash (updates that wait, the numbers of messages) is behind the
//! [`Backlog`] trait. Everything else (the ledger, the faults, the state of chats, webhooks) is
//! gone when the process ends, and may be.

mod answer;
mod backlog;
mod bots;
mod builder;
mod call;
mod chats;
mod connection;
mod customer;
mod delivery;
mod faults;
mod gate;
mod handle;
mod ledger;
mod memory_backlog;
mod methods;
mod parameters;
mod server;
mod webhook;

pub use backlog::{Backlog, BacklogError, BacklogFuture, PendingUpdate};
pub use builder::FakeBotApiBuilder;
pub use chats::ChatState;
pub use customer::{CustomerMessage, Said};
pub use faults::{Fault, FaultId, FaultScope, Repeat};
pub use handle::{FakeBotApi, PushError};
pub use ledger::{Ledger, LedgerEntry, WaitTimedOut};
pub use memory_backlog::MemoryBacklog;
