//! A Bot API server without Telegram behind it.
//!
//! It serves the sandbox, inside the process, and the tests, over real HTTP. It answers the way
//! Telegram does, keeps a ledger of every send that it accepted, and fails on demand in every
//! way that Telegram and the network between can. Its customers are simulated.
//!
//! What must survive a crash (updates that wait, the numbers of messages) is behind the
//! [`Backlog`] trait, and what others may arrange meanwhile behind [`Circumstances`]. Everything else
//! (the ledger, the chats, uploads, webhooks) is gone when the process ends, and may be.
//!
//! Beside the ledger, which has every call, the chats can be looked at as the people in them see
//! them: [`FakeBotApi::chat`].

mod answer;
mod backlog;
mod bots;
mod builder;
mod call;
mod chat_book;
mod chats;
mod circumstances;
mod connection;
mod customer;
mod delivery;
mod faults;
mod files;
mod gate;
mod group;
mod handle;
mod learning;
mod ledger;
mod limits;
mod memory_backlog;
mod methods;
mod parameters;
mod server;
mod upload;
mod webhook;

pub use backlog::{Backlog, BacklogError, BacklogFuture, PendingUpdate};
pub use builder::FakeBotApiBuilder;
pub use chat_book::ChatMessage;
pub use chats::ChatState;
pub use circumstances::Circumstances;
pub(crate) use customer::text_content;
pub use customer::{Customer, CustomerMessage, Said};
pub use faults::{Fault, FaultId, FaultScope, Repeat};
pub use files::{MadeUpFile, ShownFile, picture::png};
pub(crate) use group::blocking;
pub use handle::{FakeBotApi, PushError};
pub use ledger::{Ledger, LedgerEntry, WaitTimedOut};
pub use limits::{Allowance, SendingLimits};
pub use memory_backlog::MemoryBacklog;
pub(crate) use methods::photo_sizes;
