//! Updates by their ids.

use desk::Error;
use desk::intake::KeptUpdate;
use domain::UpdateRowId;

use crate::loader::{Found, Relation, Source};

/// The updates with given ids.
pub(crate) struct TelegramUpdateById;

impl Relation for TelegramUpdateById {
    type Key = UpdateRowId;
    type Value = KeptUpdate;

    async fn load(source: &Source, keys: &[UpdateRowId]) -> Result<Found<Self>, Error> {
        let updates = source.desk.telegram_updates_by_id(&source.actor, keys).await?;
        Ok(updates.into_iter().map(|update| (update.id, update)).collect())
    }
}
