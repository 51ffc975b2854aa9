//! Handing over what is known of a customer.

use std::collections::HashMap;

use domain::{CustomerId, ProjectId};
use store::Tx;

/// Adds what is known of a customer to what is known of another one, whose own counts first.
pub(crate) async fn hand_over_profile(
    tx: &mut Tx,
    project: ProjectId,
    from: CustomerId,
    to: CustomerId,
) -> Result<(), store::Error> {
    let attributes = tx.attributes_of_customers(&[from.0, to.0]).await?;
    let (own, new): (Vec<_>, Vec<_>) = attributes.into_iter().partition(|attribute| attribute.customer_id == to);
    for attribute in new.iter().filter(|new| own.iter().all(|own| own.name != new.name)) {
        tx.set_attribute(project, to, &attribute.name, &attribute.value, attribute.set_at).await?;
    }
    tx.erase_attributes(from).await?;
    let mut notes: HashMap<_, _> = tx.customer_notes(&[from.0, to.0]).await?.into_iter().collect();
    if let Some(new) = notes.remove(&from) {
        let own = notes.remove(&to).unwrap_or_default();
        tx.set_customer_notes(to, &own.with(new)).await?;
    }
    tx.erase_customer_notes(from).await?;
    for (_, tag) in tx.tags_of_customers(&[from.0]).await? {
        tx.add_customer_tag(to, tag.id).await?;
    }
    tx.erase_customer_tags(from).await
}
