//! Pushing what is known of customers.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::IdempotencyKeyRefusal;
use desk::customer::{
    AttributesSetRefusal as Refusal, CustomerKey, CustomerPush, CustomerPushRefusal, NewAttributes, Pushed,
};
use desk::project::StandingRefusal;
use domain::attribute::{AttributeRefusal, AttributeValue, PushRefusal, PushedAttribute};
use domain::{CustomerId, TelegramUserId};

use super::Customer;
use crate::schema::error::{Failure, Result};
use crate::schema::id;
use crate::schema::scalar::DateTime;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `customerAttributesSet` takes: at most 1000 attributes, and at most 1000 customers.
#[derive(InputObject)]
pub(crate) struct CustomerAttributesSetInput {
    /// The global id of the project.
    project_id: ID,
    /// The customers with what is said of each.
    customers: Vec<CustomerAttributesInput>,
    /// A key that you choose for this request, 1 to 255 bytes, best a random UUID. Within 24 hours the same key with the
    /// same input changes nothing, even if somebody has said otherwise since. Null or left out: sending again sets the same
    /// values again.
    idempotency_key: Option<String>,
}

/// What is said of a customer, who is named by one of `customerId` and `telegramUserId`.
#[derive(InputObject)]
pub(crate) struct CustomerAttributesInput {
    /// The global id of the customer.
    customer_id: Option<ID>,
    /// The number of the user in Telegram, in decimal digits; for a group or a channel that of the chat.
    telegram_user_id: Option<String>,
    /// The attributes to set or to take away. The others stay as they are.
    attributes: Vec<CustomerAttributeInput>,
}

/// An attribute to be set: at most one of `text`, `number`, `flag` and `time` is given. None: it is taken away.
#[derive(InputObject)]
pub(crate) struct CustomerAttributeInput {
    /// The name: a letter from a to z, then letters, digits, `_`, `-` and `.`, at most 50 characters. Upper and lower case
    /// differ. `time_zone` says in which time zone the customer lives, by its name in the IANA time zone database.
    name: String,
    /// A text of at most 500 characters.
    text: Option<String>,
    /// A number.
    number: Option<f64>,
    /// Yes or no.
    flag: Option<bool>,
    /// A moment.
    time: Option<DateTime>,
}

/// What came of `customerAttributesSet`.
#[derive(SimpleObject)]
pub(crate) struct CustomerAttributesSetPayload {
    /// What came of it for each customer, in the order of the input. Null if nothing was taken in at all.
    results: Option<Vec<CustomerAttributesSetResult>>,
    /// Why nothing was taken in. Empty if all went well, and if only single customers were refused.
    user_errors: Vec<CustomerAttributesSetError>,
}

pub(crate) struct CustomerAttributesSetResult {
    view: View,
    /// Of whom something was taken in.
    customer: Option<CustomerId>,
    user_error: Option<CustomerAttributesSetError>,
}

/// What came of `customerAttributesSet` for one customer.
#[Object]
impl CustomerAttributesSetResult {
    /// The customer as they are now. Null if nothing of what is said of them was taken in. For API tokens with the scope
    /// `SESSIONS_READ`.
    async fn customer(&self) -> Option<Result<Customer>> {
        // A failure is that of the field alone: the results tell what was taken in all the same.
        let customer = self.view.loaders().customers().load(self.customer?).await.transpose()?;
        Some(customer.map(|customer| Customer::new(customer, &self.view)).map_err(Failure::from))
    }

    /// Why nothing of it was taken in. Empty if all went well.
    async fn user_errors(&self) -> Vec<&CustomerAttributesSetError> {
        self.user_error.iter().collect()
    }
}

user_error! {
    /// Why `customerAttributesSet` took nothing in, at all or of what is said of one customer.
    CustomerAttributesSetError,
    /// The reasons of `customerAttributesSet` to take nothing in.
    CustomerAttributesSetErrorCode {
        /// An id is not that of an object of the kind that is wanted, or neither or both ways to name a customer are used.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// There are more than 1000 attributes or customers in the request, more than 100 attributes of one customer, or
        /// more than 500 different ones in the project.
        TooMany,
        /// The project has no such customer.
        UnknownCustomer,
        /// It cannot be the name of an attribute.
        NameInvalid,
        /// The values of the attribute are of another type.
        WrongType,
        /// The text is too long, the number is not finite, or several values are given.
        ValueInvalid,
        /// There is no such time zone.
        TimeZoneUnknown,
        /// The idempotency key is empty or too long.
        IdempotencyKeyMalformed,
        /// The idempotency key was used for another request within 24 hours.
        IdempotencyKeyReused,
    }
}

#[derive(Default)]
pub(crate) struct CustomerAttributesSet;

#[Object]
impl CustomerAttributesSet {
    /// Takes in what integrations say of customers, many at once. Each customer is a matter of their own: either all that is
    /// said of them is taken in, or nothing. Values that are there already change nothing, so that everything may be pushed
    /// again and again. Who sees an open session of a customer is told by `SessionUpdated` with the cause `PROFILE`. For
    /// supervisors and administrators of the project, and their API tokens with the scope `CUSTOMERS_WRITE`.
    async fn customer_attributes_set(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The customers and what is said of them.")] input: CustomerAttributesSetInput,
    ) -> Result<CustomerAttributesSetPayload> {
        let view = View::fresh(context).await?;
        let (results, user_errors) = settled(run(&view, input)).await?;
        Ok(CustomerAttributesSetPayload { results, user_errors })
    }
}

type Results = Vec<CustomerAttributesSetResult>;

async fn run(
    view: &View,
    input: CustomerAttributesSetInput,
) -> Result<Results, Stop<Results, CustomerAttributesSetError>> {
    use CustomerAttributesSetErrorCode as Code;
    let project_id = id::parse(&input.project_id)
        .map_err(|invalid| CustomerAttributesSetError::new(Code::InvalidId, Some("projectId"), invalid))?;
    // What cannot be read is refused here, and the rest by the desk, each in its place.
    let (mut results, mut customers, mut places) = (Vec::new(), Vec::new(), Vec::new());
    for (place, customer) in input.customers.into_iter().enumerate() {
        match read(place, customer) {
            Ok(push) => {
                customers.push(push);
                places.push(place);
                results.push(CustomerAttributesSetResult { view: view.clone(), customer: None, user_error: None });
            }
            Err(error) => {
                results.push(CustomerAttributesSetResult {
                    view: view.clone(),
                    customer: None,
                    user_error: Some(error),
                });
            }
        }
    }
    let new = NewAttributes { project_id, customers, idempotency_key: input.idempotency_key };
    let pushed = view.desk().customer_attributes_set(view.actor(), &new).await;
    let pushed = pushed.map_err(|rejected| Stop::of(rejected, explain))?;
    for (place, pushed) in places.into_iter().zip(pushed) {
        results[place] = result(view, place, pushed);
    }
    Ok(results)
}

/// What is said of the customer in a place of the input.
fn read(place: usize, input: CustomerAttributesInput) -> Result<CustomerPush, CustomerAttributesSetError> {
    use CustomerAttributesSetErrorCode as Code;
    let wrong = |code, field: &str, message: &dyn std::fmt::Display| {
        CustomerAttributesSetError::at(code, of_customer(place, [field.to_owned()]), message)
    };
    let customer = match (&input.customer_id, &input.telegram_user_id) {
        (Some(id), None) => {
            CustomerKey::Id(id::parse(id).map_err(|invalid| wrong(Code::InvalidId, "customerId", &invalid))?)
        }
        (None, Some(number)) => {
            let parsed = number.parse().map(|number| CustomerKey::TelegramUser(TelegramUserId(number)));
            let message = "this is not a number of Telegram: write it in decimal digits";
            parsed.map_err(|_| wrong(Code::InvalidId, "telegramUserId", &message))?
        }
        _ => {
            let message = "it is not clear who the customer is: give one of `customerId` and `telegramUserId`";
            return Err(CustomerAttributesSetError::at(Code::InvalidId, of_customer(place, []), message));
        }
    };
    let attributes = input.attributes.into_iter().enumerate().map(|(index, attribute)| {
        let CustomerAttributeInput { name, text, number, flag, time } = attribute;
        let values = [
            text.map(AttributeValue::Text),
            number.map(AttributeValue::Number),
            flag.map(AttributeValue::Flag),
            time.map(|time| AttributeValue::Time(time.0)),
        ];
        let mut values = values.into_iter().flatten();
        match (values.next(), values.next()) {
            (value, None) => Ok(PushedAttribute { name, value }),
            (_, Some(_)) => {
                let message = "an attribute has one value: give one of `text`, `number`, `flag` and `time`";
                let at = of_customer(place, of_attribute(index, None));
                Err(CustomerAttributesSetError::at(Code::ValueInvalid, at, message))
            }
        }
    });
    Ok(CustomerPush { customer, attributes: attributes.collect::<Result<_, _>>()? })
}

fn result(view: &View, place: usize, pushed: Pushed) -> CustomerAttributesSetResult {
    match pushed {
        Ok(customer) => {
            CustomerAttributesSetResult { view: view.clone(), customer: Some(customer.id), user_error: None }
        }
        Err(refusal) => {
            let (code, within) = of_push(&refusal);
            let error = CustomerAttributesSetError::at(code, of_customer(place, within), refusal);
            CustomerAttributesSetResult { view: view.clone(), customer: None, user_error: Some(error) }
        }
    }
}

/// The code of a refusal, and its place within what is said of the customer.
fn of_push(refusal: &CustomerPushRefusal) -> (CustomerAttributesSetErrorCode, Vec<String>) {
    use CustomerAttributesSetErrorCode as Code;
    match refusal {
        CustomerPushRefusal::UnknownCustomer => (Code::UnknownCustomer, Vec::new()),
        CustomerPushRefusal::Push(PushRefusal::TooMany) => (Code::TooMany, vec!["attributes".to_owned()]),
        CustomerPushRefusal::Push(PushRefusal::TooManyOfProject { index }) => {
            (Code::TooMany, of_attribute(*index, Some("name")))
        }
        CustomerPushRefusal::Push(PushRefusal::Attribute { index, refusal }) => {
            let (code, field) = match refusal {
                AttributeRefusal::Name => (Code::NameInvalid, Some("name")),
                AttributeRefusal::WrongKind(_) => (Code::WrongType, None),
                AttributeRefusal::TextTooLong => (Code::ValueInvalid, Some("text")),
                AttributeRefusal::NotFinite => (Code::ValueInvalid, Some("number")),
                AttributeRefusal::TimeZone(_) => (Code::TimeZoneUnknown, Some("text")),
            };
            (code, of_attribute(*index, field))
        }
    }
}

fn of_customer(place: usize, within: impl IntoIterator<Item = String>) -> Vec<String> {
    ["customers".to_owned(), place.to_string()].into_iter().chain(within).collect()
}

fn of_attribute(index: usize, field: Option<&str>) -> Vec<String> {
    ["attributes".to_owned(), index.to_string()].into_iter().chain(field.map(str::to_owned)).collect()
}

fn explain(refusal: Refusal) -> Stop<Results, CustomerAttributesSetError> {
    use CustomerAttributesSetErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, Some("projectId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::TooMany => (Code::TooMany, Some("customers")),
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Malformed) => {
            (Code::IdempotencyKeyMalformed, Some("idempotencyKey"))
        }
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Reused) => (Code::IdempotencyKeyReused, Some("idempotencyKey")),
    };
    CustomerAttributesSetError::new(code, field, refusal).into()
}
