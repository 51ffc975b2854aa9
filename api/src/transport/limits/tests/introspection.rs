//! The questions that tools ask of a schema.

use super::{assert_refused, checked};

const OF_GRAPHQL_JS: &str = include_str!("../../../../../tests/blackbox/limits/introspection.graphql");

#[test]
fn the_introspection_query_of_graphql_js_passes() {
    let cost = checked(OF_GRAPHQL_JS).unwrap();
    assert!((1_000..5_000).contains(&cost), "{cost}");
}

#[test]
fn introspection_is_not_endless() {
    let lists = |count: usize| {
        let (open, close) = ("fields { type { ".repeat(count), "} } ".repeat(count));
        format!("{{ __type(name: \"Query\") {{ {open} name {close} }} }}")
    };
    assert!(checked(&lists(2)).is_ok());
    assert_refused(checked(&lists(3)), "QUERY_TOO_LARGE: The introspection has more than 2 lists");
    let hidden = "{ __schema { types { ...F } } } fragment F on __Type { fields { type { ...G } } }
        fragment G on __Type { interfaces { possibleTypes { name } } }";
    assert_refused(checked(hidden), "more than 2 lists");

    let deep = |depth: usize| {
        let (open, close) = ("ofType { ".repeat(depth - 2), "} ".repeat(depth - 2));
        format!("{{ __type(name: \"Query\") {{ ofType {{ {open} name {close} }} }} }}")
    };
    assert!(checked(&deep(20)).is_ok());
    assert_refused(checked(&deep(21)), "more than 20 fields inside one another");
}
