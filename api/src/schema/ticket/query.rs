//! Asking for tickets.

use async_graphql::{Context, ID, Object};
use domain::ticket::TicketFilter as Condition;
use domain::{ProjectId, TicketId};

use super::list::page_of_tickets;
use super::order::TicketOrder;
use super::{Ticket, TicketFilter};
use crate::schema::connection::Connection;
use crate::schema::cursor::List;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::page::PageArguments;
use crate::view::View;

#[derive(Default)]
pub(crate) struct TicketQuery;

#[Object]
impl TicketQuery {
    /// One ticket. Null if there is none with this id or you may not see it.
    async fn ticket(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the ticket.")] id: ID,
    ) -> Result<Option<Ticket>> {
        let view = View::of(context).await?;
        let id: TicketId = id::parse(&id)?;
        Ok(view.loaders().tickets().load(id).await?.map(|ticket| Ticket::new(ticket, view)))
    }

    /// The tickets of a project, those of them that you see.
    #[expect(clippy::too_many_arguments, reason = "each argument of a field is one of its resolver")]
    async fn tickets(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the project.")] project_id: ID,
        #[graphql(desc = "Which tickets to show. All of them if left out.")] filter: Option<TicketFilter>,
        #[graphql(desc = "The order of the list. The newest ticket first if left out.")] order_by: Option<TicketOrder>,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<Ticket>> {
        let view = View::of(context).await?;
        let project_id: ProjectId = id::parse(&project_id)?;
        let filter = filter.map_or(Ok(Condition::default()), TicketFilter::condition)?;
        let order = order_by.unwrap_or_default().into();
        let list = List::tickets_of(project_id, order);
        let page = PageArguments { first, after, last, before };
        page_of_tickets(context, view, project_id, filter, (list, order), page).await
    }
}
