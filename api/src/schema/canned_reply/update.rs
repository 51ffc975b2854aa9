//! Changing a canned reply.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::canned::{CannedReplyChange, CannedReplyRefusal as Refusal};
use domain::bot_text::BotTextRefusal;
use domain::name::NameRefusal;
use domain::text::TextRefusal;

use super::CannedReply;
use crate::schema::bot_text::BotTextInput;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `cannedReplyUpdate` takes.
#[derive(InputObject)]
pub(crate) struct CannedReplyUpdateInput {
    /// The global id of the canned reply.
    canned_reply_id: ID,
    /// What agents type for it. Null or left out: it stays as it is.
    shortcut: Option<String>,
    /// What it is called. Null or left out: it stays as it is.
    title: Option<String>,
    /// All of its texts, as for `cannedReplyCreate`. Null or left out: they stay as they are.
    texts: Option<Vec<BotTextInput>>,
    /// The version that you have seen. If given and the canned reply has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `cannedReplyUpdate`.
#[derive(SimpleObject)]
pub(crate) struct CannedReplyUpdatePayload {
    /// The canned reply as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    canned_reply: Option<CannedReply>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<CannedReplyUpdateError>,
}

user_error! {
    /// Why `cannedReplyUpdate` did nothing.
    CannedReplyUpdateError,
    /// The reasons of `cannedReplyUpdate` to do nothing.
    CannedReplyUpdateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such canned reply, or it is somebody else's own.
        CannedReplyNotFound,
        /// It is shared, and you are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The canned reply has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
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
    }
}

#[derive(Default)]
pub(crate) struct CannedReplyUpdate;

#[Object]
impl CannedReplyUpdate {
    /// Changes a canned reply: your own or, for supervisors and administrators, a shared one.
    async fn canned_reply_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The canned reply and what is to change.")] input: CannedReplyUpdateInput,
    ) -> Result<CannedReplyUpdatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(CannedReplyUpdatePayload {
            canned_reply: done.map(|done| CannedReply::new(Arc::new(done), &view)),
            user_errors,
        })
    }
}

async fn run(
    view: &View,
    input: CannedReplyUpdateInput,
) -> Result<domain::CannedReply, Stop<domain::CannedReply, CannedReplyUpdateError>> {
    use CannedReplyUpdateErrorCode as Code;
    let invalid = |field| move |invalid| CannedReplyUpdateError::new(Code::InvalidId, Some(field), invalid);
    let id = id::parse(&input.canned_reply_id).map_err(invalid("cannedReplyId"))?;
    let change = CannedReplyChange {
        shortcut: input.shortcut,
        title: input.title,
        texts: input.texts.map(|texts| texts.into_iter().map(BotTextInput::parts).collect()),
        expected_version: input.expected_version,
    };
    let changed = view.desk().canned_reply_update(view.actor(), id, &change).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::CannedReply, CannedReplyUpdateError> {
    use CannedReplyUpdateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::NotFound => (Code::CannedReplyNotFound, Some("cannedReplyId")),
        Refusal::NotSupervisor => (Code::NotSupervisor, None),
        Refusal::VersionConflict(_) => (Code::VersionConflict, Some("expectedVersion")),
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
        Refusal::ProjectNotFound | Refusal::TooMany | Refusal::IdempotencyKey(_) => return Stop::unexpected(refusal),
    };
    let error = CannedReplyUpdateError::new(code, field, &refusal);
    let current = if let Refusal::VersionConflict(reply) = refusal { Some(*reply) } else { None };
    Stop::Refused { error, current }
}
