//! Customers, as agents see them and as Telegram describes them.

mod party;
mod reachability;

pub(crate) use party::{Party, lock};
pub(crate) use reachability::{Reach, reach, unreachable};

use domain::{AgentId, ApiScope, Customer, CustomerId};

use crate::{Actor, Desk, Error};

impl Desk {
    /// Those of the customers that the actor may see, in no order.
    pub async fn customers_by_id(&self, actor: &Actor, ids: &[CustomerId]) -> Result<Vec<Customer>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        // The connection goes back before rights are asked for, which may take another one.
        let found = self.store.read().await?.customers(&ids).await?;
        let mut visible = Vec::with_capacity(found.len());
        for customer in found {
            if self.role_in(actor, customer.project_id).await?.is_some() {
                visible.push(customer);
            }
        }
        Ok(visible)
    }

    /// Those of the agents that the actor may see, in no order: the colleagues in the same
    /// workspace.
    pub async fn agents_by_id(&self, actor: &Actor, ids: &[AgentId]) -> Result<Vec<domain::Agent>, Error> {
        actor.needs(ApiScope::AgentsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let mut agents = self.store.read().await?.agents(&ids).await?;
        agents.retain(|agent| agent.workspace_id == actor.agent.workspace_id);
        Ok(agents)
    }
}
