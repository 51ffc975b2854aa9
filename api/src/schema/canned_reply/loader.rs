//! Canned replies by their ids.

use desk::Error;
use domain::CannedReplyId;

use crate::loader::{Found, Relation, Source};

/// The canned replies with given ids.
pub(crate) struct CannedReplyById;

impl Relation for CannedReplyById {
    type Key = CannedReplyId;
    type Value = domain::CannedReply;

    async fn load(source: &Source, keys: &[CannedReplyId]) -> Result<Found<Self>, Error> {
        let replies = source.desk.canned_replies_by_id(&source.actor, keys).await?;
        Ok(replies.into_iter().map(|reply| (reply.id, reply)).collect())
    }
}
