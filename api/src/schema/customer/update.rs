//! Noting what is known of a customer.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use desk::customer::{CustomerChange, CustomerUpdateRefusal as Refusal};

use super::Customer;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `customerUpdate` takes.
#[derive(InputObject)]
pub(crate) struct CustomerUpdateInput {
    /// The global id of the customer.
    customer_id: ID,
    /// The time zone in which the customer lives, by its name in the IANA time zone database, such as `Europe/Berlin`; null
    /// to go by what else is known. Left out: it stays as it is.
    time_zone: MaybeUndefined<String>,
    /// What colleagues should know of the customer, at most 2000 characters; null or empty for nothing. Left out: it stays
    /// as it is.
    note: MaybeUndefined<String>,
    /// The `version` of the customer that you have seen. If given and the customer has changed since, they are left as they
    /// are.
    expected_version: Option<i64>,
}

/// What came of `customerUpdate`.
#[derive(SimpleObject)]
pub(crate) struct CustomerUpdatePayload {
    /// The customer as they are now. Null if nothing was changed, except for `VERSION_CONFLICT`.
    customer: Option<Customer>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<CustomerUpdateError>,
}

user_error! {
    /// Why `customerUpdate` did nothing.
    CustomerUpdateError,
    /// The reasons of `customerUpdate` to do nothing.
    CustomerUpdateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such customer, or no session of theirs goes on for you.
        CustomerNotFound,
        /// The customer was erased.
        CustomerErased,
        /// The customer has changed since the version you expect; the payload shows them as they are.
        VersionConflict,
        /// There is no such time zone.
        TimeZoneUnknown,
        /// The note has more than 2000 characters.
        NoteTooLong,
    }
}

#[derive(Default)]
pub(crate) struct CustomerUpdate;

#[Object]
impl CustomerUpdate {
    /// Notes in which time zone a customer lives and what colleagues should know of them. For those for whom a session of the
    /// customer goes on, and for supervisors and administrators of the project.
    async fn customer_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The customer and what is to change.")] input: CustomerUpdateInput,
    ) -> Result<CustomerUpdatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(CustomerUpdatePayload {
            customer: done.map(|customer| Customer::new(Arc::new(customer), &view)),
            user_errors,
        })
    }
}

async fn run(
    view: &View,
    input: CustomerUpdateInput,
) -> Result<domain::Customer, Stop<domain::Customer, CustomerUpdateError>> {
    let customer_id = id::parse(&input.customer_id)
        .map_err(|invalid| CustomerUpdateError::new(CustomerUpdateErrorCode::InvalidId, Some("customerId"), invalid))?;
    let change = CustomerChange {
        time_zone: given(input.time_zone),
        note: given(input.note).map(Option::unwrap_or_default),
        expected_version: input.expected_version,
    };
    let changed = view.desk().customer_update(view.actor(), customer_id, &change).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Customer, CustomerUpdateError> {
    use CustomerUpdateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::NotFound => (Code::CustomerNotFound, Some("customerId")),
        Refusal::Erased => (Code::CustomerErased, Some("customerId")),
        Refusal::VersionConflict(_) => (Code::VersionConflict, Some("expectedVersion")),
        Refusal::TimeZone(_) => (Code::TimeZoneUnknown, Some("timeZone")),
        Refusal::NoteTooLong => (Code::NoteTooLong, Some("note")),
    };
    let error = CustomerUpdateError::new(code, field, &refusal);
    let current = if let Refusal::VersionConflict(customer) = refusal { Some(*customer) } else { None };
    Stop::Refused { error, current }
}

/// What is to be set, if anything: something or nothing.
fn given(value: MaybeUndefined<String>) -> Option<Option<String>> {
    match value {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(value) => Some(Some(value)),
    }
}
