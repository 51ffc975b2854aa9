//! Customers, as agents see them and as Telegram describes them.

use domain::customer::Profile;
use domain::{AgentId, ApiScope, ChatId, Customer, CustomerId, ProjectId, Time};
use store::Tx;

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

/// The customer that writes, added on their first message and brought up to date on each. A
/// customer who writes can be reached.
pub(crate) async fn take_in(
    tx: &mut Tx,
    project: ProjectId,
    chat: ChatId,
    profile: &Profile,
    now: Time,
) -> Result<Customer, store::Error> {
    let Some(mut customer) = tx.customer_by_telegram_user(project, profile.telegram_user_id).await? else {
        return tx.insert_customer(project, chat, profile, now).await;
    };
    if profile.is_known_of(&customer) && customer.unreachable_since.is_none() {
        return Ok(customer);
    }
    customer.name.clone_from(&profile.name);
    customer.username.clone_from(&profile.username);
    if profile.language_code.is_some() {
        customer.language_code.clone_from(&profile.language_code);
    }
    customer.unreachable_since = None;
    tx.update_customer(&customer).await?;
    Ok(customer)
}
