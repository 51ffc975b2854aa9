//! What can be configured about documents that are named.

use std::sync::Arc;

use super::{automatic::AutomaticQuota, manifest::PersistedDocuments};

/// Which documents can be named instead of being sent. By default those that clients had kept.
#[derive(Debug, Clone, Default)]
pub struct PersistedSettings {
    /// The documents of the manifest.
    pub documents: Arc<PersistedDocuments>,
    /// Whether nothing but the documents of the manifest runs.
    pub only: bool,
    /// How much is kept of what clients ask to keep.
    pub automatic: AutomaticQuota,
}
