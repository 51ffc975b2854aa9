//! Checking documents before anybody sends them.

use std::sync::Arc;

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute};
use async_graphql::parser::types::DocumentOperations;
use async_graphql::{Request, Response, ServerError, Value, parser};
use futures_util::FutureExt as _;

use super::{Mutation, Query, Schema, Subscription};

/// Checks documents against the schema. Nothing of them is executed.
pub(crate) struct Validator(Schema);

impl Validator {
    pub(crate) fn new() -> Self {
        let builder = Schema::build(Query::default(), Mutation::default(), Subscription::default());
        Self(builder.extension(NoExecution).finish())
    }

    /// Says what is wrong with a document, if anything is, and where.
    pub(crate) fn check(&self, document: &str) -> Result<(), String> {
        let parsed = parser::parse_query(document).map_err(|error| in_words(&error.into()))?;
        let operation_name = match &parsed.operations {
            DocumentOperations::Single(_) => None,
            // The rules look at all operations of a document, whichever of them is asked for.
            DocumentOperations::Multiple(operations) => operations.keys().next().map(ToString::to_string),
        };
        let mut request = Request::new(document);
        request.operation_name = operation_name;
        request.set_parsed_query(parsed);
        let response = self.0.execute(request).now_or_never();
        let Response { errors, .. } = response.ok_or("the check did not come to an end")?;
        if errors.is_empty() { Ok(()) } else { Err(errors.iter().map(in_words).collect::<Vec<_>>().join("; ")) }
    }
}

/// An error in one line.
fn in_words(error: &ServerError) -> String {
    let message = error.message.split_whitespace().collect::<Vec<_>>().join(" ");
    match error.locations.first() {
        Some(position) => format!("line {}, column {}: {message}", position.line, position.column),
        None => message,
    }
}

/// Stops each operation where its execution would begin.
struct NoExecution;

impl ExtensionFactory for NoExecution {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for NoExecution {
    async fn execute(&self, _: &ExtensionContext<'_>, _: Option<&str>, _: NextExecute<'_>) -> Response {
        Response::new(Value::Null)
    }
}

#[cfg(test)]
mod tests {
    use super::Validator;

    #[test]
    fn documents_of_every_kind_are_checked() {
        let validator = Validator::new();
        for document in [
            "{ viewer { id } }",
            "query A($id: ID!) { session(id: $id) { ...S } } fragment S on Session { number }",
            "mutation In($input: SignInInput!) { signIn(input: $input) { accessToken } }",
            "subscription Of($id: ID!) { sessionEvents(projectId: $id) { __typename } }",
            "query A { viewer { id } } query B { viewer { email } }",
        ] {
            assert_eq!(validator.check(document), Ok(()), "{document}");
        }
        for (document, words) in [
            ("", "line 1, column 1: "),
            ("{ viewer {", "line 1, column 11: "),
            ("{ viewer { nothing } }", "line 1, column 12: "),
            ("query A { viewer { id } }\nquery B { nothing }", "line 2, column 11: "),
            ("query A { session(id: $id) { number } }", "$id"),
        ] {
            let problem = validator.check(document).expect_err(document);
            assert!(problem.contains(words) && !problem.contains('\n'), "{document}: {problem}");
        }
    }
}
