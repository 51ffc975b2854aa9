//! The catalogue of queries: each line makes one method that calls the query of the engine.

use futures_util::future::BoxFuture;

macro_rules! catalogue {
    ($on:ident: $($(#[$meta:meta])* $name:ident = $module:ident::$query:ident($($arg:ident: $ty:ty),*) -> $out:ty;)+) => {
        impl $on { $(
            $(#[$meta])*
            pub async fn $name(&mut self, $($arg: $ty),*) -> Result<$out> {
                metrics::counter!("switchboard_statements_total").increment(1);
                let begun = self.begin_statement();
                let outcome = match self.lease() {
                    Lease::Sqlite(conn) => super::boxed(sqlite::queries::$module::$query(conn, $($arg),*)).await,
                    Lease::Postgres(conn) => super::boxed(postgres::queries::$module::$query(conn, $($arg),*)).await,
                };
                self.end_statement(begun, outcome)
            }
        )+ }
    };
}

/// A statement without what it is made of, which every compilation of a caller would have to go through otherwise: whether it
/// may go from thread to thread is found out here, once.
fn boxed<'a, T>(statement: impl Future<Output = T> + Send + 'a) -> BoxFuture<'a, T> {
    Box::pin(statement)
}

mod accounts;
mod audit;
mod bulk_requests;
mod chat_migrations;
mod customers;
mod desk;
mod desk_tools;
mod events;
mod files;
mod intake;
mod jobs;
mod knowledge;
mod messages;
mod outbox;
mod people_admin;
mod presence;
mod privacy;
mod projects;
mod ratings;
mod retention;
mod routing;
mod sandbox;
mod saved_views;
mod search;
mod sessions;
mod sla;
mod statistics;
mod tags;
mod teams;
mod tickets;
mod todos;
mod transfer;
mod triggers;
mod typing;
mod visibility;
