//! The optional TOML file: its values are defaults, below flags and variables.

use std::path::{Path, PathBuf};

use clap::Command;

use crate::failure::Failure;

const DEFAULT_PATH: &str = "switchboard.toml";
const PATH_VARIABLE: &str = "SWITCHBOARD_CONFIG";

/// Makes the values of the settings file the defaults of the flags they name.
pub fn apply(command: Command) -> Result<Command, Failure> {
    let (path, is_wanted) = path();
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !is_wanted => return Ok(command),
        Err(error) => return Err(about(&path, &error.to_string())),
    };
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| about(&path, error.message()))?;
    let mut defaults = Vec::new();
    for (name, value) in table {
        let id = name.replace('-', "_");
        if id == "config" || !command.get_arguments().any(|argument| argument.get_id() == id.as_str()) {
            return Err(about(&path, &format!("there is no setting {name:?}; `--help` lists them")));
        }
        defaults.push((id, as_text(&path, &name, value)?));
    }
    Ok(defaults
        .into_iter()
        .fold(command, |command, (id, value)| command.mut_arg(id, |argument| argument.default_value(value))))
}

/// The path, which has to be known before the command line is read as a whole, and whether
/// somebody asked for it.
fn path() -> (PathBuf, bool) {
    let mut arguments = std::env::args_os();
    while let Some(argument) = arguments.next() {
        let argument = argument.to_string_lossy().into_owned();
        if argument == "--config" {
            return (arguments.next().unwrap_or_default().into(), true);
        }
        if let Some(path) = argument.strip_prefix("--config=") {
            return (path.into(), true);
        }
    }
    match std::env::var_os(PATH_VARIABLE) {
        Some(path) => (path.into(), true),
        None => (DEFAULT_PATH.into(), false),
    }
}

fn as_text(path: &Path, name: &str, value: toml::Value) -> Result<String, Failure> {
    match value {
        toml::Value::String(text) => Ok(text),
        toml::Value::Integer(number) => Ok(number.to_string()),
        toml::Value::Boolean(flag) => Ok(flag.to_string()),
        toml::Value::Array(values) => {
            let texts: Result<Vec<_>, _> = values.into_iter().map(|value| as_text(path, name, value)).collect();
            Ok(texts?.join(","))
        }
        _ => Err(about(path, &format!("{name} has to be a text, a number, true, false or a list of texts"))),
    }
}

fn about(path: &Path, reason: &str) -> Failure {
    Failure::new(format!("{PATH_VARIABLE}: the settings file {} cannot be used: {reason}", path.display()))
}
