//! From parameters to the one operation that is to run.

use std::panic::{AssertUnwindSafe, catch_unwind};

use async_graphql::{
    Pos, Request, ServerError, Value, Variables,
    parser::{
        self,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
    },
};

use super::{
    authentication::Caller,
    code::ErrorCode,
    endpoint::Endpoint,
    error::server_error,
    limits::{self, SchemaShape},
    parameters::Parameters,
    rate_limit::Charge,
    settings::TransportSettings,
};

/// An operation that was found in its document, so that its kind is known before anything runs.
pub(super) struct Operation {
    pub(super) kind: OperationType,
    request: Request,
    /// Points that it costs.
    cost: u32,
    charge: Option<Charge>,
}

impl Operation {
    /// Parses the document, picks the operation, checks that no required variable is missing and that all is within the
    /// limits. The errors carry their codes.
    pub(super) fn prepare(
        parameters: Parameters,
        settings: &TransportSettings,
        shape: &SchemaShape,
    ) -> Result<Self, ServerError> {
        settings.document.check(&parameters.query)?;
        let document = parse(&parameters.query)?;
        let definition = selected(&document, parameters.operation_name.as_deref())?;
        check_required_variables(definition, &parameters.variables)?;
        let variables = &parameters.variables;
        let cost = limits::check(&document, definition, variables, shape, &settings.operation)?;
        let kind = definition.ty;

        let mut request = Request::new(parameters.query).variables(parameters.variables);
        request.operation_name = parameters.operation_name;
        request.extensions = parameters.extensions;
        request.set_parsed_query(document);
        Ok(Self { kind, request, cost, charge: None })
    }

    /// Takes what the operation costs from what its caller has, which comes before running it.
    pub(super) fn charge<E>(&mut self, endpoint: &Endpoint<E>, caller: &Caller) -> Result<(), ServerError> {
        let charge = Charge::take(&endpoint.rate_limiter, caller, self.cost, &endpoint.clock)?;
        self.charge = Some(charge);
        Ok(())
    }

    /// What was taken for the operation.
    pub(super) fn charged(&self) -> Option<&Charge> {
        self.charge.as_ref()
    }

    /// The request to execute on behalf of `caller`.
    pub(super) fn into_request(mut self, caller: &Caller) -> Request {
        caller.attach_to(&mut self.request.data);
        if let Some(status) = self.charge.as_ref().and_then(Charge::status) {
            self.request.data.insert(status);
        }
        self.request
    }
}

/// Parses a document. The parser is not ours, so that a panic in it is contained here.
fn parse(query: &str) -> Result<ExecutableDocument, ServerError> {
    let parsed = catch_unwind(AssertUnwindSafe(|| parser::parse_query(query)))
        .map_err(|_| server_error(ErrorCode::Internal, "the parser panicked"))?;
    parsed.map_err(|error| {
        let mut refusal = server_error(ErrorCode::GraphqlParseFailed, syntax_message(&error));
        refusal.locations = error.positions().collect();
        refusal
    })
}

/// The parser draws the offending line over several lines of text; clients have the location apart and get one line.
fn syntax_message(error: &parser::Error) -> String {
    match error {
        parser::Error::Syntax { message, start, .. } => {
            let expectation =
                message.rsplit_once("= ").map_or("unexpected text", |(_, expectation)| expectation.trim());
            let Pos { line, column } = start;
            format!("Syntax error at line {line}, column {column}: {}.", expectation.replace('_', " "))
        }
        other => format!("Syntax error: {other}."),
    }
}

fn selected<'a>(
    document: &'a ExecutableDocument,
    operation_name: Option<&str>,
) -> Result<&'a OperationDefinition, ServerError> {
    let unresolved = |message: String| server_error(ErrorCode::OperationResolutionFailure, message);
    match (&document.operations, operation_name) {
        (DocumentOperations::Single(operation), None) => Ok(&operation.node),
        (DocumentOperations::Single(_), Some(_)) => {
            Err(unresolved("The document has one operation without a name; leave `operationName` out.".into()))
        }
        (DocumentOperations::Multiple(operations), Some(name)) => match operations.get(name) {
            Some(operation) => Ok(&operation.node),
            None => Err(unresolved(format!("The document has no operation named `{name}`."))),
        },
        (DocumentOperations::Multiple(operations), None) => {
            let mut operations = operations.values();
            match (operations.next(), operations.next()) {
                (Some(only), None) => Ok(&only.node),
                _ => Err(unresolved("The document has several operations; name one in `operationName`.".into())),
            }
        }
    }
}

/// Refuses variables that are missing or null against their declaration (GraphQL specification, section 6.1.2).
/// async-graphql would find this while it executes, and then it would be too late to refuse the request.
fn check_required_variables(operation: &OperationDefinition, variables: &Variables) -> Result<(), ServerError> {
    for definition in &operation.variable_definitions {
        let Some(variable) = unmet(&definition.node, variables) else { continue };
        let declared = &definition.node.var_type.node;
        let message = match variable {
            Unmet::Missing => format!("was not provided; it is required, being of type `{declared}`"),
            Unmet::Null => format!("must not be null; its type is `{declared}`"),
        };
        let message = format!("Variable `${}` {message}.", definition.node.name.node);
        let mut error = server_error(ErrorCode::InvalidArgument, message);
        error.locations = vec![definition.pos];
        return Err(error);
    }
    Ok(())
}

enum Unmet {
    Missing,
    Null,
}

fn unmet(definition: &parser::types::VariableDefinition, variables: &Variables) -> Option<Unmet> {
    if definition.var_type.node.nullable {
        return None;
    }
    match variables.get(&definition.name.node) {
        Some(Value::Null) => Some(Unmet::Null),
        Some(_) => None,
        None => definition.default_value.is_none().then_some(Unmet::Missing),
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::types::OperationType;

    use super::{Operation, Parameters};
    use crate::transport::{error::code_of, limits::SchemaShape, settings::TransportSettings};

    fn prepare(query: &str, operation_name: Option<&str>, variables: &str) -> Result<OperationType, String> {
        let parameters = Parameters {
            query: query.into(),
            operation_name: operation_name.map(Into::into),
            variables: serde_json::from_str(variables).unwrap(),
            ..Parameters::default()
        };
        let shape = SchemaShape::parse("type Query { a: Int }").unwrap();
        Operation::prepare(parameters, &TransportSettings::default(), &shape)
            .map(|operation| operation.kind)
            .map_err(|error| format!("{}: {}", code_of(&error).unwrap(), error.message))
    }

    #[test]
    fn the_operation_is_picked_by_its_name() {
        let document = "query A { a } mutation B { b } subscription C { c }";
        assert_eq!(prepare(document, Some("B"), "{}"), Ok(OperationType::Mutation));
        assert_eq!(prepare(document, Some("C"), "{}"), Ok(OperationType::Subscription));
        assert_eq!(prepare("query A { a }", None, "{}"), Ok(OperationType::Query));
        for (document, name) in [(document, None), (document, Some("D")), ("{ a }", Some("A"))] {
            let error = prepare(document, name, "{}").unwrap_err();
            assert!(error.starts_with("OPERATION_RESOLUTION_FAILURE"), "{error}");
        }
    }

    #[test]
    fn a_syntax_error_is_told_in_one_line() {
        assert_eq!(
            prepare("{", None, "{}").unwrap_err(),
            "GRAPHQL_PARSE_FAILED: Syntax error at line 1, column 2: expected selection."
        );
        for document in ["", "  ", "type A { a: Int }", "{ a } { b }", "fragment F on Q { a }", "\u{0}"] {
            let error = prepare(document, None, "{}").unwrap_err();
            assert!(error.starts_with("GRAPHQL_PARSE_FAILED") && !error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn required_variables_must_be_given() {
        let document = "query A($a: Int!, $b: Int, $c: Int! = 3) { a(a: $a, b: $b, c: $c) }";
        assert!(prepare(document, None, r#"{"a":1}"#).is_ok());
        let cases = [
            ("{}", "`$a` was not provided"),
            (r#"{"a":null}"#, "`$a` must not be null"),
            (r#"{"a":1,"c":null}"#, "`$c`"),
        ];
        for (variables, expected) in cases {
            let error = prepare(document, None, variables).unwrap_err();
            assert!(error.starts_with("INVALID_ARGUMENT") && error.contains(expected), "{error}");
        }
    }
}
