//! Files that agents have uploaded.

use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use domain::message::MediaKind;
use domain::{AgentId, File, FileId, ProjectId, Time};

use super::prepared::RunQueryDsl;
use super::schema::{file_chunks, files};
use super::{Conn, Db, dialect};
use crate::files::{NewFile, Unused};
use crate::mapping::{At, Named, micros, row};
use crate::retention::BATCH_OF_FILES;

row! { FileRow of files is File {
    id: i64,
    project_id: i64,
    agent_id: i64,
    name: String,
    mime_type: String,
    size_bytes: i64,
    chunk_bytes: i32,
    telegram_file_id: Option<String>,
    telegram_kind: Option<Named<MediaKind>>,
    created_at: At,
    completed_at: Option<At>,
    used_at: Option<At>,
} }

/// The files with these identifiers, whole ones and others, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<File>> {
    let rows: Vec<FileRow> =
        files::table.filter(dialect::looked_up("files.id", ids)).select(FileRow::as_select()).load(conn).await?;
    Ok(rows.into_iter().map(File::from).collect())
}

/// One file, which nobody changes or purges until the transaction ends.
pub async fn lock(conn: &mut Conn, id: FileId) -> QueryResult<Option<File>> {
    let query = files::table.find(id.0).select(FileRow::as_select());
    let row: Option<FileRow> = for_update!(query).first(conn).await.optional()?;
    Ok(row.map(File::from))
}

/// A piece of a file.
pub async fn chunk(conn: &mut Conn, file: FileId, number: i32) -> QueryResult<Option<Vec<u8>>> {
    file_chunks::table.find((file.0, number)).select(file_chunks::data).first(conn).await.optional()
}

/// What an agent has uploaded to a project and not sent.
pub async fn unused(conn: &mut Conn, agent: AgentId, project: ProjectId) -> QueryResult<Unused> {
    let (files, bytes) = files::table
        .filter(files::agent_id.eq(agent.0).and(files::project_id.eq(project.0)))
        .filter(files::used_at.is_null())
        .select((count_star(), sql::<BigInt>("CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT)")))
        .get_result(conn)
        .await?;
    Ok(Unused { files, bytes })
}

/// Adds a file without any piece.
pub async fn insert(conn: &mut Conn, file: &NewFile) -> QueryResult<FileId> {
    diesel::insert_into(files::table)
        .values((
            files::project_id.eq(file.project_id.0),
            files::agent_id.eq(file.agent_id.0),
            files::name.eq(&file.name),
            files::mime_type.eq(&file.mime_type),
            files::size_bytes.eq(file.most_bytes),
            files::chunk_bytes.eq(file.chunk_bytes),
            files::created_at.eq(micros(file.created_at)),
        ))
        .returning(files::id)
        .get_result(conn)
        .await
        .map(FileId)
}

/// Adds a piece. Fails if the file is gone.
pub async fn insert_chunk(conn: &mut Conn, file: FileId, number: i32, data: &[u8]) -> QueryResult<()> {
    diesel::insert_into(file_chunks::table)
        .values((file_chunks::file_id.eq(file.0), file_chunks::number.eq(number), file_chunks::data.eq(data)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that a file is whole. Nothing if it is gone.
pub async fn complete(conn: &mut Conn, id: FileId, size_bytes: i64, now: Time) -> QueryResult<Option<File>> {
    let row: Option<FileRow> = diesel::update(files::table.find(id.0))
        .set((files::size_bytes.eq(size_bytes), files::completed_at.eq(micros(now))))
        .returning(FileRow::as_select())
        .get_result(conn)
        .await
        .optional()?;
    Ok(row.map(File::from))
}

/// Notes that a file is sent, unless it was before.
pub async fn mark_used(conn: &mut Conn, id: FileId, now: Time) -> QueryResult<()> {
    diesel::update(files::table.find(id.0))
        .filter(files::used_at.is_null())
        .set(files::used_at.eq(micros(now)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes what Telegram calls a file that was sent as this kind of media.
pub async fn set_telegram_file_id(
    conn: &mut Conn,
    id: FileId,
    kind: MediaKind,
    telegram_file_id: &str,
) -> QueryResult<()> {
    diesel::update(files::table.find(id.0))
        .set((files::telegram_file_id.eq(telegram_file_id), files::telegram_kind.eq(kind.name())))
        .execute(conn)
        .await?;
    Ok(())
}

/// Deletes files with their pieces.
pub async fn delete(conn: &mut Conn, ids: &[i64]) -> QueryResult<usize> {
    diesel::delete(files::table).filter(dialect::one_of("files.id", ids)).execute(conn).await
}

/// Deletes the files that nobody has sent and whose upload began before a time, the oldest [`BATCH_OF_FILES`] of them.
pub async fn purge_unused(conn: &mut Conn, before: Time) -> QueryResult<usize> {
    let old = diesel::alias!(files as old);
    let oldest = old
        .filter(old.field(files::created_at).lt(micros(before)))
        .filter(old.field(files::used_at).is_null())
        .order(old.field(files::created_at))
        .limit(BATCH_OF_FILES)
        .select(old.field(files::id));
    diesel::delete(files::table).filter(files::used_at.is_null()).filter(files::id.eq_any(oldest)).execute(conn).await
}
