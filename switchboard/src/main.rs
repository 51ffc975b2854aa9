//! `switchboard`: the support desk as one binary.

mod cli;
mod command;
mod desk_opening;
mod failure;
mod logging;
mod open_files;
mod persisted_documents;
mod secret;
mod settings;
mod settings_file;
mod signals;

use std::process::ExitCode;

use crate::cli::Command;
use crate::failure::Failure;

/// The system's allocator keeps what it once had; this one gives memory back and is faster
/// with many small objects, of which a GraphQL answer is made.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How much stack each worker has, in bytes, of which only what is used takes memory. A resolver is polled through those
/// around it, so that an operation goes as deep as the query does: without optimization the deepest query that is let
/// through goes beyond the usual two megabytes.
const STACK: usize = 16 << 20;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("switchboard: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let (cli, exposed) = cli::parse()?;
    if let Command::Schema = cli.command() {
        return command::schema::run();
    }
    logging::start(&cli.settings)?;
    if let Some(exposed) = exposed {
        exposed.warn();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .thread_stack_size(STACK)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("the async runtime cannot start: {error}")))?;
    runtime.block_on(async {
        match cli.command() {
            Command::Serve => command::serve::run(&cli.settings, command::serve::Roles::ALL).await,
            Command::Api => command::serve::run(&cli.settings, command::serve::Roles::API).await,
            Command::Bot => command::serve::run(&cli.settings, command::serve::Roles::BOT).await,
            Command::Migrate => command::migrate::run(&cli.settings).await,
            Command::Admin { action } => command::admin::run(&cli.settings, action).await,
            Command::Schema => command::schema::run(),
        }
    })
}
