//! Measuring a stretch of time.

use std::net::SocketAddr;
use std::time::Duration;

use crate::Result;
use crate::drive::{Client, drive};
use crate::latency::Latencies;
use crate::usage::{CpuTime, Memory, Processes};

/// What was done in a stretch of time and what it took.
pub struct Measurement {
    pub operations: usize,
    pub elapsed: Duration,
    pub latencies: Latencies,
    pub cpu: CpuTime,
    /// At the end.
    pub memory: Memory,
}

impl Measurement {
    /// Drives clients until they have nothing left to ask or the time is over, and measures.
    pub async fn of(
        processes: Processes,
        address: SocketAddr,
        clients: Vec<impl Client>,
        limit: Duration,
    ) -> Result<Self> {
        let before = processes.cpu_time()?;
        let driven = drive(address, clients, limit).await?;
        let cpu = processes.cpu_time()?.since(before);
        let operations = driven.latencies.count();
        if operations == 0 {
            return Err("nothing was done in the time given: measure for longer".into());
        }
        let (elapsed, latencies) = (driven.elapsed, driven.latencies);
        Ok(Self { operations, elapsed, latencies, cpu, memory: processes.memory()? })
    }
}
