//! Who may see which session: one rule for reads, lists, counts, search, events and notices.
//!
//! Supervisors and administrators of the project see every session. An agent sees the sessions that are theirs, those
//! that they have joined, and those that nobody has and that are for everybody or for a team of theirs ([`Sight`]). Who
//! hands a session over sees it from then on as it was at that moment ([`Departure`]), until they get it again.
//!
//! The same rule stands in SQL in `store/src/queries/visibility.rs`; a test compares the two.

mod audience;
mod departure;
mod sight;

pub use audience::{Audience, People};
pub use departure::{Departure, MessageThen};
pub use sight::{Sight, Telling};
