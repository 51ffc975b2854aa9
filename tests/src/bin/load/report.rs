//! The figures, as tables for people and as JSON for programs.

use std::fmt::{self, Write as _};
use std::path::Path;

use serde_json::{Map, Value};

use crate::measurement::Measurement;
use crate::usage::{CpuTime, Memory};
use crate::{Result, budget, figures, machine};

/// What other programs may use of the machine before the figures are not to be trusted.
const NOT_QUIET: f64 = 0.05;

/// What a table is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    Idle,
    Inbox,
    Search,
    Views,
    Counts,
    Send,
    Delivery,
    Fanout,
    Intake,
    Sla,
}

/// One row of a table.
#[derive(Debug, Clone)]
pub struct Row {
    table: Table,
    cells: Vec<(&'static str, Cell)>,
    /// What other programs used of the machine meanwhile, from 0 to 1.
    share_of_others: f64,
}

#[derive(Debug, Clone)]
enum Cell {
    Text(String),
    Number {
        value: f64,
        decimals: usize,
    },
    /// There is no such thing here.
    Missing,
}

/// All rows so far.
#[derive(Debug, Default)]
pub struct Report {
    rows: Vec<Row>,
}

impl Table {
    const ALL: [Self; 10] = [
        Self::Idle,
        Self::Inbox,
        Self::Search,
        Self::Views,
        Self::Counts,
        Self::Send,
        Self::Delivery,
        Self::Fanout,
        Self::Intake,
        Self::Sla,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Inbox => "inbox",
            Self::Search => "search",
            Self::Views => "views",
            Self::Counts => "counts",
            Self::Send => "send",
            Self::Delivery => "delivery",
            Self::Fanout => "fanout",
            Self::Intake => "intake",
            Self::Sla => "sla",
        }
    }

    /// What its figures mean.
    fn caption(self) -> &'static str {
        match self {
            Self::Idle => {
                "A fresh server with its sandbox and no sessions. Resident memory in MB; the peak is that of hashing the password."
            }
            Self::Inbox => {
                "Pages of 50 sessions with customer, assignee, last message and unread count. CPU in milliseconds per page."
            }
            Self::Search => {
                "Searches for common and rare words, parts of words, names, numbers and what is not there, 20 results each. \
                 CPU in milliseconds per search; the time of indexing is that of everything that was made up."
            }
            Self::Views => {
                "The list of five saved views with how many sessions each shows. CPU in milliseconds per list."
            }
            Self::Counts => {
                "Customers write, and each agent follows how many sessions five saved views show. CPU in cores, that of taking \
                 the messages in included."
            }
            Self::Send => "`messageSend` with an idempotency key, without delivery. CPU in milliseconds per message.",
            Self::Delivery => {
                "The outbox of the row above, delivered to a fake Bot API that answers at once, at no more than 30 messages \
                 a second for each bot. CPU in milliseconds per message; the generator's includes the fake Bot API."
            }
            Self::Fanout => {
                "Subscribers of `sessionEvents`, one socket each. CPU in microseconds per delivery, that of publishing included."
            }
            Self::Intake => {
                "Updates through the webhook, acknowledged once they are durable and worked off at the same time. CPU in \
                 milliseconds per update, until all are worked off."
            }
            Self::Sla => {
                "Pages of 50 sessions as above without and with clocks of service levels, and with these on them, CPU in \
                 milliseconds per page; how long it takes until the desk has told of each of many promises whose time runs \
                 out in the same moment; and updates taken in and worked off, CPU in milliseconds per update."
            }
        }
    }
}

impl Row {
    pub fn new(table: Table) -> Self {
        Self { table, cells: Vec::new(), share_of_others: 0.0 }
    }

    /// The table that it belongs to.
    pub fn table(&self) -> Table {
        self.table
    }

    /// What is shown in a column.
    pub fn shown(&self, name: &str) -> Option<String> {
        self.find(name).map(Cell::to_string)
    }

    /// The number in a column, whether it was measured or given.
    pub fn value(&self, name: &str) -> Option<f64> {
        match self.find(name)? {
            Cell::Text(text) => text.parse().ok(),
            Cell::Number { value, .. } => Some(*value),
            Cell::Missing => None,
        }
    }

    fn find(&self, name: &str) -> Option<&Cell> {
        self.cells.iter().find(|(own, _)| *own == name).map(|(_, cell)| cell)
    }

    pub fn text(self, name: &'static str, text: impl fmt::Display) -> Self {
        self.cell(name, Cell::Text(text.to_string()))
    }

    pub fn number(self, name: &'static str, value: f64, decimals: usize) -> Self {
        self.cell(name, Cell::Number { value, decimals })
    }

    /// A number, if there is one.
    pub fn optional(self, name: &'static str, value: Option<f64>, decimals: usize) -> Self {
        self.cell(name, value.map_or(Cell::Missing, |value| Cell::Number { value, decimals }))
    }

    pub fn count(self, name: &'static str, count: usize) -> Self {
        self.number(name, to_f64(count), 0)
    }

    /// Throughput, latency, CPU time for each operation, and memory.
    pub fn measurement(self, throughput: &'static str, measurement: &mut Measurement) -> Self {
        let operations = to_f64(measurement.operations);
        let (p50, p99) = measurement.latencies.p50_and_p99_millis();
        self.number(throughput, operations / measurement.elapsed.as_secs_f64(), 0)
            .number("p50 ms", p50, 2)
            .number("p99 ms", p99, 2)
            .cpu(measurement.cpu, 1_000.0 / operations)
            .memory(measurement.memory)
    }

    /// CPU time, each second counted as `factor`.
    pub fn cpu(mut self, cpu: CpuTime, factor: f64) -> Self {
        self.share_of_others = cpu.share_of_others();
        let decimals = if factor < 1.0 { 3 } else { 2 };
        let database = match cpu.database {
            Some(time) => Cell::Number { value: time.as_secs_f64() * factor, decimals },
            None => Cell::Missing,
        };
        self.number("server CPU", cpu.server.as_secs_f64() * factor, decimals).cell("database CPU", database).number(
            "generator CPU",
            cpu.generator.as_secs_f64() * factor,
            decimals,
        )
    }

    pub fn memory(self, memory: Memory) -> Self {
        let database = memory.database.map_or(Cell::Missing, |value| Cell::Number { value, decimals: 0 });
        self.number("server MB", memory.server, 0)
            .number("peak MB", memory.server_peak, 0)
            .cell("database MB", database)
    }

    fn cell(mut self, name: &'static str, cell: Cell) -> Self {
        self.cells.push((name, cell));
        self
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => formatter.write_str(text),
            Self::Number { value, decimals } => write!(formatter, "{value:.decimals$}"),
            Self::Missing => formatter.write_str("–"),
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.table.name())?;
        self.cells.iter().try_for_each(|(name, cell)| write!(formatter, " · {name} {cell}"))?;
        if self.share_of_others > NOT_QUIET {
            write!(formatter, " · not to be trusted: other programs used {:.0} %", self.share_of_others * 100.0)?;
        }
        Ok(())
    }
}

impl From<&Cell> for Value {
    fn from(cell: &Cell) -> Self {
        match cell {
            Cell::Text(text) => text.as_str().into(),
            Cell::Number { value, .. } => (*value).into(),
            Cell::Missing => Self::Null,
        }
    }
}

impl Report {
    /// Of what is measured several times the row that takes the least is kept.
    pub fn add(&mut self, row: Row) {
        match self.rows.iter_mut().find(|known| budget::is_again(known, &row)) {
            None => self.rows.push(row),
            Some(known) if budget::takes_less(&row, known) => *known = row,
            Some(_) => {}
        }
    }

    /// An array with one object for each row.
    pub fn to_json(&self) -> Value {
        let object = |row: &Row| {
            let mut object = Map::new();
            object.insert("workload".to_owned(), row.table.name().into());
            object.extend(row.cells.iter().map(|(name, cell)| ((*name).to_owned(), cell.into())));
            Value::Object(object)
        };
        self.rows.iter().map(object).collect()
    }

    /// A table for each workload.
    pub fn to_markdown(&self) -> String {
        let mut text = format!("{}\n", self.conditions());
        for table in Table::ALL {
            if let Some(body) = self.body(table) {
                let _ = write!(text, "\n### {}\n\n{body}", table.name());
            }
        }
        text
    }

    /// Where it was measured, and how quiet it was there.
    fn conditions(&self) -> String {
        let others = self.rows.iter().map(|row| row.share_of_others).fold(0.0, f64::max) * 100.0;
        let machine = machine::description();
        format!("Measured on {machine}. Other programs used at most {others:.0} % of it meanwhile.")
    }

    /// What stands under the heading of a table, if it has rows: what it is about, its rows, and what is to be said of them.
    fn body(&self, table: Table) -> Option<String> {
        let rows = self.rows.iter().filter(|row| row.table == table).cloned().collect();
        let rows = budget::with_growth(rows);
        let first = rows.first()?;
        let mut text = format!("{}\n\n", table.caption());
        let names = first.cells.iter().map(|(name, _)| (*name).to_owned()).collect();
        let aligned = |(_, cell): &(_, Cell)| if matches!(cell, Cell::Text(_)) { "---" } else { "--:" }.to_owned();
        write_line(&mut text, names);
        write_line(&mut text, first.cells.iter().map(aligned).collect());
        for row in &rows {
            write_line(&mut text, row.cells.iter().map(|(_, cell)| cell.to_string()).collect());
        }
        for verdict in budget::verdicts(table, &rows) {
            let _ = write!(text, "\n{verdict}\n");
        }
        Some(text)
    }

    /// Replaces the figures of a file.
    pub fn write_into(&self, path: &Path) -> Result<()> {
        figures::replace(path, &self.to_markdown())
    }

    /// Replaces the tables of a file that this report has, each with where it was measured, and leaves the others.
    pub fn write_tables_into(&self, path: &Path) -> Result<()> {
        let conditions = self.conditions();
        let body = |table| Some(format!("{conditions}\n\n{}", self.body(table)?));
        let tables = Table::ALL.map(|table| (table.name(), body(table)));
        figures::replace_tables(path, &tables)
    }
}

/// A count as a number to calculate with.
pub fn to_f64(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

fn write_line(text: &mut String, cells: Vec<String>) {
    let _ = writeln!(text, "| {} |", cells.join(" | "));
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::figures::{BEGIN, END};

    fn report() -> Report {
        let mut report = Report::default();
        for engine in ["SQLite", "PostgreSQL"] {
            report.add(
                Row::new(Table::Inbox).text("engine", engine).number("p50 ms", 1.23456, 2).cell("none", Cell::Missing),
            );
        }
        report
    }

    #[test]
    fn rows_become_a_table_and_json() {
        let table =
            "| engine | p50 ms | none |\n| --- | --: | --: |\n| SQLite | 1.23 | – |\n| PostgreSQL | 1.23 | – |\n";
        let markdown = report().to_markdown();
        assert!(markdown.contains("### inbox\n"), "{markdown}");
        assert!(markdown.ends_with(table), "{markdown}");
        let expected = serde_json::json!({ "workload": "inbox", "engine": "SQLite", "p50 ms": 1.23456, "none": null });
        assert_eq!(report().to_json()[0], expected);
    }

    #[test]
    fn of_what_is_measured_again_the_fastest_is_kept_in_its_place() {
        let mut report = Report::default();
        for (table, sessions, p50) in [
            (Table::Views, 10_000, 3.0),
            (Table::Views, 100_000, 4.0),
            (Table::Views, 10_000, 2.0),
            (Table::Views, 100_000, 5.0),
            (Table::Send, 10_000, 3.0),
            (Table::Send, 10_000, 2.0),
        ] {
            report.add(Row::new(table).text("sessions", sessions).number("p50 ms", p50, 1));
        }
        for (followers, cores) in [(200, 0.5), (0, 0.1), (200, 0.4)] {
            report.add(Row::new(Table::Counts).count("followers", followers).number("server CPU", cores, 1));
        }
        let shown: Vec<_> = report.rows.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "views · sessions 10000 · p50 ms 2.0",
                "views · sessions 100000 · p50 ms 4.0",
                "send · sessions 10000 · p50 ms 3.0",
                "send · sessions 10000 · p50 ms 2.0",
                "counts · followers 200 · server CPU 0.4",
                "counts · followers 0 · server CPU 0.1",
            ]
        );
    }

    #[test]
    fn figures_of_a_file_are_replaced_and_nothing_else() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), format!("before\n{BEGIN}old\n{END}after\n")).unwrap();
        report().write_into(file.path()).unwrap();
        let text = fs::read_to_string(file.path()).unwrap();
        assert!(
            text.starts_with("before\n<!-- figures -->\n\nMeasured on ")
                && text.ends_with("\n<!-- end of figures -->\nafter\n")
        );
        assert!(text.contains("### inbox") && !text.contains("old\n"));
    }

    #[test]
    fn a_table_of_a_file_is_replaced_alone_with_how_it_grows() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let old = "Measured long ago.\n\n### inbox\n\nold inbox\n\n### send\n\nold send\n";
        fs::write(file.path(), format!("before\n{BEGIN}\n{old}\n{END}after\n")).unwrap();
        let mut report = Report::default();
        for (sessions, p50) in [(10_000, 2.0), (1_000_000, 2.2)] {
            let row = Row::new(Table::Views).text("engine", "SQLite").text("sessions", sessions);
            report.add(row.number("p50 ms", p50, 2));
        }
        report.write_tables_into(file.path()).unwrap();
        let text = fs::read_to_string(file.path()).unwrap();
        let others = ["before\n", "Measured long ago.\n\n### inbox\n\nold inbox\n\n### views\n\nMeasured on "];
        assert!(others.iter().all(|other| text.contains(other)), "{text}");
        assert!(text.ends_with("\n\n### send\n\nold send\n\n<!-- end of figures -->\nafter\n"), "{text}");
        assert!(text.contains("| SQLite | 1000000 | 2.20 | 1.10 | – |\n\nBudget: "), "{text}");

        report.write_tables_into(file.path()).unwrap();
        assert_eq!(fs::read_to_string(file.path()).unwrap(), text);
    }
}
