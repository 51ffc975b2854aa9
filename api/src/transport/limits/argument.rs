//! What an argument comes to, with variables and defaults put in their places.

use async_graphql::{
    Name, Positioned, Value, Variables,
    parser::types::{Directive, Field, VariableDefinition},
};
use async_graphql_value::Value as Written;

/// As much of a value as the limits ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    /// Left out, or null.
    Nothing,
    Integer(i64),
    Boolean(bool),
    /// So many items.
    List(usize),
    /// Something else. If it does not fit the schema, the validation will say so.
    Other,
}

/// The variables of one operation.
#[derive(Clone, Copy)]
pub(super) struct Inputs<'a> {
    pub(super) definitions: &'a [Positioned<VariableDefinition>],
    pub(super) variables: &'a Variables,
}

impl<'a> Inputs<'a> {
    /// The value of an argument of a field.
    pub(super) fn argument(self, field: &Field, name: &str, default: Option<&Value>) -> Given {
        let default = || default.map_or(Given::Nothing, of_value);
        match field.get_argument(name).map(|value| &value.node) {
            None => default(),
            Some(Written::Variable(variable)) => self.variable(variable).map_or_else(default, of_value),
            Some(written) => of_written(written),
        }
    }

    /// The value of a field of an argument that is an input object. Defaults of input types are not looked at.
    pub(super) fn of_argument(self, field: &Field, argument: &str, name: &str) -> Given {
        match field.get_argument(argument).map(|value| &value.node) {
            Some(Written::Variable(variable)) => match self.variable(variable) {
                Some(Value::Object(fields)) => fields.get(name).map_or(Given::Nothing, of_value),
                _ => Given::Nothing,
            },
            Some(Written::Object(fields)) => match fields.get(name) {
                Some(Written::Variable(variable)) => self.variable(variable).map_or(Given::Nothing, of_value),
                written => written.map_or(Given::Nothing, of_written),
            },
            _ => Given::Nothing,
        }
    }

    /// Whether a selection is surely left out by `@skip` or `@include`. Where that hangs on the default of a variable it
    /// is not sure, because the executor does not look at defaults.
    pub(super) fn skips(self, directives: &[Positioned<Directive>]) -> bool {
        directives.iter().any(|directive| {
            let skips_if = match directive.node.name.node.as_str() {
                "skip" => true,
                "include" => false,
                _ => return false,
            };
            let condition = directive.node.get_argument("if").map(|value| &value.node);
            let given = match condition {
                Some(Written::Variable(variable)) => self.variables.get(variable).map(of_value),
                written => written.map(of_written),
            };
            given == Some(Given::Boolean(skips_if))
        })
    }

    fn variable(self, name: &Name) -> Option<&'a Value> {
        self.variables.get(name).or_else(|| {
            let definition = self.definitions.iter().find(|definition| definition.node.name.node == *name)?;
            definition.node.default_value.as_ref().map(|default| &default.node)
        })
    }
}

fn of_value(value: &Value) -> Given {
    match value {
        Value::Null => Given::Nothing,
        Value::Boolean(boolean) => Given::Boolean(*boolean),
        Value::Number(number) => number.as_i64().map_or(Given::Other, Given::Integer),
        Value::List(items) => Given::List(items.len()),
        _ => Given::Other,
    }
}

fn of_written(value: &Written) -> Given {
    match value {
        Written::Null => Given::Nothing,
        Written::Boolean(boolean) => Given::Boolean(*boolean),
        Written::Number(number) => number.as_i64().map_or(Given::Other, Given::Integer),
        Written::List(items) => Given::List(items.len()),
        _ => Given::Other,
    }
}
