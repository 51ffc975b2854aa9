//! Operations just within each limit and just beyond it, and what they cost.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use async_graphql::{
    Variables,
    parser::{parse_query, types::DocumentOperations},
};
use proptest::prelude::*;

use super::{OperationLimits, SchemaShape, check};
use crate::transport::error::code_of;

mod introspection;
mod reference;

const SCHEMA: &str = "
    type Query {
        node(id: ID!): Node
        any: Any
        thing: Thing!
        things(first: Int, last: Int): ThingConnection!
        few(first: Int = 3, last: Int): ThingConnection!
        nodes(ids: [ID!]!): [Node]!
        tags: [Tag!]!
        name(filter: Filter): String!
        rateLimit: RateLimit
        statistics: Thing!
    }
    type Mutation { thingAdd(input: Filter): ThingAddPayload! count: Int! }
    type Subscription { added: Any! removed: Any! }
    interface Node { id: ID! owner: Owner }
    union Any = Thing | Owner | Tag
    type Thing implements Node { id: ID! owner: Owner size: Int next: Thing things(first: Int, last: Int): ThingConnection! }
    type Owner implements Node { id: ID! owner: Owner thing: Thing tags: [Tag!]! }
    type Tag { name: String! thing: Thing }
    type ThingConnection { edges: [ThingEdge!]! nodes: [Thing!]! pageInfo: PageInfo! totalCount: Int! }
    type ThingEdge { cursor: String! node: Thing! }
    type PageInfo { hasNextPage: Boolean! }
    type ThingAddPayload { thing: Thing userErrors: [ThingAddError!]! }
    type ThingAddError { message: String! }
    type RateLimit { remaining: Int! }
    input Filter { and: [Filter!] size: Int }
";

fn shape() -> SchemaShape {
    SchemaShape::parse(SCHEMA).unwrap()
}

fn checked_within(limits: &OperationLimits, query: &str, variables: &str) -> Result<u32, String> {
    checked_on(&shape(), limits, query, variables)
}

/// What an operation costs on the schema that is published.
fn published_cost(query: &str, variables: &str) -> Result<u32, String> {
    let shape = SchemaShape::parse(include_str!("../../../../schema.graphql")).unwrap();
    checked_on(&shape, &OperationLimits::default(), query, variables)
}

fn checked_on(shape: &SchemaShape, limits: &OperationLimits, query: &str, variables: &str) -> Result<u32, String> {
    let document = parse_query(query).unwrap();
    let operation = match &document.operations {
        DocumentOperations::Single(operation) => operation,
        DocumentOperations::Multiple(operations) => {
            operations.get("Run").unwrap_or_else(|| operations.values().next().unwrap())
        }
    };
    let variables: Variables = serde_json::from_str(variables).unwrap();
    check(&document, &operation.node, &variables, shape, limits).map_err(|error| {
        let pos = error.locations.first().map(|pos| format!(" at {}:{}", pos.line, pos.column)).unwrap_or_default();
        format!("{}: {}{pos}", code_of(&error).unwrap(), error.message)
    })
}

fn checked(query: &str) -> Result<u32, String> {
    checked_within(&OperationLimits::default(), query, "{}")
}

fn cost(query: &str, variables: &str) -> u32 {
    checked_within(&OperationLimits::default(), query, variables).unwrap()
}

#[track_caller]
fn assert_refused(result: Result<u32, String>, expected: &str) {
    let error = result.unwrap_err();
    assert!(error.contains(expected), "{error}");
}

/// `open` and `close` as often as `depth` says around `inner`.
fn nested(depth: usize, open: &str, inner: &str, close: &str) -> String {
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

/// Fragments that spread each the next one twice.
fn doubling(levels: usize, last: &str) -> String {
    let mut document = "{ thing { ...F0 } }".to_owned();
    for level in 0..levels {
        let next = level + 1;
        write!(document, " fragment F{level} on Thing {{ ...F{next} ...F{next} }}").unwrap();
    }
    write!(document, " fragment F{levels} on Thing {{ {last} }}").unwrap();
    document
}

#[test]
fn each_kind_of_field_has_its_price() {
    for (query, expected) in [
        ("{ __typename name }", 0),
        ("{ thing { id size } }", 1),
        ("{ thing { next { next { id } } } }", 3),
        ("{ tags { name } }", 5),
        ("{ tags { thing { id } } }", 10),
        ("{ things(first: 10) { totalCount } }", 2),
        ("{ things(first: 10) { pageInfo { hasNextPage } } }", 3),
        ("{ things(first: 10) { nodes { id } } }", 12),
        ("{ things(last: 10) { edges { cursor node { id } } } }", 12),
        ("{ things(first: 10) { nodes { things(first: 20) { nodes { owner { id } } } } } }", 2 + 10 * (1 + 2 + 20 * 2)),
        ("{ few { nodes { id } } }", 5),
        ("{ nodes(ids: [1, 2, 3, 4]) { id } }", 4),
        ("{ nodes(ids: 1) { owner { id } } }", 2),
        ("{ rateLimit { remaining } }", 0),
        ("{ statistics { id next { id } } }", 500 + 1),
        ("mutation { thingAdd { thing { id } userErrors { message } } }", 10 + 1 + 5),
        ("mutation { count }", 10),
        ("subscription { added { ... on Thing { owner { id } } } }", 2),
        ("{ nothing unknown { of { this } } }", 2),
        ("{ __type(name: \"Thing\") { fields { name } } }", 1 + 5),
    ] {
        assert_eq!(checked(query), Ok(expected), "{query}");
    }
}

#[test]
fn the_dearest_of_several_types_counts() {
    let query = "{ node(id: 1) { id ... on Thing { next { id } } ... on Owner { thing { id } tags { name } } } }";
    assert_eq!(checked(query), Ok(1 + 1 + 5));
    let shared = "{ any { ... on Node { owner { id } } ... on Tag { thing { next { next { id } } } } } }";
    assert_eq!(checked(shared), Ok(1 + 3));
}

#[test]
fn variables_and_their_defaults_are_looked_up() {
    let query = "query($n: Int = 7, $ids: [ID!]!) { things(first: $n) { nodes { id } } nodes(ids: $ids) { id } }";
    assert_eq!(cost(query, r#"{"ids":["a","b"]}"#), 2 + 7 + 2);
    assert_eq!(cost(query, r#"{"ids":["a","b"],"n":20}"#), 2 + 20 + 2);
    let query = "query($n: Int) { few(first: $n) { nodes { id } } }";
    assert_eq!(cost(query, "{}"), 2 + 3);
}

#[test]
fn what_is_surely_left_out_costs_nothing() {
    let query =
        "query($no: Boolean!) { thing @skip(if: true) { id } tags @include(if: $no) { name } things { nodes { id } } }";
    assert_refused(checked_within(&OperationLimits::default(), query, r#"{"no":false}"#), "`things` needs `first`");
    let query =
        "query($no: Boolean!) { thing @skip(if: true) { id } tags @include(if: $no) { name } ...F @include(if: $no) }
        fragment F on Query { things { nodes { id } } }";
    assert_eq!(cost(query, r#"{"no":false}"#), 0);
    // The executor ignores the default, so that the field may well be answered.
    assert_eq!(cost("query($no: Boolean = false) { thing @include(if: $no) { id } }", "{}"), 1);
}

#[test]
fn the_cost_of_an_operation_is_limited() {
    let limits = OperationLimits { cost: 102, ..OperationLimits::default() };
    assert_eq!(checked_within(&limits, "{ things(first: 100) { nodes { id } } }", "{}"), Ok(102));
    let over = checked_within(&limits, "{ thing { id } things(first: 100) { nodes { id } } }", "{}");
    assert_refused(over, "QUERY_TOO_LARGE: The operation costs 103 points, more than 102");
    let huge =
        "{ things(first: 100) { nodes { things(first: 100) { nodes { things(first: 100) { nodes { id } } } } } } }";
    assert_refused(checked(huge), "costs 1030302 points");
}

#[test]
fn teams_and_their_members_are_counted_as_they_come() {
    let in_project = |inner: &str| published_cost(&format!("{{ project(id: 1) {{ {inner} }} }}"), "{}");
    assert_eq!(in_project("teams { name members { name } }"), Ok(1 + 50 * (1 + 50)));
    assert_eq!(in_project("members(first: 100) { nodes { teams { name } } }"), Ok(1 + 2 + 100 * (1 + 20)));
    for circle in [
        "teams { members { teams(projectId: 1) { id } } }",
        "teams { members { teams(projectId: 1) { members { teams(projectId: 1) { id } } } } }",
    ] {
        assert_refused(in_project(circle), "QUERY_TOO_LARGE");
    }
}

#[test]
fn the_results_of_a_bulk_cost_by_what_was_asked_for() {
    let selected = "results { session { id tags { id } } userErrors { message } } userErrors { message }";
    let for_one = 1 + 5 + 1;
    for (input, variables, items) in [
        ("{sessionIds: [1, 2, 3]}", "{}", 3),
        ("{sessionIds: 1}", "{}", 1),
        ("{sessionIds: $ids}", r#"{"ids":["a","b"]}"#, 2),
        ("{filter: {}, limit: 40}", "{}", 40),
        ("$input", r#"{"input":{"filter":{},"limit":60}}"#, 60),
        ("{sessionIds: [1], limit: 7}", "{}", 7),
        ("{sessionIds: [1, 2, 3], limit: 101}", "{}", 3),
        ("{sessionIds: [1, 2, 3], limit: 1}", "{}", 3),
        ("{sessionIds: $ids, limit: -1}", r#"{"ids":["a","b"]}"#, 2),
        ("$input", r#"{"input":{"sessionIds":["a","b"],"limit":2147483647}}"#, 2),
        ("{limit: 101}", "{}", 0),
        ("{limit: -1}", "{}", 0),
        ("{}", "{}", 0),
    ] {
        let query = format!(
            "mutation($ids: [ID!], $input: SessionsBulkInput!) {{ sessionsBulk(input: {input}) {{ {selected} }} }}"
        );
        assert_eq!(published_cost(&query, variables), Ok(10 + 5 + items * for_one), "{input}");
    }
    let twice = "mutation { a: sessionsBulk(input: {limit: 1}) { ...F } b: sessionsBulk(input: {limit: 100}) { ...F } }
        fragment F on SessionsBulkPayload { results { session { id } } }";
    assert_eq!(published_cost(twice, "{}"), Ok(2 * 10 + 1 + 100));

    let push = |selected: &str| {
        let customers = "{attributes: []}".repeat(1000);
        let query = format!(
            "mutation {{ customerAttributesSet(input: {{customers: [{customers}]}}) {{ results {{ {selected} }} userErrors {{ code }} }} }}"
        );
        published_cost(&query, "{}")
    };
    assert_eq!(push("customer { id } userErrors { path code message }"), Ok(10 + 5 + 1000 * 2));
    assert_refused(push("customer { sessions(first: 2) { nodes { id } } } userErrors { code }"), "QUERY_TOO_LARGE");
}

#[test]
fn a_page_has_1_to_100_items() {
    for arguments in ["first: 1", "last: 1", "first: 100", "first: 2, last: null"] {
        assert!(checked(&format!("{{ things({arguments}) {{ totalCount }} }}")).is_ok(), "{arguments}");
    }
    for (arguments, expected) in [
        ("first: 0", "has `first: 0`, but a page has 1 to 100 items"),
        ("last: -1", "has `last: -1`"),
        ("first: 101", "has `first: 101`"),
        ("first: 9223372036854775807", "has `first: 9223372036854775807`"),
        ("first: null", "needs `first` or `last`, from 1 to 100"),
        ("first: 1, last: 1", "has both `first` and `last`"),
    ] {
        let query = format!("{{ thing {{ next {{ all: things({arguments}) {{ totalCount }} }} }} }}");
        assert_refused(checked(&query), &format!("INVALID_ARGUMENT: `thing.next.all` {expected}"));
    }
    assert_refused(checked("{ thing { ...F } } fragment F on Thing { things { totalCount } }"), "`thing.things` needs");
    assert_refused(checked("{ things { totalCount } }"), " at 1:3");
    // The validation says what is wrong with these.
    assert_eq!(checked("{ things(first: \"a\") { nodes { id } } }"), Ok(102));
}

#[test]
fn the_depth_is_limited() {
    let deep = |depth: usize| format!("{{ thing {{ {} }} }}", nested(depth - 2, "next { ", "id", " }"));
    assert!(checked(&deep(12)).is_ok());
    assert_refused(checked(&deep(13)), "QUERY_TOO_LARGE: The operation has more than 12 fields inside one another");
    let with_fragments = |depth: usize| {
        let (outer, inner) = (nested(5, "next { ", "...F", " }"), nested(depth - 7, "next { ", "id", " }"));
        format!("{{ thing {{ {outer} }} }} fragment F on Thing {{ ... on Node {{ ... {{ {inner} }} }} }}")
    };
    assert!(checked(&with_fragments(12)).is_ok());
    assert_refused(checked(&with_fragments(13)), "12 fields");
}

#[test]
fn a_document_that_the_executor_cannot_walk_is_refused() {
    let query = |levels: usize| format!("{{ {} }}", nested(levels, "... { ", "name", " }"));
    assert!(checked(&query(32)).is_ok());
    assert_refused(checked(&query(33)), "32 selections and fragments inside one another");
    let chain = |length: usize| {
        let mut document = "{ ...F0 }".to_owned();
        for number in 0..length {
            write!(document, " fragment F{number} on Query {{ ...F{} }}", number + 1).unwrap();
        }
        document + &format!(" fragment F{length} on Query {{ name }}")
    };
    assert!(checked(&chain(31)).is_ok());
    assert_refused(checked(&chain(32)), "32 selections");
    assert_refused(checked(&chain(3_000)), "32 selections");
    assert_refused(checked(&chain(3_000).replace("{ ...F0 }", "{ name }")), "32 selections");
}

#[test]
fn the_aliases_are_limited() {
    let query = |count: usize| {
        (0..count).fold("{ thing { ".to_owned(), |query, number| query + &format!("a{number}: id ")) + "} }"
    };
    assert!(checked(&query(30)).is_ok());
    assert_refused(checked(&query(31)), "QUERY_TOO_LARGE: The operation has more than 30 aliases");
    let in_fragments = format!("{{ thing {{ ...F ...F }} }} fragment F on Thing {{ {} }}", "a: id b: size ".repeat(15));
    assert!(checked(&in_fragments).is_ok(), "they are counted where they are written");
    let in_another = format!("query Run {{ name }} query Other {}", query(31));
    assert!(checked(&in_another).is_ok(), "they do not run");
}

#[test]
fn the_directives_are_limited() {
    let query = |count: usize| format!("{{ name {} }}", "@skip(if: false) ".repeat(count));
    assert!(checked(&query(10)).is_ok());
    assert_refused(checked(&query(11)), "QUERY_TOO_LARGE: The operation has more than 10 directives");
    let everywhere = |more: &str| {
        format!(
            "query($a: Int @a) @b {{ name @c ... @d {{ name @e @f }} ...F @g }} fragment F on Query @h {{ name @i @j {more} }}"
        )
    };
    assert!(checked(&everywhere("")).is_ok());
    assert_refused(checked(&everywhere("@k")), "10 directives");
}

#[test]
fn the_root_fields_are_limited() {
    assert!(checked(&format!("{{ {} }}", "name ".repeat(20))).is_ok());
    let error = "QUERY_TOO_LARGE: The query has 21 root fields, more than 20";
    assert_refused(checked(&format!("{{ {} }}", "name ".repeat(21))), error);
    let in_fragments = format!("{{ name ...F ... {{ ...F }} }} fragment F on Query {{ {} }}", "name ".repeat(10));
    assert_refused(checked(&in_fragments), error);
    assert!(checked("mutation { count count count count }").is_ok());
    assert_refused(
        checked("mutation { count count count ...F } fragment F on Mutation { count count }"),
        "5 root fields",
    );
    assert!(checked("subscription { added { __typename } }").is_ok());
    let two = checked("subscription { added { __typename } removed { __typename } }");
    assert_refused(two, "GRAPHQL_VALIDATION_FAILED: The subscription has 2 root fields");
}

#[test]
fn the_selections_are_limited() {
    // A spread and a field each, and the field they stand in.
    let query = |count: usize| {
        let spreads = "...F ".repeat(count / 2);
        format!("{{ thing {{ {spreads} {} }} }} fragment F on Thing {{ id }}", "id ".repeat(count % 2))
    };
    assert!(checked(&query(1_999)).is_ok());
    assert_refused(checked(&query(2_000)), "more than 2000 selections");
}

#[test]
fn fragments_that_double_are_refused_at_once() {
    for last in ["id", "things { nodes { id } }", "... on Node { owner { id } }"] {
        let begun = Instant::now();
        assert_refused(checked(&doubling(30, last)), "QUERY_TOO_LARGE");
        assert!(begun.elapsed() < Duration::from_millis(50), "{:?}", begun.elapsed());
    }
    assert_refused(checked(&doubling(11, "id")), "more than 2000 selections");
    let elsewhere = doubling(11, "id").replacen('{', "query Run { name } query Other {", 1);
    assert_refused(checked(&elsewhere), "more than 2000 selections");
}

#[test]
fn a_fragment_that_spreads_itself_is_refused() {
    for query in [
        "{ thing { ...F } } fragment F on Thing { ...F }",
        "{ thing { ...F } } fragment F on Thing { next { ...G ...G } } fragment G on Thing { next { ...F ...F } }",
        "{ name } fragment F on Thing { ...G } fragment G on Thing { ...F }",
    ] {
        assert_refused(checked(query), "GRAPHQL_VALIDATION_FAILED: The fragment `");
    }
}

#[test]
fn deep_input_is_refused() {
    let literal = |depth: usize| format!("{{ name(filter: {}) }}", nested(depth, "[", "1", "]"));
    assert!(checked(&literal(20)).is_ok());
    assert_refused(checked(&literal(21)), "QUERY_TOO_LARGE: The argument has lists and objects 21 deep, more than 20");
    let query = "query($f: Filter) { name(filter: { and: [$f] }) }";
    let variable = |depth: usize| format!(r#"{{"f":{}}}"#, nested(depth, r#"{"and":"#, "1", "}"));
    let limits = OperationLimits::default();
    assert!(checked_within(&limits, query, &variable(18)).is_ok());
    assert_refused(checked_within(&limits, query, &variable(19)), "21 deep");
    assert_refused(checked_within(&limits, query, &variable(21)), "The variable `$f` has lists and objects 21 deep");
}

#[test]
fn huge_variables_are_refused() {
    let limits = OperationLimits::default();
    let query = "query($f: Filter) { name(filter: $f) }";
    let list = |items: usize| format!(r#"{{"f":[{}1]}}"#, "1,".repeat(items - 1));
    assert!(checked_within(&limits, query, &list(9_999)).is_ok());
    assert_refused(checked_within(&limits, query, &list(10_000)), "hold 10001 values, more than 10000");

    let text = format!(r#"{{"f":"{}"}}"#, "x".repeat(100_000));
    let often = |times: usize| {
        format!("query($f: Filter) {{ {} }} fragment F on Query {{ name(filter: $f) }}", "... { ...F } ".repeat(times))
    };
    assert!(checked_within(&limits, &often(10), &text).is_ok());
    assert_refused(checked_within(&limits, &often(11), &text), "the variables has more than 1048576 bytes in all");
}

proptest! {
    #[test]
    fn the_cost_is_that_of_the_fields_one_by_one(tape in prop::collection::vec(any::<u8>(), 0..200)) {
        let query = reference::document(&tape, reference::Cycles::Never);
        let limits = OperationLimits { cost: u32::MAX, depth: 99, aliases: 999, root_fields: 999, ..OperationLimits::default() };
        let result = checked_within(&limits, &query, "{}");
        match result {
            Ok(cost) => prop_assert_eq!(u64::from(cost), reference::cost(&query), "{}", query),
            Err(error) => prop_assert!(error.contains("selections"), "{}\n{}", error, query),
        }
    }

    #[test]
    fn any_document_is_decided_upon_in_no_time(tape in prop::collection::vec(any::<u8>(), 0..900)) {
        let query = reference::document(&tape, reference::Cycles::Possible);
        let limits = OperationLimits { selections: usize::MAX, depth: usize::MAX, ..OperationLimits::default() };
        let begun = Instant::now();
        let _ = checked_within(&limits, &query, "{}");
        prop_assert!(begun.elapsed() < Duration::from_millis(500), "{:?}\n{}", begun.elapsed(), query);
    }
}
