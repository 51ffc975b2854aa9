//! The arguments that choose a page of a list.

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
    /// With the cursors decoded, which have to be cursors of this list.
    pub(crate) fn of<K>(self, list: List, key: impl Fn(Place) -> K) -> Result<PageRequest<K>> {
        let decode = |cursor: Option<String>| cursor.map(|cursor| list.decode(&cursor)).transpose();
        let (after, before) = (decode(self.after)?.map(&key), decode(self.before)?.map(&key));
        Ok(PageRequest { first: self.first, after, last: self.last, before })
    }
}
