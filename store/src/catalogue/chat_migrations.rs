//! Queries of chats that get another number.

use domain::{ChatId, CustomerId, OutboxId, ProjectId};

use crate::error::Result;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// The number that a chat has now, if it got another one.
    chat_migration = migrations::target(project: ProjectId, from: ChatId) -> Option<ChatId>;

    /// The numbers that a group had before.
    former_chats = migrations::sources(project: ProjectId, to: ChatId) -> Vec<ChatId>;
}

catalogue! { Tx:
    /// Notes that a chat has another number now. Others who are about to note the same wait for this transaction.
    insert_chat_migration = migrations::insert(project: ProjectId, from: ChatId, to: ChatId) -> ();
    /// Has the answers of a customer's sessions go to another chat.
    move_sessions = migrations::move_sessions(customer: CustomerId, from: ChatId, to: ChatId) -> ();
    /// Has the messages of a customer that have no number yet go to another chat.
    move_unnumbered_messages = migrations::move_unnumbered(customer: CustomerId, from: ChatId, to: ChatId) -> ();
    /// The calls of a bot to a chat that wait for their turn, locked, each with its parameters.
    queued_calls = migrations::queued_calls(project: ProjectId, chat: ChatId) -> Vec<(OutboxId, String)>;
    /// Has a call go to another chat, with these parameters.
    move_call = migrations::move_call(id: OutboxId, to: ChatId, payload: &str) -> ();
    /// Gives a customer the sessions of another one, with their messages.
    hand_over_sessions = migrations::hand_over_sessions(from: CustomerId, to: CustomerId) -> ();
}
