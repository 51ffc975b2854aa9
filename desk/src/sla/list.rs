//! Reading policies, calendars and clocks.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::sla::{Calendar, Change, Clock, Explanation, HoursById, PolicyVersion, Standing, Terms, Timeline};
use domain::{ApiScope, ProjectId, SessionId, Sight, SlaCalendarId, SlaClockId, TicketId, Time};

use super::promises::timelines;
use crate::visibility::View;
use crate::{Actor, Connection, Desk, Error, PageRequest};

/// A step in the history of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlaClockStep {
    /// Its place in the history, counted from 0.
    pub place: i64,
    /// When it was, on the project's clock.
    pub at: Time,
    /// What happened; empty for the start.
    pub change: Option<Change>,
    /// What is promised from then on, if that is something else.
    pub terms: Option<Terms>,
}

impl SlaClockStep {
    /// The history, oldest first.
    fn all_of(timeline: &Timeline) -> Vec<Self> {
        let start = Self { place: 0, at: timeline.started_at, change: None, terms: Some(timeline.terms) };
        let changes = timeline.entries.iter().zip(1..).map(|(entry, place)| {
            let (at, change) = (entry.at, entry.change);
            Self { place, at, change: Some(change), terms: change.terms() }
        });
        std::iter::once(start).chain(changes).collect()
    }
}

impl Desk {
    /// A page of the versions of a project's policy, the present one first. The places are the versions.
    pub async fn sla_policies(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        request: PageRequest<i64>,
    ) -> Result<Connection<PolicyVersion, i64>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        self.role_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        let page = request.page()?;
        let mut reader = request.reader(&self.store).await?;
        let mut versions = reader.sla_policy_versions(project_id, page).await?;
        let total = request.total(reader.sla_policy_version_count(project_id)).await?;
        reader.end().await?;
        // What a project begins with nobody has written. It is the last one.
        let initial = PolicyVersion::initial(project_id);
        if page.before.is_none() && page.after.is_none_or(|after| initial.version < after) {
            let place = if page.from_end { 0 } else { versions.len() };
            versions.insert(place, initial);
            versions.truncate(page.size);
        }
        Ok(Connection::new(page, versions, total.map(|count| count + 1), |policy| policy.version))
    }

    /// The calendars of a project, by name.
    pub async fn sla_calendars(&self, actor: &Actor, project_id: ProjectId) -> Result<Vec<Calendar>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        self.role_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        Ok(self.store.read().await?.sla_calendars_of_project(project_id).await?)
    }

    /// Those of the calendars that the actor may see, in no order.
    pub async fn sla_calendars_by_id(&self, actor: &Actor, ids: &[SlaCalendarId]) -> Result<Vec<Calendar>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let found = self.store.read().await?.sla_calendars(&ids).await?;
        let mut visible = Vec::with_capacity(found.len());
        for calendar in found {
            if self.role_in(actor, calendar.project_id).await?.is_some() {
                visible.push(calendar);
            }
        }
        Ok(visible)
    }

    /// The newest clock of each promise about these sessions themselves, those of the sessions that go on for the actor
    /// or are history to them.
    pub async fn sla_clocks_of_sessions(&self, actor: &Actor, ids: &[SessionId]) -> Result<Vec<Clock>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let found = self.store.read().await?.sla_clocks_of_sessions(&ids).await?;
        self.visible_clocks(actor, found).await
    }

    /// The newest clock of each promise about these tickets, those of the tickets that the actor may see.
    pub async fn sla_clocks_of_tickets(&self, actor: &Actor, ids: &[TicketId]) -> Result<Vec<Clock>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let found = self.store.read().await?.sla_clocks_of_tickets(&ids).await?;
        self.visible_clocks(actor, found).await
    }

    /// Those of the clocks that the actor may see as they stand now, in no order.
    pub async fn sla_clocks_by_id(&self, actor: &Actor, ids: &[SlaClockId]) -> Result<Vec<Clock>, Error> {
        let (mut clocks, times) = self.running_clocks(actor, ids).await?;
        for clock in &mut clocks {
            clock.state = times.get(&clock.project_id).map_or(clock.state, |now| clock.state_at(*now));
        }
        Ok(clocks)
    }

    /// Those of the clocks that the actor may see, as the desk saw them last, with the time on the clocks of their projects.
    async fn running_clocks(
        &self,
        actor: &Actor,
        ids: &[SlaClockId],
    ) -> Result<(Vec<Clock>, HashMap<ProjectId, Time>), Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let found = self.store.read().await?.sla_clocks(&ids).await?;
        let clocks = self.visible_clocks(actor, found).await?;
        let projects: BTreeSet<i64> = clocks.iter().map(|clock| clock.project_id.0).collect();
        let projects = self.store.read().await?.projects(&Vec::from_iter(projects)).await?;
        let wall = self.now();
        Ok((clocks, projects.into_iter().map(|project| (project.id, project.time(wall))).collect()))
    }

    /// The stretches of the time of those of the clocks that the actor may see, until now or until the end of each.
    pub async fn sla_explanations(
        &self,
        actor: &Actor,
        ids: &[SlaClockId],
    ) -> Result<Vec<(SlaClockId, Explanation)>, Error> {
        self.sla_replays(actor, ids, Timeline::explain).await
    }

    /// Where those of the clocks stand now that the actor may see, by what happened to them.
    pub async fn sla_standings(&self, actor: &Actor, ids: &[SlaClockId]) -> Result<Vec<(SlaClockId, Standing)>, Error> {
        self.sla_replays(actor, ids, Timeline::standing).await
    }

    /// What follows now from the histories of those of the clocks that the actor may see.
    async fn sla_replays<T>(
        &self,
        actor: &Actor,
        ids: &[SlaClockId],
        follows: fn(&Timeline, Time, &HoursById) -> T,
    ) -> Result<Vec<(SlaClockId, T)>, Error> {
        let (clocks, times) = self.running_clocks(actor, ids).await?;
        let mut reader = self.store.read().await?;
        let (timelines, hours) = timelines(&mut reader, &clocks).await?;
        let replayed = clocks.iter().zip(timelines).filter_map(|(clock, timeline)| {
            Some((clock.id, follows(&timeline, *times.get(&clock.project_id)?, &hours)))
        });
        Ok(replayed.collect())
    }

    /// A page of what happened to a clock, oldest first. Of one that the actor does not see there is nothing.
    pub async fn sla_clock_history(
        &self,
        actor: &Actor,
        id: SlaClockId,
        request: PageRequest<i64>,
    ) -> Result<Connection<SlaClockStep, i64>, Error> {
        let (clocks, _) = self.running_clocks(actor, &[id]).await?;
        let mut reader = self.store.read().await?;
        let (timelines, _) = timelines(&mut reader, &clocks).await?;
        request.cut(timelines.first().map(SlaClockStep::all_of).unwrap_or_default(), |step| step.place)
    }

    /// Those of the clocks that the actor may see. Whoever sees every session takes no statement.
    async fn visible_clocks(&self, actor: &Actor, found: Vec<Clock>) -> Result<Vec<Clock>, Error> {
        let mut of_project: BTreeMap<ProjectId, Vec<Clock>> = BTreeMap::new();
        for clock in found {
            of_project.entry(clock.project_id).or_default().push(clock);
        }
        let (mut visible, mut in_part) = (Vec::new(), Vec::new());
        for (project, clocks) in of_project {
            match self.sight_in(actor, project).await? {
                Some(Sight::Everything) => visible.extend(clocks),
                Some(Sight::Own { .. }) => in_part.extend(clocks),
                None => {}
            }
        }
        if !in_part.is_empty() {
            visible.extend(self.clocks_in_sight(actor, in_part).await?);
        }
        Ok(visible)
    }

    /// Those of the clocks whose sessions or tickets somebody sees as they are.
    async fn clocks_in_sight(&self, actor: &Actor, clocks: Vec<Clock>) -> Result<Vec<Clock>, Error> {
        let sessions: BTreeSet<i64> = clocks.iter().map(|clock| clock.session_id.0).collect();
        let sessions = self.store.read().await?.sessions(&Vec::from_iter(sessions)).await?;
        // What they left they see as it was then, even if it is the history of another session.
        let mut views = self.views(actor, &sessions).await?;
        views.retain(|_, view| matches!(view, View::Whole));
        let beside: BTreeSet<TicketId> = clocks
            .iter()
            .filter(|clock| !views.contains_key(&clock.session_id))
            .filter_map(|clock| clock.ticket_id)
            .collect();
        let tickets: BTreeSet<TicketId> = if beside.is_empty() {
            BTreeSet::new()
        } else {
            let tickets = self.tickets_by_id(actor, &Vec::from_iter(beside)).await?;
            tickets.into_iter().map(|ticket| ticket.id).collect()
        };
        let is_visible = |clock: &Clock| {
            views.contains_key(&clock.session_id) || clock.ticket_id.is_some_and(|ticket| tickets.contains(&ticket))
        };
        Ok(clocks.into_iter().filter(is_visible).collect())
    }
}
