//! Triggers, lists of words and firings by their ids.

use std::collections::HashMap;
use std::sync::Arc;

use desk::Error;
use domain::trigger::{ProjectTrigger, ProjectWordList, TriggerFiring, TriggerStatistics};
use domain::{SessionId, TriggerFiringId, TriggerId, WordListId};

use crate::loader::{Found, Relation, Source};

/// The triggers with given ids.
pub(crate) struct TriggerById;

impl Relation for TriggerById {
    type Key = TriggerId;
    type Value = ProjectTrigger;

    async fn load(source: &Source, keys: &[TriggerId]) -> Result<Found<Self>, Error> {
        let found = source.desk.triggers_by_id(&source.actor, keys).await?;
        Ok(found.into_iter().map(|one| (one.id, one)).collect())
    }
}

/// How often triggers fired.
pub(crate) struct StatisticsOfTrigger;

impl Relation for StatisticsOfTrigger {
    type Key = TriggerId;
    type Value = TriggerStatistics;

    async fn load(source: &Source, keys: &[TriggerId]) -> Result<Found<Self>, Error> {
        source.desk.trigger_statistics(&source.actor, keys).await
    }
}

/// The lists of words with given ids.
pub(crate) struct WordListById;

impl Relation for WordListById {
    type Key = WordListId;
    type Value = ProjectWordList;

    async fn load(source: &Source, keys: &[WordListId]) -> Result<Found<Self>, Error> {
        let found = source.desk.word_lists_by_id(&source.actor, keys).await?;
        Ok(found.into_iter().map(|one| (one.id, one)).collect())
    }
}

/// The firings with given ids.
pub(crate) struct TriggerFiringById;

impl Relation for TriggerFiringById {
    type Key = TriggerFiringId;
    type Value = TriggerFiring;

    async fn load(source: &Source, keys: &[TriggerFiringId]) -> Result<Found<Self>, Error> {
        let found = source.desk.trigger_firings_by_id(&source.actor, keys).await?;
        Ok(found.into_iter().map(|one| (one.id, one)).collect())
    }
}

/// What fired in sessions.
pub(crate) struct FiringsInSession;

impl Relation for FiringsInSession {
    type Key = SessionId;
    type Value = Vec<Arc<TriggerFiring>>;

    async fn load(source: &Source, keys: &[SessionId]) -> Result<Found<Self>, Error> {
        let firings = source.desk.trigger_firings_of(&source.actor, keys).await?;
        let mut of_session: HashMap<SessionId, Vec<Arc<TriggerFiring>>> = HashMap::new();
        for firing in firings {
            of_session.entry(firing.session_id).or_default().push(Arc::new(firing));
        }
        Ok(of_session.into_iter().collect())
    }
}
