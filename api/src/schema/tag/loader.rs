//! Tags by their ids.

use std::collections::HashMap;
use std::sync::Arc;

use desk::Error;
use domain::{CustomerId, SessionId, TagId};

use crate::loader::{Found, Relation, Source};

/// The tags with given ids.
pub(crate) struct TagById;

impl Relation for TagById {
    type Key = TagId;
    type Value = domain::Tag;

    async fn load(source: &Source, keys: &[TagId]) -> Result<Found<Self>, Error> {
        let found = source.desk.tags_by_id(&source.actor, keys).await?;
        Ok(found.into_iter().map(|one| (one.id, one)).collect())
    }
}

/// The tags of sessions.
pub(crate) struct TagsOfSession;

impl Relation for TagsOfSession {
    type Key = SessionId;
    type Value = Vec<Arc<domain::Tag>>;

    async fn load(source: &Source, keys: &[SessionId]) -> Result<Found<Self>, Error> {
        let tags = source.desk.tags_of_sessions(&source.actor, keys).await?;
        let mut of_session: HashMap<SessionId, Vec<Arc<domain::Tag>>> = HashMap::new();
        for (session, tag) in tags {
            of_session.entry(session).or_default().push(Arc::new(tag));
        }
        Ok(of_session.into_iter().collect())
    }
}

/// The tags of customers.
pub(crate) struct TagsOfCustomer;

impl Relation for TagsOfCustomer {
    type Key = CustomerId;
    type Value = Vec<Arc<domain::Tag>>;

    async fn load(source: &Source, keys: &[CustomerId]) -> Result<Found<Self>, Error> {
        let tags = source.desk.tags_of_customers(&source.actor, keys).await?;
        let mut of_customer: HashMap<CustomerId, Vec<Arc<domain::Tag>>> = HashMap::new();
        for (customer, tag) in tags {
            of_customer.entry(customer).or_default().push(Arc::new(tag));
        }
        Ok(of_customer.into_iter().collect())
    }
}
