//! A database that is made once in a process and copied for each of its tests.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use tokio::sync::OnceCell;

use crate::{Database, Engine, postgres};

/// Set by cargo-nextest, which starts a process for each test: a template would be made for a single copy.
const PROCESS_PER_TEST_VARIABLE: &str = "NEXTEST";

/// What the databases of many tests begin with, such as the tables of the product: made by the first test of a process
/// that asks, and copied for each, which costs a fraction. It is to be a static.
#[derive(Debug, Default)]
pub struct Template {
    /// The content of the file. The file itself would outlive the process, since a static is never dropped.
    sqlite: OnceCell<Vec<u8>>,
    /// On the private cluster, with which it ends.
    postgres: OnceCell<Database>,
}

impl Template {
    /// A template that is yet to be made.
    pub const fn new() -> Self {
        Self { sqlite: OnceCell::const_new(), postgres: OnceCell::const_new() }
    }

    /// A new database with what `fill` puts into an empty one. It is a copy of the template; where each test has a
    /// process of its own, or where a template would stay behind on a server that outlives the tests, it is filled by
    /// itself.
    ///
    /// All calls pass the same `fill`. It puts in nothing that two databases must not share, and leaves nobody
    /// connected.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn database(&self, engine: Engine, fill: impl AsyncFnOnce(&Database)) -> Database {
        if std::env::var_os(PROCESS_PER_TEST_VARIABLE).is_some() {
            return filled(engine, fill).await;
        }
        match engine {
            Engine::Sqlite => {
                let content = self.sqlite.get_or_init(|| async move { read(&filled(engine, fill).await) }).await;
                let copy = Database::new(engine).await;
                write(file(&copy), content);
                copy
            }
            Engine::Postgres => match postgres::private_cluster().await {
                Some(cluster) => {
                    let template = self.postgres.get_or_init(|| filled(engine, fill)).await;
                    let template = template.on_postgres().expect("it was made on this engine");
                    cluster.copy_database(template).await.into()
                }
                None => filled(engine, fill).await,
            },
        }
    }
}

async fn filled(engine: Engine, fill: impl AsyncFnOnce(&Database)) -> Database {
    let database = Database::new(engine).await;
    fill(&database).await;
    database
}

/// The file of an SQLite database.
fn file(database: &Database) -> &Path {
    Path::new(database.url().strip_prefix("sqlite://").expect("the database is a file"))
}

fn read(database: &Database) -> Vec<u8> {
    let file = file(database);
    // The last one to close the file takes the log away. With it a part of the content would be missed.
    assert!(!file.with_extension("db-wal").exists(), "somebody still has {} open", file.display());
    fs::read(file).expect("an SQLite database that was filled is a file")
}

/// Makes a file that only its owner can read, as the product does.
fn write(path: &Path, content: &[u8]) {
    File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(content))
        .unwrap_or_else(|error| panic!("{} cannot be written: {error}", path.display()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Sql, on_both_engines};

    async fn fill(database: &Database) {
        let sql = Sql::connect(database).await.unwrap();
        sql.execute("CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('of all')").await.unwrap();
    }

    on_both_engines! {
        async fn databases_begin_alike_and_are_changed_each_by_itself(engine: Engine) {
            let template = Template::new();
            let (one, other) = tokio::join!(template.database(engine, fill), template.database(engine, fill));
            for database in [one, other, template.database(engine, fill).await] {
                let sql = Sql::connect(&database).await.unwrap();
                sql.execute("INSERT INTO notes VALUES ('of one')").await.unwrap();
                assert_eq!(sql.number("SELECT count(*) FROM notes").await.unwrap(), 2);
            }
        }
    }
}
