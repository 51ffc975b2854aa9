//! The two engines the product runs on, and a database of either.

use std::fmt;
use std::io::Write;

use tempfile::TempDir;

use crate::postgres;

/// Set where PostgreSQL must not be skipped, as in continuous integration: its absence is then a failure.
pub const REQUIRE_POSTGRES_VARIABLE: &str = "SWITCHBOARD_TEST_REQUIRE_POSTGRES";

/// A database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The embedded default.
    Sqlite,
    /// The one for larger teams.
    Postgres,
}

impl fmt::Display for Engine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

impl Engine {
    /// Whether tests can run on this engine here. If they cannot, says so on standard error, even where the runner
    /// captures what tests print.
    ///
    /// # Panics
    /// When PostgreSQL is missing although the environment requires it or names a server.
    pub async fn is_available(self) -> bool {
        let Self::Postgres = self else { return true };
        let Err(reason) = postgres::available().await else {
            return true;
        };
        let expected = [REQUIRE_POSTGRES_VARIABLE, postgres::NAMED_SERVER_VARIABLE];
        if let Some(variable) = expected.into_iter().find(|variable| std::env::var_os(variable).is_some()) {
            panic!("{variable} is set, but there is no PostgreSQL to test with: {reason}");
        }
        let test = std::thread::current().name().unwrap_or("a test").to_owned();
        // Not eprintln!, which the runner captures. If standard error is closed, there is nobody to tell.
        let _ = writeln!(std::io::stderr(), "SKIPPED on PostgreSQL: {test}: {reason}");
        false
    }
}

/// A fresh database of one test, gone with this value.
#[derive(Debug)]
pub struct Database {
    url: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    File { _directory: TempDir },
    Server(postgres::Database),
}

impl Database {
    /// A new, empty database: a file in a directory of its own, or a database on the shared PostgreSQL server.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn new(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self::sqlite(),
            Engine::Postgres => match postgres::create_database().await {
                Ok(database) => database.into(),
                Err(reason) => panic!("there is no PostgreSQL to test with: {reason}"),
            },
        }
    }

    fn sqlite() -> Self {
        let directory = tempfile::Builder::new()
            .prefix("switchboard-sqlite-")
            .tempdir()
            .expect("the directory for temporary files (TMPDIR) is writable");
        let url = format!("sqlite://{}", directory.path().join("switchboard.db").display());
        Self { url, place: Place::File { _directory: directory } }
    }

    /// Its engine.
    pub fn engine(&self) -> Engine {
        match self.place {
            Place::File { .. } => Engine::Sqlite,
            Place::Server(_) => Engine::Postgres,
        }
    }

    /// Its URL, for `SWITCHBOARD_DATABASE_URL`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What only a PostgreSQL database has, such as an address to put a [`TcpProxy`](crate::TcpProxy) before.
    pub fn on_postgres(&self) -> Option<&postgres::Database> {
        match &self.place {
            Place::File { .. } => None,
            Place::Server(database) => Some(database),
        }
    }
}

impl From<postgres::Database> for Database {
    fn from(database: postgres::Database) -> Self {
        Self { url: database.url().to_owned(), place: Place::Server(database) }
    }
}

/// Makes two tests of one body: `name::sqlite` and `name::postgres`.
///
/// Where there is no PostgreSQL, the second one says so and passes; see [`Engine::is_available`].
///
/// ```
/// tests::on_both_engines! {
///     async fn a_database_is_empty_at_first(engine: Engine) {
///         let database = tests::Database::new(engine).await;
///         assert_eq!(database.engine(), engine);
///     }
/// }
/// ```
#[macro_export]
macro_rules! on_both_engines {
    ($($(#[$attribute:meta])* async fn $name:ident($engine:ident: Engine) $body:block)+) => {
        $(
            // The body stays outside the module of its two tests, so that it sees what the caller sees.
            async fn $name($engine: $crate::Engine) $body

            mod $name {
                $(#[$attribute])*
                #[tokio::test(flavor = "multi_thread")]
                async fn sqlite() {
                    super::$name($crate::Engine::Sqlite).await;
                }

                $(#[$attribute])*
                #[tokio::test(flavor = "multi_thread")]
                async fn postgres() {
                    if $crate::Engine::Postgres.is_available().await {
                        super::$name($crate::Engine::Postgres).await;
                    }
                }
            }
        )+
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    on_both_engines! {
        async fn a_database_names_its_engine(engine: Engine) {
            let database = Database::new(engine).await;
            assert_eq!(database.engine(), engine);
            let scheme = match engine {
                Engine::Sqlite => "sqlite:///",
                Engine::Postgres => "postgres://",
            };
            assert!(database.url().starts_with(scheme));
            assert_eq!(database.on_postgres().is_some(), engine == Engine::Postgres);
        }
    }
}
