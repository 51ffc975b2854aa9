//! What an operator does from the command line, beside a running desk or without one.

use serde_json::Value;
use tests::server::{ADMIN_PASSWORD, Builder};
use tests::{Client, Database, Server, Sql, eventually, on_both_engines};

use crate::stage::{BINARY, Desk, PATIENCE, customer_writes, message_with_text, sandbox, until_session};

on_both_engines! {
    async fn a_database_is_brought_up_to_date_once(engine: Engine) {
        let database = Database::new(engine).await;
        let settings = Server::builder(BINARY).database(&database);
        let first = settings.run(["migrate"]).await;
        assert!(first.status.success(), "{}", first.stderr());
        assert!(first.stdout().contains("0001"), "{}", first.stdout());
        let second = settings.run(["migrate"]).await;
        assert_eq!(second.stdout(), "The database is up to date.\n");
        refused(&settings, ["admin", "agent-list"], "not set up yet").await;
    }

    async fn agents_are_looked_after_while_the_desk_runs(engine: Engine) {
        let desk = Desk::start(engine).await;
        let ada = desk.add_agent("Ada@Desk.Test", "Sandbox", "supervisor").await;
        let data = ada.query("{ viewer { email } projects(first: 10) { nodes { name role } } }", Value::Null).await;
        assert_eq!(data["viewer"]["email"], "ada@desk.test");
        assert_eq!(data["projects"]["nodes"][0], serde_json::json!({ "name": "Sandbox", "role": "SUPERVISOR" }));

        // A password that nobody chose is made up and printed.
        let reset = desk.settings.run(["admin", "password-reset", "--email", "ada@desk.test"]).await;
        let password = reset.stdout().lines().find_map(|line| line.strip_prefix("Password: ").map(str::to_owned));
        Client::sign_in(desk.server.url(), "ada@desk.test", &password.expect("the password is printed")).await;

        desk.administer(["admin", "agent-deactivate", "--email", "ada@desk.test"]).await;
        let listed = desk.administer(["admin", "agent-list"]).await.stdout();
        assert!(listed.lines().any(|line| line.contains("ada@desk.test") && line.contains("deactivated")), "{listed}");

        let settings = desk.settings.clone().env("SWITCHBOARD_NEW_PASSWORD", ADMIN_PASSWORD);
        refused(&settings, ["admin", "password-reset", "--email", "nobody@desk.test"], "nobody@desk.test").await;
        let twice = ["admin", "agent-create", "--email", "ada@desk.test", "--name", "Ada"];
        refused(&settings, twice, "already").await;
        let nowhere = ["admin", "agent-assign", "--email", "ada@desk.test", "--project", "999", "--role", "agent"];
        refused(&settings, nowhere, "999").await;
        let no_address = ["admin", "agent-create", "--email", "ada", "--name", "Ada"];
        refused(&settings, no_address, "e-mail").await;
        let short = desk.settings.clone().env("SWITCHBOARD_NEW_PASSWORD", "short");
        refused(&short, ["admin", "password-reset", "--email", "ada@desk.test"], "too short").await;
    }

    async fn updates_that_were_set_aside_are_listed_and_tried_again(engine: Engine) {
        let desk = Desk::start(engine).await;
        let list = ["admin", "update-list-failed"];
        assert_eq!(desk.administer(list).await.stdout(), "");
        let sandbox = sandbox(&desk.admin).await;
        customer_writes(&desk.admin, &sandbox, 7, "Hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        // As if the update had met a defect that is mended by now.
        let sql = Sql::connect(&desk.database).await.unwrap();
        sql.execute(
            "DELETE FROM messages; \
             UPDATE tg_inbox SET state = 'POISON', attempts = 5, error = 'a defect'",
        )
        .await
        .unwrap();

        let listed = desk.administer(list).await.stdout();
        assert_eq!(listed.lines().count(), 1, "{listed}");
        assert!(listed.contains("5 tries  a defect") && !listed.contains("Hello"), "{listed}");
        let number = listed.split_whitespace().next().expect("the number comes first");
        refused(&desk.settings, ["admin", "update-retry", "--update", "999"], "update-list-failed").await;
        refused(&desk.settings, ["admin", "update-retry"], "--update").await;
        desk.administer(["admin", "update-retry", "--update", number]).await;
        let written = || async { message_with_text(&desk.admin, &session, "Hello").await };
        eventually(PATIENCE, written).await;
        let all = desk.administer(["admin", "update-retry", "--all"]).await.stdout();
        assert_eq!(all, "0 updates are worked off again.\n");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schema_can_be_printed_without_a_database() {
    let settings = Server::builder(BINARY).database_url("postgres://nobody@127.0.0.1:1/nowhere");
    let printed = settings.run(["schema"]).await;
    assert!(printed.status.success());
    for name in ["messageSend(", "sessionEvents(", "union SessionEvent", "enum MessageSendErrorCode"] {
        assert!(printed.stdout().contains(name), "{name} is missing");
    }
}

/// A command that is refused with these words.
async fn refused<const N: usize>(settings: &Builder, arguments: [&str; N], words: &str) {
    let refused = settings.run(arguments).await;
    assert!(!refused.status.success(), "{arguments:?} was not refused");
    assert!(refused.stderr().contains(words), "{arguments:?}: {}", refused.stderr());
}
