//! Whoever changes somebody's rights changes the version of all rights with them.

use domain::{ApiScope, Role};
use store::api_tokens::NewApiToken;
use store::rights::RIGHTS_VERSION_FACT;
use store::{Store, Tx};
use tests::postgres;
use tests::{Database, Engine, on_both_engines};

use crate::fixture::{Fixture, at};

async fn version(store: &Store) -> String {
    store.read().await.unwrap().meta(RIGHTS_VERSION_FACT).await.unwrap().expect("the version is there from the start")
}

/// Runs SQL beside the desk, as an operator might.
async fn run(database: &Database, sql: &str) {
    match database.engine() {
        Engine::Sqlite => {
            let path = database.url().strip_prefix("sqlite://").unwrap();
            let mut conn = <diesel::SqliteConnection as diesel::Connection>::establish(path).unwrap();
            diesel::connection::SimpleConnection::batch_execute(&mut conn, sql).unwrap();
        }
        Engine::Postgres => postgres::connect(database.url()).await.unwrap().batch_execute(sql).await.unwrap(),
    }
}

on_both_engines! {
    async fn every_change_of_rights_shows_in_the_version_and_nothing_else_does(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let ada = fixture.agent("ada@example.org").await;
        let project = fixture.project.id;
        let mut tx = fixture.begin().await.unwrap();
        let family = tx.insert_token_family(ada, at(0), at(100)).await.unwrap();
        let new = NewApiToken {
            hash: "hash".to_owned(),
            agent_id: ada,
            name: "Import".to_owned(),
            scopes: vec![ApiScope::SessionsRead],
            expires_at: None,
            created_at: at(0),
        };
        let token = tx.insert_api_token(&new).await.unwrap().id;
        tx.commit().await.unwrap();

        let mut known = version(&fixture).await;
        macro_rules! committed {
            ($tx:ident => $change:expr) => {{
                let mut $tx: Tx = fixture.begin().await.unwrap();
                $change.await.unwrap();
                $tx.commit().await.unwrap();
                let before = std::mem::replace(&mut known, version(&fixture).await);
                before != known
            }};
        }
        assert!(committed!(tx => tx.set_membership(project, ada, Role::Agent)));
        assert!(committed!(tx => tx.set_membership(project, ada, Role::Supervisor)));
        assert!(committed!(tx => tx.remove_membership(project, ada)));
        assert!(committed!(tx => tx.set_agent_active(ada, false)));
        assert!(committed!(tx => tx.revoke_token_family(family, at(1))));
        assert!(committed!(tx => tx.purge_token_families(at(1000))));
        assert!(committed!(tx => tx.revoke_api_token(token, at(1))));
        // Each of these is written all the time.
        assert!(!committed!(tx => tx.insert_token_family(ada, at(0), at(100))));
        assert!(!committed!(tx => tx.note_api_token_use(token, at(2), at(1))));
        assert!(!committed!(tx => tx.set_password(ada, "another hash")));
        assert!(!committed!(tx => tx.revoke_token_family(family, at(1))));

        for sql in [
            "UPDATE agents SET workspace_role = 'ADMIN'",
            "UPDATE token_families SET expires_at = 1",
            "UPDATE api_tokens SET scopes = 'PROJECTS_READ'",
            "DELETE FROM token_families",
            "DELETE FROM api_tokens",
            "DELETE FROM agents",
        ] {
            run(&fixture.database, sql).await;
            let before = std::mem::replace(&mut known, version(&fixture).await);
            assert_ne!(before, known, "{sql}");
        }
    }

    async fn the_version_becomes_visible_with_the_change(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let ada = fixture.agent("ada@example.org").await;
        let before = version(&fixture).await;
        let mut tx = fixture.begin().await.unwrap();
        tx.set_agent_active(ada, false).await.unwrap();
        assert_eq!(version(&fixture).await, before);
        drop(tx);
        assert_eq!(version(&fixture).await, before, "what is undone has changed nothing");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_changes_rights_on_postgres_does_not_wait_for_another_until_the_end() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let fixture = Fixture::new(Engine::Postgres).await;
    let (ada, bob) = (fixture.agent("ada@example.org").await, fixture.agent("bob@example.org").await);
    let (mut one, mut other) = (fixture.begin().await.unwrap(), fixture.begin().await.unwrap());
    one.set_agent_active(ada, false).await.unwrap();
    // Were the version locked by now, these two would wait for each other in a circle.
    other.set_agent_active(bob, false).await.unwrap();
    other.commit().await.unwrap();
    one.set_agent_active(bob, true).await.unwrap();
    one.commit().await.unwrap();
}
