//! The part of a file that has the figures: a table under a heading for each workload.

use std::fs;
use std::path::Path;

use crate::Result;

/// Between these lines a file has its figures.
pub const BEGIN: &str = "<!-- figures -->\n";
pub const END: &str = "<!-- end of figures -->\n";

/// How the heading of a table begins.
const HEADING: &str = "### ";

/// Replaces all figures of a file.
pub fn replace(path: &Path, figures: &str) -> Result<()> {
    change(path, |_| figures.to_owned())
}

/// Replaces the tables of a file that are given, each under its name, and leaves the others. One that is not there yet gets
/// its place before those that are named behind it.
pub fn replace_tables(path: &Path, tables: &[(&str, Option<String>)]) -> Result<()> {
    change(path, |figures| {
        let mut sections = sections_of(figures);
        for (place, (name, body)) in tables.iter().enumerate() {
            let Some(body) = body else { continue };
            let section = format!("{HEADING}{name}\n\n{body}");
            if let Some(old) = sections.iter_mut().find(|old| is_called(old, name)) {
                *old = section;
                continue;
            }
            let is_later = |other: &String| tables[place + 1..].iter().any(|(name, _)| is_called(other, name));
            let at = sections.iter().position(is_later).unwrap_or(sections.len());
            sections.insert(at, section);
        }
        let sections: Vec<&str> = sections.iter().map(|section| section.trim()).collect();
        format!("{}\n", sections.join("\n\n").trim_start())
    })
}

fn change(path: &Path, figures: impl FnOnce(&str) -> String) -> Result<()> {
    let text = fs::read_to_string(path)?;
    let without_marks = || format!("{} has no lines {BEGIN:?} and {END:?} to write between", path.display());
    let (before, rest) = text.split_once(BEGIN).ok_or_else(without_marks)?;
    let (old, after) = rest.split_once(END).ok_or_else(without_marks)?;
    fs::write(path, format!("{before}{BEGIN}\n{}\n{END}{after}", figures(old)))?;
    Ok(())
}

/// What stands before the first heading, and then each heading with what stands under it.
fn sections_of(figures: &str) -> Vec<String> {
    let mut sections = Vec::new();
    let mut section = String::new();
    for line in figures.split_inclusive('\n') {
        if line.starts_with(HEADING) {
            sections.push(std::mem::take(&mut section));
        }
        section.push_str(line);
    }
    sections.push(section);
    sections
}

fn is_called(section: &str, name: &str) -> bool {
    section.lines().next().and_then(|line| line.strip_prefix(HEADING)) == Some(name)
}
