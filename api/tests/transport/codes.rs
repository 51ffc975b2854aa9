//! The published list of error codes.

use std::fmt::Write as _;

use api::transport::ErrorCode;

const README: &str = include_str!("../../../README.md");

#[test]
fn the_readme_has_every_code_with_its_meaning() {
    let mut table = String::new();
    for code in ErrorCode::ALL {
        writeln!(table, "| `{code}` | {} |", code.meaning()).unwrap();
    }
    assert!(README.contains(&table), "bring the list of errors in README.md up to date:\n{table}");
}
