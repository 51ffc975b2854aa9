//! The type `WordList`.

use std::sync::Arc;

use async_graphql::Object;
use domain::trigger::ProjectWordList;

use crate::schema::id::Id;
use crate::schema::scalar::DateTime;

pub(crate) struct WordList {
    row: Arc<ProjectWordList>,
}

impl WordList {
    pub(crate) fn new(row: Arc<ProjectWordList>) -> Self {
        Self { row }
    }
}

/// Words and phrases that triggers look for in what customers write.
#[Object]
impl WordList {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// What it is called, as no other list of the project.
    fn name(&self) -> &str {
        &self.row.name
    }

    /// What is looked for.
    fn phrases(&self) -> &[String] {
        &self.row.phrases
    }

    /// Grows with each change of the list.
    fn version(&self) -> i64 {
        self.row.version
    }

    /// When it was made, on the project's clock.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }
}
