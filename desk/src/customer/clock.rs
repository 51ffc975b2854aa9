//! What time it is where a customer is.

use chrono::{DateTime, FixedOffset};
use domain::attribute::{AttributeValue, TIME_ZONE_ATTRIBUTE};
use domain::customer::CustomerNotes;
use domain::time_zone::{TimeZone, TimeZoneSource, of_customer};
use domain::{ApiScope, Customer, CustomerId, Project, ScheduledMessage, Time};
use store::Queries;

use crate::{Actor, Desk, Error};

/// The clock where a customer is, at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomerClock {
    /// The time zone.
    pub time_zone: TimeZone,
    /// How it is known.
    pub source: TimeZoneSource,
    /// What the clock shows, with how far it is ahead of UTC.
    pub shows: DateTime<FixedOffset>,
    /// When the night ends, if it is night.
    pub night_until: Option<Time>,
}

/// The clock of a customer at a moment on the project's clock, as far as it is known where they are. `said` is what the
/// attribute for it says.
pub(super) fn clock_of(
    customer: &Customer,
    notes: Option<&CustomerNotes>,
    said: Option<&AttributeValue>,
    project: &Project,
    at: Time,
) -> Option<CustomerClock> {
    let said = match said {
        Some(AttributeValue::Text(name)) => Some(name.as_str()),
        _ => None,
    };
    let noted = notes.and_then(|notes| notes.time_zone.as_deref());
    let (time_zone, source) = of_customer(noted, said, customer.language_code.as_deref())?;
    let night_until = project.night.ends_at(time_zone, at);
    Some(CustomerClock { time_zone, source, shows: time_zone.local(at).fixed_offset(), night_until })
}

/// The time zone of a customer, as far as it is known where they are.
pub(crate) async fn time_zone_of(
    queries: &mut Queries,
    customer: &Customer,
    project: &Project,
    wall: Time,
) -> Result<Option<TimeZone>, store::Error> {
    let notes = queries.customer_notes(&[customer.id.0]).await?.pop();
    let attributes = queries.attributes_of_customers(&[customer.id.0]).await?;
    let said = attributes.iter().find(|attribute| attribute.name == TIME_ZONE_ATTRIBUTE);
    let notes = notes.as_ref().map(|(_, notes)| notes);
    let clock = clock_of(customer, notes, said.map(|said| &said.value), project, project.time(wall));
    Ok(clock.map(|clock| clock.time_zone))
}

impl Desk {
    /// The clock of a customer to whom the actor has just written, if it is night there.
    pub async fn night_of_customer(&self, actor: &Actor, id: CustomerId) -> Result<Option<CustomerClock>, Error> {
        self.night_at(actor, id, None).await
    }

    /// The clock of the customer whom a message of the actor is for, as it will be when that is sent, if it is night
    /// there then.
    pub async fn night_of_scheduled(
        &self,
        actor: &Actor,
        message: &ScheduledMessage,
    ) -> Result<Option<CustomerClock>, Error> {
        let session = self.store.read().await?.session(message.session_id).await?.ok_or(Error::NotFound("session"))?;
        self.night_at(actor, session.customer_id, Some(message.send_at)).await
    }

    /// The clock of a customer at a moment on the project's clock, by default the present one, if it is night there.
    async fn night_at(&self, actor: &Actor, id: CustomerId, at: Option<Time>) -> Result<Option<CustomerClock>, Error> {
        actor.needs(ApiScope::MessagesSend)?;
        let (customer, notes, attributes, project) = {
            let mut reader = self.store.read().await?;
            let customer = reader.customers(&[id.0]).await?.pop().ok_or(Error::NotFound("customer"))?;
            let notes = reader.customer_notes(&[id.0]).await?.pop();
            let attributes = reader.attributes_of_customers(&[id.0]).await?;
            let project = reader.project(customer.project_id).await?.ok_or(Error::NotFound("project"))?;
            (customer, notes, attributes, project)
        };
        self.role_in(actor, project.id).await?.ok_or(Error::NotFound("customer"))?;
        let said = attributes.iter().find(|attribute| attribute.name == TIME_ZONE_ATTRIBUTE);
        let notes = notes.as_ref().map(|(_, notes)| notes);
        let at = at.unwrap_or_else(|| project.time(self.now()));
        let clock = clock_of(&customer, notes, said.map(|said| &said.value), &project, at);
        Ok(clock.filter(|clock| clock.night_until.is_some()))
    }
}
