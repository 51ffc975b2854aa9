//! Noting what is known of a customer.

use domain::audit::ObjectKind;
use domain::customer::{Acquaintance, CUSTOMER_NOTE_CHARACTERS};
use domain::text::{is_blank, without_nul};
use domain::time_zone::{TimeZone, UnknownTimeZone};
use domain::{ApiScope, Customer, CustomerId};
use serde_json::json;

use super::lock;
use super::news::tell_of_profile;
use crate::audit::Audited;
use crate::retry::retried;
use crate::{Actor, Desk, Error, Rejected};

/// What is to change of what is noted of a customer; nothing of what is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerChange {
    /// The name of the time zone, or nothing to go by what else is known.
    pub time_zone: Option<Option<String>>,
    /// What colleagues should know; empty for nothing.
    pub note: Option<String>,
    /// The version that the actor has seen, if the change depends on it.
    pub expected_version: Option<i64>,
}

/// Why what is noted of a customer was left as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CustomerUpdateRefusal {
    /// There is no such customer, or no session of theirs goes on for the actor.
    #[error("there is no such customer")]
    NotFound,
    /// Nothing is left of the customer.
    #[error("the customer was erased: nothing can be noted of them any more")]
    Erased,
    /// What is noted is not at the version that the actor has seen.
    #[error("the customer has changed since you read them: look at them again and repeat the request")]
    VersionConflict(Box<Customer>),
    /// There is no such time zone.
    #[error(transparent)]
    TimeZone(#[from] UnknownTimeZone),
    /// The note is too long.
    #[error("the note is longer than {CUSTOMER_NOTE_CHARACTERS} characters: shorten it")]
    NoteTooLong,
}

impl<E: Into<CustomerUpdateRefusal>> From<E> for Rejected<CustomerUpdateRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Notes in which time zone a customer lives and what colleagues should know of them.
    pub async fn customer_update(
        &self,
        actor: &Actor,
        id: CustomerId,
        change: &CustomerChange,
    ) -> Result<Customer, Rejected<CustomerUpdateRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_customer_update(actor, id, change)).await
    }

    async fn try_customer_update(
        &self,
        actor: &Actor,
        id: CustomerId,
        change: &CustomerChange,
    ) -> Result<Customer, Rejected<CustomerUpdateRefusal>> {
        let mut tx = self.store.begin().await?;
        let (customer, newest) = lock(&mut tx, id).await?;
        let customer = customer.ok_or(CustomerUpdateRefusal::NotFound)?;
        let project = tx.project(customer.project_id).await?.ok_or(Error::NotFound("project"))?;
        let sight = actor.sight_in(project.id, project.workspace_id).ok_or(CustomerUpdateRefusal::NotFound)?;
        let known = tx.acquaintances(&sight, &[id.0]).await?.pop();
        if known.is_none_or(|(_, known)| known != Acquaintance::Current) {
            return Err(CustomerUpdateRefusal::NotFound.into());
        }
        if customer.erased_at.is_some() {
            return Err(CustomerUpdateRefusal::Erased.into());
        }
        let before = tx.customer_notes(&[id.0]).await?.pop().map(|(_, notes)| notes).unwrap_or_default();
        if change.expected_version.is_some_and(|expected| expected != before.version) {
            return Err(CustomerUpdateRefusal::VersionConflict(Box::new(customer)).into());
        }
        let mut notes = before.clone();
        if let Some(time_zone) = &change.time_zone {
            let parsed = time_zone.as_deref().map(TimeZone::parse).transpose()?;
            notes.time_zone = parsed.map(|zone| zone.name().to_owned());
        }
        if let Some(note) = &change.note {
            let note = if is_blank(note) { "" } else { note.as_str() };
            without_nul(note).trim().clone_into(&mut notes.note);
            if notes.note.chars().count() > CUSTOMER_NOTE_CHARACTERS {
                return Err(CustomerUpdateRefusal::NoteTooLong.into());
            }
        }
        if notes == before {
            return Ok(customer);
        }
        notes.version += 1;
        tx.set_customer_notes(id, &notes).await?;
        let wall = self.now();
        let object = (ObjectKind::Customer, id.0);
        let audited = Audited::in_project(&actor.agent, &project, "customerUpdate", object, wall);
        // What is noted of a person must not outlast them there.
        let news = [("timeZone", notes.time_zone != before.time_zone), ("note", notes.note != before.note)];
        let changed: Vec<&str> = news.into_iter().filter_map(|(name, is_new)| is_new.then_some(name)).collect();
        audited.with(&json!({ "changed": changed })).write(&mut tx).await?;
        tell_of_profile(&mut tx, &project, newest, wall).await?;
        self.commit(tx).await?;
        Ok(customer)
    }
}
