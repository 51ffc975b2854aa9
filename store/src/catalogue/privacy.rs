//! Queries of all there is of a customer, to hand it out or to erase it.

use domain::filter::Page;
use domain::{
    ChatId, CustomerId, FileId, Message, MessageId, ProjectId, Session, SessionId, Sight, TelegramUserId, Time,
    UpdateRowId,
};

use crate::error::Result;
use crate::traces::Marks;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// One page of a customer's sessions, newest first, in the order of reading from the asked end.
    customer_session_page = export::session_page(customer: CustomerId, sight: &Sight, page: Page<SessionId>) -> Vec<Session>;
    /// How many sessions a customer has that somebody may read.
    customer_session_count = export::session_count(customer: CustomerId, sight: &Sight) -> i64;
    /// Every session of a customer, oldest first.
    customer_session_ids = export::session_ids(customer: CustomerId) -> Vec<SessionId>;
    /// The stored updates of a user and of a chat behind a row, in the order of arrival, each with its row.
    updates_of = export::updates(project: ProjectId, user: TelegramUserId, chat: ChatId, after: i64, limit: i64) -> Vec<(i64, String)>;
    /// The messages of sessions, in order.
    message_ids_of = erasure::message_ids(sessions: &[i64]) -> Vec<MessageId>;
    /// How far the tables go in which somebody may be mentioned.
    trace_marks = traces::marks() -> Marks;
    /// The updates of a project behind a row whose raw text has a word in it, in order.
    updates_with = traces::updates(project: ProjectId, word: &str, after: i64, limit: i64) -> Vec<i64>;
    /// The messages of a project behind one that have a word in what they hold beside their text, in order.
    messages_with = traces::messages(project: ProjectId, word: &str, after: i64, limit: i64) -> Vec<i64>;
    /// The notices to the staff of a project behind a call that have words in them, in order.
    notices_with = traces::notices(project: ProjectId, words: &str, after: i64, limit: i64) -> Vec<i64>;
    /// The messages of sessions that quote one of these messages.
    quotations = traces::quotations(sessions: &[i64], quoted: &[i64]) -> Vec<Message>;
}

catalogue! { Tx:
    /// Empties the updates of a user and of a chat, whose number another one replaces.
    erase_updates = erasure::updates(project: ProjectId, user: TelegramUserId, chat: ChatId, instead: i64) -> usize;
    /// Writes what is left of the raw text of an update.
    redact_update = traces::redact(update: UpdateRowId, raw: &str) -> ();
    /// Empties updates, which are not worked off any more.
    empty_updates = traces::empty(updates: &[i64]) -> ();
    /// Writes what is left of a message.
    rewrite_message = traces::rewrite(message: &Message) -> ();
    /// Empties calls that are about no message, and withdraws those that wait.
    empty_calls = traces::empty_calls(calls: &[i64], now: Time) -> ();
    /// Empties the messages of sessions.
    erase_messages = erasure::messages(sessions: &[i64], instead: i64) -> usize;
    /// Empties the calls about messages and to a chat, and withdraws those that wait.
    erase_calls = erasure::calls(project: ProjectId, messages: &[i64], chat: ChatId, instead: i64, now: Time) -> ();
    /// Forgets what hangs on messages.
    erase_belongings = erasure::belongings(project: ProjectId, messages: &[i64], user: TelegramUserId) -> ();
    /// Forgets the numbers that a group had.
    erase_chat_migrations = erasure::migrations(project: ProjectId, chat: ChatId) -> ();
    /// Notes that an upload goes to a customer.
    note_file_use = erasure::note_file_use(customer: CustomerId, file: FileId) -> ();
    /// Deletes the uploads that went to nobody but a customer.
    erase_files = erasure::files(customer: CustomerId) -> usize;
    /// Changes the fact that tells of erasures.
    tell_erasure = erasure::tell(fact: &str) -> ();
}
