//! Calls that have not been made yet and may still be changed.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use domain::{MessageId, OutboxId};

use super::prepared::RunQueryDsl;
use super::schema::outbox;
use super::{Conn, dialect};
use crate::mapping::{Named, json};
use crate::outbox::{NewCall, OpenCall, OutboxState};

/// The calls about these messages that wait or are just being made, oldest first, locked.
pub async fn lock_of_messages(conn: &mut Conn, messages: &[i64]) -> QueryResult<Vec<OpenCall>> {
    let rows: Vec<(i64, Option<i64>, String, Named<OutboxState>)> = for_update!(
        outbox::table
            .filter(dialect::one_of("outbox.message_id", messages))
            .filter(sql::<Bool>("outbox.state IN ('QUEUED', 'SENDING')"))
            .order(outbox::id)
            .select((outbox::id, outbox::message_id, outbox::method, outbox::state))
    )
    .load(conn)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, message, method, Named(state))| {
            Some(OpenCall { id: OutboxId(id), message_id: MessageId(message?), method, state })
        })
        .collect())
}

/// Puts another call in the place of one that waits.
pub async fn replace(conn: &mut Conn, id: OutboxId, call: &NewCall) -> QueryResult<()> {
    diesel::update(outbox::table.find(id.0))
        .set((
            outbox::message_id.eq(call.message_id.map(|id| id.0)),
            outbox::method.eq(&call.method),
            outbox::payload.eq(&call.payload),
            outbox::attachments.eq(json(&call.attachments)),
            outbox::cost.eq(call.cost),
        ))
        .execute(conn)
        .await?;
    Ok(())
}
