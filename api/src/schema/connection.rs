//! Lists that are shown page by page, by the Relay specification
//! (<https://relay.dev/graphql/connections.htm>).

use std::borrow::Cow;

use async_graphql::{Object, ObjectType, SimpleObject, TypeName};

use super::cursor::{List, Place};
use super::error::{Failure, Result};

/// A page of a list.
pub(crate) struct Connection<N> {
    list: List,
    edges: Vec<Edge<N>>,
    has_next_page: bool,
    has_previous_page: bool,
    total: Option<i64>,
}

/// An item of a list with its place.
pub(crate) struct Edge<N> {
    list: List,
    place: Place,
    node: N,
}

impl<N> Connection<N> {
    /// A page of a list, as the desk gives it. `place` tells where an item is, and `node` what to show of it.
    pub(crate) fn new<T, K>(
        list: List,
        page: desk::Connection<T, K>,
        place: impl Fn(K) -> Place,
        node: impl Fn(T) -> N,
    ) -> Self {
        let edge = |edge: desk::Edge<T, K>| Edge { list, place: place(edge.key), node: node(edge.node) };
        Self {
            list,
            edges: page.edges.into_iter().map(edge).collect(),
            has_next_page: page.has_next_page,
            has_previous_page: page.has_previous_page,
            total: page.total,
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
        self.total.ok_or_else(|| Failure::internal("the total of a list is asked for that was not counted"))
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
