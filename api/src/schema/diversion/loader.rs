//! Diversion links by their ids.

use desk::Error;
use domain::DiversionLinkId;

use crate::loader::{Found, Relation, Source};

/// The diversion links with given ids.
pub(crate) struct DiversionLinkById;

impl Relation for DiversionLinkById {
    type Key = DiversionLinkId;
    type Value = domain::DiversionLink;

    async fn load(source: &Source, keys: &[DiversionLinkId]) -> Result<Found<Self>, Error> {
        let found = source.desk.diversion_links_by_id(&source.actor, keys).await?;
        Ok(found.into_iter().map(|one| (one.id, one)).collect())
    }
}
