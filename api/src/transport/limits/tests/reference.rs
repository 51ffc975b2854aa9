//! Made-up documents, and what they cost, counted by hand: each field on its own, with no memory and no short cut.

use async_graphql::parser::{
    parse_query,
    types::{DocumentOperations, ExecutableDocument, Field, Selection, SelectionSet},
};
use async_graphql_value::Value;

/// Whether fragments may spread one another in a circle.
#[derive(Clone, Copy, PartialEq)]
pub enum Cycles {
    Never,
    Possible,
}

const FRAGMENTS: [&str; 8] = ["Query", "Thing", "Node", "Owner", "Any", "Thing", "ThingConnection", "Node"];

/// A document in which each choice is made by one byte of the tape.
pub fn document(tape: &[u8], cycles: Cycles) -> String {
    let mut writer = Writer { tape, cycles, text: String::new() };
    writer.selections("Query", 0, 0);
    for (number, on) in FRAGMENTS.iter().enumerate() {
        writer.text.push_str(&format!(" fragment F{number} on {on} "));
        writer.selections(on, number + 1, 0);
    }
    writer.text
}

struct Writer<'a> {
    tape: &'a [u8],
    cycles: Cycles,
    text: String,
}

impl Writer<'_> {
    fn choose(&mut self, choices: usize) -> usize {
        let Some((first, rest)) = self.tape.split_first() else { return 0 };
        self.tape = rest;
        usize::from(*first) % choices
    }

    /// Selections on a type, which spread fragments from the `fragment`th on.
    fn selections(&mut self, on: &str, fragment: usize, depth: usize) {
        self.text.push_str("{ __typename ");
        for _ in 0..self.choose(4) {
            match self.choose(6) {
                0 if depth < 5 => {
                    let condition = ["Thing", "Node", "Owner", "Any", "Tag"][self.choose(5)];
                    self.text.push_str(&format!("... on {condition} "));
                    self.selections(condition, fragment, depth + 1);
                }
                1 => {
                    let from = if self.cycles == Cycles::Possible { 0 } else { fragment };
                    if from < FRAGMENTS.len() {
                        let number = from + self.choose(FRAGMENTS.len() - from);
                        self.text.push_str(&format!("...F{number} "));
                    }
                }
                _ => self.field(on, fragment, depth),
            }
        }
        self.text.push_str("} ");
    }

    fn field(&mut self, on: &str, fragment: usize, depth: usize) {
        let fields = fields_of(on);
        if fields.is_empty() {
            return;
        }
        let (name, of, many) = fields[self.choose(fields.len())];
        if depth >= 5 && !of.is_empty() {
            return;
        }
        self.text.push_str(name);
        match many {
            Many::Page => {
                let size = 1 + self.choose(4);
                self.text.push_str(&format!("(first: {size})"));
            }
            Many::Named => {
                let ids = "1 ".repeat(self.choose(4));
                self.text.push_str(&format!("(ids: [{ids}])"));
            }
            Many::One | Many::Five | Many::PerItem => {}
        }
        self.text.push(' ');
        if !of.is_empty() {
            self.selections(of, fragment, depth + 1);
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Many {
    One,
    Five,
    Named,
    Page,
    PerItem,
}

/// The fields of a type, what they give (nothing for a scalar) and how many of it.
fn fields_of(on: &str) -> &'static [(&'static str, &'static str, Many)] {
    match on {
        "Query" => &[
            ("node", "Node", Many::One),
            ("any", "Any", Many::One),
            ("thing", "Thing", Many::One),
            ("things", "ThingConnection", Many::Page),
            ("nodes", "Node", Many::Named),
            ("tags", "Tag", Many::Five),
            ("name", "", Many::One),
        ],
        "Node" => &[("id", "", Many::One), ("owner", "Owner", Many::One)],
        "Thing" => &[
            ("id", "", Many::One),
            ("owner", "Owner", Many::One),
            ("next", "Thing", Many::One),
            ("things", "ThingConnection", Many::Page),
        ],
        "Owner" => &[
            ("id", "", Many::One),
            ("owner", "Owner", Many::One),
            ("thing", "Thing", Many::One),
            ("tags", "Tag", Many::Five),
        ],
        "Tag" => &[("name", "", Many::One), ("thing", "Thing", Many::One)],
        "ThingConnection" => &[
            ("edges", "ThingEdge", Many::PerItem),
            ("nodes", "Thing", Many::PerItem),
            ("pageInfo", "PageInfo", Many::One),
            ("totalCount", "", Many::One),
        ],
        "ThingEdge" => &[("cursor", "", Many::One), ("node", "Thing", Many::One)],
        "PageInfo" => &[("hasNextPage", "", Many::One)],
        _ => &[],
    }
}

fn members(of: &str) -> Vec<&str> {
    match of {
        "Node" => vec!["Thing", "Owner"],
        "Any" => vec!["Thing", "Owner", "Tag"],
        object => vec![object],
    }
}

/// What the document costs.
pub fn cost(query: &str) -> u64 {
    let document = parse_query(query).unwrap();
    let DocumentOperations::Single(operation) = &document.operations else { panic!("there is one operation") };
    of_set(&document, &operation.node.selection_set.node, "Query", 0)
}

fn of_set(document: &ExecutableDocument, set: &SelectionSet, on: &str, page: u64) -> u64 {
    let of_member = |member: &&str| of_object(document, set, member, page);
    members(on).iter().map(of_member).max().unwrap_or(0)
}

fn of_object(document: &ExecutableDocument, set: &SelectionSet, object: &str, page: u64) -> u64 {
    let applies = |condition: &str| members(condition).contains(&object);
    let of_selection = |selection: &Selection| match selection {
        Selection::Field(field) => of_field(document, &field.node, object, page),
        Selection::InlineFragment(fragment) => {
            let condition = &fragment.node.type_condition.as_ref().unwrap().node.on.node;
            if applies(condition) { of_object(document, &fragment.node.selection_set.node, object, page) } else { 0 }
        }
        Selection::FragmentSpread(spread) => {
            let fragment = &document.fragments[&spread.node.fragment_name.node].node;
            let condition = &fragment.type_condition.node.on.node;
            if applies(condition) { of_object(document, &fragment.selection_set.node, object, page) } else { 0 }
        }
    };
    set.items.iter().map(|selection| of_selection(&selection.node)).sum()
}

fn of_field(document: &ExecutableDocument, field: &Field, object: &str, page: u64) -> u64 {
    let name = field.name.node.as_str();
    let Some((_, of, many)) = fields_of(object).iter().find(|(known, ..)| *known == name) else {
        return u64::from(name != "__typename");
    };
    if of.is_empty() {
        return 0;
    }
    let below = |page| of_set(document, &field.selection_set.node, of, page);
    match (many, field.arguments.first().map(|(_, value)| &value.node)) {
        (Many::Page, Some(Value::Number(size))) => 2 + below(size.as_u64().unwrap()),
        (Many::Named, Some(Value::List(ids))) => ids.len() as u64 * (1 + below(0)),
        (Many::PerItem, _) => page * (u64::from(name != "edges") + below(0)),
        (Many::Five, _) => 5 * (1 + below(0)),
        (Many::One, _) => 1 + below(0),
        _ => panic!("{name} has its argument"),
    }
}
