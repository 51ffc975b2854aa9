//! What can go wrong when a database is opened, and what is said then.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use store::{OpenError, Sharing, Store};
use tests::{Database, Engine, on_both_engines};

/// The refusal and its text.
async fn refusal(url: &str) -> (OpenError, String) {
    let Err(error) = Store::open(url, Sharing::Exclusive).await else { panic!("{url} was opened") };
    let text = error.to_string();
    (error, text)
}

fn sqlite(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_scheme_is_refused_and_no_file_is_made() {
    for url in ["mysql://localhost/desk", "switchboard.db", "", "sqlite:switchboard.db", "://"] {
        let (error, text) = refusal(url).await;
        assert!(matches!(error, OpenError::UnknownScheme), "{url}: {text}");
        assert!(text.contains("sqlite://path/to/file.db"), "{text}");
    }
    assert!(!Path::new("switchboard.db").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_needs_a_path() {
    for url in ["sqlite://", "sqlite://?mode=ro", "sqlite://:memory:"] {
        let (error, text) = refusal(url).await;
        assert!(matches!(error, OpenError::NoPath), "{url}: {text}");
        assert!(text.contains("names no file"), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_says_why_a_file_cannot_be_opened() {
    let directory = tempfile::tempdir().unwrap();
    let missing = directory.path().join("missing").join("desk.db");
    for (path, reason) in [
        (missing.as_path(), "No such file or directory"),
        (directory.path(), "is a directory"),
        // Nobody, not even root, makes a file here.
        (Path::new("/proc/desk.db"), "No such file or directory"),
    ] {
        for sharing in [Sharing::Exclusive, Sharing::Shared] {
            let Err(error) = Store::open(&sqlite(path), sharing).await else { panic!("{path:?} was opened") };
            let text = error.to_string();
            assert!(matches!(error, OpenError::Unwritable { .. }), "{text}");
            assert!(text.contains(path.to_str().unwrap()) && text.contains("check that the folder exists"), "{text}");
            // SQLite alone would not say more than that it could not.
            assert!(sharing == Sharing::Shared || text.contains(reason), "{text}");
        }
    }
    let left = std::fs::read_dir(directory.path()).unwrap().count();
    assert_eq!(left, 0, "nothing is left behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_leaves_a_file_alone_that_is_something_else() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("letter.txt");
    let content = "Dear Sir or Madam, ".repeat(100);
    std::fs::write(&path, &content).unwrap();
    let (error, text) = refusal(&sqlite(&path)).await;
    assert!(matches!(error, OpenError::NotADatabase { .. }), "{text}");
    assert!(text.contains("letter.txt is not an SQLite database"), "{text}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), content);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_serves_an_sqlite_file_and_short_commands_work_beside_it() {
    let database = Database::new(Engine::Sqlite).await;
    let (serving, _) = Store::open(database.url(), Sharing::Exclusive).await.unwrap();
    let (error, text) = refusal(database.url()).await;
    assert!(matches!(error, OpenError::InUse { .. }), "{text}");
    assert!(text.contains("switchboard.db is in use by another switchboard process"), "{text}");

    let (beside, _) = Store::open(database.url(), Sharing::Shared).await.unwrap();
    let mut tx = beside.begin().await.unwrap();
    tx.set_meta("key", "from beside").await.unwrap();
    tx.commit().await.unwrap();
    let read = serving.read().await.unwrap().meta("key").await.unwrap();
    assert_eq!(read.as_deref(), Some("from beside"));

    let clone = serving.clone();
    drop(serving);
    assert!(matches!(refusal(database.url()).await.0, OpenError::InUse { .. }), "a clone still serves it");
    drop(clone);
    Store::open(database.url(), Sharing::Exclusive).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_says_that_it_cannot_be_reached() {
    let (error, text) = refusal("postgres://user:secret@127.0.0.1:1/desk").await;
    assert!(matches!(error, OpenError::Unreachable(_)), "{text}");
    assert!(text.contains("Connection refused") && text.contains("check that the server runs"), "{text}");
    assert!(!text.contains("secret"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_url_is_refused() {
    for url in
        ["postgres://host:port/desk", "postgresql://host/desk?sslmode=perhaps", "postgres://host/desk?nonsense=1"]
    {
        let (error, text) = refusal(url).await;
        assert!(matches!(error, OpenError::Malformed(_)), "{text}");
        assert!(text.contains("write it as postgres://user:password@host:port/database"), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_says_what_it_does_not_like() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let database = Database::new(Engine::Postgres).await;
    let (server, name) = database.url().rsplit_once('/').unwrap();
    let (error, text) = refusal(&format!("{server}/nowhere")).await;
    assert!(matches!(error, OpenError::Unreachable(_)), "{text}");
    assert!(text.contains("database \"nowhere\" does not exist"), "{text}");

    let host = server.rsplit_once('@').unwrap().1;
    let (error, text) = refusal(&format!("postgres://nobody:secret@{host}/{name}")).await;
    assert!(matches!(error, OpenError::Unreachable(_)), "{text}");
    assert!(text.contains("nobody") && !text.contains("secret"), "{text}");

    let (error, text) = refusal(&format!("{}?sslmode=require", database.url())).await;
    assert!(matches!(error, OpenError::Unreachable(_)), "{text}");
    assert!(text.contains("server does not support TLS"), "{text}");
}

on_both_engines! {
    async fn what_is_open_says_what_it_is(engine: Engine) {
        let database = Database::new(engine).await;
        let (store, _) = Store::open(database.url(), Sharing::Exclusive).await.unwrap();
        assert_eq!(store.is_shared(), engine == Engine::Postgres);
        let micros = store.read().await.unwrap().now_micros().await.unwrap();
        // The present is somewhere in this century.
        assert!((1_700_000_000_000_000..4_000_000_000_000_000).contains(&micros), "{micros}");
    }
}

/// The names of the files in a directory that others than their owner can do something with.
fn exposed(directory: &Path) -> Vec<String> {
    let files = std::fs::read_dir(directory).unwrap().map(|file| file.unwrap());
    let exposed = files.filter(|file| file.metadata().unwrap().permissions().mode() & 0o077 != 0);
    exposed.map(|file| file.file_name().into_string().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_of_sqlite_are_for_their_owner_only() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("desk.db");
    let (store, _) = Store::open(&sqlite(&path), Sharing::Exclusive).await.unwrap();
    store.begin().await.unwrap().commit().await.unwrap();
    assert!(std::fs::read_dir(directory.path()).unwrap().count() >= 4, "the file, its log, its index and the lock");
    assert_eq!(exposed(directory.path()), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_sqlite_that_others_can_read_are_closed_to_them() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("desk.db");
    // Of whoever had it before, who did not end well.
    let former = rusqlite::Connection::open(&path).unwrap();
    former.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (x); INSERT INTO t VALUES (1)").unwrap();
    for name in ["desk.db", "desk.db-wal", "desk.db-shm"] {
        std::fs::set_permissions(directory.path().join(name), Permissions::from_mode(0o644)).unwrap();
    }
    let (_store, _) = Store::open(&sqlite(&path), Sharing::Exclusive).await.unwrap();
    assert_eq!(exposed(directory.path()), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_database_keeps_its_mode() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("diary.txt");
    std::fs::write(&path, "Dear diary, this is not a database at all. ".repeat(100)).unwrap();
    std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    refusal(&sqlite(&path)).await;
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o644);
}
