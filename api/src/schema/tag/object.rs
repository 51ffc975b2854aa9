//! The type `Tag`.

use std::sync::Arc;

use async_graphql::{Enum, Object};

use crate::schema::id::Id;
use crate::schema::scalar::DateTime;

/// A tag that every project begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::tag::Preset")]
pub(crate) enum TagPreset {
    /// Something that cannot wait.
    Emergency,
    /// A customer who matters most.
    Vip,
    /// Money back.
    Refund,
    /// A customer who complains.
    Complaint,
    /// Words that need care.
    Sensitive,
    /// A customer who is new.
    NewUser,
}

pub(crate) struct Tag {
    row: Arc<domain::Tag>,
}

impl Tag {
    pub(crate) fn new(row: Arc<domain::Tag>) -> Self {
        Self { row }
    }
}

/// A mark for sessions and customers of a project.
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

    /// Which of the tags it is that every project begins with, whatever it is called now. Null for others.
    fn preset(&self) -> Option<TagPreset> {
        self.row.preset.map(TagPreset::from)
    }

    /// When the tag was put away, on the project's clock: what has it keeps it, and nothing gets it any more. Null if it
    /// was not.
    fn archived_at(&self) -> Option<DateTime> {
        self.row.archived_at.map(DateTime::from)
    }

    /// The global id of the tag that it was merged into. Null if it was not.
    fn merged_into_id(&self) -> Option<Id> {
        self.row.merged_into.map(Id::from)
    }

    /// Grows with each change of the tag.
    fn version(&self) -> i64 {
        self.row.version
    }

    /// When the tag was made.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }
}
