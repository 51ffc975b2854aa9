//! Queries of triggers, their lists of words, and what came of them.

use domain::trigger::defaults::{DefaultList, DefaultTrigger};
use domain::trigger::{Judgement, Progress, ProjectTrigger, ProjectWordList, TriggerFiring, TriggerStatistics};
use domain::{AgentId, ProjectId, SessionId, Time, TriggerFiringId, TriggerId, WordListId};

use crate::error::Result;
use crate::triggers::{NewFiring, NewTrigger, NewWordList};
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// The triggers with these identifiers, those that were removed included, in no order.
    triggers = triggers::many(ids: &[i64]) -> Vec<ProjectTrigger>;
    /// Every trigger of a project that was not removed, by place.
    triggers_of_project = triggers::of_project(project: ProjectId) -> Vec<ProjectTrigger>;
    /// How often triggers fired, and what people thought of it. Those that never did are left out.
    trigger_statistics = triggers::statistics(ids: &[i64]) -> Vec<(TriggerId, TriggerStatistics)>;
    /// The lists of words with these identifiers, in no order.
    word_lists = triggers::word_lists(ids: &[i64]) -> Vec<ProjectWordList>;
    /// Every list of words of a project, by name.
    word_lists_of_project = triggers::word_lists_of(project: ProjectId) -> Vec<ProjectWordList>;
    /// Which lists of words of a project are those that the desk has ready.
    preset_word_lists = triggers::preset_lists(project: ProjectId) -> Vec<(DefaultList, WordListId)>;
    /// Which triggers of a project that were not removed are those that the desk has ready.
    preset_triggers = triggers::preset_triggers(project: ProjectId) -> Vec<DefaultTrigger>;
    /// How far the triggers of these sessions are. Those that have not begun are left out.
    trigger_progress = triggers::progress(sessions: &[i64]) -> Vec<(SessionId, Progress)>;
    /// The firings with these identifiers, in no order.
    trigger_firings = triggers::firings(ids: &[i64]) -> Vec<TriggerFiring>;
    /// The newest firings in each of these sessions, oldest first. With an agent, of those that were there when the
    /// session ended for them.
    newest_firings_of = triggers::newest_firings_of(sessions: &[i64], left_by: Option<AgentId>, newest: i64) -> Vec<TriggerFiring>;
    /// What fired in these sessions, oldest first.
    trigger_firings_of = triggers::firings_of(sessions: &[i64]) -> Vec<TriggerFiring>;
}

catalogue! { Tx:
    /// Adds a trigger.
    insert_trigger = triggers::insert(trigger: &NewTrigger) -> ProjectTrigger;
    /// Writes everything about a trigger that people can change, under its next version.
    update_trigger = triggers::update(trigger: &ProjectTrigger) -> ProjectTrigger;
    /// Removes a trigger. What came of it stays.
    remove_trigger = triggers::remove(id: TriggerId, now: Time) -> ();
    /// Adds a list of words.
    insert_word_list = triggers::insert_word_list(list: &NewWordList) -> ProjectWordList;
    /// Writes everything about a list of words that people can change, under its next version.
    update_word_list = triggers::update_word_list(list: &ProjectWordList) -> ProjectWordList;
    /// Removes a list of words.
    remove_word_list = triggers::remove_word_list(id: WordListId) -> ();
    /// Writes how far the triggers of a session are.
    set_trigger_progress = triggers::set_progress(session: SessionId, progress: &Progress) -> ();
    /// Notes that a trigger fired.
    insert_trigger_firing = triggers::insert_firing(firing: &NewFiring) -> TriggerFiringId;
    /// Writes what somebody thinks of a firing.
    judge_trigger_firing = triggers::judge(id: TriggerFiringId, judgement: Judgement, agent: AgentId) -> TriggerFiring;
    /// Forgets what customers wrote that made triggers fire in sessions. That they fired stays.
    erase_trigger_firings = triggers::erase(sessions: &[i64]) -> ();
    /// Raises the version of a project, because something that belongs to it changed.
    raise_project_version = projects::raise_version(id: ProjectId) -> ();
}
