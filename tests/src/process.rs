//! Child processes that cannot outlive their test, even when the test process is killed.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

pub use rustix::process::Signal;
use rustix::process::{Pid, kill_process};

use crate::{Output, Source};

/// Pause between two looks at a child that is expected to end.
const PAUSE: Duration = Duration::from_millis(5);
/// How long a child may take to follow the signal of its [`Farewell`] before it is killed.
const FAREWELL_PATIENCE: Duration = Duration::from_secs(10);
/// How long to wait for the rest of the output of a child that has ended. A grandchild may hold the pipe for longer.
const OUTPUT_PATIENCE: Duration = Duration::from_secs(2);

/// How a child is ended when its owner is dropped or dies.
#[derive(Debug, Clone, Copy)]
pub enum Farewell<'a> {
    /// By SIGKILL.
    Kill,
    /// By SIGQUIT, for a program that has something to put away at once. When the owner died, `directory` is removed
    /// afterwards; an owner that lives removes it itself.
    QuitAndRemove {
        /// The program's directory of temporary files.
        directory: &'a Path,
    },
}

/// A running (or just ended) child process and what it printed.
///
/// Dropping it ends the child.
#[derive(Debug)]
pub struct Process {
    child: Child,
    farewell: Signal,
    /// The write end of the guard's standard input; gone when the child is known to have ended.
    lifeline: Option<ChildStdin>,
    output: Arc<Output>,
    readers: Vec<JoinHandle<()>>,
}

impl Process {
    /// A command for `program` with the guard around it, to be completed and passed to [`spawn`](Self::spawn).
    ///
    /// Standard input, output and error and the process group are already decided. The process id is the program's
    /// own. A program that cannot be started shows as one that exits with status 126 or 127.
    pub fn command(program: impl AsRef<OsStr>, farewell: Farewell<'_>) -> Command {
        let (signal, directory) = match farewell {
            Farewell::Kill => ("KILL", OsStr::new("")),
            Farewell::QuitAndRemove { directory } => ("QUIT", directory.as_os_str()),
        };
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", include_str!("process/guarded.sh"), "guarded", signal])
            .args([directory, program.as_ref()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // A signal for the whole group, such as Ctrl-C, must not end the guard before its owner.
            .process_group(0);
        command
    }

    /// Starts a command made by [`command`](Self::command); `output` gets what it prints.
    ///
    /// # Errors
    /// Those of [`Command::spawn`].
    pub fn spawn(mut command: Command, farewell: Farewell<'_>, output: Arc<Output>) -> io::Result<Self> {
        let mut child = command.spawn()?;
        let mut readers = Vec::new();
        if let Some(stdout) = child.stdout.take() {
            let output = Arc::clone(&output);
            readers.push(thread::spawn(move || output.collect(Source::Stdout, stdout)));
        }
        if let Some(stderr) = child.stderr.take() {
            let output = Arc::clone(&output);
            readers.push(thread::spawn(move || output.collect(Source::Stderr, stderr)));
        }
        let farewell = match farewell {
            Farewell::Kill => Signal::KILL,
            Farewell::QuitAndRemove { .. } => Signal::QUIT,
        };
        Ok(Self { lifeline: child.stdin.take(), child, farewell, output, readers })
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has printed so far.
    pub fn output(&self) -> &Arc<Output> {
        &self.output
    }

    /// How it ended, if it has ended.
    pub fn status(&mut self) -> Option<ExitStatus> {
        let status = self.child.try_wait().expect("the process is our own child");
        if status.is_some()
            && let Some(mut lifeline) = self.lifeline.take()
        {
            // The guard may be gone already, for example with the whole process group; then there is nobody to tell.
            let _ = lifeline.write_all(b"ended\n");
        }
        status
    }

    /// Sends a signal, unless the process has already ended.
    pub fn signal(&mut self, signal: Signal) {
        if self.status().is_none() {
            let id = Pid::from_child(&self.child);
            kill_process(id, signal).expect("a child that was not waited for can be signalled");
        }
    }

    /// Kills the process (SIGKILL), waits until it is gone and returns how it ended.
    pub fn kill(&mut self) -> ExitStatus {
        self.signal(Signal::KILL);
        // Nothing can delay a SIGKILL for long.
        let status = self.child.wait().expect("the process is our own child");
        self.status();
        self.finish_output();
        status
    }

    /// Waits until the process has ended and its output is complete; `None` when it still runs after `limit`.
    pub async fn wait(&mut self, limit: Duration) -> Option<ExitStatus> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.status() {
                self.finish_output();
                return Some(status);
            }
            if start.elapsed() >= limit {
                return None;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Ends the process by the signal of its farewell, or by SIGKILL when it does not follow in time.
    pub fn dismiss(&mut self) {
        self.signal(self.farewell);
        if !blocking_wait(FAREWELL_PATIENCE, || self.status().is_some()) {
            self.kill();
        }
        self.finish_output();
    }

    fn finish_output(&mut self) {
        if blocking_wait(OUTPUT_PATIENCE, || self.readers.iter().all(JoinHandle::is_finished)) {
            for reader in self.readers.drain(..) {
                reader.join().expect("reading lines does not panic");
            }
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.dismiss();
    }
}

/// Waits for `done` without a runtime, because `drop` has none; false when `limit` is over.
#[expect(clippy::disallowed_methods, reason = "a drop cannot await, and the child usually ends at once")]
fn blocking_wait(limit: Duration, mut done: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    while !done() {
        if start.elapsed() >= limit {
            return false;
        }
        thread::sleep(PAUSE);
    }
    true
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    /// A shell that can catch the signal of a farewell. It could not if that was ignored when it started, as it is in
    /// everything that another shell runs in the background.
    fn shell(script: &str, farewell: Farewell<'_>) -> Process {
        let mut command = Process::command("env", farewell);
        command.args(["--default-signal=QUIT", "/bin/sh", "-c", script]);
        Process::spawn(command, farewell, Arc::default()).unwrap()
    }

    async fn printed(process: &Process, line: &str) {
        crate::eventually(Duration::from_secs(10), || async { process.output().find(line) }).await;
    }

    #[tokio::test]
    async fn output_and_status_are_the_programs_own() {
        let mut process = shell("echo to stdout; echo to stderr >&2; exit 7", Farewell::Kill);
        let status = process.wait(Duration::from_secs(10)).await.expect("the script ends by itself");
        assert_eq!(status.code(), Some(7));
        assert_eq!(process.output().text(Source::Stdout), "to stdout\n");
        assert_eq!(process.output().text(Source::Stderr), "to stderr\n");
    }

    #[tokio::test]
    async fn the_process_id_is_the_programs_own() {
        let mut process = shell("echo pid $$; read never", Farewell::Kill);
        process.wait(Duration::from_secs(10)).await.expect("standard input is empty, not the lifeline");
        assert!(process.output().find(&format!("pid {}", process.id())).is_some());
    }

    #[tokio::test]
    async fn a_child_dies_when_its_owner_is_gone() {
        let mut process = shell("echo started; exec sleep 600", Farewell::Kill);
        printed(&process, "started").await;
        // This is all that the kernel does for a process that is killed: it closes what was open.
        drop(process.lifeline.take());
        let status = process.wait(Duration::from_secs(10)).await.expect("the guard kills it");
        assert_eq!(status.signal(), Some(9));
    }

    #[tokio::test]
    async fn the_directory_of_a_child_goes_with_its_owner() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("file"), "content").unwrap();
        let farewell = Farewell::QuitAndRemove { directory: directory.path() };
        // A shell that keeps starting programs may miss a signal: dash drops those that come while it forks.
        let mut process = shell("trap 'kill $!; echo put away; exit 0' QUIT; sleep 600 & echo started; wait", farewell);
        printed(&process, "started").await;
        drop(process.lifeline.take());
        let status = process.wait(Duration::from_secs(10)).await.expect("the guard sends the signal");
        assert!(status.success());
        assert!(process.output().find("put away").is_some());
        crate::eventually(Duration::from_secs(10), || async { (!directory.path().exists()).then_some(()) }).await;
    }

    #[tokio::test]
    async fn a_dropped_process_is_gone() {
        let process = shell("exec sleep 600", Farewell::Kill);
        let id = Pid::from_child(&process.child);
        drop(process);
        assert!(rustix::process::test_kill_process(id).is_err());
    }

    #[tokio::test]
    async fn a_stubborn_child_is_not_waited_for() {
        let mut process = shell("trap '' TERM; echo started; while :; do sleep 0.05; done", Farewell::Kill);
        printed(&process, "started").await;
        process.signal(Signal::TERM);
        assert_eq!(process.wait(Duration::from_millis(100)).await, None);
        assert_eq!(process.kill().signal(), Some(9));
    }
}
