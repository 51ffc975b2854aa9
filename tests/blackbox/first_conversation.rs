//! A newcomer starts the product without any setting and has a first conversation.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Client, Database, Engine, Role, Server, on_both_engines};

use crate::stage::{
    BINARY, Desk, Reader, customer_writes, messages, reply, sandbox, sessions, until_session, until_settled,
    until_written,
};

on_both_engines! {
    async fn a_newcomer_talks_to_a_customer_and_finds_everything_again_after_a_restart(engine: Engine) {
        let database = Database::new(engine).await;
        let no_settings = Server::builder(BINARY).without_rate_limit()
            .without_env("SWITCHBOARD_ADMIN_EMAIL")
            .without_env("SWITCHBOARD_ADMIN_PASSWORD");
        let settings = match engine {
            Engine::Sqlite => no_settings,
            Engine::Postgres => no_settings.database(&database),
        };
        let mut server = settings.start().await;

        // The first start says how to get in.
        assert!(server.url().starts_with("http://127.0.0.1:"));
        assert_eq!(printed_after(&server, "Admin e-mail: "), "admin@localhost");
        let password = printed_after(&server, "One-time password: ");
        let client = Client::sign_in(server.url(), "admin@localhost", &password).await;

        // The secret is nobody else's to read.
        let secret = fs::metadata(settings.directory().join("switchboard.key")).unwrap();
        assert_eq!(secret.permissions().mode() & 0o777, 0o600);

        // A simulated customer writes, and it shows at once.
        let sandbox = sandbox(&client).await;
        let mut reader = Reader::from_now(&client, &sandbox).await;
        customer_writes(&client, &sandbox, 7, "Where is my parcel?").await;
        let opened = reader.next().await;
        assert_eq!((&opened["__typename"], &opened["session"]["status"]), (&"SessionOpened".into(), &"UNREAD".into()));
        let added = reader.next().await;
        assert_eq!(added["__typename"], "MessageAdded");
        assert_eq!(added["message"]["text"], "Where is my parcel?");
        assert_eq!(added["message"]["direction"], "INBOUND");
        assert_eq!(added["message"]["session"]["id"], opened["session"]["id"]);
        let before_answer = reader.cursor().to_owned();

        // The answer is queued, and then sent.
        let session = opened["session"]["id"].as_str().unwrap();
        let answer = reply(&client, session, "On its way: it arrives today.").await;
        assert_eq!(answer["delivery"]["state"], "QUEUED");
        let added = reader.next().await;
        assert_eq!((&added["__typename"], &added["message"]["id"]), (&"MessageAdded".into(), &answer["id"]));
        let updated = reader.next().await;
        let taken_up = (&"SessionUpdated".into(), &"PROCESSING".into());
        assert_eq!((&updated["__typename"], &updated["session"]["status"]), taken_up);
        let updated = reader.next().await;
        assert_eq!((&updated["__typename"], &updated["message"]["id"]), (&"MessageUpdated".into(), &answer["id"]));
        assert_eq!(updated["message"]["delivery"]["state"], "SENT");

        // After a restart everything is still there, and the events go on where they were.
        let everything = contents(&client, &sandbox).await;
        assert!(server.terminate().await.success());
        let printed_before = server.output().len();
        server.restart().await;
        assert_eq!(server.output().find_after(printed_before, "One-time password"), None);
        let client = Client::sign_in(server.url(), "admin@localhost", &password).await;
        assert_eq!(contents(&client, &sandbox).await, everything);

        let mut reader = Reader::after(&client, &sandbox, &before_answer).await;
        for missed in ["MessageAdded", "SessionUpdated", "MessageUpdated"] {
            assert_eq!(reader.next().await["__typename"], missed);
        }
        customer_writes(&client, &sandbox, 7, "Thank you!").await;
        assert_eq!(reader.next().await["message"]["text"], "Thank you!");
        server.assert_never_printed("parcel");
    }

    async fn api_and_bot_run_as_two_processes_on_postgres_only(engine: Engine) {
        let database = Database::new(engine).await;
        let settings = Server::builder(BINARY).without_rate_limit().database(&database);
        if engine == Engine::Sqlite {
            for role in ["api", "bot"] {
                let refused = settings.run([role]).await;
                assert!(!refused.status.success());
                assert!(refused.stderr().contains("SWITCHBOARD_DATABASE_URL"), "{}", refused.stderr());
            }
            return;
        }
        let api = settings.clone().role(Role::Api).start().await;
        let bot = settings.role(Role::Bot).start().await;
        let client = Client::sign_in(api.url(), ADMIN_EMAIL, ADMIN_PASSWORD).await;
        let sandbox = sandbox(&client).await;

        customer_writes(&client, &sandbox, 7, "Hello?").await;
        let session = until_session(&client, &sandbox, 7).await;
        reply(&client, &session, "Hello!").await;
        assert_eq!(until_settled(&client, &session, "Hello!").await["delivery"]["state"], "SENT");

        for mut process in [api, bot] {
            assert!(process.terminate().await.success());
        }
    }

    async fn a_message_that_was_taken_survives_a_kill_at_once(engine: Engine) {
        let mut desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let said = ["one", "two", "three"];
        for text in said {
            customer_writes(&desk.admin, &sandbox, 7, text).await;
            desk.server.kill();
            desk.restart().await;
        }
        assert_eq!(until_written(&desk.admin, &sandbox, 7, said.len()).await, said);
    }
}

/// What stands in a line after these words.
fn printed_after(server: &Server, words: &str) -> String {
    let line = server.output().find(words).unwrap_or_else(|| panic!("nothing about {words:?} was printed"));
    line.split_once(words).map(|(_, rest)| rest.trim().to_owned()).unwrap_or_default()
}

/// Every session of a project with every message.
async fn contents(client: &Client, project: &str) -> Vec<(Value, Vec<Value>)> {
    let mut contents = Vec::new();
    for session in sessions(client, project).await {
        let messages = messages(client, session["id"].as_str().unwrap()).await;
        contents.push((session, messages));
    }
    contents
}
