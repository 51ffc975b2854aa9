//! Invitations by their ids.

use desk::Error;
use domain::InvitationId;

use crate::loader::{Found, Relation, Source};

/// The invitations with given ids.
pub(crate) struct InvitationById;

impl Relation for InvitationById {
    type Key = InvitationId;
    type Value = domain::Invitation;

    async fn load(source: &Source, keys: &[InvitationId]) -> Result<Found<Self>, Error> {
        let found = source.desk.invitations_by_id(&source.actor, keys).await?;
        Ok(found.into_iter().map(|one| (one.id, one)).collect())
    }
}
