//! The index of texts on PostgreSQL: lists of keys under an index that tells for each key which documents have it.
//!
//! Such an index has no order, so that of a common key every document would be looked at. So the documents are parted
//! into buckets by their numbers, and each bucket has keys of its own: the newest are found in the newest bucket. They are
//! parted twice: what is common is found in the few newest of many small buckets, and what is rare in one of few large
//! ones.

use diesel::QueryResult;
use diesel::sql_types::{Array, BigInt, Integer, Text};
use domain::search::SearchKind;

use super::Conn;
use crate::postgres::queries::prepared::RunQueryDsl;
use crate::search::{Entry, Order, Stretch, place};

/// A way to part documents into buckets.
struct Parting {
    /// How many bits of a document's number tell it from others in its bucket.
    bits: u32,
    /// What tells the keys of these buckets from those of others.
    salt: i64,
}

/// 4,096 objects of each kind in a bucket.
const SMALL: Parting = Parting { bits: 14, salt: 0x2545_f491 };
/// 1,048,576 objects of each kind in a bucket.
const LARGE: Parting = Parting { bits: 22, salt: 0 };
/// How many small buckets are looked through before the large ones. What is not there as often as it is wanted is rare
/// enough for these.
const SMALL_ONES: i64 = 4;

/// What the numbers of buckets are mixed with, so that the keys of one bucket are none of the next: a prime near 2³² times
/// the golden ratio.
const MULTIPLIER: i64 = 2_654_435_761;
/// The bits of a mixed number that a key has room for.
const MASK: i64 = 0x7fff_ffff;

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
             SELECT doc, grams::integer[] FROM unnest($1, $2) AS new (doc, grams) \
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

/// The numbers of the newest document before `$2` and of the oldest one from `$1` on.
const BOUNDS: &str = "bounds AS (SELECT \
    (SELECT max(doc) FROM search_documents WHERE doc < $2) AS newest, \
    (SELECT min(doc) FROM search_documents WHERE doc >= $1) AS oldest)";

impl Parting {
    /// The documents of a bucket that are of the kind `$4`, have all the keys `$3` and are in the stretch from `$1` to
    /// before `$2`. Something is added to each number, so that the planner does not walk through the table by its key.
    fn found(&self) -> String {
        let Self { salt, .. } = self;
        format!(
            "SELECT doc FROM search_documents WHERE grams @> ARRAY(\
             SELECT key # ((bucket * {MULTIPLIER} + {salt}) & {MASK})::integer FROM unnest($3) AS key) \
             AND doc + 0 >= $1 AND doc + 0 < $2 AND doc % 4 = $4"
        )
    }

    /// The key in the bucket of a document.
    fn key(&self, doc: i64, key: u32) -> i32 {
        let bucket = doc >> self.bits;
        let mask = bucket.wrapping_mul(MULTIPLIER).wrapping_add(self.salt) & MASK;
        key.cast_signed() ^ i32::try_from(mask).unwrap_or_default()
    }
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
    let query = diesel::sql_query(first(order))
        .bind::<BigInt, _>(stretch.from)
        .bind::<BigInt, _>(stretch.below)
        .bind::<Array<Integer>, _>(signed(keys))
        .bind::<BigInt, _>(place(kind))
        .bind::<BigInt, _>(limit);
    let found: Vec<Found> = query.load(conn).await?;
    Ok(found.into_iter().map(|found| found.doc).collect())
}

/// The first `$5` documents, from small buckets at one end of the stretch and from the large ones behind them.
fn first(order: Order) -> String {
    let (small, large) = (SMALL.bits, LARGE.bits);
    // The place of the first document behind the small buckets, in the order of the walk.
    let (behind, small_ones, large_ones, is_behind, direction) = match order {
        Order::NewestFirst => (
            format!("((newest >> {small}) - {SMALL_ONES} + 1) << {small}"),
            format!("newest >> {small}, greatest(oldest, behind) >> {small}, -1"),
            format!("(behind - 1) >> {large}, oldest >> {large}, -1"),
            "doc + 0 < behind",
            "DESC",
        ),
        Order::OldestFirst => (
            format!("((oldest >> {small}) + {SMALL_ONES}) << {small}"),
            format!("oldest >> {small}, least(newest, behind - 1) >> {small}, 1"),
            format!("behind >> {large}, newest >> {large}, 1"),
            "doc + 0 >= behind",
            "ASC",
        ),
    };
    let ordered = format!("ORDER BY doc + 0 {direction} LIMIT $5");
    format!(
        "WITH {BOUNDS}, places AS (SELECT newest, oldest, {behind} AS behind FROM bounds) \
         SELECT doc FROM (\
         SELECT small.doc FROM places CROSS JOIN LATERAL generate_series({small_ones}) AS bucket \
         CROSS JOIN LATERAL ({} {ordered}) AS small \
         UNION ALL \
         SELECT large.doc FROM places CROSS JOIN LATERAL generate_series({large_ones}) AS bucket \
         CROSS JOIN LATERAL ({} AND {is_behind} {ordered}) AS large) AS found LIMIT $5",
        SMALL.found(),
        LARGE.found()
    )
}

/// How many documents of a kind have all the keys.
pub(crate) async fn count(conn: &mut Conn, kind: SearchKind, keys: &[u32]) -> QueryResult<i64> {
    let bits = LARGE.bits;
    let query = diesel::sql_query(format!(
        "WITH {BOUNDS} SELECT count(found.doc) AS count \
         FROM bounds CROSS JOIN LATERAL generate_series(oldest >> {bits}, newest >> {bits}) AS bucket \
         CROSS JOIN LATERAL ({}) AS found",
        LARGE.found()
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

/// The keys of a document within its buckets, as the text of an array.
fn grams(entry: &Entry) -> String {
    let of = |parting: Parting| entry.keys.iter().map(move |key| parting.key(entry.doc, *key));
    let mut grams: Vec<i32> = of(SMALL).chain(of(LARGE)).collect();
    grams.sort_unstable();
    grams.dedup();
    let grams: Vec<String> = grams.iter().map(i32::to_string).collect();
    format!("{{{}}}", grams.join(","))
}
