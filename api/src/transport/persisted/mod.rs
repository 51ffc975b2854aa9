//! Documents that a request names instead of sending them.
//!
//! There are two kinds. *Persisted documents* are those of a manifest that a client's build wrote and the server read
//! when it started; they are asked for by `documentId` (GraphQL over HTTP, appendix "Persisted Documents") or, as
//! Apollo clients do it, by a hash in `extensions.persistedQuery`. *Automatic persisted queries* are documents that
//! clients sent once together with their hash; they are kept in memory, within a quota, and only after one of them was
//! found fit to run. With an allow-list nothing runs but the documents of the manifest.

mod automatic;
mod candidate;
mod lookup;
mod manifest;
mod owner;
mod reference;
mod settings;
mod sha256;

pub use automatic::AutomaticQuota;
pub use manifest::{ManifestError, PersistedDocuments};
pub use settings::PersistedSettings;

pub(super) use candidate::Candidate;
pub(super) use lookup::Documents;
pub(super) use reference::{DocumentReference, ReferenceError};
