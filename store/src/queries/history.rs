//! What a customer asked about before.

use diesel::prelude::*;
use domain::{CustomerId, SessionId, Sight};

use super::prepared::FreeForm;
use super::schema::sessions;
use super::visibility::{Extent, Within};
use super::{Conn, Db};

/// How many sessions of a customer before one of them somebody may read.
pub async fn count_before(
    conn: &mut Conn,
    customer: CustomerId,
    sight: &Sight,
    session: SessionId,
) -> QueryResult<i64> {
    let query = sessions::table
        .filter(sessions::customer_id.eq(customer.0))
        .filter(sessions::id.lt(session.0))
        .filter(Within { sight: sight.clone(), extent: Extent::Readable })
        .count()
        .into_boxed::<Db>();
    diesel_async::RunQueryDsl::get_result(FreeForm(query), conn).await
}
