//! Queries of search.

use domain::search::{Gram, SearchKind};
use domain::{MessageId, ProjectId, SessionId, Sight};

use crate::error::Result;
use crate::search::{Backlog, Document, Order, Progress, Stretch};
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// How far the index of texts has come.
    search_progress = search::progress() -> Progress;
    /// Everything that there is for the index of texts to take in.
    whole_search_backlog = search::whole_backlog() -> Backlog;
    /// What of these objects can be searched for, in no order.
    documents = search::documents(kind: SearchKind, ids: &[i64]) -> Vec<Document>;
    /// What of the objects of a stretch can be searched for, in no order.
    documents_within = search::documents_within(kind: SearchKind, stretch: Stretch) -> Vec<Document>;
    /// The first objects of a project within a stretch that have all the grams, and very few others, in this order.
    search_candidates = search::candidates(project: ProjectId, kind: SearchKind, grams: &[Gram], stretch: Stretch, order: Order, limit: i64) -> Vec<i64>;
    /// How many objects of a project have all the grams, and very few others.
    search_candidate_count = search::candidate_count(project: ProjectId, kind: SearchKind, grams: &[Gram]) -> i64;
    /// Those of the messages of a project with their texts that are there still and within somebody's sight, in no order.
    message_texts = search::message_texts(project: ProjectId, sight: &Sight, ids: &[i64]) -> Vec<(MessageId, String)>;
    /// The first messages of a session within a stretch, in this order.
    messages_within = search::messages_of_session(session: SessionId, stretch: Stretch, order: Order, limit: i64) -> Vec<i64>;
}

catalogue! { Tx:
    /// How far the index of texts has come, locked; nothing if another process is at it.
    claim_search_progress = search::claim_progress() -> Option<Progress>;
    /// Notes how far the index of texts has come.
    set_search_progress = search::set_progress(progress: &Progress) -> ();
    /// Puts texts into the index, in place of what it has of the same objects.
    index_documents = search::index(documents: &[Document]) -> ();
    /// Takes objects out of the index so that nothing of them is left there.
    forget_in_search = search::forget(kind: SearchKind, ids: &[i64]) -> ();
}
