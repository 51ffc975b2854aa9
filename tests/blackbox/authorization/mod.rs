//! Who may do what: every field of the schema by every kind of caller, against the real server.

mod cast;
mod coverage;
mod least_roles;
mod left;
mod outcome;
mod scene;
mod table;

use tests::on_both_engines;
use tests::server::Builder;

use cast::Cast;
use scene::Scene;
use table::{ACTORS, Row, Table};

use crate::stage::Desk;

on_both_engines! {
    async fn every_field_answers_every_caller_as_the_matrix_says(engine: Engine) {
        let table = Table::parse(include_str!("matrix.txt"));
        let desk = Desk::start_with(engine, without_rate_limit).await;
        let cast = Cast::assemble(&desk, &table).await;
        let mut uncovered = coverage::missing_rows(&cast.workspace_admin().client, &table).await;
        let mut scene = Scene::set(&cast, &table).await;

        let mut wrong = Vec::new();
        let mut found = String::new();
        for row in &table.rows {
            let outcomes = outcomes_of(&mut scene, &cast, row).await;
            for ((actor, expected), outcome) in ACTORS.iter().zip(&row.cells).zip(&outcomes) {
                if outcome != expected {
                    wrong.push(format!("{} as {actor}: {outcome} instead of {expected}", row.name));
                }
            }
            found += &row.with_cells(&outcomes);
        }
        wrong.append(&mut uncovered);
        assert!(wrong.is_empty(), "{}\n\nwhat was found, in the form of the matrix:\n{found}", wrong.join("\n"));
    }
}

/// One actor asks for more here in a second than any console does.
fn without_rate_limit(settings: Builder) -> Builder {
    settings.env("SWITCHBOARD_RATE_LIMIT_POINTS", "1000000")
}

async fn outcomes_of(scene: &mut Scene, cast: &Cast, row: &Row) -> Vec<String> {
    let mut outcomes = Vec::new();
    for actor in ACTORS {
        outcomes.push(scene.play(row, &cast.actor(actor, row)).await);
    }
    outcomes
}
