//! Why the desk could not do something, for the log.

use std::error::Error;

/// The cause behind an error of the desk, whose own words are for people outside.
pub(crate) fn cause_of(error: &desk::Error) -> String {
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}
