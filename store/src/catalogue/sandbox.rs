//! Queries of simulated bots.

use domain::{ChatId, ProjectId, TelegramUserId};

use crate::error::Result;
use crate::sandbox::NewFault;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// The updates of a simulated bot from a number on that have not been handed over.
    sandbox_pending = sandbox::pending(project: ProjectId, from: i64, limit: i64) -> Vec<(i64, String)>;
    /// Whether a simulated customer has blocked the bot.
    sandbox_blocks = sandbox::blocks(project: ProjectId, user: TelegramUserId) -> bool;
    /// The oldest fault that strikes a call of a simulated bot: its number, what it is, and how often it strikes yet.
    /// Those that name no method count if `unnamed`.
    sandbox_fault_for = sandbox::fault_for(project: ProjectId, method: &str, unnamed: bool, chat: Option<ChatId>) -> Option<(i64, String, Option<i64>)>;

    /// What waits for the bot of a sandbox and is no customer's own, each with its number, if a word is in it.
    sandbox_updates_with = sandbox::waiting_with(project: ProjectId, word: &str) -> Vec<(i64, String)>;
}

catalogue! { Tx:
    /// Adds an update of a simulated bot and answers its number.
    push_sandbox_update = sandbox::push(project: ProjectId, by: Option<TelegramUserId>, raw: &str) -> i64;
    /// Forgets the updates of a simulated bot below a number.
    confirm_sandbox_updates = sandbox::confirm(project: ProjectId, below: i64) -> usize;
    /// The next number for a message of a simulated bot.
    next_sandbox_message_id = sandbox::next_message_id(project: ProjectId) -> i64;
    /// Has the numbers of a simulated bot's messages go on behind a number.
    pass_sandbox_message_id = sandbox::pass_message_id(project: ProjectId, number: i64) -> ();
    /// Forgets what the simulated Telegram has of a customer.
    erase_sandbox_customer = sandbox::erase_customer(project: ProjectId, user: TelegramUserId) -> ();
    /// Forgets what waits for the bot of a sandbox.
    drop_sandbox_updates = sandbox::drop_updates(ids: &[i64]) -> ();
    /// Has a simulated customer block the bot. Answers whether that is new.
    block_in_sandbox = sandbox::block(project: ProjectId, user: TelegramUserId) -> bool;
    /// Has a simulated customer let the bot in again. Answers whether that is new.
    unblock_in_sandbox = sandbox::unblock(project: ProjectId, user: TelegramUserId) -> bool;
    /// Adds a fault of the simulated Telegram.
    insert_sandbox_fault = sandbox::insert_fault(new: &NewFault<'_>) -> ();
    /// How many faults wait in a sandbox.
    sandbox_fault_count = sandbox::fault_count(project: ProjectId) -> i64;
    /// Counts a strike of a fault. Answers whether it was still there.
    spend_sandbox_fault = sandbox::spend_fault(id: i64, strikes_left: i64) -> bool;
    /// Takes every fault of a sandbox away. Answers how many there were.
    clear_sandbox_faults = sandbox::clear_faults(project: ProjectId) -> usize;
}
