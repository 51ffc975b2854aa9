//! The size of what is put in: arguments and variables.

use std::collections::HashMap;

use async_graphql::{Name, ServerError, Value, Variables};
use async_graphql_value::Value as Written;

use super::{OperationLimits, too_large};

/// What a number, a boolean or null counts among the bytes of a variable.
const SCALAR_BYTES: usize = 8;

/// The sizes of all variables, which are known once they have been found to be within the limits.
pub(super) struct VariableSizes<'a>(HashMap<&'a Name, Size>);

#[derive(Debug, Clone, Copy, Default)]
struct Size {
    depth: usize,
    values: usize,
    bytes: usize,
}

impl<'a> VariableSizes<'a> {
    /// Refuses variables that are nested too deeply or hold too many values.
    pub(super) fn measure(variables: &'a Variables, limits: &OperationLimits) -> Result<Self, ServerError> {
        let mut values = 0_usize;
        let mut sizes = HashMap::with_capacity(variables.len());
        for (name, value) in variables.iter() {
            let size = size_of(value);
            if size.depth > limits.input_depth {
                let (depth, limit) = (size.depth, limits.input_depth);
                let message = format!(
                    "The variable `${name}` has lists and objects {depth} deep, more than {limit}. Send a flatter one."
                );
                return Err(too_large(message, None));
            }
            values += size.values;
            sizes.insert(name, size);
        }
        if values > limits.input_values {
            let limit = limits.input_values;
            let message = format!(
                "The variables hold {values} values, more than {limit}. Send less, or split the request into several."
            );
            return Err(too_large(message, None));
        }
        Ok(Self(sizes))
    }

    /// How deep a value in a document is, with its variables in their places.
    pub(super) fn depth(&self, value: &Written) -> usize {
        match value {
            Written::List(items) => 1 + items.iter().map(|item| self.depth(item)).max().unwrap_or(0),
            Written::Object(fields) => 1 + fields.values().map(|field| self.depth(field)).max().unwrap_or(0),
            Written::Variable(name) => self.0.get(name).map_or(0, |size| size.depth),
            _ => 0,
        }
    }

    /// The bytes of the variables in a value.
    pub(super) fn bytes(&self, value: &Written) -> usize {
        match value {
            Written::List(items) => items.iter().map(|item| self.bytes(item)).sum(),
            Written::Object(fields) => fields.values().map(|field| self.bytes(field)).sum(),
            Written::Variable(name) => self.0.get(name).map_or(0, |size| size.bytes),
            _ => 0,
        }
    }
}

fn size_of(value: &Value) -> Size {
    let within = |sizes: &mut dyn Iterator<Item = Size>| {
        let whole = Size { depth: 0, values: 1, bytes: SCALAR_BYTES };
        let whole = sizes.fold(whole, |whole, part| Size {
            depth: whole.depth.max(part.depth),
            values: whole.values + part.values,
            bytes: whole.bytes + part.bytes,
        });
        Size { depth: whole.depth + 1, ..whole }
    };
    match value {
        Value::List(items) => within(&mut items.iter().map(size_of)),
        Value::Object(fields) => within(&mut fields.iter().map(|(name, field)| {
            let size = size_of(field);
            Size { bytes: size.bytes + name.len(), ..size }
        })),
        Value::String(text) => Size { depth: 0, values: 1, bytes: text.len() + SCALAR_BYTES },
        _ => Size { depth: 0, values: 1, bytes: SCALAR_BYTES },
    }
}
