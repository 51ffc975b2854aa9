//! What projects promise now.

use std::collections::{BTreeSet, HashMap};

use domain::sla::{Clock, HoursById, Metric, PolicyVersion, Subject, Timeline};
use domain::ticket::TicketKind;
use domain::{CustomerId, Project, ProjectId, Session, SessionId, SlaHoursId, Ticket, TicketId, Time};
use store::Queries;
use store::sla::NewClock;

/// What projects promise now, with the hours by which they do.
pub(super) struct Promises {
    policies: HashMap<ProjectId, PolicyVersion>,
    hours: HoursById,
}

/// What a clock is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct About {
    pub(super) session_id: SessionId,
    pub(super) customer_id: CustomerId,
    pub(super) ticket_id: Option<TicketId>,
    pub(super) subject: Subject,
}

impl About {
    /// A session itself, of a type.
    pub(super) fn session(session: &Session, kind: TicketKind) -> Self {
        Self {
            session_id: session.id,
            customer_id: session.customer_id,
            ticket_id: None,
            subject: Subject::Session { kind },
        }
    }

    /// A ticket.
    pub(super) fn ticket(ticket: &Ticket) -> Self {
        Self {
            session_id: ticket.session_id,
            customer_id: ticket.customer_id,
            ticket_id: Some(ticket.id),
            subject: Subject::Ticket { kind: ticket.kind, priority: ticket.priority },
        }
    }
}

impl Promises {
    /// What these projects promise.
    pub(super) async fn of(
        queries: &mut Queries,
        projects: impl IntoIterator<Item = ProjectId>,
    ) -> Result<Self, store::Error> {
        let projects: BTreeSet<ProjectId> = projects.into_iter().collect();
        let ids: Vec<i64> = projects.iter().map(|project| project.0).collect();
        let mut policies: HashMap<ProjectId, PolicyVersion> =
            projects.into_iter().map(|project| (project, PolicyVersion::initial(project))).collect();
        let stored = queries.sla_policies(&ids).await?;
        policies.extend(stored.into_iter().map(|policy| (policy.project_id, policy)));
        let hours = hours(queries, policies.values().filter_map(|policy| policy.hours_id)).await?;
        Ok(Self { policies, hours })
    }

    /// What one project promises.
    pub(super) async fn of_one(queries: &mut Queries, project: ProjectId) -> Result<Self, store::Error> {
        Self::of(queries, [project]).await
    }

    /// The policy of a project, which is one of those that were asked for.
    pub(super) fn policy(&self, project: ProjectId) -> PolicyVersion {
        self.policies.get(&project).cloned().unwrap_or_else(|| PolicyVersion::initial(project))
    }

    /// The hours of the policies.
    pub(super) fn hours(&self) -> &HoursById {
        &self.hours
    }

    /// A clock that starts at a moment on the project's clock.
    pub(super) fn clock(&self, project: &Project, about: About, metric: Metric, at: Time) -> NewClock {
        let initial;
        let policy = match self.policies.get(&project.id) {
            Some(policy) => policy,
            None => {
                initial = PolicyVersion::initial(project.id);
                &initial
            }
        };
        let terms = policy.terms(metric, about.subject);
        let standing = Timeline::new(at, terms).standing(at, &self.hours);
        NewClock {
            project_id: project.id,
            session_id: about.session_id,
            customer_id: about.customer_id,
            ticket_id: about.ticket_id,
            metric,
            kind: about.subject.kind(),
            priority: about.subject.priority(),
            policy_version: policy.version,
            started_at: at,
            terms,
            standing,
            next_at: standing.next_at().map(|next_at| project.wall(next_at)),
        }
    }
}

/// The hours with these identifiers.
pub(super) async fn hours(
    queries: &mut Queries,
    ids: impl IntoIterator<Item = SlaHoursId>,
) -> Result<HoursById, store::Error> {
    let ids: BTreeSet<SlaHoursId> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(HoursById::default());
    }
    let ids: Vec<i64> = ids.into_iter().map(|id| id.0).collect();
    Ok(queries.sla_hours(&ids).await?.into_iter().collect())
}

/// The histories of clocks, in their order, and the hours by which they go.
pub(super) async fn timelines(
    queries: &mut Queries,
    clocks: &[Clock],
) -> Result<(Vec<Timeline>, HoursById), store::Error> {
    let changed: Vec<i64> = clocks.iter().filter(|clock| clock.changes > 0).map(|clock| clock.id.0).collect();
    let mut entries: HashMap<_, Vec<_>> = HashMap::new();
    if !changed.is_empty() {
        for (clock, entry) in queries.sla_histories(&changed).await? {
            entries.entry(clock).or_default().push(entry);
        }
    }
    let timelines: Vec<Timeline> =
        clocks.iter().map(|clock| clock.timeline(entries.remove(&clock.id).unwrap_or_default())).collect();
    let ids = timelines.iter().flat_map(|timeline| {
        let later = timeline.entries.iter().filter_map(|entry| entry.change.terms());
        later.chain([timeline.terms]).filter_map(|terms| terms.hours_id)
    });
    let hours = hours(queries, ids.collect::<Vec<_>>()).await?;
    Ok((timelines, hours))
}
