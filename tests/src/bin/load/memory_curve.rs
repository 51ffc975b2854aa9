//! How a server's memory goes along.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::JoinHandle;

use crate::usage::Processes;

/// Pause between two looks.
const PAUSE: Duration = Duration::from_millis(250);

/// Looks at the server's resident memory again and again until it is asked for the outcome.
pub struct MemoryCurve {
    megabytes: Arc<Mutex<Vec<f64>>>,
    looking: JoinHandle<()>,
}

impl MemoryCurve {
    /// Begins to look.
    pub fn begin(processes: Processes) -> Self {
        let megabytes = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&megabytes);
        let looking = tokio::spawn(async move {
            while let Ok(memory) = processes.memory() {
                seen.lock().unwrap_or_else(PoisonError::into_inner).push(memory.server);
                tokio::time::sleep(PAUSE).await;
            }
        });
        Self { megabytes, looking }
    }

    /// The memory in MB at the beginning, after each quarter and at the end.
    pub fn end(self) -> String {
        self.looking.abort();
        let seen = self.megabytes.lock().unwrap_or_else(PoisonError::into_inner);
        let last = seen.len().saturating_sub(1);
        let at_quarter = |quarter: usize| seen.get(last * quarter / 4).map_or(String::new(), |mb| format!("{mb:.0}"));
        (0..=4).map(at_quarter).collect::<Vec<_>>().join(" ")
    }
}
