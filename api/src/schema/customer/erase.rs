//! Erasing a customer.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::privacy::CustomerEraseRefusal as Refusal;

use super::Customer;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `customerErase` takes.
#[derive(InputObject)]
pub(crate) struct CustomerEraseInput {
    /// The global id of the customer.
    customer_id: ID,
    /// The name of the customer as it stands, exactly, to confirm that this is the one.
    confirm_name: String,
}

/// What came of `customerErase`.
#[derive(SimpleObject)]
pub(crate) struct CustomerErasePayload {
    /// The customer, of whom nothing is left but the id. Null if nothing was erased.
    customer: Option<Customer>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<CustomerEraseError>,
}

user_error! {
    /// Why `customerErase` did nothing.
    CustomerEraseError,
    /// The reasons of `customerErase` to do nothing.
    CustomerEraseErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such customer, or you may not see them.
        CustomerNotFound,
        /// You do not administer the project.
        NotAdministrator,
        /// This is not the name of the customer.
        NotConfirmed,
    }
}

#[derive(Default)]
pub(crate) struct CustomerErase;

#[Object]
impl CustomerErase {
    /// Erases everything that the desk has of a customer: the profile, the content of all messages with their files, the
    /// updates from Telegram, and what waits to be sent. Sessions stay, closed and empty. It cannot be undone, and takes
    /// nothing away from Telegram itself. For administrators of the project, and not to be done with an API token.
    async fn customer_erase(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The customer to be erased, and a confirmation.")] input: CustomerEraseInput,
    ) -> Result<CustomerErasePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(CustomerErasePayload {
            customer: done.map(|customer| Customer::new(Arc::new(customer), &view)),
            user_errors,
        })
    }
}

async fn run(
    view: &View,
    input: CustomerEraseInput,
) -> Result<domain::Customer, Stop<domain::Customer, CustomerEraseError>> {
    let customer_id = id::parse(&input.customer_id)
        .map_err(|invalid| CustomerEraseError::new(CustomerEraseErrorCode::InvalidId, Some("customerId"), invalid))?;
    let erased = view.desk().customer_erase(view.actor(), customer_id, &input.confirm_name).await;
    erased.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Customer, CustomerEraseError> {
    use CustomerEraseErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::NotFound => (Code::CustomerNotFound, Some("customerId")),
        Refusal::NotAdministrator => (Code::NotAdministrator, None),
        Refusal::NotConfirmed => (Code::NotConfirmed, Some("confirmName")),
    };
    CustomerEraseError::new(code, field, refusal).into()
}
