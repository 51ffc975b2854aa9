//! The types `SessionRating` and `RatingCredit`.

use std::sync::Arc;

use async_graphql::Object;
use domain::Rating;
use futures_util::future::try_join_all;

use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::scalar::DateTime;
use crate::schema::team::Team;
use crate::view::View;

pub(crate) struct SessionRating {
    row: Arc<Rating>,
    view: View,
}

impl SessionRating {
    pub(crate) fn new(row: Arc<Rating>, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// What the customer thinks of the support in a session.
#[Object]
impl SessionRating {
    /// How many stars they gave, from 1 to 5.
    fn score(&self) -> i64 {
        self.row.score.stars()
    }

    /// What they wrote in answer to the question once they had given the stars. Null if nothing.
    fn comment(&self) -> Option<&str> {
        self.row.comment.as_deref()
    }

    /// When they first gave stars, on the project's clock.
    fn rated_at(&self) -> DateTime {
        self.row.rated_at.into()
    }

    /// Who is credited with it: those who had to do with the session when it was resolved.
    fn credited_to(&self) -> RatingCredit {
        RatingCredit { row: self.row.clone(), view: self.view.clone() }
    }
}

pub(crate) struct RatingCredit {
    row: Arc<Rating>,
    view: View,
}

/// Who is credited with what a customer thinks of the support in a session.
#[Object]
impl RatingCredit {
    /// The agent who had the session when it was resolved or, if nobody had it, who resolved it.
    async fn agent(&self) -> Result<Option<Agent>> {
        let Some(id) = self.row.credit.agent_id else { return Ok(None) };
        Ok(self.view.loaders().agents().load(id).await?.map(|agent| Agent::new(agent, &self.view)))
    }

    /// The team that the session was for or, if for none in particular, the only one of the agent. Null if there is none, or if
    /// it is gone.
    async fn team(&self) -> Result<Option<Team>> {
        let Some(id) = self.row.credit.team_id else { return Ok(None) };
        Ok(self.view.loaders().teams().load(id).await?.map(|team| Team::new(team, &self.view)))
    }

    /// The supervisors in that team, and whoever resolved the session for the agent.
    async fn supervisors(&self) -> Result<Vec<Agent>> {
        let agents = self.view.loaders().agents();
        let found = try_join_all(self.row.credit.supervisor_ids.iter().map(|id| agents.load(*id))).await?;
        Ok(found.into_iter().flatten().map(|agent| Agent::new(agent, &self.view)).collect())
    }
}
