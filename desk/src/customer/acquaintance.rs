//! How well an actor knows customers: the rule of `domain::customer::Acquaintance`, carried out.

use std::collections::HashMap;

use domain::customer::Acquaintance;
use domain::{ApiScope, Customer, CustomerId, ProjectId, Session, Sight};

use crate::{Actor, Desk, Error};

impl Desk {
    /// How the actor knows these customers, those whom they know. For who sees everything in the project it takes no
    /// statement.
    pub(crate) async fn acquaintances(
        &self,
        actor: &Actor,
        customers: &[Customer],
    ) -> Result<HashMap<CustomerId, Acquaintance>, Error> {
        let mut of_project: HashMap<ProjectId, Vec<i64>> = HashMap::new();
        for customer in customers {
            of_project.entry(customer.project_id).or_default().push(customer.id.0);
        }
        let mut known = HashMap::with_capacity(customers.len());
        for (project, ids) in of_project {
            match self.sight_in(actor, project).await? {
                None => {}
                Some(Sight::Everything) => {
                    known.extend(ids.into_iter().map(|id| (CustomerId(id), Acquaintance::Current)));
                }
                Some(own) => known.extend(self.store.read().await?.acquaintances(&own, &ids).await?),
            }
        }
        Ok(known)
    }

    /// The customer of a session that the actor was just shown. They know them by that session at least, even if it
    /// went to somebody else in this moment.
    pub async fn customer_of_session(&self, actor: &Actor, session: &Session) -> Result<Customer, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        self.role_in(actor, session.project_id).await?.ok_or(Error::NotFound("customer"))?;
        let found = self.store.read().await?.customers(&[session.customer_id.0]).await?.pop();
        let customer = found.ok_or(Error::NotFound("customer"))?;
        Ok(Acquaintance::Former { until: session.updated_at }.shown(customer))
    }
}
