//! The manifest of persisted documents, checked against this server.

use crate::schema::Validator;
use crate::transport::{DocumentLimits, ManifestError, PersistedDocuments};

/// Reads a manifest of persisted documents, each of which must fit the schema and the limits, so that none of them
/// fails when it is asked for.
///
/// # Errors
/// When the manifest or one of its documents cannot be used. The error names the document.
pub fn read_manifest(manifest: &str, limits: &DocumentLimits) -> Result<PersistedDocuments, ManifestError> {
    let validator = Validator::new();
    PersistedDocuments::read(manifest, |document| {
        limits.check(document).map_err(|refusal| refusal.message)?;
        validator.check(document)
    })
}
