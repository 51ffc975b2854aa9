//! The door for programs: a GraphQL schema over the use cases of the desk, and the server that
//! publishes it.
//!
//! A resolver holds no rule. It translates arguments, calls one use case and translates what
//! came of it; relations between objects are loaded in batches.

mod caller;
pub mod graphiql;
mod loader;
pub mod schema;
mod server;
pub mod transport;
mod view;

pub use caller::{SignedIn, Tokens};
pub use server::{Server, Settings};
