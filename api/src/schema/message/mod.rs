//! Messages: the items of a session.

mod album;
mod change;
mod content;
mod delete;
mod delivery;
mod delivery_settle;
mod details;
mod edit;
mod entity;
mod loader;
mod media;
mod object;
mod pin;
mod send;
mod undelivered;
mod unpin;
mod warning;
mod wording;

pub(crate) use album::AlbumMessages;
pub(crate) use delete::MessageDelete;
pub(crate) use delivery_settle::MessageDeliverySettle;
pub(crate) use edit::MessageEdit;
pub(crate) use entity::MessageEntity;
pub(crate) use loader::{MessageById, PinnedInSession};
pub(crate) use media::MediaKind;
pub(crate) use object::Message;
pub(crate) use pin::MessagePin;
pub(crate) use send::{MessageMediaInput, MessageSend, files, item};
pub(crate) use undelivered::{UndeliveredState, undelivered_page};
pub(crate) use unpin::MessageUnpin;
pub(crate) use warning::MessageSendWarning;
pub(crate) use wording::{MessageEntityInput, entities, place_of};
