//! Triggers, their lists of words, and what came of them.

mod create;
mod defaults_install;
mod firing;
mod ids;
mod judge;
mod loader;
mod object;
mod remove;
mod reorder;
mod update;
mod word_list;
mod word_list_create;
mod word_list_remove;
mod word_list_update;

pub(crate) use create::TriggerCreate;
pub(crate) use defaults_install::TriggerDefaultsInstall;
pub(crate) use firing::TriggerFiring;
pub(crate) use judge::TriggerFiringJudge;
pub(crate) use loader::{FiringsInSession, StatisticsOfTrigger, TriggerById, TriggerFiringById, WordListById};
pub(crate) use object::Trigger;
pub(crate) use remove::TriggerRemove;
pub(crate) use reorder::TriggerReorder;
pub(crate) use update::TriggerUpdate;
pub(crate) use word_list::WordList;
pub(crate) use word_list_create::WordListCreate;
pub(crate) use word_list_remove::WordListRemove;
pub(crate) use word_list_update::WordListUpdate;
