//! A simulated customer blocks the bot, or lets it in again.

use domain::{ProjectId, TelegramUserId};

use super::backlog::push;
use super::{CustomerRefusal, PlaceRefusal, SandboxAct, SandboxCustomer};
use crate::{Actor, Desk, Error, Rejected};

/// Why a simulated customer could not block the bot or let it in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SandboxBlockRefusal {
    /// Nothing can be simulated there.
    #[error(transparent)]
    Place(#[from] PlaceRefusal),
    /// There can be no such customer.
    #[error(transparent)]
    Customer(#[from] CustomerRefusal),
}

impl Desk {
    /// Has a simulated customer block the bot or let it in again, from this moment on. Answers the number of the update
    /// by which the bot is told; nothing if it is so already.
    pub async fn sandbox_customer_block(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        telegram_user_id: i64,
        blocks: bool,
    ) -> Result<Option<i64>, Rejected<SandboxBlockRefusal>> {
        let project = self.sandbox(actor, project_id).await?;
        let customer = SandboxCustomer::numbered(telegram_user_id).checked();
        let customer = customer.map_err(|refusal| Rejected::Refused(refusal.into()))?;
        let customer = self.known_or(project.id, customer).await?;
        let user = customer.telegram_user_id;
        let mut tx = self.store.begin().await?;
        let is_new = if blocks {
            tx.block_in_sandbox(project.id, user).await?
        } else {
            tx.unblock_in_sandbox(project.id, user).await?
        };
        if !is_new {
            tx.roll_back().await?;
            return Ok(None);
        }
        let act = SandboxAct::Blocking { customer, blocks, at: project.time(self.now()) };
        let update_id = push(&mut tx, project.id, &act).await?;
        self.commit(tx).await?;
        Ok(Some(update_id))
    }

    /// The user as the desk knows them, or else as they are given.
    pub(super) async fn known_or(
        &self,
        project_id: ProjectId,
        customer: SandboxCustomer,
    ) -> Result<SandboxCustomer, Error> {
        let TelegramUserId(user) = customer.telegram_user_id;
        let known = self.store.read().await?.customer_by_telegram_user(project_id, TelegramUserId(user)).await?;
        Ok(known.as_ref().map_or(customer, SandboxCustomer::behind))
    }
}
