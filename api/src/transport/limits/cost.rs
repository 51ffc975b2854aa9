//! What an operation may take to answer, in points.
//!
//! A scalar costs 0 and an object 1. A connection costs 2, and what is selected of its items as often as the page has
//! items. A mutation costs 10, and one that does something to many objects what is selected of the result for one as often
//! as it was asked to. A list of objects is taken for [`LIST_ITEMS`] of them, unless an argument names the items.
//! Where an object can be of several types, the one that costs most counts.

use std::collections::HashMap;

use async_graphql::{
    Pos, Positioned, ServerError, Variables,
    parser::types::{ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet},
};

use super::{
    OperationLimits,
    argument::{Given, Inputs},
    shape::{FieldShape, LIST_ITEMS, Plurality, SchemaShape, TypeId},
    too_large,
};
use crate::transport::{code::ErrorCode, error::server_error};

/// Points of a field that the schema does not have. The operation will fail, but not for free.
pub(super) const UNKNOWN_POINTS: u64 = 1;

/// Says what an operation costs, or refuses it if that is too much or if a page is not from 1 to the most items.
///
/// The document must have passed the limits of its extent.
pub(super) fn check(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
    shape: &SchemaShape,
    limits: &OperationLimits,
) -> Result<u32, ServerError> {
    let Some(root) = shape.root(operation.ty) else { return Ok(0) };
    let mut pass = Pass {
        document,
        shape,
        inputs: Inputs { definitions: &operation.variable_definitions, variables },
        page_size: limits.page_size,
        path: Vec::new(),
        known: HashMap::new(),
        choices: 0,
        mutation: None,
    };
    let cost = pass.set(&operation.selection_set.node, root)?.once;
    match u32::try_from(cost) {
        Ok(cost) if cost <= limits.cost => Ok(cost),
        _ => {
            let limit = limits.cost;
            let message = format!(
                "The operation costs {cost} points, more than {limit}. Ask for smaller pages or fewer fields, or split \
                 it into several requests."
            );
            Err(too_large(message, Some(operation.selection_set.pos)))
        }
    }
}

/// Points of a set of selections: what it costs once, and for each item of the page that it is selected of.
#[derive(Debug, Clone, Copy, Default)]
struct Cost {
    once: u64,
    per_item: u64,
}

impl Cost {
    const fn once(points: u64) -> Self {
        Self { once: points, per_item: 0 }
    }

    fn plus(self, other: Self) -> Self {
        Self { once: self.once.saturating_add(other.once), per_item: self.per_item.saturating_add(other.per_item) }
    }

    fn or(self, other: Self) -> Self {
        Self { once: self.once.max(other.once), per_item: self.per_item.max(other.per_item) }
    }

    fn of_page(self, items: u64) -> u64 {
        self.once.saturating_add(self.per_item.saturating_mul(items))
    }
}

struct Pass<'a> {
    document: &'a ExecutableDocument,
    shape: &'a SchemaShape,
    inputs: Inputs<'a>,
    page_size: usize,
    /// The response keys that lead to where the pass is.
    path: Vec<&'a str>,
    /// What was found for a set of selections on a type, where it may be come to again: in fragments, and below a field
    /// that can give several types.
    known: HashMap<(*const SelectionSet, TypeId), Cost>,
    /// How many fields that can give several types the pass is below.
    choices: usize,
    /// The mutation that the pass is below.
    mutation: Option<&'a Field>,
}

impl<'a> Pass<'a> {
    /// A set of selections on any type: the dearest of the objects that it can be.
    fn set(&mut self, set: &'a SelectionSet, ty: TypeId) -> Result<Cost, ServerError> {
        let members = &self.shape[ty].members;
        if members.is_empty() {
            return if self.choices > 0 { self.remembered(set, ty) } else { self.on_object(set, ty) };
        }
        self.choices += 1;
        let mut dearest = Cost::default();
        for member in members {
            dearest = dearest.or(self.remembered(set, *member)?);
        }
        self.choices -= 1;
        Ok(dearest)
    }

    fn remembered(&mut self, set: &'a SelectionSet, object: TypeId) -> Result<Cost, ServerError> {
        let key = (std::ptr::from_ref(set), object);
        if let Some(cost) = self.known.get(&key) {
            return Ok(*cost);
        }
        let cost = self.on_object(set, object)?;
        self.known.insert(key, cost);
        Ok(cost)
    }

    fn on_object(&mut self, set: &'a SelectionSet, object: TypeId) -> Result<Cost, ServerError> {
        let mut whole = Cost::default();
        for Positioned { pos, node: selection } in &set.items {
            if self.inputs.skips(selection.directives()) {
                continue;
            }
            let part = match selection {
                Selection::Field(field) => self.field(&field.node, *pos, object)?,
                Selection::InlineFragment(fragment) => {
                    let condition =
                        fragment.node.type_condition.as_ref().map(|condition| condition.node.on.node.as_str());
                    if !condition.is_none_or(|condition| self.applies(condition, object)) {
                        continue;
                    }
                    self.on_object(&fragment.node.selection_set.node, object)?
                }
                Selection::FragmentSpread(spread) => {
                    match self.document.fragments.get(&spread.node.fragment_name.node) {
                        Some(fragment) if self.applies(&fragment.node.type_condition.node.on.node, object) => {
                            self.remembered(&fragment.node.selection_set.node, object)?
                        }
                        _ => continue,
                    }
                }
            };
            whole = whole.plus(part);
        }
        Ok(whole)
    }

    fn applies(&self, condition: &str, object: TypeId) -> bool {
        self.shape.named(condition).is_some_and(|condition| self.shape.is(object, condition))
    }

    fn field(&mut self, field: &'a Field, pos: Pos, object: TypeId) -> Result<Cost, ServerError> {
        let name = field.name.node.as_str();
        let Some(shape) = self.shape[object].fields.get(name) else {
            return Ok(Cost::once(if name == "__typename" { 0 } else { UNKNOWN_POINTS }));
        };
        let Some(target) = shape.target else { return Ok(Cost::once(shape.points)) };
        if self.shape.is_mutation(object) {
            self.mutation = Some(field);
            // What a set of selections costs can hang on the input.
            self.known.clear();
        }
        self.path.push(field.response_key().node.as_str());
        let items = self.items(field, pos, shape)?;
        let below = self.set(&field.selection_set.node, target)?;
        self.path.pop();

        Ok(match shape.plurality {
            Plurality::Page { .. } => Cost::once(shape.points.saturating_add(below.of_page(items))),
            Plurality::PerPageItem => {
                Cost { once: 0, per_item: shape.points.saturating_add(below.of_page(LIST_ITEMS)) }
            }
            _ => Cost::once(shape.points.saturating_add(below.of_page(LIST_ITEMS)).saturating_mul(items)),
        })
    }

    /// How many objects the field gives, or how many items its page has.
    fn items(&self, field: &Field, pos: Pos, shape: &FieldShape) -> Result<u64, ServerError> {
        Ok(match &shape.plurality {
            Plurality::One | Plurality::PerPageItem => 1,
            Plurality::List { items } => *items,
            Plurality::PerAsked(bulk) => {
                let asked = |name: &&str| match self.inputs.of_argument(self.mutation?, "input", name) {
                    Given::List(items) => Some(items as u64),
                    Given::Integer(number) => u64::try_from(number).ok(),
                    // One value stands for a list of one.
                    Given::Boolean(_) | Given::Other => Some(1),
                    Given::Nothing => None,
                };
                // Where more are asked for than the most there is one reason for it, and no result; but the other field may
                // be the one that counts.
                let asked = bulk.asked_by.iter().filter_map(asked).filter(|asked| *asked <= bulk.most);
                asked.max().unwrap_or(0)
            }
            Plurality::PerItem { argument, default } => match self.inputs.argument(field, argument, default.as_ref()) {
                Given::Nothing => 0,
                Given::List(items) => items as u64,
                // One value stands for a list of one (GraphQL specification, section 3.11).
                Given::Integer(_) | Given::Boolean(_) | Given::Other => 1,
            },
            Plurality::Page { first, last } => {
                let first = self.inputs.argument(field, "first", first.as_ref());
                let last = self.inputs.argument(field, "last", last.as_ref());
                self.page(first, last).map_err(|problem| self.unfit_page(&problem, pos))?
            }
        })
    }

    /// The size of a page, or what is wrong with it. What is no number at all is left to the validation.
    fn page(&self, first: Given, last: Given) -> Result<u64, String> {
        let limit = self.page_size;
        let (name, size) = match (first, last) {
            (Given::Nothing, Given::Nothing) => {
                return Err(format!("needs `first` or `last`, from 1 to {limit}: add one of them"));
            }
            (first, Given::Nothing) => ("first", first),
            (Given::Nothing, last) => ("last", last),
            _ => return Err("has both `first` and `last`: leave one of them out".to_owned()),
        };
        match size {
            Given::Integer(size) => usize::try_from(size)
                .ok()
                .filter(|size| (1..=limit).contains(size))
                .map(|size| size as u64)
                .ok_or_else(|| format!("has `{name}: {size}`, but a page has 1 to {limit} items: change it")),
            _ => Ok(limit as u64),
        }
    }

    fn unfit_page(&self, problem: &str, pos: Pos) -> ServerError {
        let mut error = server_error(ErrorCode::InvalidArgument, format!("`{}` {problem}.", self.path.join(".")));
        error.locations = vec![pos];
        error
    }
}
