//! How much is written in a document.

use std::collections::HashMap;

use async_graphql::{
    Pos, Positioned, ServerError, Variables,
    parser::types::{
        Directive, ExecutableDocument, Field, FragmentDefinition, FragmentSpread, OperationDefinition, OperationType,
        Selection, SelectionSet,
    },
};

use super::{OperationLimits, input::VariableSizes, too_large};
use crate::transport::{code::ErrorCode, error::server_error};

/// Selections and fragments inside one another: what the executor can walk through.
const LEVELS: usize = 32;

/// Fields inside one another below `__schema` and `__type`. The usual introspection query has 14: the argument of a
/// field with a type of nine layers.
const INTROSPECTION_DEPTH: usize = 20;

/// Lists of types and fields inside one another below `__schema` and `__type`. Each multiplies the answer by the size of
/// the schema, and the usual introspection query has one of them inside no other.
const INTROSPECTION_LISTS: usize = 2;
const INTROSPECTION_LIST_FIELDS: [&str; 4] = ["fields", "interfaces", "possibleTypes", "inputFields"];

/// Refuses a document over a limit. Aliases and directives are counted once where they are written, and only in what
/// belongs to `operation`; everything else is counted as often as fragments repeat it, in all operations.
pub(super) fn check(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
    limits: &OperationLimits,
) -> Result<(), ServerError> {
    let mut survey = Survey {
        document,
        limits,
        sizes: VariableSizes::measure(variables, limits)?,
        fragments: HashMap::new(),
        aliases: 0,
        directives: 0,
        counts: true,
    };
    survey.operation(operation)?;
    survey.counts = false;
    for (_, other) in document.operations.iter().filter(|(_, other)| !std::ptr::eq(&other.node, operation)) {
        survey.operation(&other.node)?;
    }
    // Nothing spreads the fragments that are left, but the executor still looks at them.
    for (name, fragment) in &document.fragments {
        survey.fragment(name, fragment, fragment.pos, 0)?;
    }
    Ok(())
}

/// How much a set of selections holds, fragments expanded.
#[derive(Debug, Clone, Copy, Default)]
struct Extent {
    selections: usize,
    /// Fields of the set itself.
    fields: usize,
    depth: usize,
    lists: usize,
    levels: usize,
    input_bytes: usize,
}

impl Extent {
    fn add(&mut self, other: Self) {
        self.selections = self.selections.saturating_add(other.selections);
        self.fields = self.fields.saturating_add(other.fields);
        self.depth = self.depth.max(other.depth);
        self.lists = self.lists.max(other.lists);
        self.levels = self.levels.max(other.levels);
        self.input_bytes = self.input_bytes.saturating_add(other.input_bytes);
    }
}

/// Where a set of selections stands.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    depth: usize,
    lists: usize,
    levels: usize,
    introspection: bool,
}

struct Survey<'a> {
    document: &'a ExecutableDocument,
    limits: &'a OperationLimits,
    sizes: VariableSizes<'a>,
    /// `None` for a fragment that is being measured: whatever spreads it then belongs to a cycle.
    fragments: HashMap<&'a str, Option<Extent>>,
    aliases: usize,
    directives: usize,
    /// Whether aliases and directives are counted.
    counts: bool,
}

impl<'a> Survey<'a> {
    fn operation(&mut self, operation: &'a OperationDefinition) -> Result<(), ServerError> {
        self.directives(&operation.directives)?;
        for variable in &operation.variable_definitions {
            self.directives(&variable.node.directives)?;
        }
        let set = &operation.selection_set;
        let extent = self.set(set, Place::default())?;
        let fields = extent.fields;
        match operation.ty {
            OperationType::Query if fields > self.limits.root_fields => {
                Err(over("The query", fields, self.limits.root_fields, "root fields", set.pos))
            }
            OperationType::Mutation if fields > self.limits.mutations => {
                Err(over("The mutation", fields, self.limits.mutations, "root fields", set.pos))
            }
            OperationType::Subscription if fields > 1 => {
                let message = format!(
                    "The subscription has {fields} root fields, but each follows one source of events. Start one \
                     subscription for each."
                );
                Err(refusal(ErrorCode::GraphqlValidationFailed, message, set.pos))
            }
            _ => Ok(()),
        }
    }

    /// Measures a set of selections and what is below it, seen from the set.
    fn set(&mut self, set: &'a Positioned<SelectionSet>, place: Place) -> Result<Extent, ServerError> {
        check_levels(place.levels, set.pos)?;
        let mut whole = Extent::default();
        for selection in &set.node.items {
            let part = match &selection.node {
                Selection::Field(field) => self.field(field, place)?,
                Selection::InlineFragment(fragment) => {
                    self.directives(&fragment.node.directives)?;
                    below(self.set(&fragment.node.selection_set, Place { levels: place.levels + 1, ..place })?)
                }
                Selection::FragmentSpread(spread) => self.spread(spread, place)?,
            };
            whole.add(part);
            whole.selections = whole.selections.saturating_add(1);
            self.check_size(whole, selection.pos)?;
        }
        Ok(whole)
    }

    fn field(&mut self, field: &'a Positioned<Field>, place: Place) -> Result<Extent, ServerError> {
        let Positioned { pos, node: field } = field;
        if field.alias.is_some() {
            self.alias(*pos)?;
        }
        let mut input_bytes = self.directives(&field.directives)?;
        for (name, value) in &field.arguments {
            input_bytes = input_bytes.saturating_add(self.input(value, name.pos)?);
        }

        let name = field.name.node.as_str();
        let is_list = place.introspection && INTROSPECTION_LIST_FIELDS.contains(&name);
        let (depth, lists) = (place.depth + 1, place.lists + usize::from(is_list));
        self.check_depth(depth, place.introspection, *pos)?;
        check_lists(lists, *pos)?;
        if field.selection_set.node.items.is_empty() {
            return Ok(Extent { fields: 1, depth: 1, lists: usize::from(is_list), input_bytes, ..Extent::default() });
        }

        let levels = place.levels + 1;
        let enters = matches!(name, "__schema" | "__type") && !place.introspection;
        let inside = if enters {
            Place { depth: 0, lists: 0, levels, introspection: true }
        } else {
            Place { depth, lists, levels, introspection: place.introspection }
        };
        let below = self.set(&field.selection_set, inside)?;
        Ok(Extent {
            selections: below.selections,
            fields: 1,
            depth: if enters { 1 } else { below.depth + 1 },
            lists: if enters { 0 } else { below.lists + usize::from(is_list) },
            levels: below.levels + 1,
            input_bytes: below.input_bytes.saturating_add(input_bytes),
        })
    }

    fn spread(&mut self, spread: &'a Positioned<FragmentSpread>, place: Place) -> Result<Extent, ServerError> {
        let Positioned { pos, node: spread } = spread;
        self.directives(&spread.directives)?;
        let name = spread.fragment_name.node.as_str();
        // The validation says that there is no such fragment.
        let Some(fragment) = self.document.fragments.get(name) else { return Ok(Extent::default()) };
        let extent = self.fragment(name, fragment, *pos, place.levels + 1)?;
        check_levels(place.levels + 1 + extent.levels, *pos)?;
        self.check_depth(place.depth + extent.depth, place.introspection, *pos)?;
        check_lists(place.lists + extent.lists, *pos)?;
        Ok(below(extent))
    }

    /// Measures a fragment the first time.
    fn fragment(
        &mut self,
        name: &'a str,
        fragment: &'a Positioned<FragmentDefinition>,
        spread_at: Pos,
        levels: usize,
    ) -> Result<Extent, ServerError> {
        match self.fragments.get(name) {
            Some(Some(extent)) => return Ok(*extent),
            Some(None) => {
                let message =
                    format!("The fragment `{name}` spreads itself. Take the spread that closes the circle out.");
                return Err(refusal(ErrorCode::GraphqlValidationFailed, message, spread_at));
            }
            None => {}
        }
        self.fragments.insert(name, None);
        self.directives(&fragment.node.directives)?;
        let introspection = fragment.node.type_condition.node.on.node.starts_with("__");
        let place = Place { depth: 0, lists: 0, levels, introspection };
        let extent = self.set(&fragment.node.selection_set, place)?;
        self.fragments.insert(name, Some(extent));
        Ok(extent)
    }

    fn alias(&mut self, pos: Pos) -> Result<(), ServerError> {
        self.aliases += usize::from(self.counts);
        if self.aliases > self.limits.aliases {
            return Err(beyond("The operation", self.limits.aliases, "aliases", pos));
        }
        Ok(())
    }

    /// Counts directives. Gives the bytes of the variables in their arguments.
    fn directives(&mut self, directives: &'a [Positioned<Directive>]) -> Result<usize, ServerError> {
        let mut bytes = 0_usize;
        for directive in directives {
            self.directives += usize::from(self.counts);
            if self.directives > self.limits.directives {
                return Err(beyond("The operation", self.limits.directives, "directives", directive.pos));
            }
            for (name, value) in &directive.node.arguments {
                bytes = bytes.saturating_add(self.input(value, name.pos)?);
            }
        }
        Ok(bytes)
    }

    fn input(&self, value: &'a Positioned<async_graphql_value::Value>, pos: Pos) -> Result<usize, ServerError> {
        let (depth, limit) = (self.sizes.depth(&value.node), self.limits.input_depth);
        if depth > limit {
            let message =
                format!("The argument has lists and objects {depth} deep, more than {limit}. Send a flatter one.");
            return Err(too_large(message, Some(pos)));
        }
        Ok(self.sizes.bytes(&value.node))
    }

    fn check_depth(&self, depth: usize, introspection: bool, pos: Pos) -> Result<(), ServerError> {
        let limit = if introspection { INTROSPECTION_DEPTH } else { self.limits.depth };
        if depth > limit {
            return Err(beyond("The operation", limit, "fields inside one another", pos));
        }
        Ok(())
    }

    fn check_size(&self, extent: Extent, pos: Pos) -> Result<(), ServerError> {
        if extent.selections > self.limits.selections {
            let limit = self.limits.selections;
            return Err(beyond("With its fragments expanded, the operation", limit, "selections", pos));
        }
        if extent.input_bytes > self.limits.input_bytes {
            let limit = self.limits.input_bytes;
            return Err(beyond("Wherever they are used, the variables", limit, "bytes in all", pos));
        }
        Ok(())
    }
}

/// What lies below a fragment, seen from where it is spread.
fn below(extent: Extent) -> Extent {
    Extent { levels: extent.levels + 1, ..extent }
}

fn check_levels(levels: usize, pos: Pos) -> Result<(), ServerError> {
    if levels > LEVELS {
        return Err(beyond("The document", LEVELS, "selections and fragments inside one another", pos));
    }
    Ok(())
}

fn check_lists(lists: usize, pos: Pos) -> Result<(), ServerError> {
    if lists > INTROSPECTION_LISTS {
        return Err(beyond(
            "The introspection",
            INTROSPECTION_LISTS,
            "lists of fields or types inside one another",
            pos,
        ));
    }
    Ok(())
}

fn over(what: &str, actual: usize, limit: usize, of: &str, pos: Pos) -> ServerError {
    too_large(format!("{what} has {actual} {of}, more than {limit}. Split it into several requests."), Some(pos))
}

fn beyond(what: &str, limit: usize, of: &str, pos: Pos) -> ServerError {
    let message = format!("{what} has more than {limit} {of}. Ask for less, or split it into several requests.");
    too_large(message, Some(pos))
}

fn refusal(code: ErrorCode, message: String, pos: Pos) -> ServerError {
    let mut error = server_error(code, message);
    error.locations = vec![pos];
    error
}
