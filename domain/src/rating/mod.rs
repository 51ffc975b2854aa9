//! What customers think of the support they got: one to five stars after a resolution.

mod score;
mod settings;
mod survey;
mod words;

pub use score::{HIGHEST, Score};
pub use settings::{LONGEST_TIME, RatingSettings, RatingSettingsRefusal};
pub use survey::{Answer, CHANGEABLE_FOR, COMMENT_CHARACTERS, Credit, Rating, Survey, comment};
pub use words::Words;
