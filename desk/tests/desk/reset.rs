//! A password reset ends everything that its agent could act through, also what is just being made.

use desk::api_token::NewApiToken;
use desk::{Error, Rejected};
use domain::ApiScope;
use tests::on_both_engines;

use crate::stage::{EMAIL, Stage};

on_both_engines! {
    async fn no_api_token_is_made_by_a_sign_in_that_a_reset_has_ended(engine: Engine) {
        let stage = Stage::new(engine).await;
        let new = NewApiToken {
            name: "Import".to_owned(),
            scopes: vec![ApiScope::SessionsRead],
            expires_at: None,
            idempotency_key: None,
        };
        stage.desk.api_token_create(&stage.actor, &new).await.map(|_| ()).unwrap();
        // The rights of the actor were looked up before, as for a request that is under way.
        assert_eq!(stage.desk.admin_password_reset(EMAIL, "another password of the admin").await.unwrap(), 1);
        let refusal = stage.desk.api_token_create(&stage.actor, &new).await.map(|_| ()).unwrap_err();
        assert!(matches!(refusal, Rejected::Failed(Error::Unauthenticated)), "{refusal:?}");
    }
}
