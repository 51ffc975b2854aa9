//! What is secret cannot be read where the desk keeps it.

use std::fs;
use std::path::Path;

use serde_json::json;
use tests::server::ADMIN_PASSWORD;
use tests::{Database, eventually, on_both_engines, postgres};

use crate::stage::{Desk, PATIENCE, Telegram, errors_of, project_called, reply, until_session};

on_both_engines! {
    async fn tokens_and_passwords_cannot_be_read_in_the_database(engine: Engine) {
        let telegram = Telegram::start().await;
        let mut desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        // A second bot comes through the API.
        let second = "2002:BBHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
        let document = "mutation Create($input: ProjectCreateInput!) {
            projectCreate(input: $input) { userErrors { code } }
        }";
        let data = desk.admin.query(document, json!({ "input": { "name": "Second", "botToken": second } })).await;
        assert_eq!(errors_of(&data["projectCreate"]), [""; 0]);
        let document = "mutation SignIn($input: SignInInput!) { signIn(input: $input) { refreshToken } }";
        let credentials = json!({ "email": tests::server::ADMIN_EMAIL, "password": ADMIN_PASSWORD });
        let data = desk.admin.query(document, json!({ "input": credentials })).await;
        let refresh_token = data["signIn"]["refreshToken"].as_str().unwrap();

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
        for secret in [ADMIN_PASSWORD, refresh_token, &refresh_token[refresh_token.len() / 2..]] {
            assert!(!contains(&kept, secret), "{secret} can be read in the database");
        }

        // With the right secret a new process can open the token again.
        desk.restart().await;
        reply(&desk.admin, &session, "again").await;
        let received = || async { (telegram.received_by(7).len() == 2).then_some(()) };
        eventually(PATIENCE, received).await;
    }
}

/// Everything in the database: the bytes of its files, or the text of its rows. The file of the secret is not in it.
async fn contents(database: &Database) -> Vec<u8> {
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

fn contains(contents: &[u8], words: &str) -> bool {
    contents.windows(words.len()).any(|window| window == words.as_bytes())
}
