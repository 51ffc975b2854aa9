//! Asking for policies, calendars and simulations.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use super::SlaCalendar;
use super::policy::SlaPolicy;
use super::policy_input::SlaPolicyInput;
use super::simulation::SlaSimulation;
use crate::schema::connection::Connection;
use crate::schema::cursor::{List, Place};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::page::PageArguments;
use crate::schema::time_range::TimeRangeInput;
use crate::view::View;

#[derive(Default)]
pub(crate) struct SlaQuery;

#[Object]
impl SlaQuery {
    /// What a project promises: its present policy first, then what it was before each change.
    async fn sla_policies(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the project.")] project_id: ID,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<SlaPolicy>> {
        let view = View::of(context).await?;
        let project = id::parse(&project_id)?;
        let list = List::sla_policies_of(project);
        let page = PageArguments { first, after, last, before }.of(context, list, |place| place.id)?;
        let page = view.desk().sla_policies(view.actor(), project, page).await?;
        Ok(Connection::new(list, page, |id| Place { micros: 0, id }, |row| SlaPolicy::new(row, view)))
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
        #[graphql(desc = "When the clocks started that are looked at.")] range: TimeRangeInput,
    ) -> Result<SlaSimulation> {
        let view = View::of(context).await?;
        let (project, change) = (id::parse(&project_id)?, policy.change()?);
        Ok(view.desk().sla_simulate(view.actor(), project, &change, range.range()?).await?.into())
    }
}
