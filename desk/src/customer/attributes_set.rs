//! Taking in what integrations say of customers, many at once.

use std::collections::{BTreeMap, HashMap};
use std::slice;

use domain::attribute::{
    AttributeChanges, AttributeDefinition, AttributeKind, Attributes, PushRefusal, PushedAttribute, changes,
};
use domain::audit::ObjectKind;
use domain::{ApiScope, Customer, CustomerId, Project, ProjectId, Role};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Tx;

use super::addressees::{Addressees, CustomerKey};
use super::news::tell_of_profile;
use super::{facts, lock};
use crate::audit::Audited;
use crate::idempotency::Request;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Error, IdempotencyKeyRefusal, Rejected};

/// The most attributes of one push, and the most customers.
const MOST_ATTRIBUTES: usize = 1000;
/// How many customers are changed in one transaction, so that nobody waits long for the others.
const BATCH: usize = 32;

/// What integrations say of customers of a project.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewAttributes {
    /// The project.
    pub project_id: ProjectId,
    /// The customers with what is said of each.
    pub customers: Vec<CustomerPush>,
    /// Makes sending the same request again harmless for 24 hours, even if somebody else has said otherwise since.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

/// What is said of a customer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CustomerPush {
    /// The customer.
    pub customer: CustomerKey,
    /// The attributes.
    pub attributes: Vec<PushedAttribute>,
}

/// What came of a push for one customer: the customer, or why nothing of it was taken in.
pub type Pushed = Result<Customer, CustomerPushRefusal>;

/// Why nothing was taken in of what is said of a customer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerPushRefusal {
    /// The project has no such customer.
    #[error("there is no such customer in this project: they have to write to its bot first")]
    UnknownCustomer,
    /// What is said cannot be kept.
    #[error(transparent)]
    Push(#[from] PushRefusal),
}

/// Why nothing was taken in at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AttributesSetRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// There are more than [`MOST_ATTRIBUTES`].
    #[error("a push has at most {MOST_ATTRIBUTES} attributes and as many customers: send it in several requests")]
    TooMany,
    /// The key cannot be taken.
    #[error(transparent)]
    IdempotencyKey(#[from] IdempotencyKeyRefusal),
}

impl<E: Into<AttributesSetRefusal>> From<E> for Rejected<AttributesSetRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

type Kinds = BTreeMap<String, AttributeKind>;

/// Of whom nothing was taken in, by their places in the push, and why.
type Refusals = BTreeMap<usize, CustomerPushRefusal>;

impl Desk {
    /// Takes in what integrations say of customers. Each customer is a matter of their own: what is refused of one keeps
    /// nothing back of another. Who has these values already stays as they are, so that pushing everything anew costs
    /// little and tells nobody anything. What came of it is in the order of the push.
    pub async fn customer_attributes_set(
        &self,
        actor: &Actor,
        new: &NewAttributes,
    ) -> Result<Vec<Pushed>, Rejected<AttributesSetRefusal>> {
        actor.needs(ApiScope::CustomersWrite)?;
        let attributes: usize = new.customers.iter().map(|push| push.attributes.len()).sum();
        if attributes > MOST_ATTRIBUTES || new.customers.len() > MOST_ATTRIBUTES {
            return Err(AttributesSetRefusal::TooMany.into());
        }
        let request = Request::new(actor.agent.id, new.idempotency_key.as_deref(), "customerAttributesSet", new)??;
        retried(|| self.try_customer_attributes_set(actor, new, &request)).await
    }

    async fn try_customer_attributes_set(
        &self,
        actor: &Actor,
        new: &NewAttributes,
        request: &Request<'_>,
    ) -> Result<Vec<Pushed>, Rejected<AttributesSetRefusal>> {
        let earlier = {
            let (mut tx, _) = self.change_in_project(actor, new.project_id, Role::Supervisor).await??;
            request.earlier_answer(self, &mut tx).await??
        };
        if let Some(earlier) = earlier {
            return Ok(self.pushed_again(new, earlier.details.as_deref()).await?);
        }
        let Plan { mut outcomes, mut to_write, defines } = self.plan(new).await?;
        // Everybody who changes several customers takes them in this order.
        to_write.sort_by_key(|(_, customer)| *customer);
        for some in to_write.chunks(BATCH) {
            let (mut tx, project) = self.change_in_project(actor, new.project_id, Role::Supervisor).await??;
            if defines {
                // Whoever defines others meanwhile must not find the same room.
                tx.lock_project(project.id).await?;
            }
            // Intake takes the sessions of a batch in one order, whoever their customers are.
            let customers: Vec<CustomerId> = some.iter().map(|(_, customer)| *customer).collect();
            tx.lock_open_sessions(&customers).await?;
            let mut kinds = kinds(&mut tx, project.id).await?;
            for (place, customer) in some {
                let pushed = &new.customers[*place].attributes;
                outcomes[*place] = self.push(&mut tx, actor, &project, &mut kinds, *customer, pushed).await?;
            }
            self.commit(tx).await?;
        }
        if request.is_keyed() {
            let (mut tx, project) = self.change_in_project(actor, new.project_id, Role::Supervisor).await??;
            let refused = outcomes.iter().enumerate().filter_map(|(place, one)| Some((place, one.as_ref().err()?)));
            let refused: BTreeMap<_, _> = refused.collect();
            let refused = serde_json::to_string(&refused).map_err(Error::internal)?;
            request.answer_with(self, &mut tx, project.id.0, refused).await?;
            self.commit(tx).await?;
        }
        Ok(outcomes)
    }

    /// What came of a push that comes again, with the customers as they are now.
    async fn pushed_again(&self, new: &NewAttributes, refusals: Option<&str>) -> Result<Vec<Pushed>, Error> {
        let refusals: Option<Refusals> = refusals.map(serde_json::from_str).transpose().map_err(Error::internal)?;
        let mut refusals = refusals.unwrap_or_default();
        let addressees = Addressees::of(&mut self.store.read().await?, new).await?;
        let again = |(place, push): (usize, &CustomerPush)| match refusals.remove(&place) {
            Some(refusal) => Err(refusal),
            None => addressees.find(push.customer).cloned().ok_or(CustomerPushRefusal::UnknownCustomer),
        };
        Ok(new.customers.iter().enumerate().map(again).collect())
    }

    /// What comes of a push as far as it can be told without a lock, and whom it changes.
    async fn plan(&self, new: &NewAttributes) -> Result<Plan, Error> {
        let mut reader = self.store.read().await?;
        let addressees = Addressees::of(&mut reader, new).await?;
        let mut known: HashMap<CustomerId, Attributes> = HashMap::new();
        for attribute in reader.attributes_of_customers(&addressees.ids()).await? {
            known.entry(attribute.customer_id).or_default().insert(attribute.name, attribute.value);
        }
        let definitions = reader.attribute_definitions(new.project_id).await?;
        drop(reader);
        let mut kinds: Kinds = definitions.into_iter().map(|one| (one.name, one.kind)).collect();
        let (mut outcomes, mut to_write) = (Vec::with_capacity(new.customers.len()), Vec::new());
        let defined_before = kinds.len();
        for (place, push) in new.customers.iter().enumerate() {
            let Some(customer) = addressees.find(push.customer) else {
                outcomes.push(Err(CustomerPushRefusal::UnknownCustomer));
                continue;
            };
            let known = known.entry(customer.id).or_default();
            outcomes.push(match changes(known, &kinds, &push.attributes) {
                Ok(changes) => {
                    if !changes.is_empty() {
                        to_write.push((place, customer.id));
                    }
                    // What comes later in the push comes on top of it.
                    known.retain(|name, _| !changes.removed.contains(name));
                    known.extend(changes.set);
                    kinds.extend(changes.defined);
                    Ok(customer.clone())
                }
                Err(refusal) => Err(refusal.into()),
            });
        }
        Ok(Plan { outcomes, to_write, defines: kinds.len() > defined_before })
    }

    async fn push(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        project: &Project,
        kinds: &mut Kinds,
        id: CustomerId,
        pushed: &[PushedAttribute],
    ) -> Result<Pushed, Error> {
        let (customer, newest) = lock(tx, id).await?;
        let Some(customer) = customer.filter(|customer| customer.erased_at.is_none()) else {
            return Ok(Err(CustomerPushRefusal::UnknownCustomer));
        };
        let known = facts(tx, slice::from_ref(&customer)).await?.remove(&customer.id).unwrap_or_default().attributes;
        let decided = loop {
            match changes(&known, kinds, pushed) {
                Err(refusal) => return Ok(Err(refusal.into())),
                Ok(decided) if define(tx, project, &decided).await? => break decided,
                // Somebody else has defined one of them in this moment, perhaps otherwise.
                Ok(_) => *kinds = self::kinds(tx, project.id).await?,
            }
        };
        kinds.extend(decided.defined.clone());
        if decided.is_empty() {
            return Ok(Ok(customer));
        }
        let wall = self.now();
        for (name, value) in &decided.set {
            tx.set_attribute(project.id, id, name, value, project.time(wall)).await?;
        }
        for name in &decided.removed {
            tx.remove_attribute(id, name).await?;
        }
        let object = (ObjectKind::Customer, id.0);
        let audited = Audited::in_project(&actor.agent, project, "customerAttributesSet", object, wall);
        let details = json!({ "set": Vec::from_iter(decided.set.keys()), "removed": decided.removed });
        audited.with(&details).write(tx).await?;
        tell_of_profile(tx, project, newest, wall).await?;
        Ok(Ok(customer))
    }
}

/// What comes of a push.
struct Plan {
    /// For each customer in the order of the push, as if it had been carried out.
    outcomes: Vec<Pushed>,
    /// Whom it changes, each with their place in the push.
    to_write: Vec<(usize, CustomerId)>,
    /// Whether there are attributes among it that no customer of the project could have before.
    defines: bool,
}

async fn kinds(tx: &mut Tx, project: ProjectId) -> Result<Kinds, Error> {
    let definitions = tx.attribute_definitions(project).await?;
    Ok(definitions.into_iter().map(|one| (one.name, one.kind)).collect())
}

/// Defines the attributes that are new. Answers whether all of them still were.
async fn define(tx: &mut Tx, project: &Project, decided: &AttributeChanges) -> Result<bool, Error> {
    let mut were_new = true;
    for (name, kind) in &decided.defined {
        let (project_id, name, label) = (project.id, name.clone(), String::new());
        were_new &= tx.define_attribute(&AttributeDefinition { project_id, name, kind: *kind, label }).await?;
    }
    Ok(were_new)
}
