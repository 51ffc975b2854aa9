//! A simulated customer writes.

use domain::text::{TextRefusal, without_nul};
use domain::{ApiScope, ProjectId, TelegramUserId};

use super::SandboxMessage;
use crate::{Actor, Desk, Rejected};

/// What a simulated customer writes.
#[derive(Debug, Clone)]
pub struct NewSandboxMessage {
    /// The sandbox.
    pub project_id: ProjectId,
    /// The number of the simulated user.
    pub telegram_user_id: i64,
    /// The name of the simulated user.
    pub name: String,
    /// The text.
    pub text: String,
}

/// Why a simulated customer could not write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SandboxSendRefusal {
    /// There is no such project, or the actor may not know of it.
    #[error("there is no such project")]
    ProjectNotFound,
    /// The project is on Telegram.
    #[error("this project is not a sandbox: its customers write on Telegram")]
    NotASandbox,
    /// Telegram numbers its users from 1 up to 52 bits.
    #[error("telegramUserId is not a user's number: give a whole number from 1 to 4503599627370495")]
    TelegramUserId,
    /// The name is empty or longer than Telegram's 64 characters.
    #[error("the name of the simulated customer has 1 to 64 characters")]
    Name,
    /// Telegram would not take the text.
    #[error(transparent)]
    Text(#[from] TextRefusal),
}

/// User numbers have at most 52 significant bits (Bot API, `User`).
const LARGEST_USER_ID: i64 = (1 << 52) - 1;
const NAME_CHARACTERS: usize = 64;

impl Desk {
    /// Has a simulated customer write. Once this returns the message is durable; it reaches
    /// its session the way messages from Telegram do.
    pub async fn sandbox_customer_send(
        &self,
        actor: &Actor,
        new: &NewSandboxMessage,
    ) -> Result<i64, Rejected<SandboxSendRefusal>> {
        actor.needs(ApiScope::SandboxWrite)?;
        let refuse = |refusal| Err(Rejected::Refused(refusal));
        let Some(project) = self.visible_project(actor, new.project_id).await? else {
            return refuse(SandboxSendRefusal::ProjectNotFound);
        };
        if !project.sandbox {
            return refuse(SandboxSendRefusal::NotASandbox);
        }
        if !(1..=LARGEST_USER_ID).contains(&new.telegram_user_id) {
            return refuse(SandboxSendRefusal::TelegramUserId);
        }
        let name = without_nul(&new.name);
        let name = name.trim();
        if name.is_empty() || name.chars().count() > NAME_CHARACTERS {
            return refuse(SandboxSendRefusal::Name);
        }
        domain::text::check(&new.text).map_err(|text| Rejected::Refused(text.into()))?;

        let mut tx = self.store.begin().await?;
        let message = SandboxMessage {
            message_id: tx.next_sandbox_message_id(project.id).await?,
            telegram_user_id: TelegramUserId(new.telegram_user_id),
            name: name.to_owned(),
            text: without_nul(&new.text).into_owned(),
            sent_at: project.time(self.now()),
        };
        let raw = serde_json::to_string(&message).map_err(crate::Error::internal)?;
        let update_id = tx.push_sandbox_update(project.id, &raw).await?;
        self.commit(tx).await?;
        Ok(update_id)
    }
}
