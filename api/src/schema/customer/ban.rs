//! Banning a customer.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::privacy::CustomerBanRefusal as Refusal;

use super::Customer;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `customerBan` takes.
#[derive(InputObject)]
pub(crate) struct CustomerBanInput {
    /// The global id of the customer.
    customer_id: ID,
    /// Why, for colleagues: at most 500 characters. The customer is not told.
    reason: Option<String>,
}

/// What came of `customerBan`.
#[derive(SimpleObject)]
pub(crate) struct CustomerBanPayload {
    /// The customer as they are now. Null if nothing was changed.
    customer: Option<Customer>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<CustomerBanError>,
}

user_error! {
    /// Why `customerBan` did nothing.
    CustomerBanError,
    /// The reasons of `customerBan` to do nothing.
    CustomerBanErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such customer, or you may not see them.
        CustomerNotFound,
        /// The customer was erased.
        CustomerErased,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The reason has more than 500 characters.
        ReasonTooLong,
    }
}

#[derive(Default)]
pub(crate) struct CustomerBan;

#[Object]
impl CustomerBan {
    /// Bans a customer: what they write is kept apart and reaches no agent. For supervisors and administrators of the project.
    async fn customer_ban(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The customer to be banned, and why.")] input: CustomerBanInput,
    ) -> Result<CustomerBanPayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(CustomerBanPayload { customer: done.map(|customer| Customer::new(Arc::new(customer), &view)), user_errors })
    }
}

async fn run(
    view: &View,
    input: CustomerBanInput,
) -> Result<domain::Customer, Stop<domain::Customer, CustomerBanError>> {
    let customer_id = id::parse(&input.customer_id)
        .map_err(|invalid| CustomerBanError::new(CustomerBanErrorCode::InvalidId, Some("customerId"), invalid))?;
    let reason = input.reason.unwrap_or_default();
    let banned = view.desk().customer_ban(view.actor(), customer_id, &reason).await;
    banned.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Customer, CustomerBanError> {
    use CustomerBanErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::NotFound => (Code::CustomerNotFound, Some("customerId")),
        Refusal::Erased => (Code::CustomerErased, Some("customerId")),
        Refusal::NotSupervisor => (Code::NotSupervisor, None),
        Refusal::ReasonTooLong => (Code::ReasonTooLong, Some("reason")),
    };
    CustomerBanError::new(code, field, refusal).into()
}
