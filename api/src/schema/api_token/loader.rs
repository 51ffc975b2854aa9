//! API tokens by their ids.

use desk::Error;
use domain::ApiTokenId;

use crate::loader::{Found, Relation, Source};

/// The API tokens with given ids.
pub(crate) struct ApiTokenById;

impl Relation for ApiTokenById {
    type Key = ApiTokenId;
    type Value = domain::ApiToken;

    async fn load(source: &Source, keys: &[ApiTokenId]) -> Result<Found<Self>, Error> {
        let tokens = source.desk.api_tokens_by_id(&source.actor, keys).await?;
        Ok(tokens.into_iter().map(|token| (token.id, token)).collect())
    }
}
