//! How a request says which document it means.

use async_graphql::{Extensions, Value};
use thiserror::Error;

/// The extension that Apollo clients name a document by.
const EXTENSION: &str = "persistedQuery";

/// The document of a request, as yet unread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::transport) enum DocumentReference {
    /// The document itself, in `query`.
    Text(String),
    /// The document with this `documentId`.
    Id(String),
    /// The document with this `extensions.persistedQuery.sha256Hash`, which may have come along.
    Hash { hash: String, text: Option<String> },
}

/// Why a request does not say which document it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(in crate::transport) enum ReferenceError {
    #[error("`query` is missing. Send the GraphQL document as the string `query`.")]
    Missing,
    #[error("`documentId` stands for a document. Leave out `query` and `extensions.persistedQuery`, or leave it out.")]
    Ambiguous,
    #[error("`extensions.persistedQuery` must be an object with `version`, which is 1, and `sha256Hash`, a string.")]
    MalformedExtension,
}

impl DocumentReference {
    /// What the parameters of a request refer to.
    pub(in crate::transport) fn of(
        query: Option<String>,
        document_id: Option<String>,
        extensions: &Extensions,
    ) -> Result<Self, ReferenceError> {
        match (query, document_id, hash_in(extensions)?) {
            (None, Some(id), None) => Ok(Self::Id(id)),
            (_, Some(_), _) => Err(ReferenceError::Ambiguous),
            (text, None, Some(hash)) => Ok(Self::Hash { hash, text }),
            (Some(text), None, None) => Ok(Self::Text(text)),
            (None, None, None) => Err(ReferenceError::Missing),
        }
    }
}

fn hash_in(extensions: &Extensions) -> Result<Option<String>, ReferenceError> {
    let extension = match extensions.get(EXTENSION) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Object(extension)) => extension,
        Some(_) => return Err(ReferenceError::MalformedExtension),
    };
    match (extension.get("version"), extension.get("sha256Hash")) {
        (Some(Value::Number(version)), Some(Value::String(hash))) if version.as_u64() == Some(1) => {
            Ok(Some(hash.clone()))
        }
        _ => Err(ReferenceError::MalformedExtension),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{DocumentReference, ReferenceError};

    fn of(
        query: Option<&str>,
        id: Option<&str>,
        extensions: serde_json::Value,
    ) -> Result<DocumentReference, ReferenceError> {
        let extensions = serde_json::from_value(extensions).unwrap();
        DocumentReference::of(query.map(Into::into), id.map(Into::into), &extensions)
    }

    #[test]
    fn a_request_means_one_document() {
        let hash = json!({ "persistedQuery": { "version": 1, "sha256Hash": "ab", "miss": true } });
        let hashed = |text: Option<&str>| DocumentReference::Hash { hash: "ab".into(), text: text.map(Into::into) };
        assert_eq!(of(Some("{a}"), None, json!({})), Ok(DocumentReference::Text("{a}".into())));
        assert_eq!(of(None, Some("7"), json!({ "persistedQuery": null })), Ok(DocumentReference::Id("7".into())));
        assert_eq!(of(None, None, hash.clone()), Ok(hashed(None)));
        assert_eq!(of(Some("{a}"), None, hash.clone()), Ok(hashed(Some("{a}"))));
        assert_eq!(of(None, None, json!({})), Err(ReferenceError::Missing));
        assert_eq!(of(Some("{a}"), Some("7"), json!({})), Err(ReferenceError::Ambiguous));
        assert_eq!(of(None, Some("7"), hash), Err(ReferenceError::Ambiguous));
    }

    #[test]
    fn an_extension_of_another_form_is_refused() {
        for extension in [
            json!("ab"),
            json!({}),
            json!({ "version": 1 }),
            json!({ "sha256Hash": "ab" }),
            json!({ "version": 2, "sha256Hash": "ab" }),
            json!({ "version": "1", "sha256Hash": "ab" }),
            json!({ "version": 1, "sha256Hash": 7 }),
        ] {
            let refused = of(Some("{a}"), None, json!({ "persistedQuery": extension }));
            assert_eq!(refused, Err(ReferenceError::MalformedExtension), "{extension}");
        }
    }
}
