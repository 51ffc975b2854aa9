//! Keeping the schema from telling of itself.

use std::sync::Arc;

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextParseQuery};
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql::{Pos, Positioned, ServerError, ServerResult, Variables};

use crate::transport::ErrorCode;

/// The fields that tell of the schema. `__typename` tells only of what has been selected anyway.
const FIELDS: [&str; 2] = ["__schema", "__type"];

/// Refuses whatever asks about the schema. By itself async-graphql would answer with null, which these fields cannot be.
pub(super) struct IntrospectionIsOff;

impl ExtensionFactory for IntrospectionIsOff {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for IntrospectionIsOff {
    async fn parse_query(
        &self,
        context: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        let document = next.run(context, query, variables).await?;
        match question_in(&document) {
            Some(position) => Err(refusal(position)),
            None => Ok(document),
        }
    }
}

fn refusal(position: Pos) -> ServerError {
    let message = "This server does not answer questions about its schema. Use the published `schema.graphql`.";
    ErrorCode::GraphqlValidationFailed.error(message).into_server_error(position)
}

/// Where the document asks about the schema, if it does anywhere.
fn question_in(document: &ExecutableDocument) -> Option<Pos> {
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set);
    let mut sets: Vec<&Positioned<SelectionSet>> = operations.chain(fragments).collect();
    while let Some(set) = sets.pop() {
        for selection in &set.node.items {
            match &selection.node {
                Selection::Field(field) if FIELDS.contains(&field.node.name.node.as_str()) => return Some(field.pos),
                Selection::Field(field) => sets.push(&field.node.selection_set),
                Selection::InlineFragment(fragment) => sets.push(&fragment.node.selection_set),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    None
}
