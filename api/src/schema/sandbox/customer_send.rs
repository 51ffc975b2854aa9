//! A simulated customer writes.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::sandbox::{
    ContentRefusal, CustomerRefusal, NewContent, NewSandboxMessage, PlaceRefusal, SandboxCustomer,
    SandboxSendRefusal as Refusal, SandboxSent,
};
use domain::text::TextRefusal;

use super::content::{
    Others, SandboxContactInput, SandboxDiceInput, SandboxLocationInput, SandboxMediaInput, SandboxPollInput,
    SandboxVenueInput,
};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `sandboxCustomerSend` takes. A message is a text, or a file with or without one, or one of `location`, `venue`,
/// `contact`, `poll` and `dice`.
#[derive(InputObject)]
pub(crate) struct SandboxCustomerSendInput {
    /// The global id of the sandbox.
    project_id: ID,
    /// The number of the simulated user, in decimal digits, from 1 to 4503599627370495. The same number is the same
    /// customer.
    telegram_user_id: String,
    /// The name of the simulated user, 1 to 64 characters. Null or left out: the name that they have, and at first
    /// `Sandbox customer` with their number.
    name: Option<String>,
    /// The user name of the simulated user without `@`: 5 to 32 letters, digits and underscores. Null or left out: they
    /// have none.
    username: Option<String>,
    /// The language of the simulated user's Telegram, as a tag such as `en` or `pt-br`. Null or left out: Telegram does
    /// not tell it.
    language_code: Option<String>,
    /// The text: 1 to 4096 UTF-16 code units with at least one visible character. With `media` it is the caption: at most
    /// 1024. Null or left out: there is none.
    text: Option<String>,
    /// A file. Null or left out: there is none.
    media: Option<SandboxMediaInput>,
    /// What the files of one album have in common: 1 to 64 characters. Send each file by a mutation of its own. Null or
    /// left out: the file stands alone.
    album_id: Option<String>,
    /// The global id of the message in the customer's chat that this one answers. Null or left out: none.
    reply_to_id: Option<ID>,
    /// A place. Null or left out: it is no place.
    location: Option<SandboxLocationInput>,
    /// A place with a name. Null or left out: it is no such place.
    venue: Option<SandboxVenueInput>,
    /// The card of a person. Null or left out: it is no contact.
    contact: Option<SandboxContactInput>,
    /// A question with answers. Null or left out: it is no poll.
    poll: Option<SandboxPollInput>,
    /// An emoji with a value. Null or left out: it is no die.
    dice: Option<SandboxDiceInput>,
}

/// What came of `sandboxCustomerSend`.
#[derive(SimpleObject)]
pub(crate) struct SandboxCustomerSendPayload {
    /// The number of the update that the simulated Telegram has for the bot, in decimal digits. Null if nothing was
    /// written.
    update_id: Option<String>,
    /// The number of the message within the chat, in decimal digits. Null if nothing was written.
    telegram_message_id: Option<String>,
    /// Why nothing was written. Empty if all went well.
    user_errors: Vec<SandboxCustomerSendError>,
}

user_error! {
    /// Why `sandboxCustomerSend` wrote nothing.
    SandboxCustomerSendError,
    /// The reasons of `sandboxCustomerSend` to write nothing.
    SandboxCustomerSendErrorCode {
        /// This is not the id of a project, or of a message.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// The project is on Telegram.
        NotASandbox,
        /// The number of the user is not one that Telegram could give.
        TelegramUserIdMalformed,
        /// The name is empty or longer than 64 characters.
        NameMalformed,
        /// The user name is not one that Telegram could give.
        UsernameMalformed,
        /// The language is no tag.
        LanguageCodeMalformed,
        /// The text has no visible character.
        TextEmpty,
        /// The text is longer than Telegram takes.
        TextTooLong,
        /// More than one kind of message was given, or a text with one that has none.
        ContentAmbiguous,
        /// The file cannot be one of Telegram's: its size, its sides, its duration, its name or its type.
        MediaMalformed,
        /// The album id is empty or longer than 64 characters, or there is no file.
        AlbumMalformed,
        /// The message to answer is not in the chat of this customer, or is not delivered yet.
        ReplyToNotFound,
        /// There is no such place.
        LocationMalformed,
        /// The poll has no question, no answers or too many, or too long ones.
        PollMalformed,
        /// The contact, the venue or the die lacks something.
        ContentIncomplete,
    }
}

#[derive(Default)]
pub(crate) struct SandboxCustomerSend;

#[Object]
impl SandboxCustomerSend {
    /// Has a simulated customer write to the bot of a sandbox. The message is stored before this returns and reaches its
    /// session a moment later, as it would from Telegram. A customer who had blocked the bot lets it in first.
    async fn sandbox_customer_send(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Who writes what.")] input: SandboxCustomerSendInput,
    ) -> Result<SandboxCustomerSendPayload> {
        let view = View::fresh(context).await?;
        let (sent, user_errors) = settled(send(&view, input)).await?;
        Ok(SandboxCustomerSendPayload {
            update_id: sent.map(|sent| sent.update_id.to_string()),
            telegram_message_id: sent.map(|sent| sent.telegram_message_id.to_string()),
            user_errors,
        })
    }
}

type Stopped = Stop<SandboxSent, SandboxCustomerSendError>;

async fn send(view: &View, input: SandboxCustomerSendInput) -> std::result::Result<SandboxSent, Stopped> {
    use SandboxCustomerSendErrorCode as Code;
    let project_id = id::parse(&input.project_id)
        .map_err(|invalid| SandboxCustomerSendError::new(Code::InvalidId, Some("projectId"), invalid))?;
    let reply_to_id = input.reply_to_id.as_ref().map(|id| id::parse(id)).transpose();
    let reply_to_id =
        reply_to_id.map_err(|invalid| SandboxCustomerSendError::new(Code::InvalidId, Some("replyToId"), invalid))?;
    // What is no number is refused by the use case like a number that is no user's.
    let numbered = SandboxCustomer::numbered(input.telegram_user_id.parse().unwrap_or_default());
    let new = NewSandboxMessage {
        project_id,
        keeps_name: input.name.is_none(),
        customer: SandboxCustomer {
            name: input.name.unwrap_or(numbered.name),
            username: input.username,
            language_code: input.language_code,
            telegram_user_id: numbered.telegram_user_id,
        },
        content: NewContent {
            text: input.text,
            media: input.media.map(Into::into),
            details: Others {
                location: input.location,
                venue: input.venue,
                contact: input.contact,
                poll: input.poll,
                dice: input.dice,
            }
            .given(),
        },
        album_id: input.album_id,
        reply_to_id,
    };
    let sent = view.desk().sandbox_customer_send(view.actor(), &new).await;
    sent.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stopped {
    use SandboxCustomerSendErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::Place(PlaceRefusal::ProjectNotFound) => (Code::ProjectNotFound, Some("projectId")),
        Refusal::Place(PlaceRefusal::NotASandbox) => (Code::NotASandbox, Some("projectId")),
        Refusal::Customer(CustomerRefusal::TelegramUserId) => (Code::TelegramUserIdMalformed, Some("telegramUserId")),
        Refusal::Customer(CustomerRefusal::Name) => (Code::NameMalformed, Some("name")),
        Refusal::Customer(CustomerRefusal::Username) => (Code::UsernameMalformed, Some("username")),
        Refusal::Customer(CustomerRefusal::LanguageCode) => (Code::LanguageCodeMalformed, Some("languageCode")),
        Refusal::Content(ContentRefusal::Text(TextRefusal::Empty)) => (Code::TextEmpty, Some("text")),
        Refusal::Content(ContentRefusal::Text(_)) => (Code::TextTooLong, Some("text")),
        Refusal::Content(ContentRefusal::Several) => (Code::ContentAmbiguous, None),
        Refusal::Content(
            ContentRefusal::FileSize | ContentRefusal::Sides | ContentRefusal::Duration | ContentRefusal::FileName,
        ) => (Code::MediaMalformed, Some("media")),
        Refusal::Content(ContentRefusal::Location) => (Code::LocationMalformed, None),
        Refusal::Content(ContentRefusal::Poll) => (Code::PollMalformed, Some("poll")),
        Refusal::Content(ContentRefusal::Incomplete) => (Code::ContentIncomplete, None),
        Refusal::Album => (Code::AlbumMalformed, Some("albumId")),
        Refusal::ReplyToNotFound => (Code::ReplyToNotFound, Some("replyToId")),
    };
    SandboxCustomerSendError::new(code, field, refusal).into()
}
