//! What ends the program: one line for whoever started it.

use std::fmt;

/// A reason to stop, with the setting to change where one is to blame.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// A failure in words that say what to do.
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! told_as_they_are {
    ($($error:ty),+ $(,)?) => { $(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self(error.to_string())
            }
        }
    )+ };
}
told_as_they_are!(
    bot::CannotStart,
    desk::Error,
    desk::admin::AdminError,
    desk::keys::SecretKeyError,
    desk::open::CannotOpen,
    desk::setup::SetupError,
);
