//! The index of texts on PostgreSQL: lists of keys under an index that tells for each key which documents have it.
//!
//! Such an index has no order, so that of a common key every document would be looked at. So the documents are parted
//! into buckets by their numbers, and each bucket has keys of its own: the newest are found in the newest bucket. They are
//! parted twice: what is common is found in the newest of many small buckets, and what is rare in one of few large ones.
//! Which of both a search is for is told by the small buckets that come first.

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

/// 1,024 objects in a bucket.
const SMALL: Parting = Parting { bits: 10, salt: 0x2545_f491 };
/// 1,048,576 objects in a bucket.
const LARGE: Parting = Parting { bits: 20, salt: 0 };
/// How many small buckets tell how common something is. The first of them may have just been begun.
const FIRST_SMALL_ONES: i64 = 2;
/// How many small buckets are looked through at most, if as many as are wanted are to be expected in them. What is rarer
/// than that is in one of the large ones seldom enough.
const SMALL_ONES: i64 = 128;
/// Through how many small buckets can be looked for as long as it takes to get from a full large one what it has of something,
/// for each document that the first small ones have of it. A short stretch has no more of them than that.
const AS_LONG: i64 = 16;

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

/// How many bits of a document's number are the identifier. The others are the kind, so that each kind has buckets of its
/// own and the newest of them can be told.
const ID_BITS: u32 = 60;

/// The number of a document. Behind the last identifier is the first of the next kind.
fn doc(kind: SearchKind, id: i64) -> i64 {
    (place(kind) << ID_BITS) + id.clamp(0, 1 << ID_BITS)
}

/// The identifier behind a document.
fn id_of(doc: i64) -> i64 {
    doc & ((1 << ID_BITS) - 1)
}

fn doc_of(entry: &Entry) -> i64 {
    doc(entry.kind, entry.id)
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
        .bind::<Array<BigInt>, _>(full.iter().map(doc_of).collect::<Vec<_>>())
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
        .bind::<Array<BigInt>, _>(entries.iter().map(doc_of).collect::<Vec<_>>())
        .execute(conn)
        .await?;
    Ok(())
}

// What is asked for, hidden from the planner, which would plan anew for each stretch and take as long for it as the search does.
/// The first number of a stretch.
const FROM: &str = "(SELECT $1)";
/// The number behind a stretch.
const BELOW: &str = "(SELECT $2)";
/// What a document must have.
const KEYS: &str = "(SELECT $3)::integer[]";
/// How many documents are wanted.
const WANTED: &str = "(SELECT $4)";

/// The numbers of the newest and of the oldest document of a stretch.
fn bounds() -> String {
    let end =
        |which: &str| format!("(SELECT {which}(doc) FROM search_documents WHERE doc >= {FROM} AND doc < {BELOW})");
    format!("bounds AS (SELECT {} AS newest, {} AS oldest)", end("max"), end("min"))
}

impl Parting {
    /// The documents of a bucket and of the stretch that have all the keys. That they are in the bucket is asked besides,
    /// since the key of one may be that of another gram in another. Something is added to each number, so that the planner
    /// does not walk through the table by its key.
    fn found(&self) -> String {
        let Self { bits, salt } = self;
        format!(
            "SELECT doc FROM search_documents WHERE grams @> ARRAY(\
             SELECT key # (((bucket & {MASK}) * {MULTIPLIER} + {salt}) & {MASK})::integer FROM unnest({KEYS}) AS key) \
             AND (doc + 0) >> {bits} = bucket AND doc + 0 >= {FROM} AND doc + 0 < {BELOW}"
        )
    }

    /// The key in the bucket of a document.
    fn key(&self, doc: i64, key: u32) -> i32 {
        let bucket = (doc >> self.bits) & MASK;
        let mask = (bucket * MULTIPLIER + self.salt) & MASK;
        key.cast_signed() ^ i32::try_from(mask).unwrap_or_default()
    }
}

/// The first objects of a kind and of a stretch in an order that have all the keys.
pub(crate) async fn find(
    conn: &mut Conn,
    kind: SearchKind,
    keys: &[u32],
    stretch: Stretch,
    order: Order,
    limit: i64,
) -> QueryResult<Vec<i64>> {
    let query = diesel::sql_query(first(order))
        .bind::<BigInt, _>(doc(kind, stretch.from))
        .bind::<BigInt, _>(doc(kind, stretch.below))
        .bind::<Array<Integer>, _>(signed(keys))
        .bind::<BigInt, _>(limit);
    let found: Vec<Found> = query.load(conn).await?;
    Ok(found.into_iter().map(|found| id_of(found.doc)).collect())
}

/// What a walk looks through one after the other, from bucket to bucket, as arguments of `generate_series`.
struct Legs {
    /// The small buckets that come first.
    first_ones: String,
    /// The place of the first document behind the small buckets, in the order of the walk.
    behind: String,
    /// The other small buckets.
    small_ones: String,
    /// The large ones behind them.
    large_ones: String,
    /// That a document, or the last one of all, is behind the small buckets.
    is_behind: &'static str,
    last: &'static str,
    direction: &'static str,
}

impl Legs {
    fn of(order: Order) -> Self {
        let (small, large, others) = (SMALL.bits, LARGE.bits, FIRST_SMALL_ONES - 1);
        match order {
            Order::NewestFirst => Self {
                first_ones: format!(
                    "newest >> {small}, greatest(oldest >> {small}, (newest >> {small}) - {others}), -1"
                ),
                behind: format!("((newest >> {small}) - small_ones + 1) << {small}"),
                small_ones: format!(
                    "(newest >> {small}) - {FIRST_SMALL_ONES}, greatest(oldest, behind) >> {small}, -1"
                ),
                large_ones: format!("(behind - 1) >> {large}, oldest >> {large}, -1"),
                is_behind: "< behind",
                last: "oldest",
                direction: "DESC",
            },
            Order::OldestFirst => Self {
                first_ones: format!("oldest >> {small}, least(newest >> {small}, (oldest >> {small}) + {others}), 1"),
                behind: format!("((oldest >> {small}) + small_ones) << {small}"),
                small_ones: format!(
                    "(oldest >> {small}) + {FIRST_SMALL_ONES}, least(newest, behind - 1) >> {small}, 1"
                ),
                large_ones: format!("behind >> {large}, newest >> {large}, 1"),
                is_behind: ">= behind",
                last: "newest",
                direction: "ASC",
            },
        }
    }
}

/// The first documents that are wanted: from small buckets at one end of the stretch, of which there are more where the first
/// ones have enough for that, and from the large ones behind them.
fn first(order: Order) -> String {
    let Legs { first_ones, behind, small_ones, large_ones, is_behind, last, direction } = Legs::of(order);
    let ordered = format!("ORDER BY doc + 0 {direction} LIMIT {WANTED}");
    let (small, in_small, in_large) = (SMALL.bits, SMALL.found(), LARGE.found());
    format!(
        "WITH {}, first_ones AS MATERIALIZED (SELECT found.doc \
         FROM bounds CROSS JOIN LATERAL generate_series({first_ones}) AS bucket \
         CROSS JOIN LATERAL ({in_small} {ordered}) AS found), \
         extent AS (SELECT CASE WHEN count(*) * {SMALL_ONES} >= {WANTED} * {FIRST_SMALL_ONES} \
         OR count(*) * {AS_LONG} > (SELECT (newest >> {small}) - (oldest >> {small}) FROM bounds) \
         THEN {SMALL_ONES} ELSE {FIRST_SMALL_ONES} END AS small_ones FROM first_ones), \
         places AS (SELECT newest, oldest, {behind} AS behind FROM bounds CROSS JOIN extent) \
         SELECT doc FROM (\
         SELECT doc FROM first_ones \
         UNION ALL \
         SELECT small.doc FROM places CROSS JOIN LATERAL generate_series({small_ones}) AS bucket \
         CROSS JOIN LATERAL ({in_small} {ordered}) AS small \
         UNION ALL \
         SELECT large.doc FROM places CROSS JOIN LATERAL generate_series({large_ones}) AS bucket \
         CROSS JOIN LATERAL ({in_large} AND doc + 0 {is_behind} {ordered}) AS large WHERE {last} {is_behind}\
         ) AS found LIMIT {WANTED}",
        bounds()
    )
}

/// How many objects of a kind have all the keys. `OFFSET 0` has each bucket looked up by itself: as one with the others the
/// planner would walk through the whole table.
pub(crate) async fn count(conn: &mut Conn, kind: SearchKind, keys: &[u32]) -> QueryResult<i64> {
    let bits = LARGE.bits;
    let query = diesel::sql_query(format!(
        "WITH {} SELECT count(found.doc) AS count \
         FROM bounds CROSS JOIN LATERAL generate_series(oldest >> {bits}, newest >> {bits}) AS bucket \
         CROSS JOIN LATERAL ({} OFFSET 0) AS found",
        bounds(),
        LARGE.found()
    ))
    .bind::<BigInt, _>(doc(kind, 0))
    .bind::<BigInt, _>(doc(kind, i64::MAX))
    .bind::<Array<Integer>, _>(signed(keys));
    let counted: Counted = query.get_result(conn).await?;
    Ok(counted.count)
}

/// The keys as PostgreSQL has numbers of this size.
fn signed(keys: &[u32]) -> Vec<i32> {
    keys.iter().map(|key| key.cast_signed()).collect()
}

/// The keys of a document within its buckets, as the text of an array.
fn grams(entry: &Entry) -> String {
    let of = |parting: Parting| entry.keys.iter().map(move |key| parting.key(doc_of(entry), *key));
    let mut grams: Vec<i32> = of(SMALL).chain(of(LARGE)).collect();
    grams.sort_unstable();
    grams.dedup();
    let grams: Vec<String> = grams.iter().map(i32::to_string).collect();
    format!("{{{}}}", grams.join(","))
}

#[cfg(test)]
mod tests {
    use diesel_async::SimpleAsyncConnection;

    use super::super::tests::connect;
    use super::*;

    #[tokio::test]
    async fn what_has_the_key_of_another_bucket_is_not_taken_for_what_is_in_it() {
        let Some((_database, mut connection)) = connect().await else { return };
        let table = "CREATE TEMP TABLE search_documents (doc BIGINT PRIMARY KEY, grams INTEGER[] NOT NULL)";
        connection.batch_execute(table).await.unwrap();
        let (kind, key, older, newer) = (SearchKind::Message, 77, 500_000, 1_000_000);
        // In the bucket of the older one this is what the key is in that of the newer one.
        let same = (SMALL.key(newer, key) ^ SMALL.key(older, 0)).cast_unsigned();
        assert_eq!(SMALL.key(older, same), SMALL.key(newer, key));
        let entry = |id, key| Entry { kind, id, keys: vec![key] };
        put(&mut connection, vec![entry(older, same), entry(newer, key)]).await.unwrap();
        let everything = Stretch { from: 0, below: i64::MAX };
        for order in [Order::NewestFirst, Order::OldestFirst] {
            assert_eq!(find(&mut connection, kind, &[key], everything, order, 10).await.unwrap(), [newer]);
            assert_eq!(find(&mut connection, kind, &[same], everything, order, 10).await.unwrap(), [older]);
        }
    }
}
