//! Lists that are shown page by page, by the Relay specification
//! (<https://relay.dev/graphql/connections.htm>).

use std::borrow::Cow;

use async_graphql::{Object, ObjectType, SimpleObject, TypeName};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use super::cursor::{List, Place};
use super::error::Result;

/// Counts a whole list, if it is asked to.
type Count = Box<dyn Fn() -> BoxFuture<'static, Result<i64>> + Send + Sync>;

/// A page of a list.
pub(crate) struct Connection<N> {
    list: List,
    edges: Vec<Edge<N>>,
    has_next_page: bool,
    has_previous_page: bool,
    count: Count,
}

/// An item of a list with its place.
pub(crate) struct Edge<N> {
    list: List,
    place: Place,
    node: N,
}

impl<N> Connection<N> {
    /// A page of a list, as the desk gives it. `place` tells where an item is, `node` what to
    /// show of it, and `count` how many there are on all pages.
    pub(crate) fn new<T, K, C>(
        list: List,
        page: desk::Connection<T, K>,
        place: impl Fn(K) -> Place,
        node: impl Fn(T) -> N,
        count: impl Fn() -> C + Send + Sync + 'static,
    ) -> Self
    where
        C: Future<Output = Result<i64>> + Send + 'static,
    {
        let edge = |edge: desk::Edge<T, K>| Edge { list, place: place(edge.key), node: node(edge.node) };
        Self {
            list,
            edges: page.edges.into_iter().map(edge).collect(),
            has_next_page: page.has_next_page,
            has_previous_page: page.has_previous_page,
            count: Box::new(move || count().boxed()),
        }
    }
}

/// One page of a list.
#[Object(name_type)]
impl<N: ObjectType> Connection<N> {
    /// The items of this page with their cursors, in the order of the list.
    async fn edges(&self) -> &[Edge<N>] {
        &self.edges
    }

    /// The items of this page without their cursors, in the order of the list.
    async fn nodes(&self) -> Vec<&N> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Where this page begins and ends, and whether there are others.
    async fn page_info(&self) -> PageInfo {
        let cursor = |edge: &Edge<N>| self.list.encode(edge.place);
        PageInfo {
            has_next_page: self.has_next_page,
            has_previous_page: self.has_previous_page,
            start_cursor: self.edges.first().map(cursor),
            end_cursor: self.edges.last().map(cursor),
        }
    }

    /// How many items there are on all pages. They are counted only if this is asked for, which
    /// takes longer than reading a page where there are many.
    async fn total_count(&self) -> Result<i64> {
        (self.count)().await
    }
}

/// An item of a list with its place in it.
#[Object(name_type)]
impl<N: ObjectType> Edge<N> {
    /// The place of the item, to be given as `after` or `before`.
    async fn cursor(&self) -> String {
        self.list.encode(self.place)
    }

    /// The item.
    async fn node(&self) -> &N {
        &self.node
    }
}

/// Where a page of a list begins and ends, and whether there are others.
#[derive(SimpleObject)]
pub(crate) struct PageInfo {
    /// Whether there are items after this page.
    pub(super) has_next_page: bool,
    /// Whether there are items before this page.
    pub(super) has_previous_page: bool,
    /// The cursor of the first item, to be given as `before` for the page before this one. Null if this page is empty.
    pub(super) start_cursor: Option<String>,
    /// The cursor of the last item, to be given as `after` for the page after this one. Null if this page is empty.
    pub(super) end_cursor: Option<String>,
}

impl<N: ObjectType> TypeName for Connection<N> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", N::type_name()).into()
    }
}

impl<N: ObjectType> TypeName for Edge<N> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", N::type_name()).into()
    }
}

/// A number of objects as the schema has it.
pub(crate) fn total(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
