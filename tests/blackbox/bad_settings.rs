//! A setting that cannot be used ends the start at once, with one line that names it and says what to do.

use std::fs;
use std::net::TcpListener;

use tests::server::{Builder, Finished};
use tests::{Database, Engine, Server, on_both_engines, postgres};

use crate::stage::{BINARY, Desk, Telegram, customer_writes, sandbox, until_written};

const SECRET: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const OTHER_SECRET: &str = "101112131415161718191a1b1c1d1e1f000102030405060708090a0b0c0d0e0f";

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_kind_of_database_is_no_new_empty_file() {
    for url in
        ["mysql://localhost/desk", "switchboard.db", "sqlite:switchboard.db", "", "sqlite://", "sqlite://:memory:"]
    {
        let settings = Server::builder(BINARY).database_url(url);
        let refused = refused(&settings, "SWITCHBOARD_DATABASE_URL").await;
        assert!(refused.stderr().contains("sqlite://"), "it says what can be used: {}", refused.stderr());
        let left = fs::read_dir(settings.directory()).unwrap().count();
        assert_eq!(left, 0, "{url:?} left something behind");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_written_is_named() {
    let settings = Server::builder(BINARY);
    let directory = settings.directory().to_owned();
    fs::write(directory.join("a-file"), "in the way").unwrap();
    fs::create_dir(directory.join("a-directory")).unwrap();
    for place in ["a-file/switchboard.db", "a-directory", "missing/switchboard.db"] {
        let settings = settings.clone().database_url(&format!("sqlite://{place}"));
        let refused = refused(&settings, "SWITCHBOARD_DATABASE_URL").await;
        assert!(refused.stderr().contains(place), "{}", refused.stderr());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_database_is_left_as_it_is() {
    let settings = Server::builder(BINARY).database_url("sqlite://diary.txt");
    let diary = settings.directory().join("diary.txt");
    let words = "Dear diary, this is not a database at all. ".repeat(100);
    fs::write(&diary, &words).unwrap();
    let refused = refused(&settings, "SWITCHBOARD_DATABASE_URL").await;
    assert!(refused.stderr().contains("diary.txt"), "{}", refused.stderr());
    assert_eq!(fs::read_to_string(&diary).unwrap(), words);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_another_process_serves_is_told_from_a_broken_one() {
    let desk = Desk::start(Engine::Sqlite).await;
    let second = Server::builder(BINARY).database(&desk.database);
    let refused = refused(&second, "SWITCHBOARD_DATABASE_URL").await;
    assert!(refused.stderr().contains("in use"), "{}", refused.stderr());
    // The first one does not mind.
    let sandbox = sandbox(&desk.admin).await;
    customer_writes(&desk.admin, &sandbox, 7, "still here").await;
    until_written(&desk.admin, &sandbox, 7, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_that_cannot_be_used_is_named_without_its_password() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let database = postgres::create_database().await.unwrap();
    let elsewhere = database.url_by_way_of(nobody);
    let (scheme_and_user, rest) = database.url().rsplit_once('@').unwrap();
    let (scheme, _) = scheme_and_user.split_once("://").unwrap();
    let wrong_password = format!("{scheme}://postgres:wrong-{SECRET}@{rest}");
    let no_database = format!("{}_missing", database.url());
    for url in [elsewhere.as_str(), &wrong_password, &no_database, "postgres://:::", "postgres://"] {
        if postgres::connect(url).await.is_ok() {
            // A server that trusts everybody takes any password.
            continue;
        }
        let settings = Server::builder(BINARY).database_url(url);
        let refused = refused(&settings, "SWITCHBOARD_DATABASE_URL").await;
        let password = url.split(':').nth(2).and_then(|rest| rest.split('@').next()).unwrap_or_default();
        assert!(password.len() < 8 || !refused.stderr().contains(password), "{}", refused.stderr());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_named_before_anything_is_made() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let settings = Server::builder(BINARY).env("SWITCHBOARD_LISTEN", &address);
    let refused = refused(&settings, "SWITCHBOARD_LISTEN").await;
    assert!(refused.stderr().contains(&address), "{}", refused.stderr());
    assert_eq!(fs::read_dir(settings.directory()).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_out_of_its_range_is_named() {
    for (name, value) in [
        ("SWITCHBOARD_TELEGRAM_BOT_TOKEN", "my-bot"),
        ("SWITCHBOARD_TELEGRAM_BOT_TOKEN", "123456789:too-short"),
        ("SWITCHBOARD_ADMIN_EMAIL", "not an address"),
        ("SWITCHBOARD_ADMIN_PASSWORD", "hunter2"),
        ("SWITCHBOARD_SECRET_KEY", "guess"),
        ("SWITCHBOARD_PREVIOUS_SECRET_KEY", "guess"),
        ("SWITCHBOARD_PUBLIC_URL", "desk.example.com"),
        ("SWITCHBOARD_TELEGRAM_API_URL", "ftp://telegram"),
        ("SWITCHBOARD_LOG", "loud,=,="),
        ("SWITCHBOARD_CONFIG", "missing.toml"),
        ("SWITCHBOARD_ALLOWED_ORIGINS", "not an origin"),
        ("SWITCHBOARD_TRUSTED_PROXIES", "10.0.0.0/8,proxy.example.com"),
    ] {
        let settings = Server::builder(BINARY).env(name, value);
        let refused = refused(&settings, name).await;
        let is_secret = ["TOKEN", "PASSWORD", "SECRET"].iter().any(|kind| name.contains(kind));
        assert!(!is_secret || !refused.stderr().contains(value), "{}", refused.stderr());
    }
    // The flag is named where the parser of the command line finds the mistake.
    for (name, value, flag) in [
        ("SWITCHBOARD_LISTEN", "here", "--listen"),
        ("SWITCHBOARD_LEASE_SECONDS", "0", "--lease-seconds"),
        ("SWITCHBOARD_LOG_FORMAT", "xml", "--log-format"),
        ("SWITCHBOARD_LIMIT_COST", "0", "--limit-cost"),
        ("SWITCHBOARD_RATE_LIMIT_POINTS", "many", "--rate-limit-points"),
    ] {
        refused(&Server::builder(BINARY).env(name, value), flag).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_settings_file_is_read_and_a_name_that_is_none_is_refused() {
    let settings = Server::builder(BINARY).without_env("SWITCHBOARD_ADMIN_EMAIL");
    let file = settings.directory().join("switchboard.toml");
    fs::write(&file, "databse-url = \"sqlite://x.db\"\n").unwrap();
    let refused_name = refused(&settings, "databse-url").await;
    assert!(refused_name.stderr().contains("switchboard.toml"), "{}", refused_name.stderr());
    fs::write(&file, "this is not TOML").unwrap();
    refused(&settings, "switchboard.toml").await;

    fs::write(&file, "admin-email = \"file@desk.test\"\ndatabase-url = \"sqlite://named-in-the-file.db\"\n").unwrap();
    let server = settings.start().await;
    assert!(server.output().find("Admin e-mail: file@desk.test").is_some());
    assert!(settings.directory().join("named-in-the-file.db").exists());
}

on_both_engines! {
    async fn a_secret_that_is_missing_or_another_one_is_not_replaced(engine: Engine) {
        let database = Database::new(engine).await;
        let settings = Server::builder(BINARY).database(&database);
        let mut server = settings.clone().env("SWITCHBOARD_SECRET_KEY", SECRET).start().await;
        assert!(server.terminate().await.success());

        let with_other_secret = settings.clone().env("SWITCHBOARD_SECRET_KEY", OTHER_SECRET);
        let foreign = refused(&with_other_secret, "SWITCHBOARD_SECRET_KEY").await;
        let missing = refused(&settings, "SWITCHBOARD_SECRET_KEY").await;
        assert_ne!(foreign.stderr(), missing.stderr());
        // No new secret was made that would stand in the way of the old one.
        refused(&settings, "SWITCHBOARD_SECRET_KEY").await;

        // A secret can be changed as long as the one before is named.
        let changed = with_other_secret.env("SWITCHBOARD_PREVIOUS_SECRET_KEY", SECRET);
        let mut server = changed.start().await;
        assert!(server.terminate().await.success());
    }

    async fn a_bot_token_that_telegram_refuses_stops_nothing_but_that_bot(engine: Engine) {
        let telegram = Telegram::start().await;
        telegram.api.revoke(&telegram.token().parse().unwrap());
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let told = desk.server.wait_for_log("does not know this bot token").await;
        assert!(!told.contains(telegram.token()));
        let sandbox = sandbox(&desk.admin).await;
        customer_writes(&desk.admin, &sandbox, 7, "business as usual").await;
        until_written(&desk.admin, &sandbox, 7, 1).await;
    }
}

/// A start that is refused at once, with a reason that names the setting.
async fn refused(settings: &Builder, setting: &str) -> Finished {
    let refused = settings.run(["serve"]).await;
    assert!(!refused.status.success(), "the start was not refused");
    assert!(refused.stderr().contains(setting), "{setting} is not named: {}", refused.stderr());
    assert!(!refused.stderr().contains("panicked"), "{}", refused.stderr());
    refused
}
