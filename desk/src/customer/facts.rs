//! What is known of a customer that decides about what becomes of their sessions.

use domain::Customer;
use domain::attribute::Attributes;
use store::Tx;

/// What is known of a customer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Facts {
    /// The language as an IETF tag.
    pub(crate) language: Option<String>,
    /// What integrations say, by name.
    pub(crate) attributes: Attributes,
}

/// What is known of a customer now.
pub(crate) async fn facts(tx: &mut Tx, customer: &Customer) -> Result<Facts, store::Error> {
    let attributes = tx.attributes_of_customers(&[customer.id.0]).await?;
    Ok(Facts {
        language: customer.language_code.clone(),
        attributes: attributes.into_iter().map(|attribute| (attribute.name, attribute.value)).collect(),
    })
}
