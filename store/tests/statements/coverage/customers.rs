//! Customers with their notes and attributes.

use domain::attribute::{AttributeDefinition, AttributeKind, AttributeValue};
use domain::customer::{AttributeCondition, CustomerFilter, CustomerNotes};
use domain::filter::Page;
use domain::night::Night;
use domain::{AgentId, CustomerId, ProjectId, Role, Sight};
use store::{Queries, Tx};

use crate::now;

pub async fn read_customers(queries: &mut Queries, project: ProjectId, agent: AgentId) {
    let ids = [1, 2, 3];
    queries.customers_by_telegram_users(project, &ids).await.unwrap();
    queries.customer_notes(&ids).await.unwrap();
    queries.attribute_definitions(project).await.unwrap();
    queries.attributes_of_customers(&ids).await.unwrap();
    let condition = AttributeCondition {
        name: "plan".to_owned(),
        texts: Some(vec!["gold".to_owned()]),
        at_least: Some(1.0),
        since: Some(now()),
        ..AttributeCondition::default()
    };
    let filters = [
        CustomerFilter::default(),
        CustomerFilter { username: Some("kim".to_owned()), reachable: Some(true), ..CustomerFilter::default() },
        CustomerFilter { attributes: vec![condition], ..CustomerFilter::default() },
    ];
    for role in [Role::Agent, Role::Supervisor] {
        let sight = Sight::of(role, agent, &[].into());
        queries.acquaintances(&sight, &ids).await.unwrap();
        for filter in &filters {
            let page = Page { after: Some(CustomerId(1)), before: None, size: 5, from_end: false };
            queries.customer_page(project, &sight, filter, page).await.unwrap();
            queries.customer_count(project, &sight, filter).await.unwrap();
        }
    }
}

pub async fn write_customers(tx: &mut Tx, project_id: ProjectId, customer: CustomerId, round: i64) {
    let (name, kind) = (format!("name {round}"), AttributeKind::Text);
    let definition = AttributeDefinition { project_id, name, kind, label: String::new() };
    tx.define_attribute(&definition).await.unwrap();
    tx.set_attribute_label(project_id, &definition.name, "Name").await.unwrap();
    let value = AttributeValue::Text("value".to_owned());
    tx.set_attribute(project_id, customer, &definition.name, &value, now()).await.unwrap();
    tx.remove_attribute(customer, &definition.name).await.unwrap();
    tx.set_customer_notes(customer, &CustomerNotes::default()).await.unwrap();
    tx.set_night(project_id, Night::default()).await.unwrap();
}
