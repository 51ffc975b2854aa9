//! What is known of customers beside what Telegram says.

use std::collections::{BTreeSet, HashMap};

use domain::attribute::{Attribute, TIME_ZONE_ATTRIBUTE};
use domain::customer::{Acquaintance, CustomerNotes};
use domain::{ApiScope, Customer, CustomerId, Project, ProjectId};

use super::CustomerClock;
use super::clock::clock_of;
use crate::{Actor, Desk, Error};

/// What is known of a customer beside what Telegram says.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerProfile {
    /// What agents have noted.
    pub notes: CustomerNotes,
    /// What integrations say, by name.
    pub attributes: Vec<LabelledAttribute>,
    /// What time it is where the customer is, as far as that is known.
    pub clock: Option<CustomerClock>,
}

/// An attribute with what people call it.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelledAttribute {
    /// The attribute.
    pub attribute: Attribute,
    /// What people call it; empty to call it by its name.
    pub label: String,
}

impl Desk {
    /// What is known of those of the customers of whom the actor sees the profile as it is, in no order.
    pub async fn customer_profiles(
        &self,
        actor: &Actor,
        ids: &[CustomerId],
    ) -> Result<Vec<(CustomerId, CustomerProfile)>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        // The connection goes back before rights are asked for, which may take another one.
        let customers = self.store.read().await?.customers(&ids).await?;
        let mut profiles = self.profiles_of(customers.clone()).await?;
        // After the profiles: what came once the last session had ended for the actor is none of theirs.
        let known = self.acquaintances(actor, &customers).await?;
        profiles.retain(|(customer, _)| known.get(customer) == Some(&Acquaintance::Current));
        Ok(profiles)
    }

    async fn profiles_of(&self, customers: Vec<Customer>) -> Result<Vec<(CustomerId, CustomerProfile)>, Error> {
        let ids: Vec<i64> = customers.iter().map(|customer| customer.id.0).collect();
        let projects: BTreeSet<i64> = customers.iter().map(|customer| customer.project_id.0).collect();
        let mut reader = self.store.read().await?;
        let mut notes: HashMap<_, _> = reader.customer_notes(&ids).await?.into_iter().collect();
        let mut attributes: HashMap<CustomerId, Vec<Attribute>> = HashMap::new();
        for attribute in reader.attributes_of_customers(&ids).await? {
            attributes.entry(attribute.customer_id).or_default().push(attribute);
        }
        let found = reader.projects(&Vec::from_iter(projects)).await?;
        let projects: HashMap<ProjectId, Project> = found.into_iter().map(|project| (project.id, project)).collect();
        let mut labels: HashMap<(ProjectId, String), String> = HashMap::new();
        for project in projects.keys().filter(|_| !attributes.is_empty()) {
            let definitions = reader.attribute_definitions(*project).await?;
            labels.extend(definitions.into_iter().map(|one| ((one.project_id, one.name), one.label)));
        }
        drop(reader);
        let wall = self.now();
        let profile = |customer: Customer| {
            let (notes, attributes) = (notes.remove(&customer.id), attributes.remove(&customer.id).unwrap_or_default());
            let said = attributes.iter().find(|attribute| attribute.name == TIME_ZONE_ATTRIBUTE);
            let said = said.map(|attribute| &attribute.value);
            let project = projects.get(&customer.project_id)?;
            let clock = clock_of(&customer, notes.as_ref(), said, project, project.time(wall));
            let labelled = |attribute: Attribute| {
                let label = labels.get(&(customer.project_id, attribute.name.clone()));
                LabelledAttribute { label: label.cloned().unwrap_or_default(), attribute }
            };
            let attributes = attributes.into_iter().map(labelled).collect();
            Some((customer.id, CustomerProfile { notes: notes.unwrap_or_default(), attributes, clock }))
        };
        Ok(customers.into_iter().filter_map(profile).collect())
    }
}
