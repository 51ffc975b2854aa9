//! API tokens come back as they were kept, by whom they may be found.

use domain::filter::Page;
use domain::{AgentId, ApiScope, ApiTokenId};
use store::api_tokens::{NewApiToken, Owners};
use tests::on_both_engines;

use crate::fixture::{Fixture, at};

fn new(agent_id: AgentId, hash: &str) -> NewApiToken {
    NewApiToken {
        hash: hash.to_owned(),
        agent_id,
        name: "Import".to_owned(),
        scopes: vec![ApiScope::ProjectsRead, ApiScope::MessagesSend],
        expires_at: Some(at(100)),
        created_at: at(0),
    }
}

fn first(size: usize) -> Page<ApiTokenId> {
    Page { after: None, before: None, size, from_end: false }
}

on_both_engines! {
    async fn an_api_token_comes_back_as_it_was(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let ada = fixture.agent("ada@example.org").await;
        let mut tx = fixture.begin().await.unwrap();
        let mut token = tx.insert_api_token(&new(ada, "one")).await.unwrap();
        assert_eq!((token.agent_id, token.name.as_str()), (ada, "Import"));
        assert_eq!(token.scopes, [ApiScope::ProjectsRead, ApiScope::MessagesSend]);
        assert_eq!((token.expires_at, token.created_at), (Some(at(100)), at(0)));
        assert_eq!((token.last_used_at, token.revoked_at), (None, None));
        assert_eq!(tx.api_token_by_hash("one").await.unwrap(), Some(token.id));
        assert_eq!(tx.api_token_by_hash("two").await.unwrap(), None);

        // A use is noted unless a later one than asked for is.
        tx.note_api_token_use(token.id, at(60), at(0)).await.unwrap();
        tx.note_api_token_use(token.id, at(61), at(1)).await.unwrap();
        token.last_used_at = Some(at(60));
        assert_eq!(tx.api_tokens(&[token.id.0]).await.unwrap(), std::slice::from_ref(&token));
        tx.note_api_token_use(token.id, at(120), at(60)).await.unwrap();
        token.last_used_at = Some(at(120));

        // The first revocation stands.
        tx.revoke_api_token(token.id, at(7)).await.unwrap();
        tx.revoke_api_token(token.id, at(8)).await.unwrap();
        tx.revoke_api_tokens_of_agent(ada, at(9)).await.unwrap();
        token.revoked_at = Some(at(7));
        assert_eq!(tx.api_tokens(&[token.id.0]).await.unwrap(), std::slice::from_ref(&token));

        tx.set_api_token_hash(token.id, "two").await.unwrap();
        assert_eq!(tx.api_token_by_hash("two").await.unwrap(), Some(token.id));
        assert_eq!(tx.api_token_by_hash("one").await.unwrap(), None);
        assert!(matches!(tx.insert_api_token(&new(ada, "two")).await, Err(store::Error::Taken(_))));
    }

    async fn api_tokens_are_listed_newest_first_for_an_agent_or_a_workspace(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let (ada, bob) = (fixture.agent("ada@example.org").await, fixture.agent("bob@example.org").await);
        let mut tx = fixture.begin().await.unwrap();
        let mut ids = Vec::new();
        for (number, agent) in [ada, bob, ada, ada].into_iter().enumerate() {
            ids.push(tx.insert_api_token(&new(agent, &number.to_string())).await.unwrap().id);
        }
        let (of_ada, of_all) = (Owners::Agent(ada), Owners::Workspace(fixture.workspace));
        let listed = |tokens: Vec<domain::ApiToken>| tokens.into_iter().map(|token| token.id).collect::<Vec<_>>();
        assert_eq!(listed(tx.api_token_page(of_ada, first(5)).await.unwrap()), [ids[3], ids[2], ids[0]]);
        assert_eq!(listed(tx.api_token_page(of_all, first(5)).await.unwrap()), [ids[3], ids[2], ids[1], ids[0]]);
        let between = Page { after: Some(ids[3]), before: Some(ids[0]), size: 5, from_end: true };
        assert_eq!(listed(tx.api_token_page(of_all, between).await.unwrap()), [ids[1], ids[2]]);
        assert_eq!(listed(tx.api_token_page(of_all, first(1)).await.unwrap()), [ids[3]]);
        assert_eq!(tx.api_token_count(of_ada).await.unwrap(), 3);
        assert_eq!(tx.api_token_count(of_all).await.unwrap(), 4);
        let other = tx.insert_workspace("Other", at(0)).await.unwrap();
        assert_eq!(tx.api_token_count(Owners::Workspace(other)).await.unwrap(), 0);

        assert_eq!(tx.live_api_token_count(ada, at(99)).await.unwrap(), 3);
        assert_eq!(tx.live_api_token_count(ada, at(100)).await.unwrap(), 0);
        tx.revoke_api_token(ids[0], at(1)).await.unwrap();
        assert_eq!(tx.live_api_token_count(ada, at(99)).await.unwrap(), 2);
    }
}
