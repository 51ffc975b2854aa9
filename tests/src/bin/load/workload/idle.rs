//! The memory of a server that has nothing to do.

use std::time::Duration;

use serde_json::Value;
use tests::Engine;

use crate::Result;
use crate::report::{Row, Table};
use crate::stage::Stage;

/// After so long without a request the memory of the last ones should have been given back.
const QUIET: Duration = Duration::from_secs(10);

pub async fn measure(engine: Engine, stage: &Stage) -> Result<Row> {
    let running = stage.start().await?;
    let started = running.processes.memory()?;
    let client = running.sign_in().await;
    client.query("{ viewer { id name } projects(first: 10) { nodes { id name } } }", Value::Null).await;
    let signed_in = running.processes.memory()?;
    tokio::time::sleep(QUIET).await;
    let quiet = running.processes.memory()?;
    Ok(Row::new(Table::Idle)
        .text("engine", engine)
        .number("after start", started.server, 1)
        .number("after sign-in", signed_in.server, 1)
        .number("10 s later", quiet.server, 1)
        .number("peak", quiet.server_peak, 1))
}
