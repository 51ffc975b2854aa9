//! Changing the text of a message.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::message::{MessageEditRefusal as Refusal, MessageRefusal, NewWording};
use domain::session::ReplyRefusal;
use domain::text::TextRefusal;

use super::Message;
use super::wording::{MessageEntityInput, entities, place_of};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `messageEdit` takes.
#[derive(InputObject)]
pub(crate) struct MessageEditInput {
    /// The global id of the message.
    message_id: ID,
    /// The new text, as plain text: 1 to 4096 UTF-16 code units with at least one visible character; under a file 0 to
    /// 1024.
    text: String,
    /// The formatting of the new text, 100 stretches at most. Null or left out: none.
    entities: Option<Vec<MessageEntityInput>>,
}

/// What came of `messageEdit`.
#[derive(SimpleObject)]
pub(crate) struct MessageEditPayload {
    /// The message with its new text, which the chat shows as soon as `changes` says so. Null if it was left as it is.
    message: Option<Message>,
    /// Why the message was left as it is. Empty if all went well.
    user_errors: Vec<MessageEditError>,
}

user_error! {
    /// Why `messageEdit` left the message as it is.
    MessageEditError,
    /// The reasons of `messageEdit` to leave the message as it is.
    MessageEditErrorCode {
        /// This is not the id of a message.
        InvalidId,
        /// There is no such message, or you may not see it.
        MessageNotFound,
        /// The session is closed: open it again first.
        SessionClosed,
        /// Another agent answers in this session.
        NotActiveReplier,
        /// The desk has not sent this message.
        NotOwnMessage,
        /// The message was deleted, or is about to be.
        MessageDeleted,
        /// The message was not delivered, or nobody can tell whether it was: settle that first by
        /// `messageDeliverySettle`.
        NotDelivered,
        /// The message is of a kind without text.
        NoText,
        /// The text has no visible character.
        TextEmpty,
        /// The text is longer than Telegram takes.
        TextTooLong,
        /// The formatting is one that Telegram would not take.
        EntitiesInvalid,
    }
}

#[derive(Default)]
pub(crate) struct MessageEdit;

#[Object]
impl MessageEdit {
    /// Changes the text or the caption of a message that the desk has sent, or that still waits to be sent. Its file and
    /// its buttons stay. Of several edits the newest is the one that the chat shows in the end. For the assignee; while nobody
    /// has the session, for everybody who sees it.
    async fn message_edit(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The message and its new text.")] input: MessageEditInput,
    ) -> Result<MessageEditPayload> {
        let view = View::fresh(context).await?;
        let (message, user_errors) = settled(edit(&view, input)).await?;
        Ok(MessageEditPayload { message: message.map(|message| Message::new(Arc::new(message), &view)), user_errors })
    }
}

async fn edit(
    view: &View,
    input: MessageEditInput,
) -> Result<domain::Message, Stop<domain::Message, MessageEditError>> {
    use MessageEditErrorCode as Code;
    let id = id::parse(&input.message_id)
        .map_err(|invalid| MessageEditError::new(Code::InvalidId, Some("messageId"), invalid))?;
    let entities = entities(input.entities)
        .map_err(|bad| MessageEditError::at(Code::EntitiesInvalid, bad.place(), bad.message))?;
    let edited = view.desk().message_edit(view.actor(), id, &NewWording { text: input.text, entities }).await;
    edited.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Message, MessageEditError> {
    use MessageEditErrorCode as Code;
    let field = |name: &str| vec![name.to_owned()];
    let (code, place) = match &refusal {
        Refusal::Message(reason) => {
            let code = match reason {
                MessageRefusal::NotFound => Code::MessageNotFound,
                MessageRefusal::Replier(ReplyRefusal::Closed) => Code::SessionClosed,
                MessageRefusal::Replier(ReplyRefusal::NotActiveReplier) => Code::NotActiveReplier,
                MessageRefusal::NotOwn => Code::NotOwnMessage,
                MessageRefusal::Deleted => Code::MessageDeleted,
                MessageRefusal::NotDelivered | MessageRefusal::UnknownDelivery | MessageRefusal::NumberUnknown => {
                    Code::NotDelivered
                }
            };
            (code, field("messageId"))
        }
        Refusal::NoText(_) => (Code::NoText, field("messageId")),
        Refusal::Text(TextRefusal::Empty) => (Code::TextEmpty, field("text")),
        Refusal::Text(TextRefusal::TooLong { .. } | TextRefusal::TooManyParts { .. }) => {
            (Code::TextTooLong, field("text"))
        }
        Refusal::Formatting(refusal) => (Code::EntitiesInvalid, place_of(refusal)),
    };
    MessageEditError::at(code, place, refusal).into()
}
