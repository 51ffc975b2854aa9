//! The optional TOML file: its values are defaults, below flags and variables.

use std::path::{Path, PathBuf};

use clap::Command;

use crate::failure::Failure;

const DEFAULT_PATH: &str = "switchboard.toml";
const PATH_VARIABLE: &str = "SWITCHBOARD_CONFIG";

/// A settings file with secrets that other users of the machine can read.
#[derive(Debug)]
pub struct Exposed(PathBuf);

impl Exposed {
    /// Says so in the log.
    pub fn warn(&self) {
        tracing::warn!(
            path = %self.0.display(),
            "other users can read this settings file, which has secrets in it: run `chmod 600` on it"
        );
    }
}

/// Makes the values of the settings file the defaults of the flags they name. Secrets are not shown as such.
pub fn apply(command: Command) -> Result<(Command, Option<Exposed>), Failure> {
    let (path, is_wanted) = path();
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !is_wanted => return Ok((command, None)),
        Err(error) => return Err(about(&path, &error.to_string())),
    };
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| about(&path, error.message()))?;
    let mut defaults = Vec::new();
    let mut has_secrets = false;
    for (name, value) in table {
        let id = name.replace('-', "_");
        let argument = command.get_arguments().find(|argument| argument.get_id() == id.as_str());
        let Some(argument) = argument.filter(|_| id != "config") else {
            return Err(about(&path, &format!("there is no setting {name:?}; `--help` lists them")));
        };
        has_secrets |= argument.is_hide_env_values_set();
        defaults.push((id, as_text(&path, &name, value)?));
    }
    let command = defaults.into_iter().fold(command, |command, (id, value)| {
        command.mut_arg(id, |argument| {
            let is_secret = argument.is_hide_env_values_set();
            argument.default_value(value).hide_default_value(is_secret)
        })
    });
    let exposed = has_secrets && can_be_read_by_others(&path);
    Ok((command, exposed.then_some(Exposed(path))))
}

#[cfg(unix)]
fn can_be_read_by_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;

    std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

/// Elsewhere the directory's access list protects the file, and there are no bits to look at.
#[cfg(not(unix))]
fn can_be_read_by_others(_path: &Path) -> bool {
    false
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
