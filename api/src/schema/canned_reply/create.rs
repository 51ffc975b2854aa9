//! Making a canned reply.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::IdempotencyKeyRefusal;
use desk::canned::{CannedReplyRefusal as Refusal, NewCannedReply};
use domain::bot_text::BotTextRefusal;
use domain::name::NameRefusal;
use domain::text::TextRefusal;

use super::CannedReply;
use crate::schema::bot_text::BotTextInput;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `cannedReplyCreate` takes.
#[derive(InputObject)]
pub(crate) struct CannedReplyCreateInput {
    /// The global id of the project.
    project_id: ID,
    /// True for one that all agents of the project share, which supervisors and administrators make. Null, left out or
    /// false: your own, which nobody else sees.
    shared: Option<bool>,
    /// What agents type for it: 1 to 40 characters without a space, in lower case, which no other one of the same owner
    /// has.
    shortcut: String,
    /// What it is called, 1 to 100 characters.
    title: String,
    /// The text in each language, and one without a language for all others: each as a message has it, with
    /// placeholders such as `{customer.name|there}`. Behind `|` stands what there is to say if there is nothing under
    /// the name; `{{` and `}}` are braces. The names are `customer.name`, `customer.username`, `agent.name`,
    /// `session.number`, `project.name`, and `attribute.` with the name of an attribute of the customer.
    texts: Vec<BotTextInput>,
    /// A key that you choose for this request, 1 to 255 bytes, best a random UUID. Within 24 hours the same key with
    /// the same input makes no other one and gives the first one. Null or left out: sending again is another request.
    idempotency_key: Option<String>,
}

/// What came of `cannedReplyCreate`.
#[derive(SimpleObject)]
pub(crate) struct CannedReplyCreatePayload {
    /// The new canned reply. Null if none was made.
    canned_reply: Option<CannedReply>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<CannedReplyCreateError>,
}

user_error! {
    /// Why `cannedReplyCreate` did nothing.
    CannedReplyCreateError,
    /// The reasons of `cannedReplyCreate` to do nothing.
    CannedReplyCreateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// It is shared, and you are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The shortcut is empty, has a space or more than 40 characters.
        ShortcutMalformed,
        /// Another canned reply of the same owner has this shortcut.
        ShortcutTaken,
        /// The title has no visible character.
        TitleEmpty,
        /// The title has more than 100 characters.
        TitleTooLong,
        /// The title has a control character or one that turns the direction of writing.
        TitleInvalid,
        /// A language is not an IETF tag, is there twice, or there are too many.
        LanguageInvalid,
        /// There is no text without a language.
        NoFallback,
        /// A text has no visible character, or there is none.
        TextEmpty,
        /// A text has more than 4096 UTF-16 code units.
        TextTooLong,
        /// A placeholder stands for nothing.
        UnknownPlaceholder,
        /// The project has 500 shared ones, or you have 200 of your own in it.
        TooManyCannedReplies,
        /// The idempotency key is empty or too long.
        IdempotencyKeyMalformed,
        /// The idempotency key was used for another request within 24 hours.
        IdempotencyKeyReused,
    }
}

#[derive(Default)]
pub(crate) struct CannedReplyCreate;

#[Object]
impl CannedReplyCreate {
    /// Makes a canned reply: a text that agents have ready, in several languages. Preview it with `cannedReplyPreview`,
    /// and send what that gives with `messageSend`.
    async fn canned_reply_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The canned reply to make.")] input: CannedReplyCreateInput,
    ) -> Result<CannedReplyCreatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(CannedReplyCreatePayload {
            canned_reply: done.map(|done| CannedReply::new(Arc::new(done), &view)),
            user_errors,
        })
    }
}

async fn run(
    view: &View,
    input: CannedReplyCreateInput,
) -> Result<domain::CannedReply, Stop<domain::CannedReply, CannedReplyCreateError>> {
    use CannedReplyCreateErrorCode as Code;
    let invalid = |field| move |invalid| CannedReplyCreateError::new(Code::InvalidId, Some(field), invalid);
    let new = NewCannedReply {
        project_id: id::parse(&input.project_id).map_err(invalid("projectId"))?,
        shared: input.shared.unwrap_or_default(),
        shortcut: input.shortcut,
        title: input.title,
        texts: input.texts.into_iter().map(BotTextInput::parts).collect(),
        idempotency_key: input.idempotency_key,
    };
    let made = view.desk().canned_reply_create(view.actor(), &new).await;
    made.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::CannedReply, CannedReplyCreateError> {
    use CannedReplyCreateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::ProjectNotFound => (Code::ProjectNotFound, Some("projectId")),
        Refusal::NotSupervisor => (Code::NotSupervisor, None),
        Refusal::Shortcut(_) => (Code::ShortcutMalformed, Some("shortcut")),
        Refusal::ShortcutTaken => (Code::ShortcutTaken, Some("shortcut")),
        Refusal::Title(NameRefusal::Empty) => (Code::TitleEmpty, Some("title")),
        Refusal::Title(NameRefusal::TooLong) => (Code::TitleTooLong, Some("title")),
        Refusal::Title(NameRefusal::Invalid) => (Code::TitleInvalid, Some("title")),
        Refusal::Texts(BotTextRefusal::NoFallback) => (Code::NoFallback, Some("texts")),
        Refusal::Texts(BotTextRefusal::Text(TextRefusal::Empty)) | Refusal::NoText => (Code::TextEmpty, Some("texts")),
        Refusal::Texts(BotTextRefusal::Text(_)) => (Code::TextTooLong, Some("texts")),
        Refusal::Texts(_) => (Code::LanguageInvalid, Some("texts")),
        Refusal::Placeholder(_) => (Code::UnknownPlaceholder, Some("texts")),
        Refusal::TooMany => (Code::TooManyCannedReplies, None),
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Malformed) => {
            (Code::IdempotencyKeyMalformed, Some("idempotencyKey"))
        }
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Reused) => (Code::IdempotencyKeyReused, Some("idempotencyKey")),
        Refusal::NotFound | Refusal::VersionConflict(_) => return Stop::unexpected(refusal),
    };
    CannedReplyCreateError::new(code, field, refusal).into()
}
