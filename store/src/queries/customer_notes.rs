//! What agents have noted of customers.

use diesel::prelude::*;
use domain::CustomerId;
use domain::customer::CustomerNotes;

use super::prepared::{Prepared, RunQueryDsl};
use super::{Conn, Db, dialect};

diesel::table! {
    customer_profiles (customer_id) {
        customer_id -> BigInt,
        time_zone -> Nullable<Text>,
        note -> Text,
        version -> BigInt,
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = customer_profiles, check_for_backend(Db))]
struct NotesRow {
    customer_id: i64,
    time_zone: Option<String>,
    note: String,
    version: i64,
}

/// What is noted of these customers, in no order; nothing for those of whom nothing ever was.
pub async fn many(conn: &mut Conn, customers: &[i64]) -> QueryResult<Vec<(CustomerId, CustomerNotes)>> {
    let query = customer_profiles::table
        .filter(dialect::one_of("customer_profiles.customer_id", customers))
        .select(NotesRow::as_select());
    let rows: Vec<NotesRow> = dialect::load_all(Prepared(query), conn).await?;
    let notes = |row: NotesRow| {
        let notes = CustomerNotes { time_zone: row.time_zone, note: row.note, version: row.version };
        (CustomerId(row.customer_id), notes)
    };
    Ok(rows.into_iter().map(notes).collect())
}

/// Writes what is noted of a customer.
pub async fn set(conn: &mut Conn, customer: CustomerId, notes: &CustomerNotes) -> QueryResult<()> {
    let values = (
        customer_profiles::time_zone.eq(&notes.time_zone),
        customer_profiles::note.eq(&notes.note),
        customer_profiles::version.eq(notes.version),
    );
    diesel::insert_into(customer_profiles::table)
        .values((customer_profiles::customer_id.eq(customer.0), values))
        .on_conflict(customer_profiles::customer_id)
        .do_update()
        .set(values)
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets what is noted of a customer.
pub async fn erase(conn: &mut Conn, customer: CustomerId) -> QueryResult<usize> {
    diesel::delete(customer_profiles::table.find(customer.0)).execute(conn).await
}
