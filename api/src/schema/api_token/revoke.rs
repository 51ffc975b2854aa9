//! Ending an API token.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::api_token::ApiTokenRevokeRefusal as Refusal;

use super::ApiToken;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `apiTokenRevoke` takes.
#[derive(InputObject)]
pub(crate) struct ApiTokenRevokeInput {
    /// The global id of the token.
    id: ID,
}

/// What came of `apiTokenRevoke`.
#[derive(SimpleObject)]
pub(crate) struct ApiTokenRevokePayload {
    /// The token as it is now. Null if there is none to revoke.
    api_token: Option<ApiToken>,
    /// Why nothing was revoked. Empty if all went well.
    user_errors: Vec<ApiTokenRevokeError>,
}

user_error! {
    /// Why `apiTokenRevoke` revoked nothing.
    ApiTokenRevokeError,
    /// The reasons of `apiTokenRevoke` to revoke nothing.
    ApiTokenRevokeErrorCode {
        /// This is not the id of an API token.
        InvalidId,
        /// There is no such token, or it is not yours and you do not administer the workspace.
        ApiTokenNotFound,
    }
}

#[derive(Default)]
pub(crate) struct ApiTokenRevoke;

#[Object]
impl ApiTokenRevoke {
    /// Ends an API token of yours or, for administrators, of any agent of the workspace. Requests with it are refused and
    /// its subscriptions end within a second. To revoke a token again changes nothing. Not to be done with an API token.
    async fn api_token_revoke(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The token to end.")] input: ApiTokenRevokeInput,
    ) -> Result<ApiTokenRevokePayload> {
        let view = View::fresh(context).await?;
        let (token, user_errors) = settled(revoke(&view, &input)).await?;
        Ok(ApiTokenRevokePayload { api_token: token.map(|token| ApiToken::new(Arc::new(token), &view)), user_errors })
    }
}

async fn revoke(
    view: &View,
    input: &ApiTokenRevokeInput,
) -> Result<domain::ApiToken, Stop<domain::ApiToken, ApiTokenRevokeError>> {
    let id = id::parse(&input.id)
        .map_err(|invalid| ApiTokenRevokeError::new(ApiTokenRevokeErrorCode::InvalidId, Some("id"), invalid))?;
    let revoked = view.desk().api_token_revoke(view.actor(), id).await;
    revoked.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::ApiToken, ApiTokenRevokeError> {
    let code = match refusal {
        Refusal::NotFound => ApiTokenRevokeErrorCode::ApiTokenNotFound,
    };
    ApiTokenRevokeError::new(code, Some("id"), refusal).into()
}
