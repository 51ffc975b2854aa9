//! Pages of ordered lists, by keyset.

use domain::filter::Page;
use store::{Reader, Store};

use crate::Error;

/// The most items of one page.
pub const PAGE_SIZE: usize = 100;

/// Which page of a list is wanted: the arguments of a Relay connection, with the cursors
/// decoded.
#[derive(Debug, Clone, Copy)]
pub struct PageRequest<K> {
    /// From the start of the list, so many.
    pub first: Option<i32>,
    /// Only what comes after this place.
    pub after: Option<K>,
    /// From the end of the list, so many.
    pub last: Option<i32>,
    /// Only what comes before this place.
    pub before: Option<K>,
    /// Whether to count what is on all pages as well, in the same state of the database.
    pub counted: bool,
}

impl<K> PageRequest<K> {
    /// A connection to read the page by, on which the count sees the same state if it is wanted.
    pub(crate) async fn reader(&self, store: &Store) -> Result<Reader, Error> {
        Ok(if self.counted { store.snapshot().await? } else { store.read().await? })
    }

    /// What is counted, if it is wanted. Otherwise the count is not begun.
    pub(crate) async fn total(&self, count: impl Future<Output = store::Result<i64>>) -> Result<Option<i64>, Error> {
        Ok(if self.counted { Some(count.await?) } else { None })
    }
}

impl<K: Copy> PageRequest<K> {
    /// The page, one item longer than asked, so that it shows whether there is more.
    pub(crate) fn page(&self) -> Result<Page<K>, Error> {
        let (size, from_end) = match (self.first, self.last) {
            (Some(first), None) => (first, false),
            (None, Some(last)) => (last, true),
            (None, None) => return Err(refusal("give `first` or `last`")),
            (Some(_), Some(_)) => return Err(refusal("give `first` or `last`, not both")),
        };
        let size = usize::try_from(size).ok().filter(|size| (1..=PAGE_SIZE).contains(size));
        let size = size.ok_or_else(|| refusal("a page has 1 to 100 items: change `first` or `last`"))?;
        Ok(Page { after: self.after, before: self.before, size: size + 1, from_end })
    }
}

impl<K: Copy + PartialOrd> PageRequest<K> {
    /// The page of a list that is small enough to be read as a whole, which is given in ascending order.
    pub fn cut<T>(&self, mut rows: Vec<T>, key: impl Fn(&T) -> K) -> Result<Connection<T, K>, Error> {
        let page = self.page()?;
        let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        rows.retain(|row| {
            let key = key(row);
            page.after.is_none_or(|after| key > after) && page.before.is_none_or(|before| key < before)
        });
        if page.from_end {
            rows.reverse();
        }
        rows.truncate(page.size);
        Ok(Connection::new(page, rows, Some(total), key))
    }
}

fn refusal(text: &str) -> Error {
    Error::InvalidArgument(text.to_owned())
}

/// An item with its place in the list.
#[derive(Debug, Clone)]
pub struct Edge<T, K> {
    /// The place.
    pub key: K,
    /// The item.
    pub node: T,
}

/// A page of a list, in the order of the list.
#[derive(Debug, Clone)]
pub struct Connection<T, K> {
    /// The items.
    pub edges: Vec<Edge<T, K>>,
    /// Whether there is more after the last one.
    pub has_next_page: bool,
    /// Whether there is more before the first one.
    pub has_previous_page: bool,
    /// How many there are on all pages. Known if it was asked for, and of a list that is read as a whole.
    pub total: Option<i64>,
}

impl<T, K> Connection<T, K> {
    /// From the rows of a page as they were read, in the order of reading.
    pub(crate) fn new(page: Page<K>, mut rows: Vec<T>, total: Option<i64>, key: impl Fn(&T) -> K) -> Self {
        let more = rows.len() == page.size;
        if more {
            rows.pop();
        }
        if page.from_end {
            rows.reverse();
        }
        let (has_next_page, has_previous_page) =
            if page.from_end { (page.before.is_some(), more) } else { (more, page.after.is_some()) };
        let edges = rows.into_iter().map(|node| Edge { key: key(&node), node }).collect();
        Self { edges, has_next_page, has_previous_page, total }
    }

    /// The same page with something else in place of each item, without those for which there is nothing.
    pub(crate) fn filter_map<U>(self, mut node: impl FnMut(T) -> Option<U>) -> Connection<U, K> {
        let Self { edges, has_next_page, has_previous_page, total } = self;
        let edges = edges.into_iter().filter_map(|edge| Some(Edge { key: edge.key, node: node(edge.node)? })).collect();
        Connection { edges, has_next_page, has_previous_page, total }
    }
}
