//! Saved views: filters of sessions under a name.

mod create;
mod delete;
mod loader;
mod object;
mod query;
mod reorder;
mod shape;
mod subscription;
mod update;

pub(crate) use create::SavedViewCreate;
pub(crate) use delete::SavedViewDelete;
pub(crate) use loader::SavedViewById;
pub(crate) use object::SavedView;
pub(crate) use query::SavedViewQuery;
pub(crate) use reorder::SavedViewReorder;
pub(crate) use subscription::SavedViewSubscription;
pub(crate) use update::SavedViewUpdate;

/// What is wrong with a filter that names something by an id of another kind.
const FOREIGN_ID: &str =
    "the filter has an id that is not one of the kind that is wanted: send ids as this API returned them";
