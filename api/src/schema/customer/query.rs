//! Asking for customers.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use domain::{CustomerId, ProjectId};

use super::Customer;
use super::filter::CustomerFilter;
use crate::schema::connection::Connection;
use crate::schema::cursor::{List, Place};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::page::PageArguments;
use crate::view::View;

#[derive(Default)]
pub(crate) struct CustomerQuery;

#[Object]
impl CustomerQuery {
    /// One customer. Null if there is none with this id or you may not see them: an agent sees those of whom a session goes
    /// on for them or did.
    async fn customer(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the customer.")] id: ID,
    ) -> Result<Option<Customer>> {
        let view = View::of(context).await?;
        let id: CustomerId = id::parse(&id)?;
        let customer = view.loaders().customers().load(id).await?;
        Ok(customer.map(|customer| Customer::new(customer, view)))
    }

    /// The customers of a project, the newest first; for an agent those of whom a session goes on for them. Customers who
    /// were erased are in no list.
    #[expect(clippy::too_many_arguments, reason = "each argument of a field is one of its resolver")]
    async fn customers(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the project.")] project_id: ID,
        #[graphql(desc = "Which customers to show. All of them if left out.")] filter: Option<CustomerFilter>,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<Customer>> {
        let view = View::of(context).await?;
        let project: ProjectId = id::parse(&project_id)?;
        let filter = filter.unwrap_or_default().condition();
        let list = List::customers_of(project);
        let page = PageArguments { first, after, last, before }.of(context, list, |place| CustomerId(place.id))?;
        let page = view.desk().customers(view.actor(), project, &filter, page).await?;
        Ok(Connection::new(
            list,
            page,
            |id| Place { micros: 0, id: id.0 },
            |customer| Customer::new(Arc::new(customer), view),
        ))
    }
}
