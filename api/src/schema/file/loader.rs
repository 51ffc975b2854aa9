//! Files by their ids.

use desk::Error;
use domain::FileId;

use crate::loader::{Found, Relation, Source};

/// The files with given ids.
pub(crate) struct FileById;

impl Relation for FileById {
    type Key = FileId;
    type Value = domain::File;

    async fn load(source: &Source, keys: &[FileId]) -> Result<Found<Self>, Error> {
        let files = source.desk.files_by_id(&source.actor, keys).await?;
        Ok(files.into_iter().map(|file| (file.id, file)).collect())
    }
}
