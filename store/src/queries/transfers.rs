//! Transfers of sessions.

use diesel::prelude::*;
use domain::filter::Page;
use domain::session::{Transfer, TransferKind};
use domain::{SessionId, TransferId};

use super::prepared::RunQueryDsl;
use super::{Conn, Db, dialect};
use crate::mapping::{At, Named, micros, row};
use crate::transfers::NewTransfer;

diesel::table! {
    session_transfers (id) {
        id -> BigInt,
        session_id -> BigInt,
        session_version -> BigInt,
        from_agent_id -> Nullable<BigInt>,
        from_team_id -> Nullable<BigInt>,
        to_agent_id -> Nullable<BigInt>,
        to_team_id -> Nullable<BigInt>,
        description -> Text,
        by_agent_id -> Nullable<BigInt>,
        at -> BigInt,
        kind -> Text,
    }
}

row! { TransferRow of session_transfers is Transfer {
    id: i64,
    session_id: i64,
    session_version: i64,
    from_agent_id: Option<i64>,
    from_team_id: Option<i64>,
    to_agent_id: Option<i64>,
    to_team_id: Option<i64>,
    description: String,
    by_agent_id: Option<i64>,
    at: At,
    kind: Named<TransferKind>,
} }

/// Adds a transfer.
pub async fn insert(conn: &mut Conn, transfer: &NewTransfer<'_>) -> QueryResult<Transfer> {
    diesel::insert_into(session_transfers::table)
        .values((
            session_transfers::session_id.eq(transfer.session_id.0),
            session_transfers::session_version.eq(transfer.session_version),
            session_transfers::from_agent_id.eq(transfer.from.0.map(|id| id.0)),
            session_transfers::from_team_id.eq(transfer.from.1.map(|id| id.0)),
            session_transfers::to_agent_id.eq(transfer.to.0.map(|id| id.0)),
            session_transfers::to_team_id.eq(transfer.to.1.map(|id| id.0)),
            session_transfers::description.eq(transfer.description),
            session_transfers::by_agent_id.eq(transfer.by.map(|id| id.0)),
            session_transfers::at.eq(micros(transfer.at)),
            session_transfers::kind.eq(transfer.kind.name()),
        ))
        .returning(TransferRow::as_select())
        .get_result(conn)
        .await
        .map(Transfer::from)
}

/// One page of a session's transfers up to a version of it, oldest first, in the order of reading from the asked end.
pub async fn page(
    conn: &mut Conn,
    session: SessionId,
    version: i64,
    page: Page<TransferId>,
) -> QueryResult<Vec<Transfer>> {
    let mut query = session_transfers::table
        .filter(session_transfers::session_id.eq(session.0))
        .filter(session_transfers::session_version.le(version))
        .select(TransferRow::as_select())
        .limit(i64::try_from(page.size).unwrap_or(i64::MAX))
        .into_boxed::<Db>();
    if let Some(after) = page.after {
        query = query.filter(session_transfers::id.gt(after.0));
    }
    if let Some(before) = page.before {
        query = query.filter(session_transfers::id.lt(before.0));
    }
    query = if page.from_end {
        query.order(session_transfers::id.desc())
    } else {
        query.order(session_transfers::id.asc())
    };
    let rows: Vec<TransferRow> = query.load(conn).await?;
    Ok(rows.into_iter().map(Transfer::from).collect())
}

/// How many transfers a session has up to a version of it.
pub async fn count(conn: &mut Conn, session: SessionId, version: i64) -> QueryResult<i64> {
    session_transfers::table
        .filter(session_transfers::session_id.eq(session.0))
        .filter(session_transfers::session_version.le(version))
        .count()
        .get_result(conn)
        .await
}

/// Every transfer of these sessions, oldest first.
pub async fn of_sessions(conn: &mut Conn, sessions: &[i64]) -> QueryResult<Vec<Transfer>> {
    let rows: Vec<TransferRow> = session_transfers::table
        .filter(dialect::one_of("session_transfers.session_id", sessions))
        .order(session_transfers::id)
        .select(TransferRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(Transfer::from).collect())
}

/// Empties what was said when these sessions were handed over.
pub async fn erase(conn: &mut Conn, sessions: &[i64]) -> QueryResult<()> {
    diesel::update(session_transfers::table)
        .filter(dialect::one_of("session_transfers.session_id", sessions))
        .set(session_transfers::description.eq(""))
        .execute(conn)
        .await?;
    Ok(())
}
