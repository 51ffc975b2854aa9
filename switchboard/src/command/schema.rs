//! `switchboard schema`

use crate::failure::Failure;

/// Prints the schema.
pub fn run() -> Result<(), Failure> {
    print!("{}", api::schema::sdl());
    Ok(())
}
