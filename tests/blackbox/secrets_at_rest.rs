//! What is secret cannot be read where the desk keeps it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::json;
use tests::server::ADMIN_PASSWORD;
use tests::{Database, Server, eventually, on_both_engines, postgres};

use crate::stage::{BINARY, Desk, PATIENCE, Telegram, errors_of, project_called, reply, until_session};

on_both_engines! {
    async fn tokens_and_passwords_cannot_be_read_in_the_database(engine: Engine) {
        let telegram = Telegram::start().await;
        let mut desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        // A second bot comes through the API.
        let second = "2002:BBHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
        let document = "mutation Create($input: ProjectCreateInput!) {
            projectCreate(input: $input) { userErrors { code } }
        }";
        let input = json!({ "name": "Second", "botToken": second, "idempotencyKey": "key-1" });
        let data = desk.admin.query(document, json!({ "input": input })).await;
        assert_eq!(errors_of(&data["projectCreate"]), [""; 0]);
        let document = "mutation SignIn($input: SignInInput!) { signIn(input: $input) { refreshToken } }";
        let credentials = json!({ "email": tests::server::ADMIN_EMAIL, "password": ADMIN_PASSWORD });
        let data = desk.admin.query(document, json!({ "input": credentials })).await;
        let refresh_token = data["signIn"]["refreshToken"].as_str().unwrap();
        let document = "mutation Create($input: ApiTokenCreateInput!) { apiTokenCreate(input: $input) { secret } }";
        let data = desk.admin.query(document, json!({ "input": { "name": "Import", "scopes": ["SESSIONS_READ"] } })).await;
        let api_token = data["apiTokenCreate"]["secret"].as_str().unwrap();

        // The bot works, so the desk does have its token.
        let project = project_called(&desk.admin, "Telegram").await;
        telegram.customer_writes(7, "words that are kept as they are").await;
        let session = until_session(&desk.admin, &project, 7).await;
        reply(&desk.admin, &session, "hello").await;
        telegram.until_received(7, 1).await;

        let kept = contents(&desk.database).await;
        assert!(contains(&kept, "words that are kept as they are"), "the search finds what is there");
        for token in [telegram.token(), second] {
            let (_, secret) = token.split_once(':').unwrap();
            assert!(!contains(&kept, secret), "a bot token can be read in the database");
        }
        let halves = [&refresh_token[refresh_token.len() / 2..], &api_token[api_token.len() / 2..]];
        for secret in [ADMIN_PASSWORD, refresh_token, api_token].into_iter().chain(halves) {
            assert!(!contains(&kept, secret), "{secret} can be read in the database");
        }

        // With the right secret a new process can open the token again.
        desk.restart().await;
        reply(&desk.admin, &session, "again").await;
        let received = || async { (telegram.received_by(7).len() == 2).then_some(()) };
        eventually(PATIENCE, received).await;
    }
}

const FILE_OF_SECRETS: [(&str, &str); 5] = [
    ("database-url", "postgres://desk:pass-in-the-url@127.0.0.1:1/desk"),
    ("telegram-bot-token", "123456789:AAFakeTokenInTheSettingsFile0000000"),
    ("admin-password", "a password in the settings file"),
    ("secret-key", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
    ("previous-secret-key", "101112131415161718191a1b1c1d1e1f000102030405060708090a0b0c0d0e0f"),
];

#[tokio::test(flavor = "multi_thread")]
async fn help_shows_no_secret_of_the_settings_file() {
    let settings = Server::builder(BINARY);
    let lines = FILE_OF_SECRETS.map(|(name, value)| format!("{name} = {value:?}\n"));
    fs::write(settings.directory().join("switchboard.toml"), lines.concat() + "drain-seconds = 77\n").unwrap();
    let helps = [
        settings.run(["--help"]).await,
        settings.run(["-h"]).await,
        settings.run(["help"]).await,
        settings.run(["help", "admin", "agent-create"]).await,
        settings.run(["serve", "--help"]).await,
        settings.run(["api", "--help"]).await,
        settings.run(["bot", "--help"]).await,
        settings.run(["migrate", "--help"]).await,
        settings.run(["schema", "--help"]).await,
        settings.run(["admin", "--help"]).await,
        settings.run(["admin", "password-reset", "--help"]).await,
        settings.run(["admin", "agent-create"]).await,
    ];
    assert!(helps[0].stdout().contains("[default: 77]"), "the file is read: {}", helps[0].stdout());
    for help in helps {
        let text = help.stdout() + &help.stderr();
        for (name, value) in FILE_OF_SECRETS {
            assert!(!text.contains(value), "{name} is shown: {text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_settings_file_that_shows_secrets_to_others_is_complained_of() {
    const COMPLAINT: &str = "other users can read this settings file";
    let settings = Server::builder(BINARY);
    let file = settings.directory().join("switchboard.toml");
    for (line, mode, is_complained_of) in [
        ("admin-password = 'correct horse battery'", 0o644, true),
        ("admin-password = 'correct horse battery'", 0o600, false),
        ("drain-seconds = 5", 0o644, false),
    ] {
        fs::write(&file, line).unwrap();
        fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        let said = settings.run(["migrate"]).await.stderr();
        assert_eq!(said.contains(COMPLAINT), is_complained_of, "{line} {mode:o}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_beside_sqlite_is_for_its_owner_only() {
    // Not on a database that the harness has made.
    let settings = Server::builder(BINARY);
    let _server = settings.start().await;
    assert!(settings.directory().join("switchboard.db").exists());
    for file in fs::read_dir(settings.directory()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", file.path());
    }
}

/// Everything in the database: the bytes of its files, or the text of its rows. The file of the secret is not in it.
pub async fn contents(database: &Database) -> Vec<u8> {
    match database.url().strip_prefix("sqlite://") {
        Some(path) => {
            let directory = Path::new(path).parent().expect("a file is in a directory");
            let files = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
            let files = files.filter(|path| path.extension().is_none_or(|extension| extension != "key"));
            files.flat_map(|path| fs::read(path).unwrap()).collect()
        }
        None => rows(database.url()).await.into_bytes(),
    }
}

async fn rows(url: &str) -> String {
    let client = postgres::connect(url).await.unwrap();
    let tables = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'";
    let mut text = String::new();
    for table in client.query(tables, &[]).await.unwrap() {
        let table: String = table.get(0);
        let rows = client.query(&format!("SELECT t::text FROM \"{table}\" t"), &[]).await.unwrap();
        text.extend(rows.iter().map(|row| row.get::<_, String>(0)));
    }
    text
}

pub fn contains(contents: &[u8], words: &str) -> bool {
    contents.windows(words.len()).any(|window| window == words.as_bytes())
}
