//! `load`: measures the release build of the server under load.
//!
//! It starts the real server on a database full of made-up data, drives it over sockets from the same machine, and
//! reports throughput, latency, CPU time and memory. `load all` prints what stands in `BENCHMARKS.md`; `load growth` what
//! must not cost more in a large project.

mod arguments;
mod budget;
mod dice;
mod drive;
mod figures;
mod http;
mod latency;
mod machine;
mod made_up_data;
mod marker;
mod measurement;
mod memory_curve;
mod report;
mod stage;
mod subscriber;
mod telegram;
mod usage;
mod webhook;
mod workload;

use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;

use crate::arguments::{Arguments, Command};
use crate::report::{Report, Row};
use crate::workload::Plan;

/// What went wrong, in words for the person at the terminal.
type Failure = Box<dyn Error + Send + Sync>;
type Result<T> = std::result::Result<T, Failure>;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("load: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<()> {
    let options = &arguments.options;
    machine::allow_many_sockets();
    let begun = Instant::now();
    let plan = Plan::new(&arguments.command, options)?;
    let mut report = Report::default();
    let mut failures = 0;
    for part in plan.parts() {
        eprintln!("load: {part}");
        let note = |measured: Result<Vec<Row>>| match measured {
            Ok(rows) => {
                for row in rows {
                    eprintln!("load: {row}");
                    report.add(row);
                }
            }
            Err(failure) => {
                eprintln!("load: a workload failed: {failure}");
                failures += 1;
            }
        };
        plan.carry_out(part, note).await?;
    }
    if options.json {
        println!("{}", report.to_json());
    } else {
        println!("{}", report.to_markdown());
    }
    eprintln!("load: all this took {:.0} minutes", begun.elapsed().as_secs_f64() / 60.0);
    if let Some(path) = &options.write {
        match arguments.command {
            Command::All => report.write_into(path)?,
            _ => report.write_tables_into(path)?,
        }
    }
    if failures > 0 {
        return Err(format!("{failures} workloads failed; their rows are missing").into());
    }
    Ok(())
}
