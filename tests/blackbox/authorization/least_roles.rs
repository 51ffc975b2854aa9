//! The matrix against the rights of the articles: nothing is open to less than it should be, nor closed to more.

use std::collections::BTreeMap;

use super::table::{ACTORS, Table};

/// The roles from the least to the highest, with the columns of the matrix in which somebody has them.
const ROLES: [(&str, &str); 5] = [
    ("ANYBODY", "anonymous"),
    ("AGENT", "agent"),
    ("SUPERVISOR", "supervisor"),
    ("ADMIN", "admin"),
    ("WORKSPACE_ADMIN", "workspace-admin"),
];

/// What somebody is told whose role is too low.
const TOO_LOW: [&str; 5] = ["401", "403", "NOT_SUPERVISOR", "NOT_ADMINISTRATOR", "ROLE_TOO_HIGH"];

#[test]
fn every_mutation_is_open_to_the_roles_of_the_articles_and_to_no_lower_one() {
    let table = Table::parse(include_str!("matrix.txt"));
    let least = least_roles();
    let mut wrong = Vec::new();
    for row in table.rows.iter().filter(|row| row.field().starts_with("Mutation.")) {
        let mutation = row.field().trim_start_matches("Mutation.");
        let Some(least) = least.get(mutation) else {
            wrong.push(format!("{mutation} has no role in least_roles.txt: add it"));
            continue;
        };
        for (role, (name, column)) in ROLES.iter().enumerate() {
            let place = ACTORS.iter().position(|actor| actor == column).expect("the matrix has the column");
            let cell = row.cells[place].as_str();
            // Who may not even know of an object is told so, whatever their role.
            let is_refused = TOO_LOW.contains(&cell) || cell.ends_with("_NOT_FOUND");
            if role < *least && !is_refused {
                wrong.push(format!("{} is open to {name}: {cell}", row.name));
            }
            if role >= *least && role > 0 && TOO_LOW.contains(&cell) && !row.name.contains('(') {
                wrong.push(format!("{} is closed to {name}: {cell}", row.name));
            }
        }
    }
    let known = |mutation: &String| table.rows.iter().any(|row| row.field() == format!("Mutation.{mutation}"));
    wrong.extend(
        least.keys().filter(|mutation| !known(mutation)).map(|gone| format!("there is no {gone} in the matrix")),
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The place of the least role of each mutation among [`ROLES`].
fn least_roles() -> BTreeMap<String, usize> {
    let lines = include_str!("least_roles.txt").lines().filter(|line| !line.starts_with('#'));
    let mut least = BTreeMap::new();
    for line in lines {
        let (name, mutations) = line.split_once(": ").expect("a role and its mutations");
        let role = ROLES.iter().position(|(role, _)| *role == name).expect("the role is known");
        for mutation in mutations.split_whitespace() {
            assert_eq!(least.insert(mutation.to_owned(), role), None, "{mutation} stands there twice");
        }
    }
    least
}
