//! The documents that clients may ask for by their names.

use std::path::Path;
use std::sync::Arc;

use api::transport::{DocumentLimits, PersistedDocuments, PersistedSettings};

use crate::failure::Failure;
use crate::settings::Settings;

const FILE_VARIABLE: &str = "SWITCHBOARD_PERSISTED_DOCUMENTS";
const ONLY_VARIABLE: &str = "SWITCHBOARD_PERSISTED_DOCUMENTS_ONLY";

/// Reads the manifest, if there is one. Each of its documents must be fit to run within these limits.
pub fn read(settings: &Settings, limits: &DocumentLimits) -> Result<PersistedSettings, Failure> {
    let documents = match &settings.persisted_documents {
        Some(path) => read_file(path, limits)?,
        None if settings.persisted_documents_only => {
            let reason = format!("{ONLY_VARIABLE}: nothing could run without a manifest; name one in {FILE_VARIABLE}");
            return Err(Failure::new(reason));
        }
        None => PersistedDocuments::default(),
    };
    Ok(PersistedSettings {
        documents: Arc::new(documents),
        only: settings.persisted_documents_only,
        ..PersistedSettings::default()
    })
}

fn read_file(path: &Path, limits: &DocumentLimits) -> Result<PersistedDocuments, Failure> {
    let unusable = |reason: String| {
        Failure::new(format!("{FILE_VARIABLE}: the manifest {} cannot be used: {reason}", path.display()))
    };
    let manifest = std::fs::read_to_string(path).map_err(|error| unusable(error.to_string()))?;
    api::read_manifest(&manifest, limits).map_err(|error| unusable(error.to_string()))
}
