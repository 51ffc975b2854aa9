//! Letting nothing of a customer in any more.

use domain::audit::ObjectKind;
use domain::event::Cause;
use domain::text::without_nul;
use domain::{ApiScope, Customer, CustomerId, Role, Session};

use crate::audit::Audited;
use crate::customer::lock;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::session::touch;
use crate::{Actor, Desk, Rejected};

/// The longest reason, in characters.
pub const BAN_REASON_CHARACTERS: usize = 500;

/// Why a customer was not banned, or not let in again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CustomerBanRefusal {
    /// There is no such customer, or the actor may not know of them.
    #[error("there is no such customer")]
    NotFound,
    /// Nothing is left of the customer.
    #[error("the customer was erased: nothing can be noted of them any more")]
    Erased,
    /// The actor is an agent only.
    #[error("only supervisors and administrators of the project ban customers: ask one of them")]
    NotSupervisor,
    /// The reason is too long.
    #[error("the reason is longer than {BAN_REASON_CHARACTERS} characters: shorten it")]
    ReasonTooLong,
}

impl From<StandingRefusal> for CustomerBanRefusal {
    fn from(refusal: StandingRefusal) -> Self {
        match refusal {
            StandingRefusal::NotFound => Self::NotFound,
            StandingRefusal::NotSupervisor => Self::NotSupervisor,
        }
    }
}

impl<E: Into<CustomerBanRefusal>> From<E> for Rejected<CustomerBanRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Bans a customer: nothing that they write is let in any more. One who is banned gets the new reason.
    pub async fn customer_ban(
        &self,
        actor: &Actor,
        id: CustomerId,
        reason: &str,
    ) -> Result<Customer, Rejected<CustomerBanRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        let reason = without_nul(reason).trim().to_owned();
        if reason.chars().count() > BAN_REASON_CHARACTERS {
            return Err(CustomerBanRefusal::ReasonTooLong.into());
        }
        retried(|| self.try_set_ban(actor, id, Some(&reason))).await
    }

    /// Lets a customer in again.
    pub async fn customer_unban(
        &self,
        actor: &Actor,
        id: CustomerId,
    ) -> Result<Customer, Rejected<CustomerBanRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_set_ban(actor, id, None)).await
    }

    async fn try_set_ban(
        &self,
        actor: &Actor,
        id: CustomerId,
        reason: Option<&str>,
    ) -> Result<Customer, Rejected<CustomerBanRefusal>> {
        let known = self.customers_by_id(actor, &[id]).await?.pop().ok_or(CustomerBanRefusal::NotFound)?;
        let (mut tx, project) = self.change_in_project(actor, known.project_id, Role::Supervisor).await??;
        // Whoever changes a customer in a session locks the session first.
        let (customer, session) = lock(&mut tx, id).await?;
        let mut customer = customer.ok_or(CustomerBanRefusal::NotFound)?;
        if customer.erased_at.is_some() {
            return Err(CustomerBanRefusal::Erased.into());
        }
        let now = project.time(self.now());
        let (banned_at, ban_reason) = match reason {
            Some(reason) => (customer.banned_at.or(Some(now)), Some(reason.to_owned()).filter(|text| !text.is_empty())),
            None => (None, None),
        };
        if customer.banned_at == banned_at && customer.ban_reason == ban_reason {
            return Ok(customer);
        }
        (customer.banned_at, customer.ban_reason) = (banned_at, ban_reason);
        tx.update_customer(&customer).await?;
        if let Some(mut session) = session.filter(Session::is_open) {
            let event = touch(&mut tx, &mut session, Cause::Ban, now).await?;
            tx.append_events(&[event], self.now()).await?;
        }
        let action = if reason.is_some() { "customerBan" } else { "customerUnban" };
        let object = (ObjectKind::Customer, id.0);
        Audited::in_project(&actor.agent, &project, action, object, self.now()).write(&mut tx).await?;
        self.commit(tx).await?;
        tracing::info!(customer = %id, agent = %actor.agent.id, banned = reason.is_some(), "a customer was banned or let in again");
        Ok(customer)
    }
}
