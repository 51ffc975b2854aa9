//! What every story begins with: a running desk, somebody signed in, a project and its customers.

mod console;
mod desk;
mod dice;
mod operations;
mod people;
mod reader;
mod telegram;

use std::time::Duration;

pub use console::{Online, online};
pub use desk::{BINARY, Desk, client_at, migrated_database};
pub use dice::Dice;
pub use operations::{
    customer_of, customer_writes, errors_of, event_cursor, message_with_text, messages, project_called, reply, sandbox,
    send, session_of, sessions, texts, try_send, until_session, until_settled, until_written, written_by,
};
pub use people::{id_of, mutate, try_mutate};
pub use reader::Reader;
pub use telegram::Telegram;

/// How long a test waits for what must come. Far longer than it takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(40);
