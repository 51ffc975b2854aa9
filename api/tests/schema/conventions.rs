//! What every part of the schema has in common.

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{FieldDefinition, TypeKind, TypeSystemDefinition};
use serde_json::json;

use crate::stage::Stage;

/// The fields of an object type of the published schema.
fn fields_of(name: &str) -> Vec<FieldDefinition> {
    let document = parse_schema(api::schema::sdl()).unwrap();
    let found = document.definitions.into_iter().find_map(|definition| match definition {
        TypeSystemDefinition::Type(definition) if definition.node.name.node == name => Some(definition.node.kind),
        _ => None,
    });
    match found {
        Some(TypeKind::Object(object)) => object.fields.into_iter().map(|field| field.node).collect(),
        _ => panic!("{name} is not an object type"),
    }
}

fn type_of(fields: &[FieldDefinition], name: &str) -> String {
    let field = fields.iter().find(|field| field.name.node == name);
    field.map_or_else(|| panic!("there is no field {name}"), |field| field.ty.node.to_string())
}

#[test]
fn a_mutation_has_one_input_and_a_payload_with_typed_user_errors() {
    for mutation in fields_of("Mutation") {
        let name = mutation.name.node.as_str();
        let capital = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        let arguments: Vec<_> = mutation
            .arguments
            .iter()
            .map(|argument| format!("{}: {}", argument.node.name.node, argument.node.ty.node))
            .collect();
        if name == "signOut" {
            assert!(arguments.is_empty());
        } else {
            assert_eq!(arguments, [format!("input: {capital}Input!")]);
        }
        assert_eq!(mutation.ty.node.to_string(), format!("{capital}Payload!"));
        let payload = fields_of(&format!("{capital}Payload"));
        assert_eq!(type_of(&payload, "userErrors"), format!("[{capital}Error!]!"));
        let error = fields_of(&format!("{capital}Error"));
        assert_eq!(error.len(), 3);
        assert_eq!(type_of(&error, "message"), "String!");
        assert_eq!(type_of(&error, "path"), "[String!]!");
        assert_eq!(type_of(&error, "code"), format!("{capital}ErrorCode!"));
    }
}

#[test]
fn every_event_has_a_cursor() {
    for event in [
        "MessageAdded",
        "MessageUpdated",
        "MessageRemoved",
        "SessionOpened",
        "SessionUpdated",
        "SessionRemoved",
        "TicketOpened",
        "TicketUpdated",
        "TicketRemoved",
        "SlaClockUpdated",
        "TodoUpdated",
        "ResyncRequired",
    ] {
        assert_eq!(type_of(&fields_of(event), "cursor"), "String!", "{event}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn user_errors_read_like_sentences() {
    let stage = Stage::open().await;
    let input = json!({ "sessionId": stage.project_id });
    let payload = stage.admin().await.mutate("sessionClose", "session { id }", input).await;
    let message = "This is not the id of an object of type Session: send an `id` as this API returned it.";
    let error = json!({ "code": "INVALID_ID", "path": ["input", "sessionId"], "message": message });
    assert_eq!(payload, json!({ "session": null, "userErrors": [error] }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_time_is_the_fault_of_the_client() {
    let stage = Stage::open().await;
    let query = "query($id: ID!, $at: DateTime!) { sessions(projectId: $id, first: 1, filter: { createdAt: { gte: $at } }) { totalCount } }";
    let answer = stage.admin().await.answer(query, json!({ "id": stage.project_id, "at": "yesterday" })).await;
    let message = answer["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("RFC 3339"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn introspection_and_suggestions_are_closed_together() {
    let stage = Stage::open().await;
    let ask = async |introspection: bool, query: &str| {
        let response = api::schema::build(stage.desk.clone(), introspection).execute(query).await;
        serde_json::to_value(response).unwrap()
    };
    let query = "{ __schema { queryType { name } } }";
    assert_eq!(ask(true, query).await["data"]["__schema"]["queryType"]["name"], "Query");
    let closed = ask(false, query).await;
    assert!(closed["data"]["__schema"].is_null(), "{closed}");
    assert!(ask(true, "{ viewr { id } }").await.to_string().contains("viewer"));
    assert!(!ask(false, "{ viewr { id } }").await.to_string().contains("viewer"));
}
