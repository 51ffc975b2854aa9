//! Queries of files.

use domain::message::MediaKind;
use domain::{AgentId, File, FileId, ProjectId, Time};

use crate::error::Result;
use crate::files::{NewFile, Unused};
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// The files with these identifiers, whole ones and others, in no order.
    files = files::many(ids: &[i64]) -> Vec<File>;
    /// A piece of a file.
    file_chunk = files::chunk(file: FileId, number: i32) -> Option<Vec<u8>>;
    /// What an agent has uploaded to a project and not sent.
    unused_files = files::unused(agent: AgentId, project: ProjectId) -> Unused;
}

catalogue! { Tx:
    /// Adds a file without any piece.
    insert_file = files::insert(file: &NewFile) -> FileId;
    /// Adds a piece of a file. Fails if the file is gone.
    insert_file_chunk = files::insert_chunk(file: FileId, number: i32, data: &[u8]) -> ();
    /// Notes that a file is whole. Nothing if it is gone.
    complete_file = files::complete(id: FileId, size_bytes: i64, now: Time) -> Option<File>;
    /// One file, which nobody changes or purges until the transaction ends.
    lock_file = files::lock(id: FileId) -> Option<File>;
    /// Notes that a file is sent, unless it was before.
    mark_file_used = files::mark_used(id: FileId, now: Time) -> ();
    /// Notes what Telegram calls a file that was sent as this kind of media.
    set_telegram_file_id = files::set_telegram_file_id(id: FileId, kind: MediaKind, telegram_file_id: &str) -> ();
    /// Deletes files with their pieces.
    delete_files = files::delete(ids: &[i64]) -> usize;

    /// Deletes the files that nobody has sent and whose upload began before a time,
    /// [`BATCH_OF_FILES`](crate::retention::BATCH_OF_FILES) of them at most.
    purge_unused_files = files::purge_unused(before: Time) -> usize;
}
