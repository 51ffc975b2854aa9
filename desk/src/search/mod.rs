//! Search over messages, customers and sessions.

mod find;
mod indexer;
mod matching;
mod page;
mod stretches;
mod walk;

pub use find::{SearchHit, SearchPage, SearchRequest, SearchResult};
pub use indexer::{SearchIndexer, Step};
pub use page::SearchKey;
