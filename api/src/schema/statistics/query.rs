//! Asking for numbers.

use async_graphql::{Context, ID, Object};
use desk::statistics::StatisticsOf;
use domain::ProjectId;

use super::object::Statistics;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::time_range::TimeRangeInput;
use crate::view::View;

#[derive(Default)]
pub(crate) struct StatisticsQuery;

#[Object]
impl StatisticsQuery {
    /// The numbers of a project in a range of time in which at most 500,000 sessions started, of all or of a team or an agent.
    /// For supervisors and administrators of the project.
    async fn statistics(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the project.")] project_id: ID,
        #[graphql(desc = "Of which time.")] range: TimeRangeInput,
        #[graphql(desc = "Only the numbers of the team with this global id. Of all teams if left out.")]
        team_id: Option<ID>,
        #[graphql(desc = "Only the numbers of the agent with this global id. Of all agents if left out.")]
        agent_id: Option<ID>,
    ) -> Result<Statistics> {
        let view = View::of(context).await?;
        let project: ProjectId = id::parse(&project_id)?;
        let of = StatisticsOf {
            range: range.range()?,
            team_id: team_id.as_deref().map(|text| id::parse(text)).transpose()?,
            agent_id: agent_id.as_deref().map(|text| id::parse(text)).transpose()?,
        };
        Ok(Statistics::new(view.desk().statistics(view.actor(), project, of).await?, view))
    }
}
