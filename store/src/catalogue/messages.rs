//! Queries of messages, with their buttons and polls.

use domain::filter::Page;
use domain::message::{Change, Content, Wording};
use domain::{ChatId, Delivery, DeliveryState, Message, MessageId, ProjectId, SessionId, Sight, TelegramUserId, Time};

use crate::buttons::Button;
use crate::error::Result;
use crate::messages::{NewMessage, Rewording};
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// One message.
    message = messages::find(id: MessageId) -> Option<Message>;
    /// The messages with these identifiers, in no order.
    messages = messages::many(ids: &[i64]) -> Vec<Message>;
    /// The messages of these sessions that belong to one of these albums, in the order of the sessions' messages.
    messages_of_albums = messages::of_albums(sessions: &[i64], albums: &[String]) -> Vec<Message>;
    /// The message that Telegram numbers so within a chat, or within a business account's part of it.
    message_by_telegram_id = messages::by_telegram_id(project: ProjectId, chat: ChatId, connection: &str, telegram_message_id: i64) -> Option<Message>;
    /// One page of a session's messages, in the order of reading from the asked end.
    message_page = messages::page(session: SessionId, page: Page<MessageId>) -> Vec<Message>;
    /// The button with a code, if there is one.
    button = buttons::find(code: &str) -> Option<Button>;
    /// The messages of an album, in its order.
    album = messages::of_album(session: SessionId, album_id: &str) -> Vec<Message>;
    /// One page of a project's messages that failed or whose fate is unknown, newest first, in the order of reading
    /// from the asked end.
    undelivered_page = messages::undelivered_page(project: ProjectId, sight: &Sight, states: &[DeliveryState], page: Page<MessageId>) -> Vec<Message>;
    /// How many messages of a project failed or have an unknown fate.
    undelivered_count = messages::undelivered_count(project: ProjectId, sight: &Sight, states: &[DeliveryState]) -> i64;
    /// How many messages a session has, up to one if it is given.
    message_count = messages::count(session: SessionId, last: Option<MessageId>) -> i64;

    /// The messages that show a poll, the newest first.
    poll_messages = polls::messages(project: ProjectId, poll_id: &str) -> Vec<MessageId>;

    /// The polls that messages show, as Telegram names them.
    polls_in = polls::of_messages(messages: &[i64]) -> Vec<String>;
}

catalogue! { Tx:
    /// Adds a message that Telegram numbers, unless it is there. Answers it if it was not.
    insert_new_message = messages::insert_new(message: &NewMessage) -> Option<Message>;
    /// Writes what a message says since its author changed it, unless what stands was written later. Answers whether
    /// anything was written.
    reword_message = messages::reword(id: MessageId, rewording: &Rewording<'_>) -> bool;
    /// Notes that a message shows a poll.
    insert_poll = polls::insert(project: ProjectId, poll_id: &str, message: MessageId) -> ();
    /// Notes that somebody tapped a button. Answers whether it was for the first time.
    insert_press = presses::insert(code: &str, user: TelegramUserId) -> bool;

    /// Adds a message.
    insert_message = messages::insert(message: &NewMessage) -> Message;
    /// Writes what Telegram answered to the sending of a message.
    set_delivery = messages::set_delivery(id: MessageId, delivery: &Delivery, telegram_message_id: Option<i64>) -> ();
    /// Writes that messages were sent, each with its number in Telegram if that could be read.
    set_messages_sent = messages::set_sent(sent: &[(MessageId, Option<i64>)]) -> ();
    /// Writes a message's text as its author changed it.
    set_message_text = messages::set_text(id: MessageId, text: &str, entities: Option<&str>, edited_at: Time) -> ();

    /// Writes what was asked for of a message and what came of it.
    set_changes = messages::set_changes(id: MessageId, changes: &Vec<Change>) -> ();
    /// Writes what a message shows, with since when.
    set_wording = messages::set_wording(id: MessageId, wording: &Wording) -> ();
    /// Writes what a message holds beside its text.
    set_content = messages::set_content(id: MessageId, content: &Content) -> ();
    /// Notes that a message is gone from its chat, and so no longer pinned.
    set_deleted = messages::set_deleted(id: MessageId, deleted_at: Time) -> ();
    /// Notes since when a message has been pinned, or that it is not.
    set_pinned = messages::set_pinned(id: MessageId, pinned_at: Option<Time>) -> ();
    /// Adds a button.
    insert_button = buttons::insert(button: &Button, now: Time) -> ();
}
