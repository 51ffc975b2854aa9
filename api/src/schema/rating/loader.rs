//! What customers think of sessions, by these.

use desk::Error;
use domain::{Rating, SessionId};

use crate::loader::{Found, Relation, Source};

/// What the customers of sessions think of them.
pub(crate) struct RatingOfSession;

impl Relation for RatingOfSession {
    type Key = SessionId;
    type Value = Rating;

    async fn load(source: &Source, keys: &[SessionId]) -> Result<Found<Self>, Error> {
        let found = source.desk.ratings(&source.actor, keys).await?;
        Ok(found.into_iter().map(|rating| (rating.session_id, rating)).collect())
    }
}
