//! Customers by their ids.

use desk::Error;
use desk::customer::CustomerProfile;
use domain::CustomerId;

use crate::loader::{Found, Relation, Source};

/// The customers with given ids.
pub(crate) struct CustomerById;

impl Relation for CustomerById {
    type Key = CustomerId;
    type Value = domain::Customer;

    async fn load(source: &Source, keys: &[CustomerId]) -> Result<Found<Self>, Error> {
        let customers = source.desk.customers_by_id(&source.actor, keys).await?;
        Ok(customers.into_iter().map(|customer| (customer.id, customer)).collect())
    }
}

/// What is known of customers beside what Telegram says.
pub(crate) struct ProfileOfCustomer;

impl Relation for ProfileOfCustomer {
    type Key = CustomerId;
    type Value = CustomerProfile;

    async fn load(source: &Source, keys: &[CustomerId]) -> Result<Found<Self>, Error> {
        source.desk.customer_profiles(&source.actor, keys).await
    }
}
