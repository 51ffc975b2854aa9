//! What surrounds an update that is being worked off.

use domain::{Project, Time};
pub use store::inbox::Shelf;

use crate::knowledge::Guides;
use crate::trigger::Known;

/// What surrounds an update that is being worked off.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    /// The project.
    pub(crate) project: &'a Project,
    /// The present time on the wall clock.
    pub(crate) wall: Time,
    /// The triggers of all projects.
    pub(crate) triggers: &'a Known,
    /// What the bots of all projects answer by themselves.
    pub(crate) guides: &'a Guides,
    /// Whether somebody lets the update in although it was put by before.
    pub(crate) let_in: bool,
}

impl Scene<'_> {
    /// The present time on the project's clock.
    pub(crate) fn now(&self) -> Time {
        self.project.time(self.wall)
    }
}

/// What became of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Worked {
    /// It has been worked off.
    Off,
    /// It is put by for people to decide.
    Shelved(Shelf),
}
