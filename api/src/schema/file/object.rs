//! The type `File`.

use std::sync::Arc;

use async_graphql::Object;

use crate::schema::id::Id;
use crate::schema::scalar::{DateTime, Long};

pub(crate) struct File {
    row: Arc<domain::File>,
}

impl File {
    pub(crate) fn new(row: Arc<domain::File>) -> Self {
        Self { row }
    }
}

/// A file that you have uploaded by `POST /files` in order to send it. Nobody else sees it before it is sent. One that is
/// not sent within 24 hours is deleted.
#[Object]
impl File {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// The name under which the customer gets it.
    fn name(&self) -> &str {
        &self.row.name
    }

    /// The MIME type, without parameters. `application/octet-stream` if none was sent.
    fn mime_type(&self) -> &str {
        &self.row.mime_type
    }

    /// The size in bytes.
    fn size_bytes(&self) -> Long {
        Long(self.row.size_bytes)
    }

    /// When the upload began.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// When it was first sent. Null if it has not been sent.
    fn used_at(&self) -> Option<DateTime> {
        self.row.used_at.map(DateTime::from)
    }
}
