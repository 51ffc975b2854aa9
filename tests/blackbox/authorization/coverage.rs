//! Whether the matrix has a row for everything that the schema has.

use std::collections::BTreeSet;

use serde_json::Value;
use tests::Client;

use super::table::Table;

const SCHEMA: &str = "{ __schema {
    queryType { name fields(includeDeprecated: true) { name } }
    mutationType { name fields(includeDeprecated: true) { name } }
    subscriptionType { name fields(includeDeprecated: true) { name } }
} }";
const NODES: &str = r#"{ __type(name: "Node") { possibleTypes { name } } }"#;

/// What is missing in the matrix, and what is in it that the schema has no more.
pub async fn missing_rows(client: &Client, table: &Table) -> Vec<String> {
    let fields = fields_of_schema(client).await;
    let roots = |field: &&str| ["Query.", "Mutation.", "Subscription."].iter().any(|root| field.starts_with(root));
    let covered: BTreeSet<&str> = table.rows.iter().map(|row| row.field()).filter(roots).collect();
    let known: BTreeSet<&str> = fields.iter().map(String::as_str).collect();
    let mut missing: Vec<String> =
        known.difference(&covered).map(|field| format!("{field} has no row in matrix.txt: add one")).collect();
    missing.extend(
        covered.difference(&known).map(|field| format!("there is no {field}: remove its rows from matrix.txt")),
    );

    let mut subscriptions = Vec::new();
    for field in known.iter().filter(|field| field.starts_with("Subscription.")) {
        subscriptions.extend(["live", "replay"].map(|way| format!("{field} ({way})")));
    }
    let mut nodes = Vec::new();
    for kind in node_types(client).await {
        nodes.extend(["node", "nodes"].map(|field| format!("Query.{field} ({kind})")));
    }
    for name in nodes.into_iter().chain(subscriptions) {
        if !table.rows.iter().any(|row| row.name == name) {
            missing.push(format!("{name} has no row in matrix.txt: add one"));
        }
    }
    missing
}

async fn fields_of_schema(client: &Client) -> Vec<String> {
    let schema = client.query(SCHEMA, Value::Null).await;
    let roots = schema["__schema"].as_object().expect("the schema can be asked for");
    let fields_of = |root: &Value| {
        let name = root["name"].as_str().expect("a type has a name").to_owned();
        let fields = root["fields"].as_array().expect("a type has fields").clone();
        fields.into_iter().map(move |field| format!("{name}.{}", field["name"].as_str().expect("a field has a name")))
    };
    roots.values().flat_map(fields_of).collect()
}

async fn node_types(client: &Client) -> Vec<String> {
    let schema = client.query(NODES, Value::Null).await;
    let types = schema["__type"]["possibleTypes"].as_array().expect("there are nodes");
    types.iter().map(|kind| kind["name"].as_str().expect("a type has a name").to_owned()).collect()
}
