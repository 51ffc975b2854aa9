//! A simulated customer taps a button.

use domain::message::Button;
use domain::{Direction, MessageId, TelegramUserId};

use super::backlog::push;
use super::message::Standing;
use super::{CustomerRefusal, MessageRefusal, SandboxAct, SandboxCustomer, SandboxPress};
use crate::{Actor, Desk, Rejected};

/// A tap that is to be.
#[derive(Debug, Clone)]
pub struct NewSandboxPress {
    /// The message with the buttons.
    pub message_id: MessageId,
    /// Which of them.
    pub button: PressedButton,
    /// Who taps; empty for the customer of the message.
    pub telegram_user_id: Option<i64>,
}

/// What is tapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PressedButton {
    /// The first button that says this.
    Label(String),
    /// The button at a place, counted from 0.
    Place {
        /// The row.
        row: usize,
        /// The place within the row.
        column: usize,
    },
    /// No button: a client of somebody's own sends this.
    Forged(String),
}

/// Why a simulated customer could not tap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SandboxPressRefusal {
    /// Nothing can be done with the message.
    #[error(transparent)]
    Message(#[from] MessageRefusal),
    /// There can be no such user.
    #[error(transparent)]
    Customer(#[from] CustomerRefusal),
    /// Not one button was named.
    #[error("give one of `label`, `row` with `column`, and `data`")]
    Button,
    /// The message has no such button.
    #[error("this message has no such button: look at its `buttons`")]
    NotFound,
    /// The button tells the bot nothing.
    #[error("this button opens a page: the bot is not told of taps on it")]
    OpensPage,
    /// Telegram carries at most so much.
    #[error("a tap carries 1 to {DATA_BYTES} bytes")]
    Data,
}

/// The most that a tap carries (Bot API, `InlineKeyboardButton`).
const DATA_BYTES: usize = 64;

impl Desk {
    /// Has somebody tap a button of the bot. Answers the number of the update.
    pub async fn sandbox_button_press(
        &self,
        actor: &Actor,
        new: &NewSandboxPress,
    ) -> Result<i64, Rejected<SandboxPressRefusal>> {
        let refuse = |refusal: SandboxPressRefusal| Rejected::Refused(refusal);
        let Standing { project, customer, message, number } = self.standing(actor, new.message_id).await?;
        if message.direction != Direction::Outbound {
            return Err(refuse(SandboxPressRefusal::NotFound));
        }
        let data = data_of(&new.button, &message.content.buttons).map_err(refuse)?;
        let owner = SandboxCustomer::behind(&customer);
        let by = match new.telegram_user_id.map(TelegramUserId) {
            Some(user) if user != owner.telegram_user_id => {
                let other = SandboxCustomer::numbered(user.0).checked().map_err(|refusal| refuse(refusal.into()))?;
                self.known_or(project.id, other).await?
            }
            _ => owner.clone(),
        };
        let mut tx = self.store.begin().await?;
        let press = SandboxPress {
            // Taps have numbers of their own; those of messages are good enough to be different.
            callback_id: format!("{}0{}", project.id, tx.next_sandbox_message_id(project.id).await?),
            customer: by,
            chat_id: message.chat_id,
            chat_name: owner.name,
            message_id: number,
            text: message.text,
            sent_at: message.created_at,
            data,
        };
        let update_id = push(&mut tx, project.id, &SandboxAct::Press(press)).await?;
        self.commit(tx).await?;
        Ok(update_id)
    }
}

/// What a tap carries.
fn data_of(pressed: &PressedButton, rows: &[Vec<Button>]) -> Result<String, SandboxPressRefusal> {
    let button = match pressed {
        PressedButton::Forged(data) if (1..=DATA_BYTES).contains(&data.len()) => return Ok(data.clone()),
        PressedButton::Forged(_) => return Err(SandboxPressRefusal::Data),
        PressedButton::Label(label) => rows.iter().flatten().find(|button| button.text == *label),
        PressedButton::Place { row, column } => rows.get(*row).and_then(|row| row.get(*column)),
    };
    let button = button.ok_or(SandboxPressRefusal::NotFound)?;
    button.callback_data.clone().ok_or(SandboxPressRefusal::OpensPage)
}
