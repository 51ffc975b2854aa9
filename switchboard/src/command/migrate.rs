//! `switchboard migrate`

use desk::open::Sharing;

use crate::desk_opening;
use crate::failure::Failure;
use crate::settings::Settings;

/// Brings the database up to date and says what was done.
pub async fn run(settings: &Settings) -> Result<(), Failure> {
    let (_desk, migrations) = desk_opening::open(settings, Sharing::Exclusive).await?;
    match migrations.as_slice() {
        [] => println!("The database is up to date."),
        names => println!("Ran {}. The database is up to date.", names.join(", ")),
    }
    Ok(())
}
