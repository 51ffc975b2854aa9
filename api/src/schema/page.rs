//! The arguments that choose a page of a list.

use async_graphql::Context;
use desk::PageRequest;

use super::cursor::{List, Place};
use super::error::Result;

/// The arguments of a connection, as they were sent.
pub(crate) struct PageArguments {
    pub(crate) first: Option<i32>,
    pub(crate) after: Option<String>,
    pub(crate) last: Option<i32>,
    pub(crate) before: Option<String>,
}

impl PageArguments {
    /// With the cursors decoded, which have to be cursors of this list. The context is that of the connection.
    pub(crate) fn of<K>(self, context: &Context<'_>, list: List, key: impl Fn(Place) -> K) -> Result<PageRequest<K>> {
        self.decoded(context, |cursor| Ok(key(list.decode(cursor)?)))
    }

    /// With the cursors decoded, and counted if the connection, whose context it is, is asked for its total.
    pub(crate) fn decoded<K>(
        self,
        context: &Context<'_>,
        decode: impl Fn(&str) -> Result<K>,
    ) -> Result<PageRequest<K>> {
        let [after, before] = [self.after, self.before].map(|cursor| cursor.as_deref().map(&decode).transpose());
        let (after, before) = (after?, before?);
        let counted = context.look_ahead().field("totalCount").exists();
        Ok(PageRequest { first: self.first, after, last: self.last, before, counted })
    }
}
