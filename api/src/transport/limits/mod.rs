//! The limits of an operation, which are checked on its parsed document before anything of it runs.
//!
//! [`extent`] measures how much is written: selections with their fragments expanded, depth, aliases, directives and
//! input. It needs no schema, and it comes first: what passes it has no fragment cycle and is shallow enough to be
//! walked. [`cost`] then says what the operation may take to answer, which needs the [`SchemaShape`].
//!
//! Both take time in proportion to the document as it is written, whatever its fragments expand to.

mod argument;
mod cost;
mod extent;
mod input;
mod shape;
#[cfg(test)]
mod tests;

use async_graphql::{
    Pos, ServerError, Variables,
    parser::types::{ExecutableDocument, OperationDefinition},
};

use super::{code::ErrorCode, error::server_error};

pub use shape::SchemaShape;

/// How large an operation may be. The defaults are the published ones.
#[derive(Debug, Clone)]
pub struct OperationLimits {
    /// Fields inside one another. Introspection has a depth of its own.
    pub depth: usize,
    /// Fields with an alias.
    pub aliases: usize,
    /// Directives in all.
    pub directives: usize,
    /// Root fields of a query, with fragments expanded.
    pub root_fields: usize,
    /// Root fields of a mutation, with fragments expanded.
    pub mutations: usize,
    /// Fields and fragments, with fragments expanded.
    pub selections: usize,
    /// Points that one operation may cost.
    pub cost: u32,
    /// Lists and objects inside one another, in arguments and variables.
    pub input_depth: usize,
    /// Values in all variables together.
    pub input_values: usize,
    /// Bytes that the variables take wherever they are used, with fragments expanded.
    pub input_bytes: usize,
    /// Most items of one page.
    pub page_size: usize,
}

impl Default for OperationLimits {
    fn default() -> Self {
        Self {
            depth: 12,
            aliases: 30,
            directives: 10,
            root_fields: 20,
            mutations: 4,
            selections: 2_000,
            cost: 5_000,
            input_depth: 20,
            input_values: 10_000,
            input_bytes: 1024 * 1024,
            page_size: 100,
        }
    }
}

/// Refuses an operation that is over a limit, and says what it costs otherwise, in points.
///
/// The other operations of the document are measured as well, because the executor walks through them too.
pub(super) fn check(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
    shape: &SchemaShape,
    limits: &OperationLimits,
) -> Result<u32, ServerError> {
    extent::check(document, operation, variables, limits)?;
    cost::check(document, operation, variables, shape, limits)
}

fn too_large(message: String, pos: Option<Pos>) -> ServerError {
    let mut error = server_error(ErrorCode::QueryTooLarge, message);
    error.locations.extend(pos);
    error
}
