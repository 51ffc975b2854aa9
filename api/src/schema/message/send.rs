//! Answering a customer.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use desk::IdempotencyKeyRefusal;
use desk::message::{MessageSendRefusal as Refusal, NewMedia, NewReply};
use domain::CustomerId;
use domain::message::{Button, ButtonRefusal};
use domain::session::ReplyRefusal;
use domain::text::TextRefusal;

use super::Message;
use super::media::MediaKind;
use super::warning::MessageSendWarning;
use super::wording::{MessageEntityInput, entities, place_of};
use crate::schema::error::Result;
use crate::schema::id::{self, InvalidId};
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `messageSend` takes.
#[derive(InputObject)]
pub(crate) struct MessageSendInput {
    /// The global id of the session to answer in.
    session_id: ID,
    /// The text, as plain text with at least one visible character. It may be left out if there is `media`, under which it
    /// stands as the caption. What is over 4096 UTF-16 code units, or over 1024 under a file, goes on in further
    /// messages, 10 at most; the cuts are made between paragraphs, sentences or words, and formatting goes on across them.
    text: Option<String>,
    /// The formatting of the text, 100 stretches at most. Null or left out: none.
    entities: Option<Vec<MessageEntityInput>>,
    /// The files to send: one, or 2 to 10 as an album. In an album, photos and videos go together, documents among
    /// themselves and audio among itself. Null or left out: none.
    media: Option<Vec<MessageMediaInput>>,
    /// The global id of the message in this session that the text answers. The answer goes to where that was written.
    /// Null or left out: none in particular, and the answer goes to where the customer wrote last.
    reply_to_id: Option<ID>,
    /// The part of the message to reply to that is answered, as it stands in its text; 1024 UTF-16 code units at most. Null
    /// or left out: all of it.
    quote: Option<String>,
    /// The buttons under the message, row by row: 12 rows of 8 at most. If the text becomes several messages they are under
    /// the last one. An album has none. Null or left out: none.
    buttons: Option<Vec<Vec<MessageButtonInput>>>,
    /// The global id of the canned reply that the text was made from, for its count of uses. Null or left out: none.
    canned_reply_id: Option<ID>,
    /// A key that you choose for this request, 1 to 255 bytes, best a random UUID. Within 24 hours the same key with the
    /// same input sends nothing again and gives the first answer. Null or left out: sending again sends again.
    idempotency_key: Option<String>,
}

/// A file to be sent.
#[derive(InputObject)]
pub(crate) struct MessageMediaInput {
    /// The global id of the file, which you have uploaded for this project (`POST /files`).
    file_id: ID,
    /// What it is to be to Telegram: a photo has 10 MB at most, everything else 50 MB.
    kind: MediaKind,
}

/// A button under a message.
#[derive(InputObject)]
pub(crate) struct MessageButtonInput {
    /// What it says: 1 to 64 UTF-16 code units.
    text: String,
    /// The page that it opens, beginning with `https://`, `http://` or `tg://`. Null or left out: its tap shows as a message
    /// of the customer.
    url: Option<String>,
}

/// What came of `messageSend`.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct MessageSendPayload {
    /// The message, stored and queued for delivery; if there are several, the first. Null if nothing was sent.
    message: Option<Message>,
    /// All messages that were made, in their order: the items of an album, the parts of a long text. Empty if nothing was
    /// sent.
    messages: Vec<Message>,
    /// Why nothing was sent. Empty if all went well.
    user_errors: Vec<MessageSendError>,
    /// The customer to whom it was sent, with who did it.
    #[graphql(skip)]
    sent_to: Option<(CustomerId, View)>,
}

#[ComplexObject]
impl MessageSendPayload {
    /// What the agent should know about what was sent. It was sent all the same.
    async fn warnings(&self) -> Vec<MessageSendWarning> {
        let Some((customer, view)) = &self.sent_to else { return Vec::new() };
        MessageSendWarning::of_sent(view.desk().night_of_customer(view.actor(), *customer).await)
    }
}

user_error! {
    /// Why `messageSend` sent nothing.
    MessageSendError,
    /// The reasons of `messageSend` to send nothing.
    MessageSendErrorCode {
        /// This is not the id of a session, of a message, of a file, or of a canned reply.
        InvalidId,
        /// There is no such session, or you may not see it.
        SessionNotFound,
        /// The session is closed: open it again first.
        SessionClosed,
        /// Another agent answers in this session.
        NotActiveReplier,
        /// The text has no visible character, and there is no file.
        TextEmpty,
        /// The text would become more messages than go out at once.
        TextTooLong,
        /// The formatting is one that Telegram would not take.
        EntitiesInvalid,
        /// The files are not ones that Telegram would take, or not together.
        MediaInvalid,
        /// There is no such file, or you have not uploaded it for this project.
        FileNotFound,
        /// The buttons are not ones that Telegram would show.
        ButtonsInvalid,
        /// The message to reply to is not in this session.
        ReplyToNotFound,
        /// The quote is not in the message to reply to.
        QuoteNotFound,
        /// There is no such canned reply in the project, or it is somebody else's own.
        CannedReplyNotFound,
        /// The idempotency key is empty or too long.
        IdempotencyKeyMalformed,
        /// The idempotency key was used with another input.
        IdempotencyKeyReused,
    }
}

#[derive(Default)]
pub(crate) struct MessageSend;

#[Object]
impl MessageSend {
    /// Answers the customer of a session. If nobody has the session, you become its assignee. The answer is stored before
    /// this returns; follow its `delivery` by `sessionMessages` or `sessionEvents`. The session is `PROCESSING` then, unless it
    /// waits for a third party or a promised time: that stands until its time, a message of the customer or
    /// `sessionStatusUpdate`.
    async fn message_send(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The answer and where it belongs.")] input: MessageSendInput,
    ) -> Result<MessageSendPayload> {
        let view = View::fresh(context).await?;
        let (sent, user_errors) = settled(send(&view, input)).await?;
        let sent: Vec<_> = sent.into_iter().flatten().map(Arc::new).collect();
        Ok(MessageSendPayload {
            sent_to: sent.first().map(|message| (message.customer_id, view.clone())),
            message: sent.first().map(|message| Message::new(message.clone(), &view)),
            messages: sent.into_iter().map(|message| Message::new(message, &view)).collect(),
            user_errors,
        })
    }
}

type Sent = Vec<domain::Message>;

async fn send(view: &View, input: MessageSendInput) -> Result<Sent, Stop<Sent, MessageSendError>> {
    use MessageSendErrorCode as Code;
    let invalid = |field| move |invalid| MessageSendError::new(Code::InvalidId, Some(field), invalid);
    let button = |MessageButtonInput { text, url }| Button { text, url, callback_data: None };
    let reply = NewReply {
        session_id: id::parse(&input.session_id).map_err(invalid("sessionId"))?,
        text: input.text.unwrap_or_default(),
        entities: entities(input.entities)
            .map_err(|bad| MessageSendError::at(Code::EntitiesInvalid, bad.place(), bad.message))?,
        media: files(input.media).map_err(|bad| MessageSendError::at(Code::InvalidId, bad.place(), bad.invalid))?,
        reply_to_id: input.reply_to_id.map(|id| id::parse(&id)).transpose().map_err(invalid("replyToId"))?,
        quote: input.quote,
        buttons: input.buttons.into_iter().flatten().map(|row| row.into_iter().map(button).collect()).collect(),
        canned_reply_id: input
            .canned_reply_id
            .map(|id| id::parse(&id))
            .transpose()
            .map_err(invalid("cannedReplyId"))?,
        idempotency_key: input.idempotency_key,
    };
    let sent = view.desk().message_send(view.actor(), &reply).await;
    sent.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<Sent, MessageSendError> {
    use MessageSendErrorCode as Code;
    let field = |name: &str| vec![name.to_owned()];
    let (code, place) = match &refusal {
        Refusal::SessionNotFound => (Code::SessionNotFound, field("sessionId")),
        Refusal::Replier(ReplyRefusal::Closed) => (Code::SessionClosed, field("sessionId")),
        Refusal::Replier(ReplyRefusal::NotActiveReplier) => (Code::NotActiveReplier, field("sessionId")),
        Refusal::Text(TextRefusal::Empty) => (Code::TextEmpty, field("text")),
        Refusal::Text(TextRefusal::TooLong { .. } | TextRefusal::TooManyParts { .. }) => {
            (Code::TextTooLong, field("text"))
        }
        Refusal::Formatting(refusal) => (Code::EntitiesInvalid, place_of(refusal)),
        Refusal::Media(refusal) => (Code::MediaInvalid, item("media", refusal.index())),
        Refusal::FileNotFound { index } => (Code::FileNotFound, item("media", Some(*index))),
        Refusal::Buttons(refusal) => (Code::ButtonsInvalid, place_of_button(refusal)),
        Refusal::ReplyToNotFound => (Code::ReplyToNotFound, field("replyToId")),
        Refusal::QuoteNotFound => (Code::QuoteNotFound, field("quote")),
        Refusal::CannedReplyNotFound => (Code::CannedReplyNotFound, field("cannedReplyId")),
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Malformed) => {
            (Code::IdempotencyKeyMalformed, field("idempotencyKey"))
        }
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Reused) => (Code::IdempotencyKeyReused, field("idempotencyKey")),
    };
    MessageSendError::at(code, place, refusal).into()
}

/// A file whose id is none.
pub(crate) struct BadFile {
    index: usize,
    pub(crate) invalid: InvalidId,
}

impl BadFile {
    /// Where it is in the input.
    pub(crate) fn place(&self) -> [String; 3] {
        ["media".to_owned(), self.index.to_string(), "fileId".to_owned()]
    }
}

/// The files as the desk takes them.
pub(crate) fn files(input: Option<Vec<MessageMediaInput>>) -> Result<Vec<NewMedia>, BadFile> {
    let file = |(index, MessageMediaInput { file_id, kind }): (usize, MessageMediaInput)| {
        let file_id = id::parse(&file_id).map_err(|invalid| BadFile { index, invalid })?;
        Ok(NewMedia { file_id, kind: kind.into() })
    };
    input.into_iter().flatten().enumerate().map(file).collect()
}

/// The place of an item of a list in the input, or of the list as a whole.
pub(crate) fn item(list: &str, index: Option<usize>) -> Vec<String> {
    std::iter::once(list.to_owned()).chain(index.map(|index| index.to_string())).collect()
}

fn place_of_button(refusal: &ButtonRefusal) -> Vec<String> {
    let within = match refusal {
        ButtonRefusal::TooMany | ButtonRefusal::UnderAlbum => vec![],
        ButtonRefusal::EmptyRow { row } => vec![row.to_string()],
        ButtonRefusal::Label { row, column } => vec![row.to_string(), column.to_string(), "text".to_owned()],
        ButtonRefusal::Url { row, column } => vec![row.to_string(), column.to_string(), "url".to_owned()],
    };
    std::iter::once("buttons".to_owned()).chain(within).collect()
}
