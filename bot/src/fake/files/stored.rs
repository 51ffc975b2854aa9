//! Files whose bytes are kept.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;

use super::{MAX_DOWNLOAD_BYTES, MadeUpFile};
use crate::telegram::BotId;

/// A file that is to be kept.
#[derive(Debug, Clone)]
pub(in crate::fake) struct NewFile {
    /// The kind of message that it is for, such as `photo`.
    pub(in crate::fake) kind: String,
    pub(in crate::fake) name: Option<String>,
    pub(in crate::fake) mime_type: Option<String>,
    pub(in crate::fake) bytes: Bytes,
}

/// A file that a bot can name by its handle.
#[derive(Debug, Clone)]
pub(in crate::fake) struct StoredFile {
    pub(in crate::fake) file_id: String,
    /// The same for every handle of the file.
    pub(in crate::fake) unique_id: String,
    pub(in crate::fake) name: Option<String>,
    pub(in crate::fake) mime_type: Option<String>,
    pub(in crate::fake) size_bytes: u64,
    /// The width and the height, for pictures.
    pub(in crate::fake) picture: Option<(u32, u32)>,
    kind: String,
    content: Content,
}

#[derive(Debug, Clone)]
enum Content {
    Kept(Bytes),
    MadeUp(MadeUpFile),
}

/// The files that bots can name, the oldest of which are forgotten when there are too many bytes.
#[derive(Debug)]
pub(in crate::fake) struct Files {
    capacity_bytes: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    last_number: u64,
    bytes: usize,
    files: HashMap<(BotId, String), StoredFile>,
    oldest_first: VecDeque<(BotId, String)>,
}

impl Files {
    pub(in crate::fake) fn with_capacity(capacity_bytes: usize) -> Self {
        Self { capacity_bytes, kept: Mutex::default() }
    }

    /// Forgets every file. Their numbers are not given again.
    pub(in crate::fake) fn forget(&self) {
        let mut kept = self.lock();
        *kept = Kept { last_number: kept.last_number, ..Kept::default() };
    }

    /// Keeps a file and gives it a handle, which is good for this bot alone.
    pub(in crate::fake) fn keep(&self, bot: BotId, new: NewFile) -> StoredFile {
        let mut kept = self.lock();
        kept.last_number += 1;
        let number = kept.last_number;
        let file = StoredFile {
            file_id: format!("{}-of-{bot}-number-{number}", new.kind),
            unique_id: format!("unique-{number}"),
            name: new.name,
            mime_type: new.mime_type,
            size_bytes: new.bytes.len() as u64,
            picture: super::picture::size_of(&new.bytes),
            kind: new.kind,
            content: Content::Kept(new.bytes),
        };
        kept.bytes += file.kept_bytes();
        let key = (bot, file.file_id.clone());
        kept.oldest_first.push_back(key.clone());
        kept.files.insert(key, file.clone());
        while kept.bytes > self.capacity_bytes {
            let Some(oldest) = kept.oldest_first.pop_front() else {
                break;
            };
            let freed = kept.files.remove(&oldest).map_or(0, |file| file.kept_bytes());
            kept.bytes -= freed;
        }
        file
    }

    /// The file with this handle, if the bot may use it and it is still known.
    pub(in crate::fake) fn find(&self, bot: BotId, file_id: &str) -> Option<StoredFile> {
        if let Some(made_up) = MadeUpFile::of_id(file_id) {
            return Some(StoredFile::made_up(made_up));
        }
        self.lock().files.get(&(bot, file_id.to_owned())).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StoredFile {
    pub(in crate::fake) fn made_up(file: MadeUpFile) -> Self {
        Self {
            unique_id: file.unique_id(),
            file_id: file.file_id(),
            name: None,
            mime_type: None,
            size_bytes: file.length(),
            picture: file.picture,
            kind: if file.picture.is_some() { "photo" } else { "document" }.to_owned(),
            content: Content::MadeUp(file),
        }
    }

    /// Whether it is larger than what a bot can download.
    pub(in crate::fake) fn is_too_big(&self) -> bool {
        self.size_bytes > MAX_DOWNLOAD_BYTES
    }

    /// Where it can be downloaded, below the token of the bot.
    pub(in crate::fake) fn path(&self) -> String {
        let extension = self.name.as_deref().and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension);
        let extension = extension.filter(|extension| extension.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        let extension = extension.unwrap_or(if self.picture.is_some() { "png" } else { "bin" });
        format!("{}s/{}.{extension}", self.kind, self.file_id)
    }

    /// The handle within a path made by [`Self::path`].
    pub(in crate::fake) fn id_in(path: &str) -> Option<&str> {
        let (_, name) = path.split_once('/')?;
        name.rsplit_once('.').map(|(file_id, _)| file_id)
    }

    pub(in crate::fake) fn bytes(&self) -> Bytes {
        match &self.content {
            Content::Kept(bytes) => bytes.clone(),
            Content::MadeUp(file) => file.bytes(),
        }
    }

    fn kept_bytes(&self) -> usize {
        match &self.content {
            Content::Kept(bytes) => bytes.len(),
            Content::MadeUp(_) => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(bytes: &'static [u8]) -> NewFile {
        NewFile { kind: "document".to_owned(), name: Some("a.txt".to_owned()), mime_type: None, bytes: bytes.into() }
    }

    #[test]
    fn a_file_is_found_by_the_bot_that_has_it_until_there_is_too_much() {
        let files = Files::with_capacity(10);
        let first = files.keep(BotId(1), file(b"12345"));
        assert_eq!(files.find(BotId(1), &first.file_id).unwrap().bytes(), "12345");
        assert!(files.find(BotId(2), &first.file_id).is_none());
        assert!(first.path().ends_with(".txt"), "{}", first.path());
        assert_eq!(StoredFile::id_in(&first.path()), Some(first.file_id.as_str()));
        let second = files.keep(BotId(1), file(b"123456"));
        assert_ne!(first.unique_id, second.unique_id);
        assert!(files.find(BotId(1), &first.file_id).is_none(), "the oldest is forgotten");
        assert!(files.find(BotId(1), &second.file_id).is_some());
    }
}
