//! Reading the bytes of a file.

use bytes::Bytes;
use domain::{File, FileId};
use futures_util::stream::{StreamExt as _, unfold};

use crate::media::ByteStream;
use crate::{Desk, Error};

impl Desk {
    /// The bytes of a file from one of them on, piece by piece. Each piece is read when it is wanted, so that whoever
    /// is slow holds nothing but one piece. The stream fails if the file is deleted meanwhile.
    pub fn file_content(&self, file: &File, from: u64) -> ByteStream {
        let chunk_bytes = u64::try_from(file.chunk_bytes).unwrap_or(1).max(1);
        let (first, skip) = (from / chunk_bytes, from % chunk_bytes);
        let end = u64::try_from(file.size_bytes).unwrap_or(0).div_ceil(chunk_bytes);
        let (desk, id) = (self.clone(), file.id);
        unfold((first, skip), move |(number, skip)| {
            let desk = desk.clone();
            async move {
                if number >= end {
                    return None;
                }
                let chunk = desk.file_chunk(id, number).await.map(|chunk| chunk.slice(clamped(skip, chunk.len())..));
                // What failed is not tried again.
                let next = if chunk.is_ok() { number + 1 } else { end };
                Some((chunk, (next, 0)))
            }
        })
        .boxed()
    }

    async fn file_chunk(&self, id: FileId, number: u64) -> Result<Bytes, Error> {
        let number = i32::try_from(number).map_err(Error::internal)?;
        let chunk = self.store.read().await?.file_chunk(id, number).await?;
        Ok(chunk.ok_or(Error::NotFound("file"))?.into())
    }
}

fn clamped(skip: u64, length: usize) -> usize {
    usize::try_from(skip).unwrap_or(length).min(length)
}
