//! What the bot answers by itself, and whether that helped.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use domain::knowledge::{KnowledgeAnswer, KnowledgeEntry, KnowledgeStatistics};
use domain::{KnowledgeEntryId, MessageId, ProjectId, SessionId, Time};

use super::prepared::{Prepared, RunQueryDsl};
use super::schema::messages;
use super::{Conn, Db, dialect};
use crate::knowledge::NewKnowledgeEntry;
use crate::mapping::{At, Json, json, micros, row};

diesel::table! {
    knowledge_entries (id) {
        id -> BigInt,
        project_id -> BigInt,
        session_id -> Nullable<BigInt>,
        question -> Text,
        answer -> Text,
        language -> Nullable<Text>,
        keywords -> Nullable<Text>,
        created_by -> BigInt,
        archived_at -> Nullable<BigInt>,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    knowledge_answers (session_id, entry_id) {
        session_id -> BigInt,
        entry_id -> BigInt,
        message_id -> BigInt,
        helped -> Nullable<Bool>,
        person -> Bool,
        shown_at -> BigInt,
    }
}

row! { EntryRow of knowledge_entries is KnowledgeEntry {
    id: i64,
    project_id: i64,
    session_id: Option<i64>,
    question: String,
    answer: String,
    language: Option<String>,
    keywords: Json<Vec<String>>,
    created_by: i64,
    archived_at: Option<At>,
    version: i64,
    created_at: At,
    updated_at: At,
} }

row! { AnswerRow of knowledge_answers is KnowledgeAnswer {
    session_id: i64,
    entry_id: i64,
    message_id: i64,
    helped: Option<bool>,
    person: bool,
    shown_at: At,
} }

/// The entries with these identifiers, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<KnowledgeEntry>> {
    let query =
        knowledge_entries::table.filter(dialect::looked_up("knowledge_entries.id", ids)).select(EntryRow::as_select());
    let rows: Vec<EntryRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(KnowledgeEntry::from).collect())
}

/// Every entry of a project, oldest first.
pub async fn of_project(conn: &mut Conn, project: ProjectId) -> QueryResult<Vec<KnowledgeEntry>> {
    let rows: Vec<EntryRow> = knowledge_entries::table
        .filter(knowledge_entries::project_id.eq(project.0))
        .order(knowledge_entries::id)
        .select(EntryRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(KnowledgeEntry::from).collect())
}

/// What became of the answers by these entries, those that were given at all, in no order.
pub async fn statistics(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<(KnowledgeEntryId, KnowledgeStatistics)>> {
    let rows: Vec<(i64, i64, i64, i64, i64)> = knowledge_answers::table
        .filter(dialect::one_of("knowledge_answers.entry_id", ids))
        .group_by(knowledge_answers::entry_id)
        .select((
            knowledge_answers::entry_id,
            sql::<BigInt>("COUNT(*)"),
            sql::<BigInt>("COUNT(CASE WHEN helped THEN 1 END)"),
            sql::<BigInt>("COUNT(CASE WHEN NOT helped THEN 1 END)"),
            sql::<BigInt>("COUNT(CASE WHEN person THEN 1 END)"),
        ))
        .load(conn)
        .await?;
    let counted = |(id, shown, helped, did_not_help, asked_for_person)| {
        (KnowledgeEntryId(id), KnowledgeStatistics { shown, helped, did_not_help, asked_for_person })
    };
    Ok(rows.into_iter().map(counted).collect())
}

/// The answers that these sessions got, of each in the order of the messages.
pub async fn answers_in(conn: &mut Conn, sessions: &[i64]) -> QueryResult<Vec<KnowledgeAnswer>> {
    let query = knowledge_answers::table
        .filter(dialect::one_of("knowledge_answers.session_id", sessions))
        .order((knowledge_answers::session_id, knowledge_answers::message_id))
        .select(AnswerRow::as_select());
    let rows: Vec<AnswerRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(KnowledgeAnswer::from).collect())
}

/// The answer that a message is, if it is one.
pub async fn answer_by_message(conn: &mut Conn, message: MessageId) -> QueryResult<Option<KnowledgeAnswer>> {
    let row: Option<AnswerRow> = knowledge_answers::table
        .filter(knowledge_answers::message_id.eq(message.0))
        .select(AnswerRow::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(row.map(KnowledgeAnswer::from))
}

/// Whether an agent has written in a session.
pub async fn has_agent_written(conn: &mut Conn, session: SessionId) -> QueryResult<bool> {
    let found: Option<i64> = messages::table
        .filter(messages::session_id.eq(session.0))
        .filter(messages::author_id.is_not_null())
        .select(messages::id)
        .first(conn)
        .await
        .optional()?;
    Ok(found.is_some())
}

/// Adds an entry.
pub async fn insert(conn: &mut Conn, entry: &NewKnowledgeEntry) -> QueryResult<KnowledgeEntry> {
    diesel::insert_into(knowledge_entries::table)
        .values((
            knowledge_entries::project_id.eq(entry.project_id.0),
            knowledge_entries::session_id.eq(entry.session_id.map(|id| id.0)),
            knowledge_entries::question.eq(&entry.question),
            knowledge_entries::answer.eq(&entry.answer),
            knowledge_entries::language.eq(&entry.language),
            knowledge_entries::keywords.eq(json(&entry.keywords)),
            knowledge_entries::created_by.eq(entry.created_by.0),
            knowledge_entries::version.eq(1),
            knowledge_entries::created_at.eq(micros(entry.created_at)),
            knowledge_entries::updated_at.eq(micros(entry.created_at)),
        ))
        .returning(EntryRow::as_select())
        .get_result(conn)
        .await
        .map(KnowledgeEntry::from)
}

/// Writes everything about an entry that people can change, under its next version.
pub async fn update(conn: &mut Conn, entry: &KnowledgeEntry) -> QueryResult<KnowledgeEntry> {
    diesel::update(knowledge_entries::table.find(entry.id.0))
        .set((
            knowledge_entries::question.eq(&entry.question),
            knowledge_entries::answer.eq(&entry.answer),
            knowledge_entries::language.eq(&entry.language),
            knowledge_entries::keywords.eq(json(&entry.keywords)),
            knowledge_entries::archived_at.eq(entry.archived_at.map(micros)),
            knowledge_entries::updated_at.eq(micros(entry.updated_at)),
            knowledge_entries::version.eq(knowledge_entries::version + 1),
        ))
        .returning(EntryRow::as_select())
        .get_result(conn)
        .await
        .map(KnowledgeEntry::from)
}

/// Notes that a session got an answer.
pub async fn insert_answer(conn: &mut Conn, answer: &KnowledgeAnswer) -> QueryResult<()> {
    diesel::insert_into(knowledge_answers::table)
        .values((
            knowledge_answers::session_id.eq(answer.session_id.0),
            knowledge_answers::entry_id.eq(answer.entry_id.0),
            knowledge_answers::message_id.eq(answer.message_id.0),
            knowledge_answers::helped.eq(answer.helped),
            knowledge_answers::person.eq(answer.person),
            knowledge_answers::shown_at.eq(micros(answer.shown_at)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes what a customer said about an answer.
pub async fn update_answer(conn: &mut Conn, answer: &KnowledgeAnswer) -> QueryResult<()> {
    diesel::update(knowledge_answers::table.find((answer.session_id.0, answer.entry_id.0)))
        .set((knowledge_answers::helped.eq(answer.helped), knowledge_answers::person.eq(answer.person)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets the questions and the keywords of the entries that were made from these sessions, which may be words of their
/// customer, and puts the entries away. Answers which they were.
pub async fn erase(conn: &mut Conn, sessions: &[i64], now: Time) -> QueryResult<Vec<i64>> {
    let ids: Vec<i64> = knowledge_entries::table
        .filter(dialect::one_of("knowledge_entries.session_id", sessions))
        .select(knowledge_entries::id)
        .load(conn)
        .await?;
    diesel::update(knowledge_entries::table)
        .filter(dialect::one_of("knowledge_entries.id", &ids))
        .set((
            knowledge_entries::question.eq(""),
            knowledge_entries::keywords.eq(None::<String>),
            knowledge_entries::archived_at.eq(micros(now)),
            knowledge_entries::version.eq(knowledge_entries::version + 1),
        ))
        .execute(conn)
        .await?;
    Ok(ids)
}
