//! Looking for fields in what a subscription selects.

use std::collections::HashMap;

use async_graphql::parser::types::{Field, FragmentDefinition, Selection, SelectionSet};
use async_graphql::registry::{MetaType, Registry};
use async_graphql::{Context, Name, Positioned};

/// The name of an object type, and that of a field of it.
pub(super) type FieldOf = (&'static str, &'static str);

/// What a field of an operation selects, and the schema that says of which types.
pub(super) struct Selected<'a> {
    registry: &'a Registry,
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    /// The name of the type that the field stands on.
    root: &'a str,
    field: &'a Field,
}

impl<'a> Selected<'a> {
    /// What the subscription selects that is being resolved. What `@skip` and `@include` leave out is gone by then.
    pub(super) fn by(context: &'a Context<'_>) -> Self {
        let registry = &context.schema_env.registry;
        Self {
            registry,
            fragments: &context.query_env.fragments,
            root: registry.subscription_type.as_deref().unwrap_or_default(),
            field: &context.item.node,
        }
    }

    /// Whether one of these fields is selected, under whatever alias. Of an interface or a union it is if any of the
    /// objects has it that can stand there. What the schema does not have counts as one of them, since nobody knows.
    pub(super) fn has(&self, sought: &[FieldOf]) -> bool {
        self.registry.types.get(self.root).is_none_or(|root| self.in_field(self.field, root, sought))
    }

    fn in_field(&self, field: &Field, on: &MetaType, sought: &[FieldOf]) -> bool {
        let name = field.name.node.as_str();
        if name == "__typename" {
            return false;
        }
        if sought.iter().any(|(object, of_object)| *of_object == name && on.is_possible_type(object)) {
            return true;
        }
        let given = on.field_by_name(name).and_then(|known| self.registry.concrete_type_by_name(&known.ty));
        given.is_none_or(|given| self.in_set(&field.selection_set.node, given, sought))
    }

    fn in_set(&self, set: &SelectionSet, on: &MetaType, sought: &[FieldOf]) -> bool {
        set.items.iter().any(|selection| match &selection.node {
            Selection::Field(field) => self.in_field(&field.node, on, sought),
            Selection::InlineFragment(fragment) => {
                let condition = fragment.node.type_condition.as_ref();
                let set = &fragment.node.selection_set.node;
                match condition.map(|condition| condition.node.on.node.as_str()) {
                    Some(condition) => self.in_fragment(set, on, condition, sought),
                    None => self.in_set(set, on, sought),
                }
            }
            Selection::FragmentSpread(spread) => {
                let fragment = self.fragments.get(&spread.node.fragment_name.node);
                fragment.is_none_or(|fragment| {
                    let condition = fragment.node.type_condition.node.on.node.as_str();
                    self.in_fragment(&fragment.node.selection_set.node, on, condition, sought)
                })
            }
        })
    }

    /// What a fragment selects of the objects that its condition leaves.
    fn in_fragment(&self, set: &SelectionSet, on: &MetaType, condition: &str, sought: &[FieldOf]) -> bool {
        self.registry.types.get(condition).is_none_or(|condition| {
            let left = if condition.is_possible_type(on.name()) { on } else { condition };
            self.in_set(set, left, sought)
        })
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use async_graphql::parser::types::{DocumentOperations, OperationType, Selection};
    use async_graphql::registry::Registry;
    use async_graphql::{OutputType, SubscriptionType};

    use super::{FieldOf, Selected};
    use crate::schema::{Query, Subscription};

    const SOUGHT: [FieldOf; 3] = [("Customer", "version"), ("Session", "unreadCount"), ("Tag", "id")];

    fn registry() -> Registry {
        let mut registry = Registry::default();
        <Query as OutputType>::create_type_info(&mut registry);
        <Subscription as SubscriptionType>::create_type_info(&mut registry);
        registry
    }

    /// Whether an operation with one root field selects what is sought.
    fn selects(registry: &Registry, document: &str) -> bool {
        let document = parse_query(document).unwrap();
        let DocumentOperations::Single(operation) = &document.operations else { panic!("the operation has a name") };
        let root = match operation.node.ty {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        let Selection::Field(field) = &operation.node.selection_set.node.items[0].node else {
            panic!("the operation begins with no field")
        };
        Selected { registry, fragments: &document.fragments, root, field: &field.node }.has(&SOUGHT)
    }

    fn events(selection: &str) -> String {
        format!(r#"subscription {{ sessionEvents(projectId: "p") {{ {selection} }} }}"#)
    }

    #[test]
    fn a_field_counts_on_the_type_that_it_is_named_with() {
        let registry = registry();
        for (selection, counts) in [
            ("... on SessionUpdated { session { version status } }", false),
            ("... on SessionUpdated { session { customer { name } version } }", false),
            ("... on SessionUpdated { session { customer { version } } }", true),
            ("... on SessionUpdated { session { unreadCount } }", true),
            ("... on MessageAdded { message { session { unreadCount } } }", true),
            ("... on SessionUpdated { session { id project { id tags { name } } } }", false),
            ("... on SessionUpdated { session { id project { id tags { id } } } }", true),
            ("__typename", false),
        ] {
            assert_eq!(selects(&registry, &events(selection)), counts, "{selection}");
        }
    }

    #[test]
    fn an_alias_hides_nothing_and_makes_nothing_up() {
        let registry = registry();
        for (selection, counts) in [
            ("... on SessionUpdated { all: session { new: unreadCount } }", true),
            ("... on SessionUpdated { session { whose: customer { v: version } } }", true),
            ("... on SessionUpdated { session { unreadCount: version } }", false),
            ("... on SessionUpdated { session { customer { version: name } } }", false),
        ] {
            assert_eq!(selects(&registry, &events(selection)), counts, "{selection}");
        }
    }

    #[test]
    fn a_fragment_is_looked_into_as_its_type() {
        let registry = registry();
        let event = "...E ... { ... on SessionUpdated { session { ...S ... { id } } } }";
        for (fragments, counts) in [
            ("fragment E on SessionUpdated { cursor } fragment S on Session { version }", false),
            ("fragment E on SessionUpdated { cursor } fragment S on Session { unreadCount }", true),
            ("fragment E on SessionUpdated { session { unreadCount } } fragment S on Session { id }", true),
            ("fragment E on MessageAdded { session { ...S } } fragment S on Session { customer { name } }", false),
            ("fragment E on MessageAdded { session { ...S } } fragment S on Session { customer { version } }", true),
        ] {
            let document = format!("{} {fragments}", events(event));
            assert_eq!(selects(&registry, &document), counts, "{fragments}");
        }
        assert!(selects(&registry, &events("... { ... on SessionUpdated { session { ... { unreadCount } } } }")));
    }

    #[test]
    fn of_an_interface_any_object_counts_that_it_can_be() {
        let registry = registry();
        for (selection, counts) in [
            ("__typename", false),
            // A tag is one of them.
            ("id", true),
            ("... on Session { version }", false),
            ("... on Session { id }", false),
            ("... on Session { ... on Node { id } }", false),
            ("... on Tag { ... on Node { id } }", true),
            ("... on Customer { version }", true),
            ("...F", true),
        ] {
            let document = format!(r#"{{ node(id: "n") {{ {selection} }} }} fragment F on Node {{ id }}"#);
            assert_eq!(selects(&registry, &document), counts, "{selection}");
        }
    }

    #[test]
    fn what_is_not_known_counts() {
        let registry = registry();
        for selection in [
            "nothing",
            "... on Nothing { cursor }",
            "...Nothing",
            "... on SessionUpdated { session { nothing { id } } }",
            "... on SessionUpdated { session { ...Nothing } }",
        ] {
            assert!(selects(&registry, &events(selection)), "{selection}");
        }
        assert!(selects(&registry, "subscription { nothing }"));
    }
}
