//! The schema as it is published.

use std::path::Path;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{InputValueDefinition, TypeKind, TypeSystemDefinition};

#[test]
fn the_published_schema_is_the_one_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema.graphql");
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    let current = api::schema::sdl();
    let differing = published.lines().zip(current.lines()).position(|(published, current)| published != current);
    let line = differing.unwrap_or_else(|| published.lines().count().min(current.lines().count())) + 1;
    assert!(
        published == current,
        "schema.graphql is not the schema of the code (first difference at line {line}).\n\
         If the change is meant, write it anew with: cargo run -- schema > schema.graphql"
    );
}

#[test]
fn everything_has_a_description() {
    let document = parse_schema(api::schema::sdl()).unwrap();
    let mut bare = Vec::new();
    for definition in &document.definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let (name, definition) = (&definition.node.name.node, &definition.node);
        let mut check = |place: String, described: bool| {
            if !described {
                bare.push(place);
            }
        };
        check(name.to_string(), definition.description.is_some());
        let fields = match &definition.kind {
            TypeKind::Object(object) => object.fields.as_slice(),
            TypeKind::Interface(interface) => interface.fields.as_slice(),
            _ => &[],
        };
        for field in fields {
            let place = format!("{name}.{}", field.node.name.node);
            check(place.clone(), field.node.description.is_some());
            for argument in &field.node.arguments {
                check(format!("{place}({})", argument.node.name.node), is_described(&argument.node));
            }
        }
        if let TypeKind::InputObject(input) = &definition.kind {
            for field in &input.fields {
                check(format!("{name}.{}", field.node.name.node), is_described(&field.node));
            }
        }
        if let TypeKind::Enum(enumeration) = &definition.kind {
            for value in &enumeration.values {
                check(format!("{name}.{}", value.node.value.node), value.node.description.is_some());
            }
        }
    }
    assert!(bare.is_empty(), "without a description: {bare:#?}");
}

fn is_described(input: &InputValueDefinition) -> bool {
    input.description.is_some()
}
