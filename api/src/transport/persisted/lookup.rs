//! Finding the document that a request means.

use std::sync::Arc;

use async_graphql::ServerError;

use super::{
    automatic::AutomaticDocuments, candidate::Candidate, manifest::PersistedDocuments, owner::Owner,
    reference::DocumentReference, settings::PersistedSettings, sha256::Sha256,
};
use crate::transport::{authentication::Caller, code::ErrorCode, error::server_error, parameters::Parameters};

/// All documents that can be named.
#[derive(Debug)]
pub(in crate::transport) struct Documents {
    persisted: Arc<PersistedDocuments>,
    only: bool,
    automatic: Arc<AutomaticDocuments>,
}

/// A document, which is kept once it has run if it is a candidate for that.
type Found = (String, Option<Candidate>);

impl Documents {
    pub(in crate::transport) fn new(settings: &PersistedSettings) -> Self {
        Self {
            persisted: Arc::clone(&settings.documents),
            only: settings.only,
            automatic: Arc::new(AutomaticDocuments::new(settings.automatic.clone())),
        }
    }

    /// Puts the document that a request of this caller means into its parameters. The errors carry their codes.
    pub(in crate::transport) fn find(
        &self,
        parameters: Parameters<DocumentReference>,
        caller: &Caller,
    ) -> Result<(Parameters, Option<Candidate>), ServerError> {
        let (reference, parameters) = parameters.split();
        let (document, candidate) = self.document(reference, Owner::of(caller))?;
        Ok((Parameters { query: document, ..parameters }, candidate))
    }

    fn document(&self, reference: DocumentReference, owner: Owner) -> Result<Found, ServerError> {
        match reference {
            DocumentReference::Text(_) if self.only => Err(not_on_the_list()),
            DocumentReference::Text(text) => Ok((text, None)),
            DocumentReference::Id(id) => match self.persisted.get(&id) {
                Some(persisted) => Ok((persisted.to_string(), None)),
                None => Err(unknown_id()),
            },
            DocumentReference::Hash { hash, text } => match (self.persisted.get_by_hash(&hash), text) {
                (Some(persisted), None) => Ok((persisted.to_string(), None)),
                (Some(persisted), Some(text)) if **persisted == *text => Ok((text, None)),
                (_, Some(_)) if self.only => Err(not_on_the_list()),
                (_, Some(text)) => self.candidate(&hash, text, owner),
                (None, None) if self.only => Err(not_supported()),
                (None, None) => self.kept(&hash),
            },
        }
    }

    fn kept(&self, hash: &str) -> Result<Found, ServerError> {
        let kept = Sha256::from_hex(hash).and_then(|hash| self.automatic.get(hash));
        kept.map(|document| (document.to_string(), None)).ok_or_else(not_found)
    }

    fn candidate(&self, hash: &str, text: String, owner: Owner) -> Result<Found, ServerError> {
        let actual = Sha256::of(&text);
        if Sha256::from_hex(hash) != Some(actual) {
            return Err(wrong_hash());
        }
        let document = text.as_str().into();
        Ok((text, Some(Candidate { kept: Arc::clone(&self.automatic), owner, hash: actual, document })))
    }
}

fn unknown_id() -> ServerError {
    let message = "There is no document of this `documentId`. Send one that is in the manifest which the server was \
                   started with.";
    server_error(ErrorCode::PersistedDocumentNotFound, message)
}

fn not_on_the_list() -> ServerError {
    let message = "Only persisted documents run here. Send the `documentId` of one instead of `query`.";
    server_error(ErrorCode::PersistedDocumentRequired, message)
}

fn wrong_hash() -> ServerError {
    let message = "`extensions.persistedQuery.sha256Hash` is not the SHA-256 of `query`. Send the hash of the very text \
                   of `query`, as 64 hexadecimal digits.";
    server_error(ErrorCode::BadRequest, message)
}

/// Clients with automatic persisted queries know this text and send the full query next.
fn not_found() -> ServerError {
    server_error(ErrorCode::PersistedQueryNotFound, "PersistedQueryNotFound")
}

/// Clients with automatic persisted queries know this text and send hashes no more.
fn not_supported() -> ServerError {
    server_error(ErrorCode::PersistedQueryNotSupported, "PersistedQueryNotSupported")
}
