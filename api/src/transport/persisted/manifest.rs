//! The documents that a client's build wrote down.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use super::sha256::Sha256;

/// The prefix of an identifier that is the hash of its document.
const SHA256_PREFIX: &str = "sha256:";

/// The documents of a manifest, by their identifiers.
#[derive(Debug, Default)]
pub struct PersistedDocuments {
    documents: HashMap<String, Arc<str>>,
}

/// Why a manifest cannot be used.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum ManifestError {
    /// It is not JSON.
    #[error("it is not JSON: look at line {line}, column {column}")]
    NotJson {
        /// The line of the mistake, from 1.
        line: usize,
        /// Its column, from 1.
        column: usize,
    },
    /// It is JSON of another form.
    #[error(
        "it has to be a JSON object of identifiers and documents, as relay-compiler and graphql-codegen write it, or a \
         manifest of Apollo's `generate-persisted-query-manifest`"
    )]
    WrongForm,
    /// It has no document at all.
    #[error("it has no document: let the build of the client write it again")]
    Empty,
    /// One of its entries cannot be used.
    #[error("document {id:?}: {reason}")]
    Document {
        /// The identifier of the document.
        id: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// The manifest of Apollo's tools: <https://www.apollographql.com/docs/graphos/platform/security/persisted-queries>.
#[derive(Deserialize)]
struct ApolloManifest {
    operations: Vec<ApolloOperation>,
}

#[derive(Deserialize)]
struct ApolloOperation {
    id: String,
    body: String,
}

impl PersistedDocuments {
    /// Reads a manifest, each document of which must pass `check`. The check says in words what is wrong.
    ///
    /// Two forms are read: an object of identifiers and documents, and the manifest of Apollo's tools.
    ///
    /// # Errors
    /// When the manifest has another form, or a document or its identifier cannot be used; the error names it.
    pub fn read(manifest: &str, check: impl Fn(&str) -> Result<(), String>) -> Result<Self, ManifestError> {
        let entries = entries(manifest)?;
        if entries.is_empty() {
            return Err(ManifestError::Empty);
        }
        let mut documents = HashMap::with_capacity(entries.len() * 2);
        for (id, text) in entries {
            let failed = |reason: String| ManifestError::Document { id: id.clone(), reason };
            check_identifier(&id, &text).map_err(failed)?;
            check(&text).map_err(failed)?;
            let text: Arc<str> = text.into();
            // Any document can be asked for by its hash, which the specification recommends to all servers.
            documents.insert(format!("{SHA256_PREFIX}{}", Sha256::of(&text)), Arc::clone(&text));
            if documents.get(&id).is_some_and(|other| *other != text) {
                return Err(failed("there are two different documents of this identifier; rename one".to_owned()));
            }
            documents.insert(id, text);
        }
        Ok(Self { documents })
    }

    /// The document of this identifier.
    pub(super) fn get(&self, id: &str) -> Option<&Arc<str>> {
        self.documents.get(id)
    }

    /// The document that an Apollo client means, which sends either the hash of the document or its identifier.
    pub(super) fn get_by_hash(&self, hash: &str) -> Option<&Arc<str>> {
        self.get(hash).or_else(|| self.get(&format!("{SHA256_PREFIX}{hash}")))
    }
}

fn entries(manifest: &str) -> Result<Vec<(String, String)>, ManifestError> {
    let value: Value = serde_json::from_str(manifest)
        .map_err(|error| ManifestError::NotJson { line: error.line(), column: error.column() })?;
    if value.get("operations").is_some_and(Value::is_array) {
        let manifest: ApolloManifest = serde_json::from_value(value).map_err(|_| ManifestError::WrongForm)?;
        return Ok(manifest.operations.into_iter().map(|operation| (operation.id, operation.body)).collect());
    }
    let documents: BTreeMap<String, Value> = serde_json::from_value(value).map_err(|_| ManifestError::WrongForm)?;
    let entry = |(id, document)| match document {
        Value::String(text) => Ok((id, text)),
        _ => Err(ManifestError::Document { id, reason: "the document has to be a string".to_owned() }),
    };
    documents.into_iter().map(entry).collect()
}

/// Checks an identifier by the rules of the specification: those with a colon say by their prefix how they were made.
fn check_identifier(id: &str, document: &str) -> Result<(), String> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte);
    if id.is_empty() || !id.bytes().all(is_allowed) {
        return Err("an identifier has letters, digits and `-._~:` only".to_owned());
    }
    match id.split_once(':') {
        Some(("sha256", hash)) if hash == Sha256::of(document).to_string() => Ok(()),
        Some(("sha256", _)) => {
            Err("the identifier is not the SHA-256 of the document; build the manifest anew".to_owned())
        }
        Some((prefix, _)) if !prefix.starts_with("x-") => {
            Err(format!("the prefix `{prefix}:` is reserved; use `sha256:`, one that begins with `x-`, or none"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{ManifestError, PersistedDocuments};

    fn read(manifest: &str) -> Result<PersistedDocuments, ManifestError> {
        PersistedDocuments::read(manifest, |document| match document {
            "" => Err("it is empty".to_owned()),
            _ => Ok(()),
        })
    }

    #[test]
    fn both_forms_are_read() {
        let relay = read(r#"{ "5d41402abc4b2a76b9719d911017c592": "{a}", "x-mine:7": "{b}" }"#).unwrap();
        let apollo = r#"{
            "format": "apollo-persisted-query-manifest", "version": 1,
            "operations": [{ "id": "5d41402abc4b2a76b9719d911017c592", "name": "A", "type": "query", "body": "{a}" }]
        }"#;
        let apollo = read(apollo).unwrap();
        for documents in [&relay, &apollo] {
            assert_eq!(documents.get("5d41402abc4b2a76b9719d911017c592").map(|text| &**text), Some("{a}"));
        }
        assert_eq!(relay.get("x-mine:7").map(|text| &**text), Some("{b}"));
        assert_eq!(relay.get("{a}"), None);
    }

    #[test]
    fn every_document_has_its_hash_as_an_identifier() {
        let document = "query($id:ID!){user(id:$id){name}}";
        let hash = "71f7dc5758652baac68e4a10c50be732b741c892ade2883a99358f52b555286b";
        for id in ["mine", hash, &format!("sha256:{hash}")] {
            let documents = read(&serde_json::json!({ id: document }).to_string()).unwrap();
            assert!(documents.get(id).is_some() && documents.get(&format!("sha256:{hash}")).is_some());
            assert!(documents.get_by_hash(hash).is_some() && documents.get_by_hash(id).is_some());
        }
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let named = |manifest: &str| read(manifest).unwrap_err().to_string();
        assert_eq!(named("{"), "it is not JSON: look at line 1, column 1");
        for form in ["7", "[]", r#"{ "operations": [7] }"#, r#"{ "operations": [{ "id": "a" }] }"#] {
            assert_eq!(read(form).unwrap_err(), ManifestError::WrongForm, "{form}");
        }
        assert!(named("{}").contains("no document"));
        assert!(named(r#"{ "format": "x", "operations": [] }"#).contains("no document"));
        for (manifest, reason) in [
            (r#"{ "bad": 7 }"#, "has to be a string"),
            (r#"{ "bad": "" }"#, "it is empty"),
            (r#"{ "b a d": "{a}" }"#, "letters"),
            (r#"{ "sha256:bad": "{a}" }"#, "not the SHA-256"),
            (r#"{ "md5:bad": "{a}" }"#, "reserved"),
            (r#"{ "operations": [{ "id": "bad", "body": "{a}" }, { "id": "bad", "body": "{b}" }] }"#, "two different"),
        ] {
            let error = named(manifest);
            assert!(error.starts_with("document \"") && error.contains("d\": ") && error.contains(reason), "{error}");
        }
    }
}
