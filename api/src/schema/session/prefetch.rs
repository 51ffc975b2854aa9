//! What a page of sessions needs besides.

use async_graphql::{Context, Lookahead};
use desk::Edge;
use domain::Session;
use domain::filter::SessionKey;
use futures_util::future::join5;

use crate::view::View;

/// Loads what a page of sessions is about to be asked for, one statement for each relation.
///
/// The loaders would do so by themselves once every session has asked them. Since a page is the
/// most frequent of all answers, it spares them the two hundred waits: the relations are there
/// when the fields ask. A failure is kept for the field that asks.
pub(super) async fn prefetch(context: &Context<'_>, view: &View, sessions: &[Edge<Session, SessionKey>]) {
    let page = context.look_ahead();
    let nodes = [page.field("nodes"), page.field("edges").field("node")];
    let is_asked = |field: &str| nodes.iter().any(|node: &Lookahead<'_>| node.field(field).exists());
    let sessions = || sessions.iter().map(|edge| &edge.node);
    let loaders = view.loaders();
    join5(
        async {
            if is_asked("customer") {
                loaders.customers().prefetch(sessions().map(|session| session.customer_id)).await;
            }
        },
        async {
            if is_asked("assignee") {
                loaders.agents().prefetch(sessions().filter_map(|session| session.assignee_id)).await;
            }
        },
        async {
            if is_asked("lastMessage") {
                loaders.messages().prefetch(sessions().filter_map(|session| session.last_message_id)).await;
            }
        },
        async {
            if is_asked("unreadCount") {
                loaders.seen().prefetch(sessions().map(|session| session.id)).await;
            }
        },
        async {
            if is_asked("sla") {
                loaders.sla_clocks_of_sessions().prefetch(sessions().map(|session| session.id)).await;
            }
        },
    )
    .await;
}
