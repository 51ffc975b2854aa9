//! The triggers of the last moments, ready for use.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::trigger::{Triggers, WordList};
use domain::{Project, ProjectId};
use store::Tx;

/// The compiled triggers of each project that was asked about.
#[derive(Default)]
pub(crate) struct Known(Mutex<HashMap<ProjectId, Compiled>>);

/// The triggers of a project, nothing if none works.
#[derive(Clone)]
struct Compiled {
    /// The version of the project that they belong to: every change of triggers and lists raises it.
    version: i64,
    triggers: Option<Arc<Triggers>>,
}

impl Known {
    /// The triggers of a project; nothing if none works. Only if the project has changed it takes a statement.
    pub(crate) async fn of(&self, tx: &mut Tx, project: &Project) -> Result<Option<Arc<Triggers>>, store::Error> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&project.id).cloned();
        if let Some(known) = known
            && known.version == project.version
        {
            return Ok(known.triggers);
        }
        let triggers = compile(tx, project).await?.map(Arc::new);
        let compiled = Compiled { version: project.version, triggers: triggers.clone() };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(project.id, compiled);
        Ok(triggers)
    }
}

async fn compile(tx: &mut Tx, project: &Project) -> Result<Option<Triggers>, store::Error> {
    let mut triggers = tx.triggers_of_project(project.id).await?;
    triggers.retain(|trigger| trigger.active);
    if triggers.is_empty() {
        return Ok(None);
    }
    let lists = tx.word_lists_of_project(project.id).await?;
    let parsed = lists.iter().map(|list| WordList::parse(list.id, list.phrases.iter().map(String::as_str)));
    let rules = triggers.iter().map(domain::trigger::ProjectTrigger::rule).collect();
    let compiled = parsed.collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string());
    match compiled.and_then(|lists| Triggers::new(rules, &lists).map_err(|error| error.to_string())) {
        Ok(compiled) => Ok(Some(compiled)),
        Err(error) => {
            // What people gave was checked, so that this is a defect. Messages have to come in nevertheless.
            tracing::error!(project = %project.id, error, "the triggers of a project cannot be used");
            Ok(None)
        }
    }
}
