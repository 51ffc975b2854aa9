//! A simulated customer says by emoji what they think of a message.

use domain::MessageId;

use super::backlog::push;
use super::message::Standing;
use super::{MessageRefusal, SandboxAct, SandboxCustomer, SandboxReaction};
use crate::{Actor, Desk, Rejected};

/// Why a simulated customer could not react.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SandboxReactRefusal {
    /// Nothing can be done with the message.
    #[error(transparent)]
    Message(#[from] MessageRefusal),
    /// These are no reactions.
    #[error("give at most {REACTIONS} different emoji, each of at most {EMOJI_CHARACTERS} characters")]
    Emoji,
}

/// The most reactions of one user to one message.
const REACTIONS: usize = 3;
/// Emoji consist of up to about ten characters, joined to one.
const EMOJI_CHARACTERS: usize = 16;

impl Desk {
    /// Has a simulated customer think this of a message, in place of what they thought before. Answers the number of the
    /// update.
    pub async fn sandbox_customer_react(
        &self,
        actor: &Actor,
        message_id: MessageId,
        emoji: &[String],
    ) -> Result<i64, Rejected<SandboxReactRefusal>> {
        let Standing { project, customer, message, number } = self.standing(actor, message_id).await?;
        let is_emoji = |text: &String| (1..=EMOJI_CHARACTERS).contains(&text.chars().count()) && !text.contains('\0');
        let is_repeated = (1..emoji.len()).any(|at| emoji[..at].contains(&emoji[at]));
        if emoji.len() > REACTIONS || is_repeated || !emoji.iter().all(is_emoji) {
            return Err(Rejected::Refused(SandboxReactRefusal::Emoji));
        }
        let customer = SandboxCustomer::behind(&customer);
        let theirs =
            message.content.reactions.iter().filter(|reaction| reaction.by.contains(&customer.telegram_user_id));
        let act = SandboxAct::Reaction(SandboxReaction {
            message_id: number,
            before: theirs.map(|reaction| reaction.emoji.clone()).collect(),
            now: emoji.to_vec(),
            customer,
            at: project.time(self.now()),
        });
        let mut tx = self.store.begin().await?;
        let update_id = push(&mut tx, project.id, &act).await?;
        self.commit(tx).await?;
        Ok(update_id)
    }
}
