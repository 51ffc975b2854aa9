//! Customers by their ids.

use desk::Error;
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
