//! Refresh tokens, which anybody can try to guess.

use std::net::Ipv4Addr;
use std::time::Duration;

use desk::Rejected;
use desk::identity::RefreshRefusal;
use desk::keys::{OpaqueToken, TokenKind};
use tests::{Engine, Sql, on_both_engines};
use tokio::time::timeout;

use crate::stage::Stage;

/// Far less than anybody waits for the writer.
const AT_ONCE: Duration = Duration::from_secs(2);

on_both_engines! {
    async fn a_guess_does_not_wait_for_those_who_write(engine: Engine) {
        let stage = Stage::new(engine).await;
        let writer = Sql::connect(&stage.database).await.unwrap();
        let stand_still = match engine {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN; LOCK TABLE refresh_tokens IN EXCLUSIVE MODE",
        };
        writer.execute_alone(stand_still).await.unwrap();
        let guess = OpaqueToken::generate(TokenKind::Refresh);
        let outcome = timeout(AT_ONCE, stage.desk.token_refresh(Ipv4Addr::LOCALHOST.into(), guess.reveal())).await;
        let refusal = outcome.expect("a guess waits for the writer").err();
        assert!(matches!(refusal, Some(Rejected::Refused(RefreshRefusal::Invalid))), "{refusal:?}");
    }
}
