//! Putting a knowledge entry away.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::knowledge::KnowledgeEntryRefusal as Refusal;

use super::KnowledgeEntry;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `knowledgeEntryArchive` takes.
#[derive(InputObject)]
pub(crate) struct KnowledgeEntryArchiveInput {
    /// The global id of the entry.
    knowledge_entry_id: ID,
    /// The version of the entry that you have seen. If given and the entry has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `knowledgeEntryArchive`.
#[derive(SimpleObject)]
pub(crate) struct KnowledgeEntryArchivePayload {
    /// The entry as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    knowledge_entry: Option<KnowledgeEntry>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<KnowledgeEntryArchiveError>,
}

user_error! {
    /// Why `knowledgeEntryArchive` did nothing.
    KnowledgeEntryArchiveError,
    /// The reasons of `knowledgeEntryArchive` to do nothing.
    KnowledgeEntryArchiveErrorCode {
        /// This is not the id of a knowledge entry.
        InvalidId,
        /// There is no such entry, or you may not see it.
        KnowledgeEntryNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The entry has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
    }
}

#[derive(Default)]
pub(crate) struct KnowledgeEntryArchive;

#[Object]
impl KnowledgeEntryArchive {
    /// Puts a knowledge entry away, so that the bot does not give it any more; `knowledgeEntryRestore` takes it back into use.
    /// For supervisors and administrators of the project.
    async fn knowledge_entry_archive(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The entry to put away.")] input: KnowledgeEntryArchiveInput,
    ) -> Result<KnowledgeEntryArchivePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, &input)).await?;
        let knowledge_entry = done.map(|entry| KnowledgeEntry::new(Arc::new(entry), &view));
        Ok(KnowledgeEntryArchivePayload { knowledge_entry, user_errors })
    }
}

async fn run(
    view: &View,
    input: &KnowledgeEntryArchiveInput,
) -> Result<domain::KnowledgeEntry, Stop<domain::KnowledgeEntry, KnowledgeEntryArchiveError>> {
    use KnowledgeEntryArchiveErrorCode as Code;
    let id = id::parse(&input.knowledge_entry_id)
        .map_err(|invalid| KnowledgeEntryArchiveError::new(Code::InvalidId, Some("knowledgeEntryId"), invalid))?;
    let done = view.desk().knowledge_entry_archive(view.actor(), id, input.expected_version).await;
    done.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::KnowledgeEntry, KnowledgeEntryArchiveError> {
    use KnowledgeEntryArchiveErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::NotFound => (Code::KnowledgeEntryNotFound, Some("knowledgeEntryId")),
        Refusal::NotSupervisor => (Code::NotSupervisor, None),
        Refusal::VersionConflict(_) => (Code::VersionConflict, Some("expectedVersion")),
        _ => return Stop::unexpected(refusal),
    };
    let error = KnowledgeEntryArchiveError::new(code, field, &refusal);
    let current = if let Refusal::VersionConflict(entry) = refusal { Some(*entry) } else { None };
    Stop::Refused { error, current }
}
