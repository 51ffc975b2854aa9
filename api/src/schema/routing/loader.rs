//! Rules by their ids, the places of sessions in line, and the decisions about them.

use desk::Error;
use domain::routing::{LastDecision, ListedRule};
use domain::{RoutingRuleId, SessionId};

use crate::loader::{Found, Relation, Source};

/// The routing rules with given ids.
pub(crate) struct RoutingRuleById;

impl Relation for RoutingRuleById {
    type Key = RoutingRuleId;
    type Value = ListedRule;

    async fn load(source: &Source, keys: &[RoutingRuleId]) -> Result<Found<Self>, Error> {
        let found = source.desk.routing_rules_by_id(&source.actor, keys).await?;
        Ok(found.into_iter().map(|one| (one.id(), one)).collect())
    }
}

/// The places of sessions in the line of those that wait for the same agents.
pub(crate) struct PlaceOfSession;

impl Relation for PlaceOfSession {
    type Key = SessionId;
    type Value = usize;

    async fn load(source: &Source, keys: &[SessionId]) -> Result<Found<Self>, Error> {
        source.desk.queue_places(&source.actor, keys).await
    }
}

/// The last decisions of the desk about sessions.
pub(crate) struct DecisionOnSession;

impl Relation for DecisionOnSession {
    type Key = SessionId;
    type Value = LastDecision;

    async fn load(source: &Source, keys: &[SessionId]) -> Result<Found<Self>, Error> {
        let found = source.desk.routing_decisions(&source.actor, keys).await?;
        Ok(found.into_iter().map(|one| (one.session_id, one)).collect())
    }
}
