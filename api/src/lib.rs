//! The door for programs: a GraphQL schema over the use cases of the desk, and the server that
//! publishes it.
//!
//! A resolver holds no rule. It translates arguments, calls one use case and translates what
//! came of it; relations between objects are loaded in batches.

mod caller;
pub mod connection;
mod export;
mod files;
pub mod graphiql;
mod loader;
mod manifest;
pub mod metrics_page;
pub mod schema;
mod server;
pub mod transport;
mod turn;
mod view;

pub use caller::{SignedIn, Tokens};
pub use manifest::read_manifest;
pub use server::{Server, Settings};
