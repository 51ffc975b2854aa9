//! Files: what bots upload and what simulated customers send.

mod made_up;
pub(super) mod picture;
mod shown;
mod stored;

pub use made_up::MadeUpFile;
pub use shown::ShownFile;
pub(super) use stored::{Files, NewFile, StoredFile};

/// The largest file that a bot can download, as with Telegram.
pub(super) const MAX_DOWNLOAD_BYTES: u64 = 20 * 1024 * 1024;
