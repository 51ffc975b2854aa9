//! Files that agents upload in order to send them.

mod find;
mod read;
mod upload;

pub(crate) use find::sendable;
pub use upload::{
    CHUNK_BYTES, MOST_UNUSED_BYTES, MOST_UNUSED_FILES, NewUpload, UNUSED_FILES_LIVE_FOR, Upload, UploadRefusal,
};
