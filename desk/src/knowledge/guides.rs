//! What the bots answer, ready for use.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::knowledge::Guide;
use domain::{Project, ProjectId};
use store::Tx;

/// The questions of each project that was asked about.
#[derive(Default)]
pub(crate) struct Guides(Mutex<HashMap<ProjectId, Known>>);

/// The questions of a project, nothing if there are none.
#[derive(Clone)]
struct Known {
    /// The version of the project that they belong to: every change of an entry raises it.
    version: i64,
    guide: Option<Arc<Guide>>,
}

impl Guides {
    /// The questions of a project; nothing if there are none. Only if the project has changed it takes a statement.
    pub(crate) async fn of(&self, tx: &mut Tx, project: &Project) -> Result<Option<Arc<Guide>>, store::Error> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&project.id).cloned();
        if let Some(known) = known
            && known.version == project.version
        {
            return Ok(known.guide);
        }
        let guide = prepare(tx, project).await?.map(Arc::new);
        let known = Known { version: project.version, guide: guide.clone() };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(project.id, known);
        Ok(guide)
    }
}

async fn prepare(tx: &mut Tx, project: &Project) -> Result<Option<Guide>, store::Error> {
    let mut entries = tx.knowledge_entries_of(project.id).await?;
    entries.retain(|entry| entry.archived_at.is_none());
    if entries.is_empty() {
        return Ok(None);
    }
    match Guide::new(&entries) {
        Ok(guide) => Ok(Some(guide)),
        Err(error) => {
            // What people gave was checked, so that this is a defect. Messages have to come in nevertheless.
            tracing::error!(project = %project.id, %error, "the knowledge of a project cannot be used");
            Ok(None)
        }
    }
}
