//! Messages of a sandbox that a simulated customer does something with.

use domain::{ApiScope, Customer, Message, MessageId, Project};

use super::PlaceRefusal;
use crate::{Actor, Desk, Error, Rejected};

/// Why a simulated customer can do nothing with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MessageRefusal {
    /// There is no such message, or the actor may not know of it.
    #[error("there is no such message")]
    NotFound,
    /// The project is on Telegram.
    #[error("this message is not in a sandbox: its customer is on Telegram")]
    NotASandbox,
    /// Telegram has not got it.
    #[error("the simulated Telegram does not have this message yet: wait until it is delivered")]
    NotDelivered,
    /// It is gone from the chat.
    #[error("the message was deleted")]
    Deleted,
}

/// A message as it stands in a simulated chat.
pub(super) struct Standing {
    pub(super) project: Project,
    pub(super) customer: Customer,
    pub(super) message: Message,
    /// The number of the message within the chat.
    pub(super) number: i64,
}

impl Desk {
    /// A message that a simulated customer sees.
    pub(super) async fn standing<R: From<MessageRefusal>>(
        &self,
        actor: &Actor,
        message_id: MessageId,
    ) -> Result<Standing, Rejected<R>> {
        actor.needs(ApiScope::SandboxWrite)?;
        let refuse = |refusal: MessageRefusal| Err(Rejected::Refused(refusal.into()));
        let Some(message) = self.store.read().await?.message(message_id).await? else {
            return refuse(MessageRefusal::NotFound);
        };
        let Some(project) = self.visible_project(actor, message.project_id).await? else {
            return refuse(MessageRefusal::NotFound);
        };
        if !project.sandbox {
            return refuse(MessageRefusal::NotASandbox);
        }
        if self.visible_messages(actor, vec![message.clone()]).await?.is_empty() {
            return refuse(MessageRefusal::NotFound);
        }
        let Some(number) = message.telegram_message_id else {
            return refuse(MessageRefusal::NotDelivered);
        };
        if message.deleted_at.is_some() {
            return refuse(MessageRefusal::Deleted);
        }
        let customers = self.store.read().await?.customers(&[message.customer_id.0]).await?;
        let customer = customers.into_iter().next().ok_or(Error::NotFound("customer"))?;
        Ok(Standing { project, customer, message, number })
    }
}

impl From<PlaceRefusal> for MessageRefusal {
    fn from(refusal: PlaceRefusal) -> Self {
        match refusal {
            PlaceRefusal::ProjectNotFound => Self::NotFound,
            PlaceRefusal::NotASandbox => Self::NotASandbox,
        }
    }
}
