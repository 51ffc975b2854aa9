//! Letting a customer in again.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::privacy::CustomerBanRefusal as Refusal;

use super::Customer;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `customerUnban` takes.
#[derive(InputObject)]
pub(crate) struct CustomerUnbanInput {
    /// The global id of the customer.
    customer_id: ID,
}

/// What came of `customerUnban`.
#[derive(SimpleObject)]
pub(crate) struct CustomerUnbanPayload {
    /// The customer as they are now. Null if nothing was changed.
    customer: Option<Customer>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<CustomerUnbanError>,
}

user_error! {
    /// Why `customerUnban` did nothing.
    CustomerUnbanError,
    /// The reasons of `customerUnban` to do nothing.
    CustomerUnbanErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such customer, or you may not see them.
        CustomerNotFound,
        /// The customer was erased.
        CustomerErased,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
    }
}

#[derive(Default)]
pub(crate) struct CustomerUnban;

#[Object]
impl CustomerUnban {
    /// Lets a banned customer in again. For supervisors and administrators of the project.
    async fn customer_unban(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The customer to be let in.")] input: CustomerUnbanInput,
    ) -> Result<CustomerUnbanPayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(CustomerUnbanPayload {
            customer: done.map(|customer| Customer::new(Arc::new(customer), &view)),
            user_errors,
        })
    }
}

async fn run(
    view: &View,
    input: CustomerUnbanInput,
) -> Result<domain::Customer, Stop<domain::Customer, CustomerUnbanError>> {
    let customer_id = id::parse(&input.customer_id)
        .map_err(|invalid| CustomerUnbanError::new(CustomerUnbanErrorCode::InvalidId, Some("customerId"), invalid))?;
    let unbanned = view.desk().customer_unban(view.actor(), customer_id).await;
    unbanned.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Customer, CustomerUnbanError> {
    use CustomerUnbanErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::NotFound => (Code::CustomerNotFound, Some("customerId")),
        Refusal::Erased => (Code::CustomerErased, Some("customerId")),
        Refusal::NotSupervisor => (Code::NotSupervisor, None),
        Refusal::ReasonTooLong => return Stop::unexpected(refusal),
    };
    CustomerUnbanError::new(code, field, refusal).into()
}
