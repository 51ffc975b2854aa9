//! Measuring a stretch of time.

use std::net::SocketAddr;
use std::time::Duration;

use crate::Result;
use crate::drive::{Client, drive};
use crate::latency::Latencies;
use crate::report::to_f64;
use crate::usage::{CpuTime, Memory, Processes};

/// How often the same is measured to find the fastest.
const ROUNDS: u32 = 5;

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

    /// Measures several times, together until the time is over, and answers the fastest: what else a machine does, or the
    /// host of a virtual one, only ever makes them slower. `clients` makes those of each round, numbered from 0.
    pub async fn fastest<C: Client>(
        processes: Processes,
        address: SocketAddr,
        clients: impl Fn(usize) -> Vec<C>,
        limit: Duration,
    ) -> Result<Self> {
        let mut fastest = Self::of(processes, address, clients(0), limit / ROUNDS).await?;
        for round in 1..ROUNDS {
            let measured = Self::of(processes, address, clients(round.try_into()?), limit / ROUNDS).await?;
            if measured.per_second() > fastest.per_second() {
                fastest = measured;
            }
        }
        Ok(fastest)
    }

    fn per_second(&self) -> f64 {
        to_f64(self.operations) / self.elapsed.as_secs_f64()
    }
}
