//! Documents that no client would write, through all that looks at a document before it runs.
//!
//! Each target is a test of a bounded number of inputs, and can be driven by a coverage-guided engine for as long as one
//! likes; CONTRIBUTING.md says how.

use std::sync::LazyLock;

use async_graphql::{
    Variables,
    parser::{
        parse_query,
        types::{ExecutableDocument, Selection, SelectionSet},
    },
};
use bolero::check;

use super::{
    document::DocumentLimits,
    limits::{self, OperationLimits, SchemaShape},
};
use crate::schema::{Validator, sdl};

static SHAPE: LazyLock<SchemaShape> =
    LazyLock::new(|| SchemaShape::parse(&sdl()).expect("the schema describes itself"));
static VALIDATOR: LazyLock<Validator> = LazyLock::new(Validator::new);

#[test]
fn no_text_harms_the_scan_or_the_parser() {
    check!().with_iterations(2_000).with_max_len(512).for_each(|input: &[u8]| {
        let limits = DocumentLimits::default();
        let text = String::from_utf8_lossy(input);
        if limits.check(&text).is_ok() {
            // What the scan lets through, the parser reads or refuses within its stack.
            let _ = parse_query(&*text);
        }
    });
}

#[test]
fn what_passes_the_limits_is_as_small_as_they_say() {
    let limits = OperationLimits::default();
    let variables = variables();
    check!().with_iterations(2_000).with_max_len(512).for_each(|input: &[u8]| {
        let text = Author::of(input).document();
        if DocumentLimits::default().check(&text).is_err() {
            return;
        }
        let Ok(document) = parse_query(&text) else { return };
        for variables in &variables {
            for (_, operation) in document.operations.iter() {
                let operation = &operation.node;
                if let Ok(points) = limits::check(&document, operation, variables, &SHAPE, &limits) {
                    assert!(points <= limits.cost, "{points} points: {text}");
                    let fields = fields_in(&document, &operation.selection_set.node, limits.selections + 1);
                    assert!(fields <= limits.selections, "more than {fields} fields: {text}");
                }
            }
        }
    });
}

#[test]
fn what_passes_the_limits_can_be_validated() {
    let limits = OperationLimits::default();
    check!().with_iterations(500).with_max_len(512).for_each(|input: &[u8]| {
        let text = Author::of(input).document();
        let Ok(document) = parse_query(&text) else { return };
        let fits = |(_, operation): (_, &async_graphql::Positioned<_>)| {
            limits::check(&document, &operation.node, &Variables::default(), &SHAPE, &limits).is_ok()
        };
        if DocumentLimits::default().check(&text).is_ok() && document.operations.iter().all(fits) {
            let _ = VALIDATOR.check(&text);
        }
    });
}

/// That the targets are worth something: many of the documents that an author writes get as far as the limits, of which
/// some let through what others do not.
#[test]
fn authors_write_documents_of_all_kinds() {
    let (mut parsed, mut small, mut large) = (0, 0, 0);
    let mut state = 1_u64;
    for _ in 0..500 {
        let bytes: Vec<u8> = std::iter::repeat_with(|| {
            // Any sequence will do that is the same each time; this is xorshift.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        })
        .take(256)
        .collect();
        let Ok(document) = parse_query(Author::of(&bytes).document()) else { continue };
        parsed += 1;
        for (_, operation) in document.operations.iter() {
            let limits = OperationLimits::default();
            match limits::check(&document, &operation.node, &Variables::default(), &SHAPE, &limits) {
                Ok(_) => small += 1,
                Err(_) => large += 1,
            }
        }
    }
    assert!(parsed > 200 && small > 50 && large > 50, "{parsed} documents, {small} small, {large} large");
}

/// How many fields are to be executed, fragments expanded the simple way; counting ends at `enough`.
fn fields_in(document: &ExecutableDocument, set: &SelectionSet, enough: usize) -> usize {
    let mut fields = 0;
    for selection in &set.items {
        let below = match &selection.node {
            Selection::Field(field) => {
                fields += 1;
                Some(&field.node.selection_set.node)
            }
            Selection::InlineFragment(fragment) => Some(&fragment.node.selection_set.node),
            Selection::FragmentSpread(spread) => {
                let fragment = document.fragments.get(&spread.node.fragment_name.node);
                fragment.map(|fragment| &fragment.node.selection_set.node)
            }
        };
        if fields >= enough {
            return enough;
        }
        fields += below.map_or(0, |below| fields_in(document, below, enough - fields));
    }
    fields
}

fn variables() -> Vec<Variables> {
    let deep = format!("{{ \"v\": {}{} }}", "[".repeat(60), "]".repeat(60));
    let wide = format!("{{ \"v\": [{}1] }}", "1,".repeat(20_000));
    [r#"{}"#, r#"{ "v": -1, "first": 2147483648 }"#, r#"{ "v": 100, "first": "x" }"#, &deep, &wide]
        .iter()
        .map(|json| serde_json::from_str(json).expect("these are objects of JSON"))
        .collect()
}

/// Writes a document in which every byte of the input decides about one thing, so that most documents can be parsed and
/// a small change of the input is a small change of the document.
struct Author<'a> {
    input: &'a [u8],
    text: String,
}

const FIELDS: &[&str] = &[
    "id",
    "__typename",
    "viewer",
    "projects",
    "project",
    "sessions",
    "session",
    "messages",
    "customer",
    "lastMessage",
    "nodes",
    "node",
    "edges",
    "pageInfo",
    "__schema",
    "types",
    "fields",
    "type",
    "ofType",
    "signIn",
    "messageSend",
    "sessionEvents",
    "message",
    "nothing",
];
const TYPES: &[&str] = &["Query", "Session", "Project", "Message", "Node", "SessionConnection", "Nothing"];
const VALUES: &[&str] = &[
    "0",
    "1",
    "-1",
    "100",
    "101",
    "99999999999",
    "1.5",
    "true",
    "null",
    "OPEN",
    "\"x\"",
    "\"\"\"x\"\"\"",
    "$v",
    "$first",
    "[]",
    "{}",
    "[[[[1]]]]",
    "{ a: { a: { a: $v } } }",
];
const ARGUMENTS: &[&str] = &["first", "last", "after", "id", "ids", "projectId", "input", "filter"];
const DIRECTIVES: &[&str] = &["@skip(if: true)", "@include(if: $v)", "@skip(if: $v)", "@nothing"];
const NOISE: &[&str] = &["{", "}", "(", ")", "\"", "...", "$", "#", "\u{e9}", "fragment F1", "@", "query"];

impl<'a> Author<'a> {
    fn of(input: &'a [u8]) -> Self {
        Self { input, text: String::new() }
    }

    /// The next decision: a number below `choices`. A document comes to its end when there are no more.
    fn decide(&mut self, choices: usize) -> usize {
        let Some((first, rest)) = self.input.split_first() else { return 0 };
        self.input = rest;
        usize::from(*first) % choices
    }

    fn write(&mut self, words: &str) {
        self.text.push_str(words);
        self.text.push(' ');
    }

    fn write_one_of(&mut self, words: &[&str]) {
        let index = self.decide(words.len());
        self.write(words[index]);
    }

    fn document(mut self) -> String {
        self.write_one_of(&["query A($v: Int, $first: Int = 100)", "query", "mutation", "subscription"]);
        self.selection_set(0);
        for number in 0..self.decide(8) {
            self.write(&format!("fragment F{number} on"));
            self.write_one_of(TYPES);
            self.selection_set(0);
        }
        self.text
    }

    fn selection_set(&mut self, level: usize) {
        self.write("{");
        for _ in 0..=self.decide(4) {
            self.selection(level + 1);
        }
        self.write("}");
    }

    fn selection(&mut self, level: usize) {
        let is_deep = level > 30 || self.input.is_empty();
        match self.decide(16) {
            0..=5 => self.field(level, !is_deep),
            6..=8 => self.write_one_of(FIELDS),
            9..=12 => {
                let fragment = self.decide(8);
                self.write(&format!("...F{fragment}"));
            }
            13..=14 if !is_deep => {
                self.write("... on");
                self.write_one_of(TYPES);
                self.selection_set(level);
            }
            15 if self.decide(8) == 0 => self.write_one_of(NOISE),
            _ => self.write("id"),
        }
    }

    fn field(&mut self, level: usize, with_selections: bool) {
        if self.decide(4) == 0 {
            let alias = self.decide(200);
            self.write(&format!("a{alias}:"));
        }
        self.write_one_of(FIELDS);
        if self.decide(2) == 0 {
            self.write("(");
            for _ in 0..=self.decide(2) {
                self.write_one_of(ARGUMENTS);
                self.write(":");
                self.write_one_of(VALUES);
            }
            self.write(")");
        }
        if self.decide(8) == 0 {
            self.write_one_of(DIRECTIVES);
        }
        if with_selections {
            self.selection_set(level);
        }
    }
}
