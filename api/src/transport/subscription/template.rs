//! The operation of a subscription, kept to render its events.

use std::{collections::BTreeMap, convert::Infallible};

use async_graphql::{
    Name, PathSegment, Pos, Positioned, Request, Value, Variables,
    parser::types::{
        Directive, DocumentOperations, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet,
    },
};

use crate::transport::result::to_json;

/// An operation that can be executed any number of times.
pub(super) struct Template {
    query: String,
    operation_name: Option<String>,
    variables: Variables,
    document: ExecutableDocument,
}

/// What two operations must have in common to render an occasion alike.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct TemplateKey {
    query: String,
    operation_name: Option<String>,
    /// As JSON, for values cannot be hashed.
    variables: String,
}

impl Template {
    /// Nothing if the operation does not follow one field, since occasions are those of one field.
    pub(super) fn of(request: &mut Request) -> Option<Self> {
        let document = request.parsed_query().ok()?.clone();
        let template = Self {
            query: request.query.clone(),
            operation_name: request.operation_name.clone(),
            variables: request.variables.clone(),
            document,
        };
        template.root_field().is_some().then_some(template)
    }

    /// A request for one more execution, on behalf of nobody yet.
    pub(super) fn request(&self) -> Request {
        let mut request = Request::new(&*self.query).variables(self.variables.clone());
        request.operation_name.clone_from(&self.operation_name);
        request.set_parsed_query(self.document.clone());
        request
    }

    /// The arguments of the subscription field decide which occasions there are, not how they are rendered: variables
    /// that only stand there, such as the cursor to go on from, make no difference.
    pub(super) fn key(&self) -> TemplateKey {
        let mut used = BTreeMap::new();
        if let (Some(operation), Some(field)) = (self.operation(), self.root_field()) {
            let mut uses = Uses { variables: &self.variables, used: &mut used };
            uses.in_directives(&operation.directives);
            uses.in_directives(&field.node.directives);
            uses.in_selection(&field.node.selection_set.node);
            for fragment in self.document.fragments.values() {
                uses.in_directives(&fragment.node.directives);
                uses.in_selection(&fragment.node.selection_set.node);
            }
        }
        TemplateKey {
            query: self.query.clone(),
            operation_name: self.operation_name.clone(),
            variables: to_json(&used),
        }
    }

    /// Where in the results the subscription field stands, and where in the document.
    pub(super) fn root(&self) -> Option<(PathSegment, Pos)> {
        let field = self.root_field()?;
        Some((PathSegment::Field(field.node.response_key().node.to_string()), field.pos))
    }

    fn root_field(&self) -> Option<&Positioned<Field>> {
        match &*self.operation()?.selection_set.node.items {
            [Positioned { node: Selection::Field(field), .. }] => Some(field),
            _ => None,
        }
    }

    fn operation(&self) -> Option<&OperationDefinition> {
        match (&self.document.operations, &self.operation_name) {
            (DocumentOperations::Single(operation), _) => Some(&operation.node),
            (DocumentOperations::Multiple(operations), Some(name)) => Some(&operations.get(name.as_str())?.node),
            (DocumentOperations::Multiple(operations), None) => Some(&operations.values().next()?.node),
        }
    }
}

/// Gathers the variables that are used somewhere, with their values.
struct Uses<'a, 'u> {
    variables: &'a Variables,
    used: &'u mut BTreeMap<Name, &'a Value>,
}

impl Uses<'_, '_> {
    fn in_selection(&mut self, selection: &SelectionSet) {
        for item in &selection.items {
            match &item.node {
                Selection::Field(field) => {
                    for (_, value) in &field.node.arguments {
                        // Replacing a value's variables is the way to be told of each.
                        let _ = value.node.clone().into_const_with(|name| self.note(name));
                    }
                    self.in_directives(&field.node.directives);
                    self.in_selection(&field.node.selection_set.node);
                }
                Selection::InlineFragment(fragment) => {
                    self.in_directives(&fragment.node.directives);
                    self.in_selection(&fragment.node.selection_set.node);
                }
                // The fragment itself is gone through with all others.
                Selection::FragmentSpread(spread) => self.in_directives(&spread.node.directives),
            }
        }
    }

    fn in_directives(&mut self, directives: &[Positioned<Directive>]) {
        for directive in directives {
            for (_, value) in &directive.node.arguments {
                let _ = value.node.clone().into_const_with(|name| self.note(name));
            }
        }
    }

    fn note(&mut self, name: Name) -> Result<Value, Infallible> {
        if let Some(value) = self.variables.get(&name) {
            self.used.insert(name, value);
        }
        Ok(Value::Null)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{Request, Variables};

    use super::{Template, TemplateKey};

    fn key(query: &str, variables: &str) -> TemplateKey {
        let mut request = Request::new(query).variables(serde_json::from_str::<Variables>(variables).unwrap());
        Template::of(&mut request).unwrap().key()
    }

    #[test]
    fn what_only_the_subscription_field_takes_makes_no_difference() {
        let query = "subscription ($after: String, $ids: [ID!]) { events(after: $after, filter: { in: $ids }) { a } }";
        assert_eq!(key(query, r#"{"after":"1","ids":["x"]}"#), key(query, r#"{"after":"2"}"#));
        assert_ne!(key(query, "{}"), key(&query.replace("{ a }", "{ b }"), "{}"));
    }

    #[test]
    fn what_the_selection_takes_does() {
        for selection in [
            "events(after: $v) { a(b: { c: [$v] }) }",
            "events(after: $v) { ... @include(if: $v) { a } }",
            "events(after: $v) { ...F @skip(if: $v) } } fragment F on E { a",
            "events(after: $v) { ...F } } fragment F on E { a(b: $v)",
            "events @skip(if: $v) { a }",
        ] {
            let query = format!("subscription ($v: Any) {{ {selection} }}");
            assert_ne!(key(&query, r#"{"v":1}"#), key(&query, r#"{"v":2}"#), "{query}");
            assert_eq!(key(&query, r#"{"v":1}"#), key(&query, r#"{"v":1,"other":2}"#), "{query}");
        }
    }

    #[test]
    fn several_fields_have_no_template() {
        for query in ["subscription { a b }", "subscription { ... { a } }"] {
            assert!(Template::of(&mut Request::new(query)).is_none(), "{query}");
        }
    }
}
