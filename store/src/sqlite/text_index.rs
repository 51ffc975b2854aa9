//! The index of texts on SQLite: FTS5 over the keys of documents, which it takes for words.

use diesel::sql_types::{BigInt, Text};
use diesel::{QueryResult, QueryableByName};
use domain::search::SearchKind;

use super::Conn;
use crate::search::{Entry, KINDS, Order, Stretch, place};
use crate::sqlite::queries::prepared::RunQueryDsl;

#[derive(QueryableByName)]
struct Known {
    #[diesel(sql_type = BigInt)]
    doc: i64,
    #[diesel(sql_type = Text)]
    grams: String,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    doc: i64,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many pages are merged at once. FTS5 never splits what it has of one key, which may be a few hundred more.
const PAGES: i64 = 64;

/// The number of a document: objects of all kinds in the order of their identifiers.
fn doc(kind: SearchKind, id: i64) -> i64 {
    id.saturating_mul(KINDS).saturating_add(place(kind))
}

/// The identifier behind a document.
fn id_of(doc: i64) -> i64 {
    doc.div_euclid(KINDS)
}

fn doc_of(entry: &Entry) -> i64 {
    doc(entry.kind, entry.id)
}

/// Of messages no keys are kept beside the index: their texts are there when they leave it.
fn is_kept_without_keys(entry: &Entry) -> bool {
    entry.kind == SearchKind::Message
}

/// Puts documents into the index as they are now. One without keys leaves it.
pub(crate) async fn put(conn: &mut Conn, entries: Vec<Entry>) -> QueryResult<()> {
    let known = known(conn, &entries).await?;
    for entry in entries {
        let words = words(&entry.keys);
        match known.iter().find(|known| known.doc == doc_of(&entry)) {
            // Whoever rewords a message takes it out, so that what is in has the words of now.
            Some(_) if is_kept_without_keys(&entry) && !words.is_empty() => {}
            Some(known) if known.grams == words => {}
            Some(known) => {
                take_out(conn, known.doc, &known.grams).await?;
                put_in(conn, &entry, &words).await?;
            }
            None => put_in(conn, &entry, &words).await?,
        }
    }
    Ok(())
}

/// Takes documents out of the index, which has them with these keys. `thoroughly` leaves nothing of them in the file, and
/// takes a hundred times as long.
pub(crate) async fn remove(conn: &mut Conn, entries: Vec<Entry>, thoroughly: bool) -> QueryResult<()> {
    let known = known(conn, &entries).await?;
    if known.is_empty() {
        return Ok(());
    }
    if thoroughly {
        overwrite(conn, true).await?;
    }
    for known in known {
        let grams = match entries.iter().find(|entry| doc_of(entry) == known.doc) {
            Some(entry) if known.grams.is_empty() => words(&entry.keys),
            _ => known.grams,
        };
        take_out(conn, known.doc, &grams).await?;
    }
    if thoroughly {
        overwrite(conn, false).await?;
    }
    Ok(())
}

/// The first documents of a kind and of a stretch in an order that have all the keys.
pub(crate) async fn find(
    conn: &mut Conn,
    kind: SearchKind,
    keys: &[u32],
    stretch: Stretch,
    order: Order,
    limit: i64,
) -> QueryResult<Vec<i64>> {
    let direction = match order {
        Order::NewestFirst => "DESC",
        Order::OldestFirst => "ASC",
    };
    let query = diesel::sql_query(format!(
        "SELECT rowid AS doc FROM search_index WHERE search_index MATCH ? AND rowid >= ? AND rowid < ? \
         AND rowid % {KINDS} = ? ORDER BY rowid {direction} LIMIT ?"
    ))
    .bind::<Text, _>(words(keys))
    .bind::<BigInt, _>(doc(kind, stretch.from))
    .bind::<BigInt, _>(doc(kind, stretch.below))
    .bind::<BigInt, _>(place(kind))
    .bind::<BigInt, _>(limit);
    let found: Vec<Found> = query.load(conn).await?;
    Ok(found.into_iter().map(|found| id_of(found.doc)).collect())
}

/// How many documents of a kind have all the keys.
pub(crate) async fn count(conn: &mut Conn, kind: SearchKind, keys: &[u32]) -> QueryResult<i64> {
    let query = diesel::sql_query(format!(
        "SELECT count(*) AS count FROM search_index WHERE search_index MATCH ? AND rowid % {KINDS} = ?"
    ))
    .bind::<Text, _>(words(keys))
    .bind::<BigInt, _>(place(kind));
    let counted: Counted = query.get_result(conn).await?;
    Ok(counted.count)
}

/// Merges a little of two segments or more of the same size. FTS5 writes them one after the other, and looks for every key in each
/// of them. Answers whether there was anything to merge (<https://sqlite.org/fts5.html#the_merge_command>).
pub(crate) async fn merge(conn: &mut Conn) -> QueryResult<bool> {
    let before = changes(conn).await?;
    let merge = diesel::sql_query("INSERT INTO search_index (search_index, rank) VALUES ('merge', ?)");
    merge.bind::<BigInt, _>(PAGES).execute(conn).await?;
    // The statement itself counts as one.
    Ok(changes(conn).await? - before >= 2)
}

/// How many rows the connection has changed.
async fn changes(conn: &mut Conn) -> QueryResult<i64> {
    let changes: Counted = diesel::sql_query("SELECT total_changes() AS count").get_result(conn).await?;
    Ok(changes.count)
}

/// The keys as words for FTS5.
fn words(keys: &[u32]) -> String {
    let words: Vec<String> = keys.iter().map(|key| format!("{key:x}")).collect();
    words.join(" ")
}

/// Those of the documents that are in the index, with the words they are there under where these are kept.
async fn known(conn: &mut Conn, entries: &[Entry]) -> QueryResult<Vec<Known>> {
    let list: Vec<String> = entries.iter().map(|entry| doc_of(entry).to_string()).collect();
    diesel::sql_query("SELECT doc, grams FROM search_documents WHERE doc IN (SELECT value FROM json_each(?))")
        .bind::<Text, _>(format!("[{}]", list.join(",")))
        .load(conn)
        .await
}

async fn put_in(conn: &mut Conn, entry: &Entry, words: &str) -> QueryResult<()> {
    if words.is_empty() {
        return Ok(());
    }
    let doc = doc_of(entry);
    let kept = if is_kept_without_keys(entry) { "" } else { words };
    let note = diesel::sql_query("INSERT INTO search_documents (doc, grams) VALUES (?, ?)");
    note.bind::<BigInt, _>(doc).bind::<Text, _>(kept).execute(conn).await?;
    let insert = diesel::sql_query("INSERT INTO search_index (rowid, grams) VALUES (?, ?)");
    insert.bind::<BigInt, _>(doc).bind::<Text, _>(words).execute(conn).await?;
    Ok(())
}

async fn take_out(conn: &mut Conn, doc: i64, words: &str) -> QueryResult<()> {
    let delete = diesel::sql_query("INSERT INTO search_index (search_index, rowid, grams) VALUES ('delete', ?, ?)");
    delete.bind::<BigInt, _>(doc).bind::<Text, _>(words).execute(conn).await?;
    let forget = diesel::sql_query("DELETE FROM search_documents WHERE doc = ?");
    forget.bind::<BigInt, _>(doc).execute(conn).await?;
    Ok(())
}

/// Whether FTS5 overwrites what is taken out, or only notes that it is gone.
async fn overwrite(conn: &mut Conn, is_on: bool) -> QueryResult<()> {
    let set = diesel::sql_query("INSERT INTO search_index (search_index, rank) VALUES ('secure-delete', ?)");
    set.bind::<BigInt, _>(i64::from(is_on)).execute(conn).await?;
    Ok(())
}
