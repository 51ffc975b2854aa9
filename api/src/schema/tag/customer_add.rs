//! Giving tags to a customer.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::tag::CustomerTagsRefusal as Refusal;
use domain::TagId;

use crate::schema::customer::Customer;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `customerTagsAdd` takes.
#[derive(InputObject)]
pub(crate) struct CustomerTagsAddInput {
    /// The global id of the customer.
    customer_id: ID,
    /// The global ids of the tags.
    tag_ids: Vec<ID>,
}

/// What came of `customerTagsAdd`.
#[derive(SimpleObject)]
pub(crate) struct CustomerTagsAddPayload {
    /// The customer as they are now. Null if nothing was changed.
    customer: Option<Customer>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<CustomerTagsAddError>,
}

user_error! {
    /// Why `customerTagsAdd` did nothing.
    CustomerTagsAddError,
    /// The reasons of `customerTagsAdd` to do nothing.
    CustomerTagsAddErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such customer, or you may not see them.
        CustomerNotFound,
        /// The customer was erased.
        CustomerErased,
        /// A tag is not of the project.
        TagNotFound,
        /// A tag was put away.
        TagArchived,
        /// The customer would have more than 50 tags.
        TooManyTags,
    }
}

#[derive(Default)]
pub(crate) struct CustomerTagsAdd;

#[Object]
impl CustomerTagsAdd {
    /// Gives tags to a customer; those that they have stay. They are shown in every session of the customer.
    async fn customer_tags_add(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The customer and the tags.")] input: CustomerTagsAddInput,
    ) -> Result<CustomerTagsAddPayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(CustomerTagsAddPayload { customer: done.map(|done| Customer::new(Arc::new(done), &view)), user_errors })
    }
}

async fn run(
    view: &View,
    input: CustomerTagsAddInput,
) -> Result<domain::Customer, Stop<domain::Customer, CustomerTagsAddError>> {
    use CustomerTagsAddErrorCode as Code;
    let invalid = |field| move |invalid| CustomerTagsAddError::new(Code::InvalidId, Some(field), invalid);
    let id = id::parse(&input.customer_id).map_err(invalid("customerId"))?;
    let tags = input.tag_ids.iter().map(|tag| id::parse::<TagId>(tag)).collect::<Result<Vec<_>, _>>();
    let tags = tags.map_err(invalid("tagIds"))?;
    let changed = view.desk().customer_tags_add(view.actor(), id, &tags).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Customer, CustomerTagsAddError> {
    use CustomerTagsAddErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::NotFound => (Code::CustomerNotFound, Some("customerId")),
        Refusal::Erased => (Code::CustomerErased, Some("customerId")),
        Refusal::TagNotFound => (Code::TagNotFound, Some("tagIds")),
        Refusal::TagArchived => (Code::TagArchived, Some("tagIds")),
        Refusal::TooMany => (Code::TooManyTags, Some("tagIds")),
    };
    CustomerTagsAddError::new(code, field, refusal).into()
}
