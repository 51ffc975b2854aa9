//! Reading API tokens.

use domain::{ApiToken, ApiTokenId};
use store::api_tokens::Owners;

use crate::{Actor, Connection, Desk, Error, PageRequest};

/// Whose API tokens are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiTokenOwners {
    /// The actor's own.
    Own,
    /// Those of every agent of the workspace, which its administrators may see.
    Workspace,
}

impl ApiTokenOwners {
    fn of(self, actor: &Actor) -> Result<Owners, Error> {
        actor.needs_sign_in()?;
        match self {
            Self::Own => Ok(Owners::Agent(actor.agent.id)),
            Self::Workspace if actor.is_workspace_admin() => Ok(Owners::Workspace(actor.agent.workspace_id)),
            Self::Workspace => Err(Error::Forbidden),
        }
    }
}

impl Desk {
    /// A page of API tokens, newest first, revoked ones included.
    pub async fn api_tokens(
        &self,
        actor: &Actor,
        owners: ApiTokenOwners,
        request: PageRequest<ApiTokenId>,
    ) -> Result<Connection<ApiToken, ApiTokenId>, Error> {
        let owners = owners.of(actor)?;
        let page = request.page()?;
        let mut reader = request.reader(&self.store).await?;
        let rows = reader.api_token_page(owners, page).await?;
        let total = request.total(reader.api_token_count(owners)).await?;
        reader.end().await?;
        Ok(Connection::new(page, rows, total, |token| token.id))
    }

    /// Those of the API tokens that the actor may see, in no order.
    pub async fn api_tokens_by_id(&self, actor: &Actor, ids: &[ApiTokenId]) -> Result<Vec<ApiToken>, Error> {
        actor.needs_sign_in()?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let mut reader = self.store.read().await?;
        let mut tokens = reader.api_tokens(&ids).await?;
        if !actor.is_workspace_admin() {
            tokens.retain(|token| token.agent_id == actor.agent.id);
            return Ok(tokens);
        }
        let makers: Vec<i64> = tokens.iter().map(|token| token.agent_id.0).collect();
        let makers = reader.agents(&makers).await?;
        let is_colleague = |token: &ApiToken| {
            makers.iter().any(|agent| agent.id == token.agent_id && agent.workspace_id == actor.agent.workspace_id)
        };
        tokens.retain(is_colleague);
        Ok(tokens)
    }
}
