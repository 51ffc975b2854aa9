//! What is known of customers that decides about what becomes of their sessions.

use std::collections::HashMap;

use domain::attribute::Attributes;
use domain::{Customer, CustomerId, TagId};
use store::Queries;

/// What is known of a customer.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Facts {
    /// The language as an IETF tag.
    pub(crate) language: Option<String>,
    /// The customer's own tags, beside those of the sessions.
    pub(crate) tag_ids: Vec<TagId>,
    /// What integrations say, by name.
    pub(crate) attributes: Attributes,
}

/// What is known of each of the customers now.
pub(crate) async fn facts(
    queries: &mut Queries,
    customers: &[Customer],
) -> Result<HashMap<CustomerId, Facts>, store::Error> {
    let ids: Vec<i64> = customers.iter().map(|customer| customer.id.0).collect();
    let known =
        |customer: &Customer| (customer.id, Facts { language: customer.language_code.clone(), ..Facts::default() });
    let mut facts: HashMap<CustomerId, Facts> = customers.iter().map(known).collect();
    for attribute in queries.attributes_of_customers(&ids).await? {
        if let Some(facts) = facts.get_mut(&attribute.customer_id) {
            facts.attributes.insert(attribute.name, attribute.value);
        }
    }
    for (customer, tag) in queries.tags_of_customers(&ids).await? {
        if let Some(facts) = facts.get_mut(&customer) {
            facts.tag_ids.push(tag.id);
        }
    }
    Ok(facts)
}
