//! Answering a customer.

use domain::event::Cause;
use domain::formatting::{self, Entity, FormattingRefusal, Part};
use domain::message::{
    Button, ButtonRefusal, Content, Media, MediaKind, MediaRefusal, Quote, TEXT_KIND, Thread, caption_limit,
    check_buttons, check_media, check_size,
};
use domain::session::{ReplyRefusal, check_replier};
use domain::text::{self, MESSAGE_TEXT_UTF16_UNITS, PARTS, TextRefusal, without_nul};
use domain::{
    AgentId, ApiScope, CannedReplyId, ChatId, DeliveryState, Direction, EventKind, FileId, Message, MessageId, Project,
    Session, SessionId, Time,
};
use store::Tx;
use store::messages::NewMessage;
use store::outbox::Lane;

use super::outgoing::kind_of;
use super::{call_of, message_event};
use crate::idempotency::Request;
use crate::keys::random_id;
use crate::retry::retried;
use crate::session::{SessionChange, schedule_idle_close, touch};
use crate::{Actor, Desk, Error, IdempotencyKeyRefusal, Rejected, sla, trigger};

/// An answer to a customer.
#[derive(Debug, Clone, serde::Serialize)]
pub struct NewReply {
    /// The session.
    pub session_id: SessionId,
    /// The text; under files the caption. Empty for none.
    pub text: String,
    /// The formatting of the text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<Entity>,
    /// The files: one, or the items of an album.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<NewMedia>,
    /// The message it answers.
    pub reply_to_id: Option<MessageId>,
    /// The part of that message that it answers, as it stands there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// The buttons under it, row by row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Vec<Button>>,
    /// The canned reply that it was made from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canned_reply_id: Option<CannedReplyId>,
    /// Makes sending the same request again harmless for 24 hours.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

impl NewReply {
    /// A plain text.
    pub fn text(session_id: SessionId, text: impl Into<String>) -> Self {
        Self {
            session_id,
            text: text.into(),
            entities: Vec::new(),
            media: Vec::new(),
            reply_to_id: None,
            quote: None,
            buttons: Vec::new(),
            canned_reply_id: None,
            idempotency_key: None,
        }
    }
}

/// A file to be sent.
#[derive(Debug, Clone, Copy, serde::Serialize)]
pub struct NewMedia {
    /// The file, which the agent has uploaded.
    pub file_id: FileId,
    /// What it is to be to Telegram.
    pub kind: MediaKind,
}

/// Why an answer was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageSendRefusal {
    /// There is no such session, or the actor may not know of it.
    #[error("there is no such session, or it has ended for you")]
    SessionNotFound,
    /// The actor may not answer in it.
    #[error(transparent)]
    Replier(#[from] ReplyRefusal),
    /// Telegram could not take the text.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// Telegram could not take the formatting.
    #[error(transparent)]
    Formatting(#[from] FormattingRefusal),
    /// Telegram could not take the files.
    #[error(transparent)]
    Media(#[from] MediaRefusal),
    /// A file is not there.
    #[error(
        "there is no such file as in `media[{index}]`: upload it first, with the same sign-in and for the same project"
    )]
    FileNotFound {
        /// Which of the files, counted from 0.
        index: usize,
    },
    /// Telegram could not take the buttons.
    #[error(transparent)]
    Buttons(#[from] ButtonRefusal),
    /// The message to answer is not in this session.
    #[error("the message to reply to is not in this session: reply to one of its messages, or to none")]
    ReplyToNotFound,
    /// The quotation is not a part of the answered message.
    #[error("the quote is not in the message to reply to: copy it from its text as it stands, and give `replyToId`")]
    QuoteNotFound,
    /// There is no such canned reply in the project, or it is somebody else's own.
    #[error("there is no such canned reply in this project: leave `cannedReplyId` out")]
    CannedReplyNotFound,
    /// The key cannot be taken.
    #[error(transparent)]
    IdempotencyKey(#[from] IdempotencyKeyRefusal),
}

impl<E: Into<MessageSendRefusal>> From<E> for Rejected<MessageSendRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

/// A message that is to be stored, before it has a place.
struct Draft {
    kind: String,
    part: Part,
    media: Option<Media>,
}

/// An answer on its way into a session, which is locked in a transaction.
pub(crate) struct Sending<'a> {
    pub(crate) tx: &'a mut Tx,
    pub(crate) session: &'a mut Session,
    pub(crate) project: &'a Project,
    /// As whom it goes out.
    pub(crate) author: AgentId,
    /// Why it goes out.
    pub(crate) cause: Cause,
    /// The present time on the project's clock.
    pub(crate) now: Time,
    /// The same moment on the wall clock.
    pub(crate) wall: Time,
}

/// Where the messages go.
struct Destination {
    chat_id: ChatId,
    thread: Thread,
}

impl Desk {
    /// Stores an answer and has it delivered. In a session that nobody has, the actor becomes the one who answers. What
    /// is too long for one message becomes several, as an album does; they are given in their order.
    pub async fn message_send(
        &self,
        actor: &Actor,
        reply: &NewReply,
    ) -> Result<Vec<Message>, Rejected<MessageSendRefusal>> {
        actor.needs(ApiScope::MessagesSend)?;
        let parts = parts_of(reply)?;
        let request = Request::new(actor.agent.id, reply.idempotency_key.as_deref(), "messageSend", reply)??;
        retried(|| self.try_message_send(actor, reply, &parts, &request)).await
    }

    async fn try_message_send(
        &self,
        actor: &Actor,
        reply: &NewReply,
        parts: &[Part],
        request: &Request<'_>,
    ) -> Result<Vec<Message>, Rejected<MessageSendRefusal>> {
        let change = self.change_any_session(actor, reply.session_id).await?;
        let mut change = change.ok_or(MessageSendRefusal::SessionNotFound)?;
        if let Some((first, count)) = request.earlier_several(self, &mut change.tx).await?? {
            return Ok(earlier(&mut change, first, count).await?);
        }
        count_canned_reply(&mut change, reply).await?;
        let sending = Sending {
            tx: &mut change.tx,
            session: &mut change.session,
            project: &change.project,
            author: actor.agent.id,
            cause: Cause::AgentReply,
            now: change.now,
            wall: change.wall,
        };
        let messages = sending.send(reply, parts).await?;
        if let Some(first) = messages.first() {
            let count = i64::try_from(messages.len()).map_err(Error::internal)?;
            request.answer_several(self, &mut change.tx, first.id.0, count).await?;
        }
        self.commit(change.tx).await?;
        Ok(messages)
    }
}

impl Sending<'_> {
    /// Stores the answer and has it delivered, if its author may answer.
    pub(crate) async fn send(
        mut self,
        reply: &NewReply,
        parts: &[Part],
    ) -> Result<Vec<Message>, Rejected<MessageSendRefusal>> {
        check_replier(self.session, self.author)?;
        let answered = answered(&mut self, reply).await?;
        let drafts = self.drafts(reply, parts).await?;
        let messages = self.store_messages(reply, drafts, answered.as_ref()).await?;
        self.queue(&messages, answered.as_ref()).await?;
        self.note_answer(&messages).await?;
        Ok(messages)
    }

    /// The messages to be made: first the one with the file or the items of the album, then those of the text alone.
    async fn drafts(&mut self, reply: &NewReply, parts: &[Part]) -> Result<Vec<Draft>, Rejected<MessageSendRefusal>> {
        let mut parts = parts.iter().cloned().peekable();
        let mut drafts = Vec::new();
        for (index, NewMedia { file_id, kind }) in reply.media.iter().copied().enumerate() {
            let file = crate::file::sendable(self.tx, self.author, self.session.project_id, file_id).await?;
            let file = file.ok_or(MessageSendRefusal::FileNotFound { index })?;
            check_size(index, kind, file.size_bytes)?;
            self.tx.mark_file_used(file.id, self.wall).await?;
            self.tx.note_file_use(self.session.customer_id, file.id).await?;
            let has_caption = index == 0 && caption_limit(kind) > 0;
            let caption = if has_caption { parts.next() } else { None };
            let media = Media {
                telegram_file_id: file.telegram_file_id_as(kind).map(str::to_owned),
                file_id: Some(file.id),
                size_bytes: Some(file.size_bytes),
                name: Some(file.name),
                mime_type: Some(file.mime_type),
                ..Media::new(kind)
            };
            let part = caption.unwrap_or_else(|| Part { text: String::new(), entities: Vec::new() });
            drafts.push(Draft { kind: kind_of(kind).to_owned(), part, media: Some(media) });
        }
        drafts.extend(parts.map(|part| Draft { kind: TEXT_KIND.to_owned(), part, media: None }));
        Ok(drafts)
    }

    async fn store_messages(
        &mut self,
        reply: &NewReply,
        drafts: Vec<Draft>,
        answered: Option<&Message>,
    ) -> Result<Vec<Message>, Error> {
        let Destination { chat_id, thread } = destination(self, answered).await?;
        let album_id = (reply.media.len() > 1).then(random_id);
        let last = drafts.len().saturating_sub(1);
        let mut messages = Vec::with_capacity(drafts.len());
        for (index, Draft { kind, part, media }) in drafts.into_iter().enumerate() {
            let is_item = media.is_some();
            // An album answers as a whole, so that none of its items takes that along when it is taken back.
            let answers = index == 0 || is_item;
            let quote =
                reply.quote.as_deref().filter(|_| answers).map(|text| Quote { text: text.to_owned(), entities: None });
            let buttons = if index == last { with_codes(&reply.buttons) } else { Vec::new() };
            let message = self
                .tx
                .insert_message(&NewMessage {
                    project_id: self.session.project_id,
                    session_id: self.session.id,
                    customer_id: self.session.customer_id,
                    chat_id,
                    direction: Direction::Outbound,
                    kind,
                    text: part.text,
                    entities: json_of(&part.entities)?,
                    author_id: Some(self.author),
                    reply_to_id: reply.reply_to_id.filter(|_| answers),
                    telegram_message_id: None,
                    delivery: Some(DeliveryState::Queued),
                    content: Content { media, quote, thread: thread.clone(), buttons, ..Content::default() },
                    album_id: album_id.clone().filter(|_| is_item),
                    created_at: self.now,
                })
                .await?;
            self.store_buttons(&message).await?;
            messages.push(message);
        }
        Ok(messages)
    }

    async fn store_buttons(&mut self, message: &Message) -> Result<(), Error> {
        for Button { text, callback_data, .. } in message.content.buttons.iter().flatten() {
            let Some(code) = callback_data else { continue };
            let (project_id, message_id) = (message.project_id, message.id);
            let (code, label) = (code.clone(), text.clone());
            let button = store::buttons::Button { code, project_id, message_id, label, action: None };
            self.tx.insert_button(&button, self.wall).await?;
        }
        Ok(())
    }

    /// Has the messages sent in their order, the items of an album by one call.
    async fn queue(&mut self, messages: &[Message], answered: Option<&Message>) -> Result<(), Error> {
        let mut answered = answered;
        for together in messages.chunk_by(|one, next| one.album_id.is_some() && one.album_id == next.album_id) {
            if let Some(call) = call_of(together, answered.take(), Lane::LiveReply) {
                self.tx.insert_call(&call, self.wall).await?;
            }
        }
        Ok(())
    }

    /// The author is the one who answers now, and has seen everything.
    async fn note_answer(&mut self, messages: &[Message]) -> Result<(), Error> {
        let session = &mut *self.session;
        session.assign(Some(self.author), self.now);
        let awaited_customer = session.awaits_customer();
        session.answer();
        session.waiting_since = None;
        session.last_message_id = messages.last().map(|message| message.id);
        session.last_message_at = self.now;
        if session.last_direction == Direction::Inbound {
            self.tx.note_first_answer(session, Some(self.author), self.now).await?;
        }
        session.last_direction = Direction::Outbound;
        let updated = touch(self.tx, session, self.cause, self.now).await?;
        let added =
            messages.iter().map(|message| message_event(message, EventKind::MessageAdded, self.cause, self.now));
        let events: Vec<_> = added.chain([updated]).collect();
        self.tx.append_events(&events, self.wall).await?;
        self.tx.mark_seen(session.id, self.author, session.inbound_count).await?;
        sla::session_answered(self.tx, self.project, session, self.now).await?;
        if awaited_customer {
            trigger::session_stands(self.tx, self.project, session, false, self.wall).await?;
        }
        let life = self.project.session_life;
        Ok(schedule_idle_close(self.tx, session, life, self.now, self.wall).await?)
    }
}

/// Counts that a canned reply is sent, which the agent has to have.
async fn count_canned_reply(change: &mut SessionChange, reply: &NewReply) -> Result<(), Rejected<MessageSendRefusal>> {
    let Some(id) = reply.canned_reply_id else { return Ok(()) };
    let found = change.tx.canned_replies(&[id.0]).await?.pop();
    let has_it = found.is_some_and(|found| {
        found.project_id == change.project.id && found.owner_id.is_none_or(|owner| owner == change.agent.id)
    });
    if !has_it {
        return Err(MessageSendRefusal::CannedReplyNotFound.into());
    }
    Ok(change.tx.count_canned_reply(id).await?)
}

/// The texts of the messages, if Telegram could take all of the answer. With a file the first one is its caption.
pub(crate) fn parts_of(reply: &NewReply) -> Result<Vec<Part>, MessageSendRefusal> {
    let kinds: Vec<MediaKind> = reply.media.iter().map(|media| media.kind).collect();
    check_media(&kinds)?;
    check_buttons(&reply.buttons)?;
    let text = without_nul(&reply.text);
    formatting::check(&text, &reply.entities)?;
    if text::is_blank(&text) {
        return match kinds.len() {
            0 => Err(TextRefusal::Empty.into()),
            1 => Ok(Vec::new()),
            _ if reply.buttons.is_empty() => Ok(Vec::new()),
            _ => Err(ButtonRefusal::UnderAlbum.into()),
        };
    }
    let caption = kinds.first().map_or(0, |kind| caption_limit(*kind));
    let first_limit = if caption > 0 { caption } else { MESSAGE_TEXT_UTF16_UNITS };
    let parts = formatting::split(&text, &reply.entities, first_limit, MESSAGE_TEXT_UTF16_UNITS);
    if parts.len() > PARTS {
        return Err(TextRefusal::TooManyParts { parts: parts.len() }.into());
    }
    let texts_behind = parts.len() - usize::from(caption > 0);
    if kinds.len() > 1 && texts_behind == 0 && !reply.buttons.is_empty() {
        return Err(ButtonRefusal::UnderAlbum.into());
    }
    Ok(parts)
}

/// The message that the reply answers, if it names one.
async fn answered(
    sending: &mut Sending<'_>,
    reply: &NewReply,
) -> Result<Option<Message>, Rejected<MessageSendRefusal>> {
    let Some(id) = reply.reply_to_id else {
        return if reply.quote.is_none() { Ok(None) } else { Err(MessageSendRefusal::QuoteNotFound.into()) };
    };
    let found = sending.tx.message(id).await?.filter(|message| message.session_id == sending.session.id);
    let found = found.ok_or(MessageSendRefusal::ReplyToNotFound)?;
    match &reply.quote {
        Some(quote) if text::is_blank(quote) || !found.text.contains(quote.as_str()) => {
            Err(MessageSendRefusal::QuoteNotFound.into())
        }
        Some(quote) if text::check_caption(quote).is_err() => Err(MessageSendRefusal::QuoteNotFound.into()),
        _ => Ok(Some(found)),
    }
}

/// Where the answered message was written, or else where the customer wrote last. A group that has become a supergroup
/// takes nothing under the number that its earlier messages have.
async fn destination(sending: &mut Sending<'_>, answered: Option<&Message>) -> Result<Destination, Error> {
    let Session { project_id, chat_id, ref thread, .. } = *sending.session;
    let Some(answered) = answered else { return Ok(Destination { chat_id, thread: thread.clone() }) };
    let moved_to = match answered.chat_id {
        of_answered if of_answered == chat_id => None,
        of_answered => sending.tx.chat_migration(project_id, of_answered).await?,
    };
    Ok(Destination { chat_id: moved_to.unwrap_or(answered.chat_id), thread: answered.content.thread.clone() })
}

/// The buttons, each whose tap the desk is to be told of with a code that nobody can guess.
fn with_codes(rows: &[Vec<Button>]) -> Vec<Vec<Button>> {
    let with_code = |button: &Button| Button { callback_data: button.url.is_none().then(random_id), ..button.clone() };
    rows.iter().map(|row| row.iter().map(with_code).collect()).collect()
}

/// What an earlier request under the same key made: within a session, messages are added one request after another.
async fn earlier(change: &mut SessionChange, first: i64, count: i64) -> Result<Vec<Message>, Error> {
    let size = usize::try_from(count).map_err(Error::internal)?;
    let page = domain::filter::Page { after: Some(MessageId(first - 1)), before: None, size, from_end: false };
    let messages = change.tx.message_page(change.session.id, page).await?;
    if messages.is_empty() { Err(Error::NotFound("message")) } else { Ok(messages) }
}

/// Entities as they are stored; nothing for none.
pub(super) fn json_of(entities: &[Entity]) -> Result<Option<String>, Error> {
    if entities.is_empty() {
        return Ok(None);
    }
    serde_json::to_string(entities).map(Some).map_err(Error::internal)
}
