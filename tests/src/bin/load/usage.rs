//! What processes use, as the kernel accounts for it (`proc(5)`).

use std::fs;
use std::time::Duration;

use crate::Result;

const PROC: &str = "/proc";

/// The processes that are measured.
#[derive(Debug, Clone, Copy)]
pub struct Processes {
    server: u32,
    /// The first process of PostgreSQL; all others are its children.
    database: Option<u32>,
}

/// CPU time used, in user and kernel mode.
#[derive(Debug, Clone, Copy)]
pub struct CpuTime {
    pub server: Duration,
    /// Of all processes of PostgreSQL, if there is one.
    pub database: Option<Duration>,
    /// Of this program.
    pub generator: Duration,
    /// That of everything, other programs included.
    busy: Duration,
    /// That there was, used or not, on all cores together.
    available: Duration,
}

/// Memory in use, in megabytes of 10^6 bytes.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// Resident memory of the server now.
    pub server: f64,
    /// The most it ever was.
    pub server_peak: f64,
    /// Of all processes of PostgreSQL, each shared page counted once, if there is one and it can be read.
    pub database: Option<f64>,
}

impl Processes {
    pub fn new(server: u32, database: Option<u32>) -> Self {
        Self { server, database }
    }

    /// CPU time used since the processes started.
    pub fn cpu_time(&self) -> Result<CpuTime> {
        let database = match self.database {
            None => None,
            Some(first) => {
                let main = Stat::read(&first.to_string())?;
                let running: u64 = children_of(first)?.iter().map(|child| child.own_ticks).sum();
                // Of processes that have ended the first one knows the sum.
                Some(time(main.own_ticks + main.ended_children_ticks + running))
            }
        };
        let server = time(Stat::read(&self.server.to_string())?.own_ticks);
        let generator = time(Stat::read("self")?.own_ticks);
        let (busy, available) = machine_time()?;
        Ok(CpuTime { server, database, generator, busy, available })
    }

    /// Memory in use now.
    pub fn memory(&self) -> Result<Memory> {
        let status = fs::read_to_string(format!("{PROC}/{}/status", self.server))?;
        let megabytes = |name| megabytes_in(&status, name).ok_or_else(|| format!("the kernel tells no {name}"));
        let database = self.database.and_then(|first| {
            let children = children_of(first).ok()?;
            let ids = children.iter().map(|child| child.id).chain([first]);
            ids.map(proportional_megabytes).sum()
        });
        Ok(Memory { server: megabytes("VmRSS:")?, server_peak: megabytes("VmHWM:")?, database })
    }
}

impl CpuTime {
    /// What was used since an earlier moment.
    pub fn since(self, earlier: Self) -> Self {
        Self {
            server: self.server.saturating_sub(earlier.server),
            database: self.database.zip(earlier.database).map(|(now, then)| now.saturating_sub(then)),
            generator: self.generator.saturating_sub(earlier.generator),
            busy: self.busy.saturating_sub(earlier.busy),
            available: self.available.saturating_sub(earlier.available),
        }
    }

    /// The share of the machine that other programs used, from 0 to 1. With much of it the other figures are worth little.
    pub fn share_of_others(self) -> f64 {
        let own = self.server + self.database.unwrap_or_default() + self.generator;
        self.busy.saturating_sub(own).as_secs_f64() / self.available.as_secs_f64().max(f64::MIN_POSITIVE)
    }
}

fn time(ticks: u64) -> Duration {
    let per_second = rustix::param::clock_ticks_per_second();
    Duration::from_millis(ticks.saturating_mul(1_000) / per_second.max(1))
}

/// The CPU time of the whole machine since it was started: what was used, and all there was.
fn machine_time() -> Result<(Duration, Duration)> {
    let stat = fs::read_to_string(format!("{PROC}/stat"))?;
    let line = stat.lines().next().and_then(|line| line.strip_prefix("cpu ")).unwrap_or_default();
    // user nice system idle iowait irq softirq steal; what follows is contained in these.
    let ticks: Vec<u64> = line.split_ascii_whitespace().take(8).filter_map(|field| field.parse().ok()).collect();
    let [user, nice, system, idle, iowait, irq, softirq, steal] = *ticks else {
        return Err("the kernel's account of the machine's time is not understood".into());
    };
    let busy = user + nice + system + irq + softirq + steal;
    Ok((time(busy), time(busy + idle + iowait)))
}

/// One line of `/proc/<pid>/stat`.
struct Stat {
    id: u32,
    parent: u32,
    own_ticks: u64,
    ended_children_ticks: u64,
}

impl Stat {
    fn read(process: &str) -> Result<Self> {
        let line = fs::read_to_string(format!("{PROC}/{process}/stat"))?;
        Self::parse(&line).ok_or_else(|| format!("the kernel's account of process {process} is not understood").into())
    }

    fn parse(line: &str) -> Option<Self> {
        let (id, _) = line.split_once(' ')?;
        // The name of the program stands in parentheses and may have any character.
        let (_, rest) = line.rsplit_once(')')?;
        let fields: Vec<u64> =
            rest.split_ascii_whitespace().skip(1).map(|field| field.parse().unwrap_or_default()).collect();
        let [user, system, children_user, children_system] = *fields.get(10..14)? else { return None };
        Some(Self {
            id: id.parse().ok()?,
            parent: u32::try_from(*fields.first()?).ok()?,
            own_ticks: user + system,
            ended_children_ticks: children_user + children_system,
        })
    }
}

fn children_of(parent: u32) -> Result<Vec<Stat>> {
    let mut children = Vec::new();
    for entry in fs::read_dir(PROC)? {
        let name = entry?.file_name();
        let Some(name) = name.to_str().filter(|name| name.bytes().all(|byte| byte.is_ascii_digit())) else { continue };
        // A process may end while the directory is read.
        children.extend(Stat::read(name).ok().filter(|stat| stat.parent == parent));
    }
    Ok(children)
}

fn proportional_megabytes(process: u32) -> Option<f64> {
    megabytes_in(&fs::read_to_string(format!("{PROC}/{process}/smaps_rollup")).ok()?, "Pss:")
}

fn megabytes_in(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u32 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(f64::from(kibibytes) * 1_024.0 / 1_000_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_account_is_read() {
        let line = "17 (odd) name) S 4 17 17 0 -1 4194560 9 8 7 6 100 20 3 4 20 0 1 0 5 6 7";
        let stat = Stat::parse(line).unwrap();
        assert_eq!((stat.id, stat.parent, stat.own_ticks, stat.ended_children_ticks), (17, 4, 120, 7));
        assert_eq!(megabytes_in("VmPeak: 1 kB\nVmRSS:\t   1000 kB\n", "VmRSS:"), Some(1.024));
    }

    #[test]
    fn this_process_can_be_measured() {
        let processes = Processes::new(std::process::id(), None);
        let memory = processes.memory().unwrap();
        assert!(memory.server > 0.5 && memory.server_peak >= memory.server, "{memory:?}");
        let before = processes.cpu_time().unwrap();
        assert!(processes.cpu_time().unwrap().since(before).server < Duration::from_secs(60));
    }
}
