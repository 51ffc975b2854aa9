//! Taking tags from a customer.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::tag::CustomerTagsRefusal as Refusal;
use domain::TagId;

use crate::schema::customer::Customer;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `customerTagsRemove` takes.
#[derive(InputObject)]
pub(crate) struct CustomerTagsRemoveInput {
    /// The global id of the customer.
    customer_id: ID,
    /// The global ids of the tags.
    tag_ids: Vec<ID>,
}

/// What came of `customerTagsRemove`.
#[derive(SimpleObject)]
pub(crate) struct CustomerTagsRemovePayload {
    /// The customer as they are now. Null if nothing was changed.
    customer: Option<Customer>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<CustomerTagsRemoveError>,
}

user_error! {
    /// Why `customerTagsRemove` did nothing.
    CustomerTagsRemoveError,
    /// The reasons of `customerTagsRemove` to do nothing.
    CustomerTagsRemoveErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such customer, or you may not see them.
        CustomerNotFound,
        /// The customer was erased.
        CustomerErased,
        /// A tag is not of the project.
        TagNotFound,
    }
}

#[derive(Default)]
pub(crate) struct CustomerTagsRemove;

#[Object]
impl CustomerTagsRemove {
    /// Takes tags from a customer; those that they do not have stay away.
    async fn customer_tags_remove(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The customer and the tags.")] input: CustomerTagsRemoveInput,
    ) -> Result<CustomerTagsRemovePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(CustomerTagsRemovePayload { customer: done.map(|done| Customer::new(Arc::new(done), &view)), user_errors })
    }
}

async fn run(
    view: &View,
    input: CustomerTagsRemoveInput,
) -> Result<domain::Customer, Stop<domain::Customer, CustomerTagsRemoveError>> {
    use CustomerTagsRemoveErrorCode as Code;
    let invalid = |field| move |invalid| CustomerTagsRemoveError::new(Code::InvalidId, Some(field), invalid);
    let id = id::parse(&input.customer_id).map_err(invalid("customerId"))?;
    let tags = input.tag_ids.iter().map(|tag| id::parse::<TagId>(tag)).collect::<Result<Vec<_>, _>>();
    let tags = tags.map_err(invalid("tagIds"))?;
    let changed = view.desk().customer_tags_remove(view.actor(), id, &tags).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Customer, CustomerTagsRemoveError> {
    use CustomerTagsRemoveErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::NotFound => (Code::CustomerNotFound, Some("customerId")),
        Refusal::Erased => (Code::CustomerErased, Some("customerId")),
        Refusal::TagNotFound => (Code::TagNotFound, Some("tagIds")),
        Refusal::TagArchived | Refusal::TooMany => return Stop::unexpected(refusal),
    };
    CustomerTagsRemoveError::new(code, field, refusal).into()
}
