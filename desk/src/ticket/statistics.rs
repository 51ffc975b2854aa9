//! How often something was escalated, how often without need, and how long it took from then on.

use std::collections::BTreeMap;

use domain::escalation::{EscalationRates, OfAgent, Rate};
use domain::statistics::Spread;
use domain::{AgentId, ApiScope, ProjectId, TimeRange, TriggerId};

use crate::{Actor, Desk, Error};

impl Desk {
    /// How many of the sessions of a project that started in a range were escalated, how many escalations there were in it
    /// and how many of them were needless, for those who supervise it.
    pub async fn escalation_statistics(
        &self,
        actor: &Actor,
        project: ProjectId,
        range: TimeRange,
    ) -> Result<EscalationRates, Error> {
        let mut reader = self.numbers(actor, ApiScope::ProjectsRead, project, range).await?;
        let mut rates = EscalationRates {
            share: reader.escalation_share(project, range).await?,
            time_to_resolution: Spread::of(reader.times_after_escalation(project, range).await?),
            ..EscalationRates::default()
        };
        let mut by_agent: BTreeMap<Option<AgentId>, OfAgent> = BTreeMap::new();
        for (agent, share) in reader.escalation_shares_of_agents(project, range).await? {
            by_agent.entry(Some(agent)).or_default().share = share;
        }
        let mut by_trigger: BTreeMap<TriggerId, Rate> = BTreeMap::new();
        for count in reader.escalation_counts(project, range).await? {
            let rate = Rate { escalated: count.escalated, judged: count.judged, unnecessary: count.unnecessary };
            rates.all += rate;
            rates.quick += count.quick;
            by_agent.entry(count.agent_id).or_default().rate += rate;
            if let Some(trigger) = count.trigger_id {
                *by_trigger.entry(trigger).or_default() += rate;
            }
        }
        reader.end().await?;
        rates.by_agent = by_agent.into_iter().collect();
        rates.by_trigger = by_trigger.into_iter().collect();
        Ok(rates)
    }
}
