//! Pages of tickets.

use std::sync::Arc;

use async_graphql::Context;
use domain::ProjectId;
use domain::ticket::{TicketFilter as Condition, TicketKey, TicketOrder, TicketOrderField};

use super::Ticket;
use crate::schema::connection::Connection;
use crate::schema::cursor::{List, Place};
use crate::schema::error::Result;
use crate::schema::page::PageArguments;
use crate::view::View;

/// A page of the tickets of a session, oldest first.
pub(crate) async fn tickets_of_session(
    context: &Context<'_>,
    view: &View,
    session: &domain::Session,
    page: PageArguments,
) -> Result<Connection<Ticket>> {
    let order = TicketOrder { field: TicketOrderField::CreatedAt, descending: false };
    let filter = Condition::Session(vec![session.id]);
    let list = List::tickets_of_session(session.id);
    page_of_tickets(context, view, session.project_id, filter, (list, order), page).await
}

/// A page of those of a project's tickets that a filter lets through.
pub(super) async fn page_of_tickets(
    context: &Context<'_>,
    view: &View,
    project_id: ProjectId,
    filter: Condition,
    (list, order): (List, TicketOrder),
    page: PageArguments,
) -> Result<Connection<Ticket>> {
    let page = page.of(context, list, |place| TicketKey { micros: place.micros, id: place.id })?;
    let page = view.desk().tickets(view.actor(), project_id, &filter, order, page).await?;
    Ok(Connection::new(
        list,
        page,
        |key| Place { micros: key.micros, id: key.id },
        |ticket| Ticket::new(Arc::new(ticket), view),
    ))
}
