//! What a child process has printed so far.

use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The stream a line was printed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// Every line a child process has printed, in order of arrival, kept until the test is over.
///
/// `Display` prints all of it, for a test that failed.
#[derive(Debug, Default)]
pub struct Output {
    lines: Mutex<Vec<(Source, String)>>,
}

impl Output {
    /// How many lines there are: a mark for [`find_after`](Self::find_after).
    pub fn len(&self) -> usize {
        self.lines().len()
    }

    /// Whether nothing has been printed yet.
    pub fn is_empty(&self) -> bool {
        self.lines().is_empty()
    }

    /// The first line that contains `text`.
    pub fn find(&self, text: &str) -> Option<String> {
        self.find_after(0, text)
    }

    /// The first line that contains `text`, leaving out the first `mark` lines.
    pub fn find_after(&self, mark: usize, text: &str) -> Option<String> {
        let lines = self.lines();
        lines.iter().skip(mark).find(|(_, line)| line.contains(text)).map(|(_, line)| line.clone())
    }

    /// All that was printed on one stream.
    pub fn text(&self, source: Source) -> String {
        let lines = self.lines();
        lines.iter().filter(|(of, _)| *of == source).map(|(_, line)| format!("{line}\n")).collect()
    }

    /// Reads one stream to its end, line by line.
    pub(crate) fn collect(&self, source: Source, stream: impl Read) {
        let mut stream = BufReader::new(stream);
        let mut line = Vec::new();
        // An error here means that the pipe is gone, which is the end of the output too.
        while stream.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            self.lines().push((source, text));
            line.clear();
        }
    }

    fn lines(&self) -> MutexGuard<'_, Vec<(Source, String)>> {
        // A list of lines has no invariant that a panic could break.
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Display for Output {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (source, line) in self.lines().iter() {
            let prefix = match source {
                Source::Stdout => "out",
                Source::Stderr => "err",
            };
            writeln!(formatter, "{prefix}| {line}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_lines_with_their_stream() {
        let output = Output::default();
        output.collect(Source::Stdout, &b"Listening on http://127.0.0.1:1\nlast line without an end"[..]);
        output.collect(Source::Stderr, &b"not UTF-8: \xff\n"[..]);

        assert_eq!(output.find("Listening"), Some("Listening on http://127.0.0.1:1".to_owned()));
        assert_eq!(output.find_after(1, "Listening"), None);
        assert_eq!(output.text(Source::Stderr), "not UTF-8: \u{fffd}\n");
        assert_eq!(output.len(), 3);
        assert!(output.to_string().contains("out| last line without an end\n"));
    }
}
