//! How figures change from the smallest size of a project to larger ones, and with clocks from those without, and whether
//! they keep to the budget.

use crate::report::{Row, Table};

/// What something may take, as a multiple of what the same takes at the smallest size.
const GROWTH: f64 = 1.2;
/// How long half of all searches may take at most.
const SEARCH_P50_MILLIS: f64 = 50.0;
/// With how many messages they may.
const SEARCHED_MESSAGES: f64 = 1_000_000.0;
/// How much of the machine it may take that every agent follows how many sessions their views show.
const FOLLOWING_CORES: f64 = 1.0;
/// What something may take with clocks of service levels, as a multiple of what the same takes without.
const CLOCKS: f64 = 1.15;
/// How long it may take at most until everybody was told of what ran out in one moment.
const TOLD_SECONDS: f64 = 10.0;

/// Rows with the same in these columns are about the same.
const PARAMETERS: [&str; 8] = ["engine", "pages", "words", "by", "clients", "followers", "written/s", WHAT];
/// The column with what was done, where a table shows several things.
pub const WHAT: &str = "what";
/// What was done ends with one of these where it is compared: with the first, whatever ends with the others.
const WITHOUT_CLOCKS: &str = " without clocks";
const WITH_CLOCKS: &str = " with clocks";
const SHOWS_CLOCKS: &str = " that shows clocks";
/// The column with how long it took until everybody was told.
pub const TOLD: &str = "told after s";
/// The column with the size of the project.
const SIZE: &str = "sessions";
const MESSAGES: &str = "messages";
const P50: &str = "p50 ms";

/// What a row takes, as a multiple of what the same takes at the smallest size or without clocks.
#[derive(Debug, Clone, Copy)]
struct Growth {
    p50: Option<f64>,
    cpu: Option<f64>,
}

impl Growth {
    /// Nothing for what others are compared with, and for tables of which nothing is said.
    fn of(row: &Row, rows: &[Row]) -> Option<Self> {
        let base = match row.table() {
            Table::Inbox | Table::Search | Table::Views | Table::Counts => at_smallest_size(row, rows)?,
            Table::Sla => without_clocks(row, rows)?,
            _ => return None,
        };
        Some(Self { p50: ratio(row.value(P50), base.value(P50)), cpu: ratio(cpu(row), cpu(base)) })
    }

    /// The larger of both.
    fn worst(self) -> Option<f64> {
        [self.p50, self.cpu].into_iter().flatten().max_by(f64::total_cmp)
    }
}

fn at_smallest_size<'a>(row: &Row, rows: &'a [Row]) -> Option<&'a Row> {
    let sizes = rows.iter().filter(|other| is_same(other, row)).filter_map(|other| Some((other.value(SIZE)?, other)));
    let (smallest, base) = sizes.min_by(|(one, _), (other, _)| one.total_cmp(other))?;
    (smallest < row.value(SIZE)?).then_some(base)
}

fn without_clocks<'a>(row: &Row, rows: &'a [Row]) -> Option<&'a Row> {
    let what = row.shown(WHAT)?;
    let what = what.strip_suffix(WITH_CLOCKS).or(what.strip_suffix(SHOWS_CLOCKS))?;
    let what = format!("{what}{WITHOUT_CLOCKS}");
    let is_base = |other: &&Row| {
        let is_same = ["engine", SIZE].iter().all(|name| other.shown(name) == row.shown(name));
        is_same && other.shown(WHAT).is_some_and(|of_other| of_other == what)
    };
    rows.iter().find(is_base)
}

/// Whether two rows of what is compared are the same, measured twice.
pub fn is_again(one: &Row, other: &Row) -> bool {
    let is_compared = matches!(one.table(), Table::Inbox | Table::Search | Table::Views | Table::Counts | Table::Sla);
    let sizes = [SIZE, MESSAGES].iter().all(|name| one.shown(name) == other.shown(name));
    one.table() == other.table() && is_compared && sizes && is_same(one, other)
}

/// Whether a row takes less than another one of the same: CPU where the budget is of that alone, else time if both know
/// it, or CPU.
pub fn takes_less(row: &Row, other: &Row) -> bool {
    match (row.value(P50), other.value(P50)) {
        (Some(p50), Some(of_other)) if row.table() != Table::Sla => p50 < of_other,
        _ => cpu(row) < cpu(other),
    }
}

/// The rows, with how each has grown if there are several sizes.
pub fn with_growth(rows: Vec<Row>) -> Vec<Row> {
    let growths: Vec<_> = rows.iter().map(|row| Growth::of(row, &rows)).collect();
    if growths.iter().all(Option::is_none) {
        return rows;
    }
    let has_p50 = growths.iter().flatten().any(|growth| growth.p50.is_some());
    let with = |(row, growth): (Row, Option<Growth>)| {
        let row = if has_p50 { row.optional("p50 ×", growth.and_then(|growth| growth.p50), 2) } else { row };
        row.optional("CPU ×", growth.and_then(|growth| growth.cpu), 2)
    };
    rows.into_iter().zip(growths).map(with).collect()
}

/// Whether the rows of a table keep to its budget, in a sentence or two for each rule.
pub fn verdicts(table: Table, rows: &[Row]) -> Vec<String> {
    let verdicts = match table {
        Table::Inbox | Table::Views => vec![flatness(rows)],
        Table::Search => vec![flatness(rows), median(rows)],
        Table::Counts => vec![following(rows)],
        Table::Sla => vec![clocks(rows, WITH_CLOCKS), clocks(rows, SHOWS_CLOCKS), telling(rows)],
        _ => Vec::new(),
    };
    verdicts.into_iter().flatten().collect()
}

/// Nothing if the rows are of no size. What was not measured at the largest size cannot be said to be kept.
fn flatness(rows: &[Row]) -> Option<String> {
    let largest = rows.iter().filter_map(|row| row.value(SIZE)).max_by(f64::total_cmp)?;
    let rule = format!("Budget: p50 and CPU time at most {GROWTH:.2} times those of the same at the smallest size.");
    let is_at_largest = |row: &Row| rows.iter().any(|other| is_same(other, row) && other.value(SIZE) == Some(largest));
    if let Some(row) = rows.iter().find(|row| !is_at_largest(row)) {
        return Some(format!("{rule} Not measured: {} has no row with {largest:.0} sessions.", label(row)));
    }
    let grown = rows.iter().filter_map(|row| Some((Growth::of(row, rows)?.worst()?, row)));
    Some(match worst(grown) {
        None => format!("{rule} Not measured: it takes several sizes."),
        Some((times, row)) => {
            let kept = kept(times <= GROWTH);
            format!("{rule} {kept} up to {largest:.0} sessions: at most {times:.2} times ({}).", label(row))
        }
    })
}

/// Of the smallest number of messages that is large enough. Nothing if the rows say no number of messages.
fn median(rows: &[Row]) -> Option<String> {
    rows.iter().find_map(|row| row.value(MESSAGES))?;
    let rule =
        format!("Budget: a median under {SEARCH_P50_MILLIS:.0} ms in each row, with {SEARCHED_MESSAGES:.0} messages.");
    let enough = rows.iter().filter_map(|row| row.value(MESSAGES)).filter(|messages| *messages >= SEARCHED_MESSAGES);
    let Some(messages) = enough.min_by(f64::total_cmp) else {
        return Some(format!("{rule} Not measured: there were fewer."));
    };
    let is_of_these = |row: &Row| row.value(MESSAGES) == Some(messages);
    if let Some(row) = rows.iter().find(|row| !rows.iter().any(|other| is_same(other, row) && is_of_these(other))) {
        return Some(format!("{rule} Not measured: {} has no row with {messages:.0} messages.", label(row)));
    }
    let of_these = rows.iter().filter(|row| is_of_these(row));
    let (millis, row) = worst(of_these.filter_map(|row| Some((row.value(P50)?, row))))?;
    let kept = kept(millis < SEARCH_P50_MILLIS);
    Some(format!("{rule} {kept} with {messages:.0} messages: at most {millis:.2} ms ({}).", label(row)))
}

fn following(rows: &[Row]) -> Option<String> {
    let followed = rows.iter().filter(|row| row.value("followers").is_some_and(|followers| followers > 0.0));
    let (cores, row) = worst(followed.filter_map(|row| Some((cpu(row)?, row))))?;
    let rule = format!("Budget: less than {FOLLOWING_CORES:.0} core of server and database while every agent follows.");
    Some(format!("{rule} {}: at most {cores:.2} ({}).", kept(cores < FOLLOWING_CORES), label(row)))
}

/// Of what ends in this way. Nothing if there is no such thing, or no server without clocks.
fn clocks(rows: &[Row], ending: &str) -> Option<String> {
    let rule = format!("Budget: CPU time of what is “{}” at most {CLOCKS:.2} times that without.", ending.trim_start());
    let of_these = rows.iter().filter(|row| row.shown(WHAT).is_some_and(|what| what.ends_with(ending)));
    let compared = of_these.filter_map(|row| Some((Growth::of(row, rows)?.cpu?, row)));
    let (times, row) = worst(compared)?;
    Some(format!("{rule} {}: at most {times:.2} times ({}).", kept(times <= CLOCKS), label(row)))
}

fn telling(rows: &[Row]) -> Option<String> {
    let rule = format!("Budget: everybody told of what runs out at once within {TOLD_SECONDS:.0} s.");
    let (seconds, row) = worst(rows.iter().filter_map(|row| Some((row.value(TOLD)?, row))))?;
    Some(format!("{rule} {}: after at most {seconds:.2} s ({}).", kept(seconds <= TOLD_SECONDS), label(row)))
}

/// Whether both are about the same, of whatever size.
fn is_same(one: &Row, other: &Row) -> bool {
    PARAMETERS.iter().all(|name| one.shown(name) == other.shown(name))
}

/// The CPU time of the server and its database.
fn cpu(row: &Row) -> Option<f64> {
    Some(row.value("server CPU")? + row.value("database CPU").unwrap_or_default())
}

fn ratio(value: Option<f64>, base: Option<f64>) -> Option<f64> {
    Some(value? / base.filter(|base| *base > 0.0)?)
}

fn worst<'a>(rows: impl Iterator<Item = (f64, &'a Row)>) -> Option<(f64, &'a Row)> {
    rows.max_by(|(one, _), (other, _)| one.total_cmp(other))
}

/// Which row it is.
fn label(row: &Row) -> String {
    let names: Vec<_> = ["engine", "by", WHAT].iter().filter_map(|name| row.shown(name)).collect();
    let size = row.shown(SIZE).unwrap_or_default();
    format!("{}, {size} sessions", names.join(", "))
}

fn kept(is_kept: bool) -> &'static str {
    if is_kept { "Kept" } else { "Missed" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(sessions: i64, by: &str, p50: f64, cpu: f64) -> Row {
        let row = Row::new(Table::Search).text("engine", "SQLite").text(SIZE, sessions).text(MESSAGES, 10 * sessions);
        row.text("by", by).number(P50, p50, 2).number("server CPU", cpu, 3)
    }

    #[test]
    fn rows_are_compared_with_the_same_at_the_smallest_size() {
        let rows = vec![
            search(10_000, "agent", 10.0, 1.0),
            search(10_000, "supervisor", 20.0, 1.0),
            search(100_000, "agent", 12.0, 1.0),
            search(100_000, "supervisor", 20.0, 1.1),
        ];
        let rows = with_growth(rows);
        let shown = |column| rows.iter().map(|row| row.shown(column).unwrap()).collect::<Vec<_>>();
        assert_eq!(shown("p50 ×"), ["–", "–", "1.20", "1.00"]);
        assert_eq!(shown("CPU ×"), ["–", "–", "1.00", "1.10"]);
        let verdicts = verdicts(Table::Search, &rows);
        assert!(
            verdicts[0].ends_with("Kept up to 100000 sessions: at most 1.20 times (SQLite, agent, 100000 sessions).")
        );
        assert!(
            verdicts[1]
                .ends_with("Kept with 1000000 messages: at most 20.00 ms (SQLite, supervisor, 100000 sessions).")
        );
    }

    #[test]
    fn what_is_beyond_the_budget_is_missed_and_what_cannot_be_said_is_not() {
        let rows = [search(10_000, "agent", 10.0, 1.0), search(200_000, "agent", 50.0, 1.0)];
        let missed = verdicts(Table::Search, &rows);
        assert!(missed.iter().all(|verdict| verdict.contains(" Missed ")), "{missed:?}");
        for some in [&rows[..1], &[&rows[..], &[search(10_000, "supervisor", 10.0, 1.0)]].concat()] {
            let unknown = verdicts(Table::Search, some);
            assert!(unknown.iter().all(|verdict| verdict.contains(" Not measured: ")), "{unknown:?}");
        }
    }

    #[test]
    fn what_is_with_clocks_is_compared_with_the_same_without() {
        let row = |engine: &str, what: &str, cpu| {
            let row = Row::new(Table::Sla).text("engine", engine).text(SIZE, 100_000).text(WHAT, what);
            row.optional(TOLD, None, 2).number("server CPU", cpu, 3)
        };
        let run_out = |seconds| {
            let row = Row::new(Table::Sla).text("engine", "SQLite").text(WHAT, "10000 run out at once");
            row.number(TOLD, seconds, 2).number("server CPU", 9.0, 3)
        };
        let mut rows = vec![
            row("PostgreSQL", "a page without clocks", 1.0),
            row("SQLite", "a page without clocks", 2.0),
            row("SQLite", "a page with clocks", 2.2),
            row("SQLite", "a page that shows clocks", 2.3),
            row("SQLite", "intake with clocks", 9.0),
            run_out(1.5),
        ];
        let kept = verdicts(Table::Sla, &rows);
        assert!(
            kept[0].ends_with("Kept: at most 1.10 times (SQLite, a page with clocks, 100000 sessions)."),
            "{kept:?}"
        );
        assert!(kept[1].ends_with("Kept: at most 1.15 times (SQLite, a page that shows clocks, 100000 sessions)."));
        assert!(kept[2].contains(" Kept: after at most 1.50 s "), "{kept:?}");
        for what in ["a page with clocks", "a page that shows clocks"] {
            rows.push(row("PostgreSQL", what, 1.2));
        }
        rows.push(run_out(10.5));
        let missed = verdicts(Table::Sla, &rows);
        assert!(missed.iter().all(|verdict| verdict.contains(" Missed: ")), "{missed:?}");
    }

    #[test]
    fn following_takes_less_than_a_core() {
        let row = |followers, cpu| {
            let row = Row::new(Table::Counts).text("engine", "PostgreSQL").text(SIZE, 10_000);
            row.count("followers", followers).number("server CPU", cpu, 3).number("database CPU", 0.5, 3)
        };
        assert_eq!(verdicts(Table::Counts, &[row(0, 2.0)]), [""; 0]);
        let verdicts = verdicts(Table::Counts, &[row(0, 2.0), row(200, 0.25)]);
        assert!(verdicts[0].ends_with("Kept: at most 0.75 (PostgreSQL, 10000 sessions)."), "{verdicts:?}");
    }
}
