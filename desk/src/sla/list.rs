//! Reading policies, calendars and clocks.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::sla::{Calendar, Clock, PolicyVersion, Segment};
use domain::{ApiScope, Project, ProjectId, SessionId, Sight, SlaCalendarId, SlaClockId, TicketId};

use super::promises::timelines;
use crate::{Actor, Desk, Error};

/// The most versions of a policy that are shown.
const VERSIONS: i64 = 100;

impl Desk {
    /// The versions of a project's policy, the present one first, at most a hundred.
    pub async fn sla_policies(&self, actor: &Actor, project_id: ProjectId) -> Result<Vec<PolicyVersion>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        self.role_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        let mut versions = self.store.read().await?.sla_policy_versions(project_id, VERSIONS).await?;
        // What a project begins with nobody has written.
        if i64::try_from(versions.len()).is_ok_and(|count| count < VERSIONS) {
            versions.push(PolicyVersion::initial(project_id));
        }
        Ok(versions)
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

    /// Those of the clocks that the actor may see, in no order.
    pub async fn sla_clocks_by_id(&self, actor: &Actor, ids: &[SlaClockId]) -> Result<Vec<Clock>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let found = self.store.read().await?.sla_clocks(&ids).await?;
        self.visible_clocks(actor, found).await
    }

    /// The stretches of the time of those of the clocks that the actor may see, until now or until the end of each.
    pub async fn sla_explanations(
        &self,
        actor: &Actor,
        ids: &[SlaClockId],
    ) -> Result<Vec<(SlaClockId, Vec<Segment>)>, Error> {
        let clocks = self.sla_clocks_by_id(actor, ids).await?;
        let projects: BTreeSet<i64> = clocks.iter().map(|clock| clock.project_id.0).collect();
        let mut reader = self.store.read().await?;
        let projects = reader.projects(&Vec::from_iter(projects)).await?;
        let projects: HashMap<ProjectId, Project> = projects.into_iter().map(|project| (project.id, project)).collect();
        let (timelines, hours) = timelines(&mut reader, &clocks).await?;
        let wall = self.now();
        let explained = clocks.iter().zip(timelines).filter_map(|(clock, timeline)| {
            let now = projects.get(&clock.project_id)?.time(wall);
            Some((clock.id, timeline.explain(now, &hours)))
        });
        Ok(explained.collect())
    }

    /// Those of the clocks that the actor may see. Whoever sees every session takes no statement.
    async fn visible_clocks(&self, actor: &Actor, found: Vec<Clock>) -> Result<Vec<Clock>, Error> {
        let mut of_project: BTreeMap<ProjectId, Vec<Clock>> = BTreeMap::new();
        for clock in found {
            of_project.entry(clock.project_id).or_default().push(clock);
        }
        let mut visible = Vec::new();
        for (project, clocks) in of_project {
            match self.sight_in(actor, project).await? {
                Some(Sight::Everything) => visible.extend(clocks),
                Some(sight) => visible.extend(self.clocks_within(actor, &sight, clocks).await?),
                None => {}
            }
        }
        Ok(visible)
    }

    /// Those of the clocks of a project whose sessions or tickets somebody sees as they are.
    async fn clocks_within(&self, actor: &Actor, sight: &Sight, clocks: Vec<Clock>) -> Result<Vec<Clock>, Error> {
        let sessions: BTreeSet<i64> = clocks.iter().map(|clock| clock.session_id.0).collect();
        let sessions = self.store.read().await?.whole_sessions(sight, &Vec::from_iter(sessions)).await?;
        let sessions: BTreeSet<SessionId> = sessions.into_iter().collect();
        let beside: BTreeSet<TicketId> = clocks
            .iter()
            .filter(|clock| !sessions.contains(&clock.session_id))
            .filter_map(|clock| clock.ticket_id)
            .collect();
        let tickets: BTreeSet<TicketId> = if beside.is_empty() {
            BTreeSet::new()
        } else {
            let tickets = self.tickets_by_id(actor, &Vec::from_iter(beside)).await?;
            tickets.into_iter().map(|ticket| ticket.id).collect()
        };
        let is_visible = |clock: &Clock| {
            sessions.contains(&clock.session_id) || clock.ticket_id.is_some_and(|ticket| tickets.contains(&ticket))
        };
        Ok(clocks.into_iter().filter(is_visible).collect())
    }
}
