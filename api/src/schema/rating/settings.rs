//! The type `ProjectRating`.

use async_graphql::Object;
use domain::rating::RatingSettings;

use crate::schema::agent::Agent;
use crate::schema::bot_text::BotText;
use crate::schema::error::Result;
use crate::view::View;

pub(crate) struct ProjectRating {
    settings: RatingSettings,
    view: View,
}

impl ProjectRating {
    pub(crate) fn new(settings: RatingSettings, view: &View) -> Self {
        Self { settings, view: view.clone() }
    }
}

/// How a project asks its customers what they think of the support.
#[Object]
impl ProjectRating {
    /// Whether customers are asked for 1 to 5 stars when their session is resolved, or a ticket that was escalated or is a
    /// complaint. Groups and channels never are.
    fn asks(&self) -> bool {
        self.settings.asks
    }

    /// How long after the resolution they are asked, in seconds. If the session goes on before, they are not.
    fn delay_seconds(&self) -> i64 {
        self.settings.delay.num_seconds()
    }

    /// How long a customer is left in peace who was asked, in seconds.
    fn minimum_interval_seconds(&self) -> i64 {
        self.settings.minimum_interval.num_seconds()
    }

    /// How long after the question an answer counts, in seconds. The first answer can be changed for ten minutes.
    fn open_for_seconds(&self) -> i64 {
        self.settings.open_for.num_seconds()
    }

    /// The question in each language. Null for the words of the desk.
    fn question(&self) -> Option<Vec<BotText>> {
        self.settings.question.as_ref().map(BotText::all_of)
    }

    /// What those read who give 4 or 5 stars, before `reviewUrl`, in each language. Null for the words of the desk.
    fn invitation(&self) -> Option<Vec<BotText>> {
        self.settings.invitation.as_ref().map(BotText::all_of)
    }

    /// Where those are invited to leave a review who give 4 or 5 stars. Null if nobody is invited.
    fn review_url(&self) -> Option<&str> {
        self.settings.review_url.as_deref()
    }

    /// Who looks after those who give 3 stars or less. Null for whomever the escalation finds: as triggers for ratings say or,
    /// without any, the second line or an administrator.
    async fn low_rating_agent(&self) -> Result<Option<Agent>> {
        let Some(id) = self.settings.low_rating_agent_id else { return Ok(None) };
        Ok(self.view.loaders().agents().load(id).await?.map(|agent| Agent::new(agent, &self.view)))
    }
}
