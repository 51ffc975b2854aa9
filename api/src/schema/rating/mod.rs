//! What customers think of the support they got.

mod loader;
mod object;
mod settings;
mod settings_update;

pub(crate) use loader::RatingOfSession;
pub(crate) use object::SessionRating;
pub(crate) use settings::ProjectRating;
pub(crate) use settings_update::ProjectRatingUpdate;
