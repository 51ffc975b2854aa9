//! Asking for policies, calendars and simulations.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use super::SlaCalendar;
use super::policy::SlaPolicy;
use super::policy_input::SlaPolicyInput;
use super::simulation::{SlaRangeInput, SlaSimulation};
use crate::schema::error::Result;
use crate::schema::id;
use crate::view::View;

#[derive(Default)]
pub(crate) struct SlaQuery;

#[Object]
impl SlaQuery {
    /// What a project promises: its present policy first, then what it was before each change, a hundred at most.
    async fn sla_policies(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the project.")] project_id: ID,
    ) -> Result<Vec<SlaPolicy>> {
        let view = View::of(context).await?;
        let found = view.desk().sla_policies(view.actor(), id::parse(&project_id)?).await?;
        Ok(found.into_iter().map(|row| SlaPolicy::new(row, view)).collect())
    }

    /// The calendars of a project, by name.
    async fn sla_calendars(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the project.")] project_id: ID,
    ) -> Result<Vec<SlaCalendar>> {
        let view = View::of(context).await?;
        let found = view.desk().sla_calendars(view.actor(), id::parse(&project_id)?).await?;
        Ok(found.into_iter().map(|row| SlaCalendar::new(Arc::new(row))).collect())
    }

    /// Goes through what happened to the clocks that started within a range, as if the present policy with a change had
    /// stood all the time. Nothing is changed by it. For supervisors and administrators of the project.
    async fn sla_simulate(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the project.")] project_id: ID,
        #[graphql(desc = "What is to be otherwise than in the present policy.")] policy: SlaPolicyInput,
        #[graphql(desc = "When the clocks started that are looked at.")] range: SlaRangeInput,
    ) -> Result<SlaSimulation> {
        let view = View::of(context).await?;
        let (project, change) = (id::parse(&project_id)?, policy.change()?);
        let range = (range.from.0, range.to.0);
        Ok(view.desk().sla_simulate(view.actor(), project, &change, range).await?.into())
    }
}
