//! Giving tags to customers and taking them away.

use domain::audit::ObjectKind;
use domain::customer::Acquaintance;
use domain::tag::TAGS_OF_SESSION;
use domain::{ApiScope, Customer, CustomerId, TagId};
use serde_json::json;

use crate::audit::Audited;
use crate::customer::{lock, tell_of_profile};
use crate::retry::retried;
use crate::{Actor, Desk, Error, Rejected};

/// Why the tags of a customer were left as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CustomerTagsRefusal {
    /// There is no such customer, or the actor does not see their profile as it is.
    #[error("there is no such customer")]
    NotFound,
    /// Nothing is left of the customer.
    #[error("the customer was erased: nothing can be noted of them any more")]
    Erased,
    /// A tag is not of the customer's project.
    #[error("there is no such tag in this project: use one of its tags")]
    TagNotFound,
    /// A tag was put away.
    #[error("a tag was put away: use another one, or take it out first with `tagRestore`")]
    TagArchived,
    /// There would be more than [`TAGS_OF_SESSION`].
    #[error("a customer has at most {TAGS_OF_SESSION} tags: take others away first")]
    TooMany,
}

impl<E: Into<CustomerTagsRefusal>> From<E> for Rejected<CustomerTagsRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Gives tags to a customer, those that they do not have.
    pub async fn customer_tags_add(
        &self,
        actor: &Actor,
        id: CustomerId,
        tags: &[TagId],
    ) -> Result<Customer, Rejected<CustomerTagsRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_customer_tags(actor, id, tags, true)).await
    }

    /// Takes tags from a customer, those that they have.
    pub async fn customer_tags_remove(
        &self,
        actor: &Actor,
        id: CustomerId,
        tags: &[TagId],
    ) -> Result<Customer, Rejected<CustomerTagsRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_customer_tags(actor, id, tags, false)).await
    }

    async fn try_customer_tags(
        &self,
        actor: &Actor,
        id: CustomerId,
        tags: &[TagId],
        adds: bool,
    ) -> Result<Customer, Rejected<CustomerTagsRefusal>> {
        let mut tx = self.store.begin().await?;
        let (customer, newest) = lock(&mut tx, id).await?;
        let customer = customer.ok_or(CustomerTagsRefusal::NotFound)?;
        let project = tx.project(customer.project_id).await?.ok_or(Error::NotFound("project"))?;
        let sight = actor.sight_in(project.id, project.workspace_id).ok_or(CustomerTagsRefusal::NotFound)?;
        let known = tx.acquaintances(&sight, &[id.0]).await?.pop();
        if known.is_none_or(|(_, known)| known != Acquaintance::Current) {
            return Err(CustomerTagsRefusal::NotFound.into());
        }
        if customer.erased_at.is_some() {
            return Err(CustomerTagsRefusal::Erased.into());
        }
        let mut ids: Vec<i64> = tags.iter().map(|tag| tag.0).collect();
        ids.sort_unstable();
        ids.dedup();
        let found = tx.hold_tags(&ids).await?;
        if found.len() < ids.len() || found.iter().any(|tag| tag.project_id != project.id) {
            return Err(CustomerTagsRefusal::TagNotFound.into());
        }
        if adds && found.iter().any(|tag| tag.archived_at.is_some()) {
            return Err(CustomerTagsRefusal::TagArchived.into());
        }
        let mut is_changed = false;
        for tag in &found {
            is_changed |=
                if adds { tx.add_customer_tag(id, tag.id).await? } else { tx.remove_customer_tag(id, tag.id).await? };
        }
        if tx.tags_of_customers(&[id.0]).await?.len() > TAGS_OF_SESSION {
            return Err(CustomerTagsRefusal::TooMany.into());
        }
        if !is_changed {
            return Ok(customer);
        }
        let wall = self.now();
        let action = if adds { "customerTagsAdd" } else { "customerTagsRemove" };
        let audited = Audited::in_project(&actor.agent, &project, action, (ObjectKind::Customer, id.0), wall);
        audited.with(&json!({ "tags": ids })).write(&mut tx).await?;
        tell_of_profile(&mut tx, &project, newest, wall).await?;
        self.commit(tx).await?;
        Ok(customer)
    }
}
