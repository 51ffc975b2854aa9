//! Customers, as agents see them and as Telegram describes them.

mod acquaintance;
mod addressees;
mod attribute_define;
mod attributes_set;
mod clock;
mod facts;
mod hand_over;
mod list;
mod news;
mod party;
mod profile;
mod reachability;
mod update;

pub use addressees::CustomerKey;
pub use attribute_define::{AttributeDefineRefusal, NewAttributeDefinition};
pub use attributes_set::{AttributesSetRefusal, CustomerPush, CustomerPushRefusal, NewAttributes, Pushed};
pub use clock::CustomerClock;
pub(crate) use clock::time_zone_of;
pub(crate) use facts::{Facts, facts};
pub(crate) use hand_over::hand_over_profile;
pub(crate) use news::tell_of_profile;
pub(crate) use party::{Party, lock};
pub use profile::{CustomerProfile, LabelledAttribute};
pub(crate) use reachability::{Reach, reach, unreachable};
pub use update::{CustomerChange, CustomerUpdateRefusal};

use domain::{AgentId, ApiScope, Customer, CustomerId};

use crate::{Actor, Desk, Error};

impl Desk {
    /// Those of the customers that the actor knows, each as they know them, in no order.
    pub async fn customers_by_id(&self, actor: &Actor, ids: &[CustomerId]) -> Result<Vec<Customer>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        // The connection goes back before rights are asked for, which may take another one.
        let found = self.store.read().await?.customers(&ids).await?;
        let known = self.acquaintances(actor, &found).await?;
        Ok(found.into_iter().filter_map(|customer| Some(known.get(&customer.id)?.shown(customer))).collect())
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
