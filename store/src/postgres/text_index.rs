//! The index of texts on PostgreSQL: lists of keys under an index that tells for each key which documents have it.
//!
//! Such an index has no order, so that of a common key every document would be looked at. So the documents are parted
//! into buckets by their numbers, and each bucket has keys of its own: the newest are found in the newest bucket.

use diesel::QueryResult;
use diesel::sql_types::{Array, BigInt, Integer, Text};
use domain::search::SearchKind;

use super::Conn;
use crate::postgres::queries::prepared::RunQueryDsl;
use crate::search::{Entry, Order, Stretch, place};

/// How many bits of a document's number tell it from others in its bucket.
const BITS: u32 = 18;

#[derive(diesel::QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    doc: i64,
}

#[derive(diesel::QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Puts documents into the index as they are now. One without keys leaves it.
pub(crate) async fn put(conn: &mut Conn, entries: Vec<Entry>) -> QueryResult<()> {
    let (full, empty): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(|entry| !entry.keys.is_empty());
    if !full.is_empty() {
        let insert = diesel::sql_query(
            "INSERT INTO search_documents AS known (doc, grams) \
             SELECT doc, grams::smallint[] FROM unnest($1, $2) AS new (doc, grams) \
             ON CONFLICT (doc) DO UPDATE SET grams = excluded.grams WHERE known.grams <> excluded.grams",
        )
        .bind::<Array<BigInt>, _>(full.iter().map(|entry| entry.doc).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(full.iter().map(grams).collect::<Vec<_>>());
        insert.execute(conn).await?;
    }
    remove(conn, empty, false).await
}

/// Takes documents out of the index.
pub(crate) async fn remove(conn: &mut Conn, entries: Vec<Entry>, _thoroughly: bool) -> QueryResult<()> {
    if entries.is_empty() {
        return Ok(());
    }
    diesel::sql_query("DELETE FROM search_documents WHERE doc = ANY($1)")
        .bind::<Array<BigInt>, _>(entries.iter().map(|entry| entry.doc).collect::<Vec<_>>())
        .execute(conn)
        .await?;
    Ok(())
}

/// The newest bucket with documents before `$2`.
const NEWEST_BUCKET: &str = "(SELECT max(doc) >> 18 FROM search_documents WHERE doc < $2)";
/// The oldest bucket with documents from `$1` on.
const OLDEST_BUCKET: &str = "(SELECT min(doc) >> 18 FROM search_documents WHERE doc >= $1)";
/// Which documents of a bucket are of the kind `$4`, have all the keys `$3` and are in the stretch from `$1` to before
/// `$2`. Something is added to each number, so that the planner does not walk through the table by its key.
const IS_FOUND: &str = "grams @> ARRAY(\
    SELECT ((key # ((bucket * 2654435761) & 2147483647)::integer) >> 16)::smallint FROM unnest($3) AS key) \
    AND doc + 0 >= $1 AND doc + 0 < $2 AND doc % 4 = $4";

/// The first documents of a kind and of a stretch in an order that have all the keys.
pub(crate) async fn find(
    conn: &mut Conn,
    kind: SearchKind,
    keys: &[u32],
    stretch: Stretch,
    order: Order,
    limit: i64,
) -> QueryResult<Vec<i64>> {
    let (first, last, step, direction) = match order {
        Order::NewestFirst => (NEWEST_BUCKET, OLDEST_BUCKET, -1, "DESC"),
        Order::OldestFirst => (OLDEST_BUCKET, NEWEST_BUCKET, 1, "ASC"),
    };
    let query = diesel::sql_query(format!(
        "SELECT found.doc FROM generate_series({first}, {last}, {step}) AS bucket CROSS JOIN LATERAL (\
         SELECT doc FROM search_documents WHERE {IS_FOUND} ORDER BY doc + 0 {direction} LIMIT $5) AS found LIMIT $5"
    ))
    .bind::<BigInt, _>(stretch.from)
    .bind::<BigInt, _>(stretch.below)
    .bind::<Array<Integer>, _>(signed(keys))
    .bind::<BigInt, _>(place(kind))
    .bind::<BigInt, _>(limit);
    let found: Vec<Found> = query.load(conn).await?;
    Ok(found.into_iter().map(|found| found.doc).collect())
}

/// How many documents of a kind have all the keys.
pub(crate) async fn count(conn: &mut Conn, kind: SearchKind, keys: &[u32]) -> QueryResult<i64> {
    let query = diesel::sql_query(format!(
        "SELECT count(found.doc) AS count FROM generate_series({OLDEST_BUCKET}, {NEWEST_BUCKET}) AS bucket \
         CROSS JOIN LATERAL (SELECT doc FROM search_documents WHERE {IS_FOUND}) AS found"
    ))
    .bind::<BigInt, _>(0)
    .bind::<BigInt, _>(i64::MAX)
    .bind::<Array<Integer>, _>(signed(keys))
    .bind::<BigInt, _>(place(kind));
    let counted: Counted = query.get_result(conn).await?;
    Ok(counted.count)
}

/// The keys as PostgreSQL has numbers of this size.
fn signed(keys: &[u32]) -> Vec<i32> {
    keys.iter().map(|key| key.cast_signed()).collect()
}

/// The keys of a document within its bucket, as the text of an array.
fn grams(entry: &Entry) -> String {
    let bucket = entry.doc >> BITS;
    let mask = i32::try_from(bucket.wrapping_mul(2_654_435_761) & 0x7fff_ffff).unwrap_or_default();
    let mut grams: Vec<i32> = entry.keys.iter().map(|key| (key.cast_signed() ^ mask) >> 16).collect();
    grams.sort_unstable();
    grams.dedup();
    let grams: Vec<String> = grams.iter().map(i32::to_string).collect();
    format!("{{{}}}", grams.join(","))
}
