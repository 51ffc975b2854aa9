//! A simulated customer taps a button.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::sandbox::{MessageRefusal, NewSandboxPress, PressedButton, SandboxPressRefusal as Refusal};

use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `sandboxButtonPress` takes.
#[derive(InputObject)]
pub(crate) struct SandboxButtonPressInput {
    /// The global id of a message of the desk that has buttons and is delivered.
    message_id: ID,
    /// Taps the first button that says this. Null or left out: the button is named by its place, or it is `data`.
    label: Option<String>,
    /// Taps the button in this row, counted from 0. Goes with `column`. Null or left out: the button is named by its
    /// label, or it is `data`.
    row: Option<i32>,
    /// Taps the button at this place of the row, counted from 0. Goes with `row`. Null or left out: as for `row`.
    column: Option<i32>,
    /// Taps no button: sends these 1 to 64 bytes, as somebody with a client of their own can. Null or left out: a button
    /// is tapped.
    data: Option<String>,
    /// The number of the simulated user who taps, in decimal digits. Null or left out: the customer of the message.
    telegram_user_id: Option<String>,
}

/// What came of `sandboxButtonPress`.
#[derive(SimpleObject)]
pub(crate) struct SandboxButtonPressPayload {
    /// The number of the update that the simulated Telegram has for the bot, in decimal digits. Null if nothing was done.
    update_id: Option<String>,
    /// Why nothing was done. Empty if all went well.
    user_errors: Vec<SandboxButtonPressError>,
}

user_error! {
    /// Why `sandboxButtonPress` did nothing.
    SandboxButtonPressError,
    /// The reasons of `sandboxButtonPress` to do nothing.
    SandboxButtonPressErrorCode {
        /// This is not the id of a message.
        InvalidId,
        /// There is no such message, or you may not see it.
        MessageNotFound,
        /// The project is on Telegram.
        NotASandbox,
        /// The simulated Telegram does not have the message yet.
        NotDelivered,
        /// The message was deleted.
        MessageDeleted,
        /// Not exactly one of `label`, `row` with `column`, and `data` was given.
        ButtonAmbiguous,
        /// The message has no such button.
        ButtonNotFound,
        /// The button opens a page, of which the bot is not told.
        ButtonOpensPage,
        /// A tap carries from 1 to 64 bytes.
        DataMalformed,
        /// The number of the user is not one that Telegram could give.
        TelegramUserIdMalformed,
    }
}

#[derive(Default)]
pub(crate) struct SandboxButtonPress;

#[Object]
impl SandboxButtonPress {
    /// Has a simulated customer tap a button below a message. Tapping once more is a tap of its own, as with Telegram.
    async fn sandbox_button_press(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which button is tapped.")] input: SandboxButtonPressInput,
    ) -> Result<SandboxButtonPressPayload> {
        let view = View::fresh(context).await?;
        let (update_id, user_errors) = settled(press(&view, &input)).await?;
        Ok(SandboxButtonPressPayload { update_id: update_id.map(|id| id.to_string()), user_errors })
    }
}

async fn press(
    view: &View,
    input: &SandboxButtonPressInput,
) -> std::result::Result<i64, Stop<i64, SandboxButtonPressError>> {
    let message_id = id::parse(&input.message_id).map_err(|invalid| {
        SandboxButtonPressError::new(SandboxButtonPressErrorCode::InvalidId, Some("messageId"), invalid)
    })?;
    let button = button(input).ok_or_else(|| explain(Refusal::Button))?;
    let new = NewSandboxPress {
        message_id,
        button,
        // What is no number is refused by the use case like a number that is no user's.
        telegram_user_id: input.telegram_user_id.as_ref().map(|number| number.parse().unwrap_or_default()),
    };
    let pressed = view.desk().sandbox_button_press(view.actor(), &new).await;
    pressed.map_err(|rejected| Stop::of(rejected, explain))
}

/// What is to be tapped, if it was said in one way.
fn button(input: &SandboxButtonPressInput) -> Option<PressedButton> {
    match (&input.label, input.row, input.column, &input.data) {
        (Some(label), None, None, None) => Some(PressedButton::Label(label.clone())),
        (None, Some(row), Some(column), None) => {
            // No row has a place below 0, nor one as far away as this.
            let place = |number: i32| usize::try_from(number).unwrap_or(usize::MAX);
            Some(PressedButton::Place { row: place(row), column: place(column) })
        }
        (None, None, None, Some(data)) => Some(PressedButton::Forged(data.clone())),
        _ => None,
    }
}

fn explain(refusal: Refusal) -> Stop<i64, SandboxButtonPressError> {
    use SandboxButtonPressErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::Message(MessageRefusal::NotFound) => (Code::MessageNotFound, Some("messageId")),
        Refusal::Message(MessageRefusal::NotASandbox) => (Code::NotASandbox, Some("messageId")),
        Refusal::Message(MessageRefusal::NotDelivered) => (Code::NotDelivered, Some("messageId")),
        Refusal::Message(MessageRefusal::Deleted) => (Code::MessageDeleted, Some("messageId")),
        Refusal::Customer(_) => (Code::TelegramUserIdMalformed, Some("telegramUserId")),
        Refusal::Button => (Code::ButtonAmbiguous, None),
        Refusal::NotFound => (Code::ButtonNotFound, None),
        Refusal::OpensPage => (Code::ButtonOpensPage, None),
        Refusal::Data => (Code::DataMalformed, Some("data")),
    };
    SandboxButtonPressError::new(code, field, refusal).into()
}
