//! A page of sessions.

use std::sync::Arc;

use async_graphql::Context;
use domain::ProjectId;
use domain::filter::{SessionFilter as Condition, SessionKey};

use super::{Session, SessionFilter, SessionOrder, prefetch::prefetch};
use crate::schema::connection::Connection;
use crate::schema::cursor::{List, Place};
use crate::schema::error::Result;
use crate::schema::page::PageArguments;
use crate::view::View;

/// A page of a project's sessions, with whatever the operation asks of them at hand.
pub(crate) async fn session_page(
    context: &Context<'_>,
    view: &View,
    project_id: ProjectId,
    filter: Option<SessionFilter>,
    order: Option<SessionOrder>,
    page: PageArguments,
) -> Result<Connection<Session>> {
    let filter = filter.map_or(Ok(Condition::default()), SessionFilter::condition)?;
    page_of_sessions(context, view, project_id, filter, order, page).await
}

/// The same with the filter read.
pub(crate) async fn page_of_sessions(
    context: &Context<'_>,
    view: &View,
    project_id: ProjectId,
    filter: Condition,
    order: Option<SessionOrder>,
    page: PageArguments,
) -> Result<Connection<Session>> {
    let order = order.unwrap_or_default().into();
    let list = List::sessions_of(project_id, order);
    let page = page.of(context, list, |place| SessionKey { micros: place.micros, id: place.id })?;
    let page = view.desk().sessions(view.actor(), project_id, &filter, order, page).await?;
    prefetch(context, view, &page.edges).await;
    Ok(Connection::new(
        list,
        page,
        |key| Place { micros: key.micros, id: key.id },
        |session| Session::new(Arc::new(session), view),
    ))
}
