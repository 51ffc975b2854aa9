//! Lists of ids in what triggers take.

use async_graphql::ID;

use crate::schema::id::{Identifier, InvalidId, parse};

/// The ids of objects of one kind.
pub(super) fn ids_of<I: Identifier>(ids: &[ID]) -> Result<Vec<I>, InvalidId> {
    ids.iter().map(|id| parse(id)).collect()
}
