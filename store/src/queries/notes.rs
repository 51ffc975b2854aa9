//! Private notes.

use diesel::prelude::*;
use domain::filter::Page;
use domain::note::{NoteContent, NoteWording};
use domain::{Note, NoteId, SessionId};

use super::prepared::{FreeForm, Prepared, RunQueryDsl};
use super::{Conn, Db, dialect};
use crate::desk_tools::NewNote;
use crate::mapping::{At, IntoDomain, micros, row};

diesel::table! {
    notes (id) {
        id -> BigInt,
        project_id -> BigInt,
        session_id -> BigInt,
        agent_id -> BigInt,
        text -> Text,
        need -> Text,
        tried -> Text,
        next_step -> Text,
        version -> BigInt,
        created_at -> BigInt,
        edited_at -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
        since_version -> BigInt,
        deleted_version -> Nullable<BigInt>,
    }
}

diesel::table! {
    note_wordings (note_id, until_version) {
        note_id -> BigInt,
        until_version -> BigInt,
        text -> Text,
        need -> Text,
        tried -> Text,
        next_step -> Text,
        edited_at -> Nullable<BigInt>,
    }
}

row! { NoteRow of notes is Note {
    id: i64,
    project_id: i64,
    session_id: i64,
    agent_id: i64,
    text: String,
    need: String,
    tried: String,
    next_step: String,
    version: i64,
    created_at: At,
    edited_at: Option<At>,
    deleted_at: Option<At>,
    since_version: i64,
    deleted_version: Option<i64>,
} }

/// The notes with these identifiers, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Note>> {
    let query = notes::table.filter(dialect::looked_up("notes.id", ids)).select(NoteRow::as_select());
    let rows: Vec<NoteRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(Note::from).collect())
}

/// Every note of these sessions, in their order.
pub async fn of_sessions(conn: &mut Conn, sessions: &[i64]) -> QueryResult<Vec<Note>> {
    let rows: Vec<NoteRow> = notes::table
        .filter(dialect::one_of("notes.session_id", sessions))
        .order(notes::id)
        .select(NoteRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(Note::from).collect())
}

macro_rules! there_at {
    ($session:expr, $version:expr) => {{
        let query = notes::table.filter(notes::session_id.eq($session.0)).into_boxed::<Db>();
        match $version {
            None => query.filter(notes::deleted_at.is_null()),
            Some(version) => query
                .filter(notes::since_version.le(version))
                .filter(notes::deleted_version.is_null().or(notes::deleted_version.gt(version))),
        }
    }};
}

/// One page of a session's notes, oldest first, in the order of reading from the asked end.
pub async fn page(
    conn: &mut Conn,
    session: SessionId,
    version: Option<i64>,
    page: Page<NoteId>,
) -> QueryResult<Vec<Note>> {
    let limit = i64::try_from(page.size).unwrap_or(i64::MAX);
    let mut query = there_at!(session, version).select(NoteRow::as_select()).limit(limit);
    if let Some(after) = page.after {
        query = query.filter(notes::id.gt(after.0));
    }
    if let Some(before) = page.before {
        query = query.filter(notes::id.lt(before.0));
    }
    query = if page.from_end { query.order(notes::id.desc()) } else { query.order(notes::id.asc()) };
    let rows: Vec<NoteRow> = dialect::load_all(FreeForm(query), conn).await?;
    Ok(rows.into_iter().map(Note::from).collect())
}

/// How many notes a session has, or had at a version of it.
pub async fn count(conn: &mut Conn, session: SessionId, version: Option<i64>) -> QueryResult<i64> {
    diesel_async::RunQueryDsl::get_result(FreeForm(there_at!(session, version).count()), conn).await
}

/// Everything that these notes said before.
pub async fn wordings(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<NoteWording>> {
    type Row = (i64, i64, String, String, String, String, Option<At>);
    let rows: Vec<Row> = note_wordings::table
        .filter(dialect::one_of("note_wordings.note_id", ids))
        .order((note_wordings::note_id, note_wordings::until_version))
        .load(conn)
        .await?;
    let wording = |(note, until_version, text, need, tried, next_step, edited_at): Row| NoteWording {
        note_id: NoteId(note),
        until_version,
        content: NoteContent { text, need, tried, next_step },
        edited_at: edited_at.into_domain(),
    };
    Ok(rows.into_iter().map(wording).collect())
}

/// Adds a note.
pub async fn insert(conn: &mut Conn, note: &NewNote) -> QueryResult<Note> {
    let NoteContent { text, need, tried, next_step } = &note.content;
    diesel::insert_into(notes::table)
        .values((
            notes::project_id.eq(note.project_id.0),
            notes::session_id.eq(note.session_id.0),
            notes::agent_id.eq(note.agent_id.0),
            notes::text.eq(text),
            notes::need.eq(need),
            notes::tried.eq(tried),
            notes::next_step.eq(next_step),
            notes::version.eq(1),
            notes::created_at.eq(micros(note.created_at)),
            notes::since_version.eq(note.since_version),
        ))
        .returning(NoteRow::as_select())
        .get_result(conn)
        .await
        .map(Note::from)
}

/// Writes what a note says and whether it was taken away, under its next version.
pub async fn update(conn: &mut Conn, note: &Note) -> QueryResult<Note> {
    diesel::update(notes::table.find(note.id.0))
        .set((
            notes::text.eq(&note.text),
            notes::need.eq(&note.need),
            notes::tried.eq(&note.tried),
            notes::next_step.eq(&note.next_step),
            notes::edited_at.eq(note.edited_at.map(micros)),
            notes::deleted_at.eq(note.deleted_at.map(micros)),
            notes::deleted_version.eq(note.deleted_version),
            notes::version.eq(notes::version + 1),
        ))
        .returning(NoteRow::as_select())
        .get_result(conn)
        .await
        .map(Note::from)
}

/// Keeps what a note said before.
pub async fn insert_wording(conn: &mut Conn, wording: &NoteWording) -> QueryResult<()> {
    let NoteContent { text, need, tried, next_step } = &wording.content;
    diesel::insert_into(note_wordings::table)
        .values((
            note_wordings::note_id.eq(wording.note_id.0),
            note_wordings::until_version.eq(wording.until_version),
            note_wordings::text.eq(text),
            note_wordings::need.eq(need),
            note_wordings::tried.eq(tried),
            note_wordings::next_step.eq(next_step),
            note_wordings::edited_at.eq(wording.edited_at.map(micros)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets the notes of sessions with all that they said. Answers which they were.
pub async fn erase(conn: &mut Conn, sessions: &[i64]) -> QueryResult<Vec<i64>> {
    let ids: Vec<i64> =
        notes::table.filter(dialect::one_of("notes.session_id", sessions)).select(notes::id).load(conn).await?;
    diesel::delete(note_wordings::table).filter(dialect::one_of("note_wordings.note_id", &ids)).execute(conn).await?;
    diesel::delete(notes::table).filter(dialect::one_of("notes.id", &ids)).execute(conn).await?;
    Ok(ids)
}
