//! How often escalations were needless.

use std::collections::BTreeMap;

use domain::escalation::{EscalationRates, Rate};
use domain::{AgentId, ApiScope, ProjectId, Role, Time, TriggerId};

use crate::{Actor, Desk, Error};

impl Desk {
    /// How many escalations of a project there were from one time until another and how many of them were needless, for
    /// those who supervise it.
    pub async fn escalation_statistics(
        &self,
        actor: &Actor,
        project: ProjectId,
        from: Time,
        to: Time,
    ) -> Result<EscalationRates, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        match self.role_in(actor, project).await? {
            None => return Err(Error::NotFound("project")),
            Some(role) if role < Role::Supervisor => return Err(Error::Forbidden),
            Some(_) => {}
        }
        let counts = self.store.read().await?.escalation_counts(project, from, to).await?;
        let mut rates = EscalationRates::default();
        let mut by_agent: BTreeMap<Option<AgentId>, Rate> = BTreeMap::new();
        let mut by_trigger: BTreeMap<TriggerId, Rate> = BTreeMap::new();
        for count in counts {
            let rate = Rate { escalated: count.escalated, unnecessary: count.unnecessary };
            rates.all += rate;
            rates.quick += count.quick;
            *by_agent.entry(count.agent_id).or_default() += rate;
            if let Some(trigger) = count.trigger_id {
                *by_trigger.entry(trigger).or_default() += rate;
            }
        }
        rates.by_agent = by_agent.into_iter().collect();
        rates.by_trigger = by_trigger.into_iter().collect();
        Ok(rates)
    }
}
