//! Making, changing and removing calendars of service levels.

use domain::audit::ObjectKind;
use domain::name::{NameRefusal, is_same_name, parse_name};
use domain::sla::{Calendar, CalendarChange, Hours, MOST_CALENDARS};
use domain::{ApiScope, Project, ProjectId, Role, SlaCalendarId};
use store::Tx;
use store::sla::NewCalendar;

use super::promises::Promises;
use crate::audit::Audited;
use crate::idempotency::Request;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Error, IdempotencyKeyRefusal, Rejected};

/// A calendar to be made.
#[derive(Debug, Clone, serde::Serialize)]
pub struct NewSlaCalendar {
    /// The project.
    pub project_id: ProjectId,
    /// What it is called.
    pub name: String,
    /// When the desk works.
    pub hours: Hours,
    /// Makes sending the same request again harmless for 24 hours.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

/// Why a calendar was not made, changed or removed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlaCalendarRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// There is no such calendar, or the actor may not know of it.
    #[error("there is no such calendar")]
    NotFound,
    /// It is not at the version that the actor has seen.
    #[error("the calendar has changed since you read it: look at it again and repeat the request")]
    VersionConflict(Box<Calendar>),
    /// The name cannot be taken.
    #[error(transparent)]
    Name(#[from] NameRefusal),
    /// Another calendar has the name.
    #[error("another calendar of the project has this name: choose another one")]
    NameTaken,
    /// There are [`MOST_CALENDARS`].
    #[error("a project has at most {MOST_CALENDARS} calendars: remove some first")]
    TooMany,
    /// The policy goes by it.
    #[error("the policy of the project goes by this calendar: change that with `slaPolicyUpdate` first")]
    InUse,
    /// The key cannot be taken.
    #[error(transparent)]
    IdempotencyKey(#[from] IdempotencyKeyRefusal),
}

impl<E: Into<SlaCalendarRefusal>> From<E> for Rejected<SlaCalendarRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

use SlaCalendarRefusal as Refusal;

impl Desk {
    /// Makes a calendar. Nothing goes by it until a policy does.
    pub async fn sla_calendar_create(
        &self,
        actor: &Actor,
        new: &NewSlaCalendar,
    ) -> Result<Calendar, Rejected<Refusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        let request = Request::new(actor.agent.id, new.idempotency_key.as_deref(), "slaCalendarCreate", new)??;
        retried(|| self.try_sla_calendar_create(actor, new, &request)).await
    }

    async fn try_sla_calendar_create(
        &self,
        actor: &Actor,
        new: &NewSlaCalendar,
        request: &Request<'_>,
    ) -> Result<Calendar, Rejected<Refusal>> {
        let (mut tx, project) = self.change_in_project(actor, new.project_id, Role::Supervisor).await??;
        tx.lock_project(project.id).await?;
        if let Some((earlier, _)) = request.earlier_several(self, &mut tx).await?? {
            return Ok(tx.sla_calendars(&[earlier]).await?.pop().ok_or(Error::NotFound("calendar"))?);
        }
        let name = parse_name(&new.name)?;
        let others = tx.sla_calendars_of_project(project.id).await?;
        if others.len() >= MOST_CALENDARS {
            return Err(Refusal::TooMany.into());
        }
        if others.iter().any(|other| is_same_name(&other.name, &name)) {
            return Err(Refusal::NameTaken.into());
        }
        let created_at = project.time(self.now());
        let new = NewCalendar { project_id: project.id, name, hours: new.hours.clone(), created_at };
        let calendar = tx.insert_sla_calendar(&new).await?;
        request.answer(self, &mut tx, calendar.id.0).await?;
        self.finish_calendar(actor, tx, &project, "slaCalendarCreate", calendar.id).await?;
        Ok(calendar)
    }

    /// Changes a calendar. If the policy of the project goes by it, that is another one from then on, as with
    /// [`Desk::sla_policy_update`].
    pub async fn sla_calendar_update(
        &self,
        actor: &Actor,
        id: SlaCalendarId,
        change: &CalendarChange,
    ) -> Result<Calendar, Rejected<Refusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_sla_calendar_update(actor, id, change)).await
    }

    async fn try_sla_calendar_update(
        &self,
        actor: &Actor,
        id: SlaCalendarId,
        change: &CalendarChange,
    ) -> Result<Calendar, Rejected<Refusal>> {
        let (mut tx, project, before) = self.change_calendar(actor, id).await?;
        if change.expected_version.is_some_and(|expected| expected != before.version) {
            return Err(Refusal::VersionConflict(Box::new(before)).into());
        }
        let mut calendar = before.clone();
        if let Some(name) = &change.name {
            calendar.name = parse_name(name)?;
        }
        if let Some(hours) = &change.hours {
            calendar.hours = hours.clone();
        }
        if calendar == before {
            return Ok(before);
        }
        let others = tx.sla_calendars_of_project(project.id).await?;
        if others.iter().any(|other| other.id != id && is_same_name(&other.name, &calendar.name)) {
            return Err(Refusal::NameTaken.into());
        }
        if calendar.hours != before.hours {
            let now = project.time(self.now());
            calendar.hours_id = tx.insert_sla_hours(project.id, &calendar.hours, now).await?;
            let policy = Promises::of_one(&mut tx, project.id).await?.policy(project.id);
            if policy.policy.calendar_id == Some(id) {
                let (promised, hours_id, by) = (policy.policy.clone(), calendar.hours_id, actor.agent.id);
                self.replace_policy(&mut tx, &project, &policy, promised, Some(hours_id), by).await?;
            }
        }
        let changed = tx.update_sla_calendar(&calendar).await?;
        self.finish_calendar(actor, tx, &project, "slaCalendarUpdate", id).await?;
        Ok(changed)
    }

    /// Removes a calendar by which the policy does not go. Clocks that went by it show what it said. Answers the
    /// project that it was in.
    pub async fn sla_calendar_remove(&self, actor: &Actor, id: SlaCalendarId) -> Result<Project, Rejected<Refusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_sla_calendar_remove(actor, id)).await
    }

    async fn try_sla_calendar_remove(&self, actor: &Actor, id: SlaCalendarId) -> Result<Project, Rejected<Refusal>> {
        let (mut tx, project, _) = self.change_calendar(actor, id).await?;
        let policy = Promises::of_one(&mut tx, project.id).await?.policy(project.id).policy;
        if policy.calendar_id == Some(id) {
            return Err(Refusal::InUse.into());
        }
        tx.remove_sla_calendar(id, project.time(self.now())).await?;
        self.finish_calendar(actor, tx, &project, "slaCalendarRemove", id).await?;
        Ok(project)
    }

    /// Begins the change of a calendar by a supervisor. Nobody else changes those of its project until the transaction
    /// ends.
    async fn change_calendar(
        &self,
        actor: &Actor,
        id: SlaCalendarId,
    ) -> Result<(Tx, Project, Calendar), Rejected<Refusal>> {
        let known = self.store.read().await?.sla_calendars(&[id.0]).await?.pop().ok_or(Refusal::NotFound)?;
        let begun = self.change_in_project(actor, known.project_id, Role::Supervisor).await?;
        let (mut tx, project) = begun.map_err(|refusal| match refusal {
            StandingRefusal::NotFound => Refusal::NotFound,
            other @ StandingRefusal::NotSupervisor => other.into(),
        })?;
        tx.lock_project(project.id).await?;
        let calendar = tx.sla_calendars(&[id.0]).await?.pop().ok_or(Refusal::NotFound)?;
        Ok((tx, project, calendar))
    }

    async fn finish_calendar(
        &self,
        actor: &Actor,
        mut tx: Tx,
        project: &Project,
        action: &'static str,
        id: SlaCalendarId,
    ) -> Result<(), Error> {
        let object = (ObjectKind::SlaCalendar, id.0);
        Audited::in_project(&actor.agent, project, action, object, self.now()).write(&mut tx).await?;
        self.commit(tx).await
    }
}
