//! The black-box harness: everything a test needs to drive the real server from outside.
//!
//! A test starts the product's own binary ([`Server`]) on a fresh [`Database`] of either [`Engine`], talks to it
//! with the [`Client`] that any integrator could have written, and breaks things around it: the process
//! ([`Server::kill`]), the database ([`postgres::Cluster::stop_now`]) or the network between them ([`TcpProxy`]).
//! Nothing here uses a fixed port, a fixed path or the clock on the wall, so tests run side by side.

pub mod engine;
mod eventually;
pub mod graphql;
mod http_thread;
pub mod ingress;
mod output;
pub mod postgres;
pub mod process;
pub mod server;
mod sql;
mod sqlite_lock;
mod standstill;
mod tcp_proxy;
mod template;

pub use engine::{Database, Engine};
pub use eventually::{Attempt, eventually};
pub use graphql::Client;
pub use ingress::Ingress;
pub use output::{Output, Source};
pub use server::{Role, Server};
pub use sql::Sql;
pub use sqlite_lock::SqliteWriteLock;
pub use standstill::Standstill;
pub use tcp_proxy::TcpProxy;
pub use template::Template;
