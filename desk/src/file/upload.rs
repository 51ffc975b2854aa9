//! Uploading a file.

use bytes::BytesMut;
use chrono::Duration;
use domain::file::{UNKNOWN_MIME_TYPE, clean_mime_type, clean_name};
use domain::{ApiScope, File, FileId, ProjectId};
use store::files::{NewFile, Unused};

use crate::retry::retried;
use crate::{Actor, Desk, Error, Rejected};

/// How much of a file is stored at once.
pub const CHUNK_BYTES: usize = 256 * 1024;

/// How many files an agent may have uploaded to a project without sending them.
pub const MOST_UNUSED_FILES: i64 = 50;

/// How large these may be together.
pub const MOST_UNUSED_BYTES: i64 = 1024 * 1024 * 1024;

/// How long a file waits to be sent.
pub const UNUSED_FILES_LIVE_FOR: Duration = Duration::hours(24);

/// A file that is about to be uploaded.
#[derive(Debug, Clone)]
pub struct NewUpload {
    /// The project whose customers it is for.
    pub project_id: ProjectId,
    /// The name.
    pub name: String,
    /// The MIME type; empty for unknown.
    pub mime_type: Option<String>,
    /// How large the uploader says it is.
    pub announced_bytes: Option<u64>,
    /// The largest that is taken.
    pub limit_bytes: u64,
}

/// Why a file was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UploadRefusal {
    /// There is no such project, or the actor may not know of it.
    #[error("there is no such project")]
    ProjectNotFound,
    /// Nothing of the name is left without what is dangerous in it.
    #[error("the file has no name: give it one with at least one visible character")]
    NameUnusable,
    /// The MIME type is none.
    #[error("the type of the file is malformed: send one such as image/png, or none")]
    MimeTypeMalformed,
    /// There is nothing in it.
    #[error("the file is empty: Telegram takes no empty files")]
    Empty,
    /// It is larger than is taken.
    #[error("the file is larger than {limit_bytes} bytes, which is the most that this desk takes")]
    TooLarge {
        /// The largest that is taken.
        limit_bytes: u64,
    },
    /// Too much waits to be sent.
    #[error(
        "you have uploaded too much that you have not sent, and may have {MOST_UNUSED_FILES} files with \
         {MOST_UNUSED_BYTES} bytes in a project: send some of it, or wait up to 24 hours until it is deleted"
    )]
    TooManyUnused,
}

impl From<UploadRefusal> for Rejected<UploadRefusal> {
    fn from(refusal: UploadRefusal) -> Self {
        Self::Refused(refusal)
    }
}

/// A file that is coming in. Each piece is a transaction of its own, so that nobody waits for the uploader's network.
/// What is dropped before it is finished is deleted.
pub struct Upload {
    desk: Desk,
    id: FileId,
    limit_bytes: u64,
    received_bytes: u64,
    next_chunk: i32,
    buffer: BytesMut,
    is_finished: bool,
}

impl Desk {
    /// Begins to take a file in.
    pub async fn file_upload(&self, actor: &Actor, new: NewUpload) -> Result<Upload, Rejected<UploadRefusal>> {
        actor.needs(ApiScope::MessagesSend)?;
        if self.role_in(actor, new.project_id).await?.is_none() {
            return Err(UploadRefusal::ProjectNotFound.into());
        }
        let limit_bytes = new.limit_bytes;
        let file = NewFile {
            project_id: new.project_id,
            agent_id: actor.agent.id,
            name: clean_name(&new.name).ok_or(UploadRefusal::NameUnusable)?,
            mime_type: match &new.mime_type {
                Some(mime_type) => clean_mime_type(mime_type).ok_or(UploadRefusal::MimeTypeMalformed)?,
                None => UNKNOWN_MIME_TYPE.to_owned(),
            },
            most_bytes: match new.announced_bytes {
                Some(0) => return Err(UploadRefusal::Empty.into()),
                Some(announced) if announced > limit_bytes => {
                    return Err(UploadRefusal::TooLarge { limit_bytes }.into());
                }
                announced => i64::try_from(announced.unwrap_or(limit_bytes)).map_err(Error::internal)?,
            },
            chunk_bytes: i32::try_from(CHUNK_BYTES).map_err(Error::internal)?,
            created_at: self.now(),
        };
        let id = retried(|| self.begin_upload(&file)).await?;
        Ok(Upload {
            desk: self.clone(),
            id,
            limit_bytes,
            received_bytes: 0,
            next_chunk: 0,
            buffer: BytesMut::new(),
            is_finished: false,
        })
    }

    async fn begin_upload(&self, file: &NewFile) -> Result<FileId, Rejected<UploadRefusal>> {
        let mut tx = self.store.begin().await?;
        // Whoever begins many at once has them counted one after the other.
        tx.lock_credentials(file.agent_id).await?;
        let Unused { files, bytes } = tx.unused_files(file.agent_id, file.project_id).await?;
        if files >= MOST_UNUSED_FILES || bytes.saturating_add(file.most_bytes) > MOST_UNUSED_BYTES {
            return Err(UploadRefusal::TooManyUnused.into());
        }
        let id = tx.insert_file(file).await?;
        tx.commit_silently().await?;
        Ok(id)
    }
}

impl Upload {
    /// Takes the next bytes. After a refusal or a failure nothing more of the file is taken.
    pub async fn write(&mut self, mut data: &[u8]) -> Result<(), Rejected<UploadRefusal>> {
        self.received_bytes += data.len() as u64;
        if self.received_bytes > self.limit_bytes {
            return Err(UploadRefusal::TooLarge { limit_bytes: self.limit_bytes }.into());
        }
        while !data.is_empty() {
            let room = CHUNK_BYTES - self.buffer.len();
            let (now, later) = data.split_at(room.min(data.len()));
            self.buffer.extend_from_slice(now);
            data = later;
            if self.buffer.len() == CHUNK_BYTES {
                self.store_chunk().await?;
            }
        }
        Ok(())
    }

    /// Ends the file, which can then be sent.
    pub async fn finish(mut self) -> Result<File, Rejected<UploadRefusal>> {
        if self.received_bytes == 0 {
            return Err(UploadRefusal::Empty.into());
        }
        if !self.buffer.is_empty() {
            self.store_chunk().await?;
        }
        let size_bytes = i64::try_from(self.received_bytes).map_err(Error::internal)?;
        let (desk, id) = (&self.desk, self.id);
        let file = retried(|| async move {
            let mut tx = desk.store.begin().await?;
            let file = tx.complete_file(id, size_bytes, desk.now()).await?;
            tx.commit_silently().await?;
            Ok::<_, Rejected<UploadRefusal>>(file)
        })
        .await?;
        let file = file.ok_or(Error::NotFound("file"))?;
        self.is_finished = true;
        Ok(file)
    }

    async fn store_chunk(&mut self) -> Result<(), Rejected<UploadRefusal>> {
        let (desk, id, number, data) = (&self.desk, self.id, self.next_chunk, &self.buffer[..]);
        retried(|| async move {
            let mut tx = desk.store.begin().await?;
            tx.insert_file_chunk(id, number, data).await?;
            tx.commit_silently().await?;
            Ok::<_, Rejected<UploadRefusal>>(())
        })
        .await?;
        self.next_chunk += 1;
        self.buffer.clear();
        Ok(())
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if self.is_finished {
            return;
        }
        let (desk, id) = (self.desk.clone(), self.id);
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            // What cannot be deleted now is purged with the files that nobody has sent.
            if let Err(error) = desk.delete_file(id).await {
                tracing::debug!(%error, file = %id, "the rest of an upload stays for a day");
            }
        });
    }
}

impl Desk {
    async fn delete_file(&self, id: FileId) -> Result<(), store::Error> {
        let mut tx = self.store.begin().await?;
        tx.delete_files(&[id.0]).await?;
        tx.commit_silently().await
    }
}
