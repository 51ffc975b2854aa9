//! The type `Tag`.

use std::sync::Arc;

use async_graphql::Object;

use crate::schema::id::Id;
use crate::schema::scalar::DateTime;

pub(crate) struct Tag {
    row: Arc<domain::Tag>,
}

impl Tag {
    pub(crate) fn new(row: Arc<domain::Tag>) -> Self {
        Self { row }
    }
}

/// A mark for sessions of a project.
#[Object]
impl Tag {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// The name, which no other tag of the project has.
    fn name(&self) -> &str {
        &self.row.name
    }

    /// The colour, as `#rrggbb` in lower case.
    fn color(&self) -> &str {
        &self.row.color
    }

    /// When the tag was made.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }
}
