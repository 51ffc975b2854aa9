//! Search: which texts come into question, what they are, and how far the index has come.

use diesel::dsl::max;
use diesel::prelude::*;
use domain::search::{Gram, SearchKind, text_of_customer, text_of_session};
use domain::{MessageId, ProjectId, SessionId, Sight};

use super::prepared::{FreeForm, RunQueryDsl};
use super::schema::{customers, messages, sessions};
use super::visibility::InSight;
use super::{Conn, dialect, text_index};
use crate::mapping::IntoDomain;
use crate::search::{Backlog, Document, Entry, Order, Progress, Stretch, key, place};

diesel::table! {
    search_progress (id) {
        id -> Integer,
        position -> Nullable<Text>,
        messages_below -> BigInt,
        customers_below -> BigInt,
        sessions_below -> BigInt,
    }
}

/// The only row of the progress.
const PROGRESS: i32 = 1;

type ProgressRow = (Option<String>, i64, i64, i64);

fn progress_of((position, messages, customers, sessions): ProgressRow) -> Progress {
    Progress { position, backlog: Backlog { messages, customers, sessions } }
}

macro_rules! progress {
    () => {
        search_progress::table.find(PROGRESS).select((
            search_progress::position,
            search_progress::messages_below,
            search_progress::customers_below,
            search_progress::sessions_below,
        ))
    };
}

/// How far the index has come.
pub async fn progress(conn: &mut Conn) -> QueryResult<Progress> {
    let row: ProgressRow = progress!().first(conn).await?;
    Ok(progress_of(row))
}

/// How far the index has come, locked; nothing if another process is at it.
pub async fn claim_progress(conn: &mut Conn) -> QueryResult<Option<Progress>> {
    let row: Option<ProgressRow> = for_update_skip_locked!(progress!()).first(conn).await.optional()?;
    Ok(row.map(progress_of))
}

/// Notes how far the index has come.
pub async fn set_progress(conn: &mut Conn, progress: &Progress) -> QueryResult<()> {
    diesel::update(search_progress::table.find(PROGRESS))
        .set((
            search_progress::position.eq(&progress.position),
            search_progress::messages_below.eq(progress.backlog.messages),
            search_progress::customers_below.eq(progress.backlog.customers),
            search_progress::sessions_below.eq(progress.backlog.sessions),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Everything that there is to be taken in.
pub async fn whole_backlog(conn: &mut Conn) -> QueryResult<Backlog> {
    let message: Option<i64> = messages::table.select(max(messages::id)).first(conn).await?;
    let customer: Option<i64> = customers::table.select(max(customers::id)).first(conn).await?;
    let session: Option<i64> = sessions::table.select(max(sessions::id)).first(conn).await?;
    let below = |newest: Option<i64>| newest.map_or(0, |newest| newest + 1);
    Ok(Backlog { messages: below(message), customers: below(customer), sessions: below(session) })
}

type MessageRow = (i64, i64, String, Option<i64>);

fn document_of_message((id, project, text, deleted_at): MessageRow) -> Document {
    let text = if deleted_at.is_some() { String::new() } else { text };
    Document { kind: SearchKind::Message, id, project_id: ProjectId(project), text }
}

type CustomerRow = (i64, i64, String, Option<String>);

fn document_of_customer((id, project, name, username): CustomerRow) -> Document {
    let text = text_of_customer(&name, username.as_deref());
    Document { kind: SearchKind::Customer, id, project_id: ProjectId(project), text }
}

type SessionRow = (i64, i64, Option<String>, Option<String>);

fn document_of_session((id, project, summary, note): SessionRow) -> Document {
    let text = text_of_session(summary.as_deref(), note.as_deref());
    Document { kind: SearchKind::Session, id, project_id: ProjectId(project), text }
}

macro_rules! message_rows {
    () => {
        messages::table.select((messages::id, messages::project_id, messages::text, messages::deleted_at))
    };
}

macro_rules! customer_rows {
    () => {
        customers::table.select((customers::id, customers::project_id, customers::name, customers::username))
    };
}

macro_rules! session_rows {
    () => {
        sessions::table.select((sessions::id, sessions::project_id, sessions::resolution, sessions::awaited_note))
    };
}

/// What of these objects can be searched for, in no order.
pub async fn documents(conn: &mut Conn, kind: SearchKind, ids: &[i64]) -> QueryResult<Vec<Document>> {
    Ok(match kind {
        SearchKind::Message => {
            let rows: Vec<MessageRow> =
                message_rows!().filter(dialect::looked_up("messages.id", ids)).load(conn).await?;
            rows.into_iter().map(document_of_message).collect()
        }
        SearchKind::Customer => {
            let rows: Vec<CustomerRow> =
                customer_rows!().filter(dialect::looked_up("customers.id", ids)).load(conn).await?;
            rows.into_iter().map(document_of_customer).collect()
        }
        SearchKind::Session => {
            let rows: Vec<SessionRow> =
                session_rows!().filter(dialect::looked_up("sessions.id", ids)).load(conn).await?;
            rows.into_iter().map(document_of_session).collect()
        }
    })
}

/// What of the objects of a stretch can be searched for, in no order.
pub async fn documents_within(conn: &mut Conn, kind: SearchKind, stretch: Stretch) -> QueryResult<Vec<Document>> {
    macro_rules! within {
        ($rows:expr, $id:expr) => {
            $rows.filter($id.ge(stretch.from)).filter($id.lt(stretch.below)).load(conn).await?
        };
    }
    Ok(match kind {
        SearchKind::Message => {
            let rows: Vec<MessageRow> = within!(message_rows!(), messages::id);
            rows.into_iter().map(document_of_message).collect()
        }
        SearchKind::Customer => {
            let rows: Vec<CustomerRow> = within!(customer_rows!(), customers::id);
            rows.into_iter().map(document_of_customer).collect()
        }
        SearchKind::Session => {
            let rows: Vec<SessionRow> = within!(session_rows!(), sessions::id);
            rows.into_iter().map(document_of_session).collect()
        }
    })
}

/// Puts texts into the index, in place of what it has under the same numbers.
pub async fn index(conn: &mut Conn, documents: &[Document]) -> QueryResult<()> {
    let mut entries: Vec<Entry> = documents.iter().map(Entry::of).collect();
    // In the order in which others take them out, so that nobody waits for each other.
    entries.sort_unstable_by_key(|entry| (place(entry.kind), entry.id));
    text_index::put(conn, entries).await
}

/// Takes objects out of the index of which nothing may be left.
pub async fn forget(conn: &mut Conn, kind: SearchKind, ids: &[i64]) -> QueryResult<()> {
    let entries = match kind {
        SearchKind::Message => entries_of_messages(conn, ids).await?,
        _ => ids.iter().map(|id| Entry { kind, id: *id, keys: Vec::new() }).collect(),
    };
    text_index::remove(conn, entries, true).await
}

/// The entries that messages have with their present texts. Whoever rewords a message takes them out of the index; the
/// event that tells of it brings the new words in.
pub(super) async fn entries_of_messages(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Entry>> {
    Ok(documents(conn, SearchKind::Message, ids).await?.iter().map(Entry::of).collect())
}

/// The first objects of a project in an order that come into question, within a stretch of identifiers: those that have
/// all the grams, and very few others.
pub async fn candidates(
    conn: &mut Conn,
    project: ProjectId,
    kind: SearchKind,
    grams: &[Gram],
    stretch: Stretch,
    order: Order,
    limit: i64,
) -> QueryResult<Vec<i64>> {
    text_index::find(conn, kind, &keys(project, kind, grams), stretch, order, limit).await
}

/// How many objects of a project come into question.
pub async fn candidate_count(
    conn: &mut Conn,
    project: ProjectId,
    kind: SearchKind,
    grams: &[Gram],
) -> QueryResult<i64> {
    text_index::count(conn, kind, &keys(project, kind, grams)).await
}

fn keys(project: ProjectId, kind: SearchKind, grams: &[Gram]) -> Vec<u32> {
    grams.iter().map(|gram| key(project, kind, *gram)).collect()
}

/// Those of the messages of a project with their texts that are there still, in sessions that go on for somebody; in no
/// order.
pub async fn message_texts(
    conn: &mut Conn,
    project: ProjectId,
    sight: &Sight,
    ids: &[i64],
) -> QueryResult<Vec<(MessageId, String)>> {
    let query = messages::table
        .filter(dialect::one_of("messages.id", ids))
        .filter(messages::project_id.eq(project.0))
        .filter(messages::deleted_at.is_null())
        .filter(InSight(sight.clone()))
        .select((messages::id, messages::text));
    let rows: Vec<(i64, String)> = dialect::load_all(FreeForm(query), conn).await?;
    Ok(rows.into_iter().map(|(id, text)| (id.into_domain(), text)).collect())
}

/// The first messages of a session in an order within a stretch of identifiers.
pub async fn messages_of_session(
    conn: &mut Conn,
    session: SessionId,
    stretch: Stretch,
    order: Order,
    limit: i64,
) -> QueryResult<Vec<i64>> {
    macro_rules! first {
        ($order:expr) => {
            messages::table
                .filter(messages::session_id.eq(session.0))
                .filter(messages::id.ge(stretch.from).and(messages::id.lt(stretch.below)))
                .order($order)
                .limit(limit)
                .select(messages::id)
                .load(conn)
                .await
        };
    }
    match order {
        Order::NewestFirst => first!(messages::id.desc()),
        Order::OldestFirst => first!(messages::id.asc()),
    }
}
