//! What a merged tag means for the views that name it.

use domain::{Tag, TagId};
use store::Tx;

/// The views of sessions with the merged tag show those with the other one. All that name one of the two change: they may
/// show something else from now on.
pub(crate) async fn replace_in_views(tx: &mut Tx, merged: &Tag, into: TagId) -> Result<(), store::Error> {
    for mut view in tx.saved_views_of_project(merged.project_id).await? {
        if view.filter.replace_tag(merged.id, into) {
            view.version += 1;
            tx.update_saved_view(&view).await?;
        }
    }
    Ok(())
}
