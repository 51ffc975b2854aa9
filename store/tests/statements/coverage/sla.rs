//! Policies, calendars and clocks of service levels.

use domain::filter::Page;
use domain::sla::{
    Change, Clock, Entry, Hours, HoursById, Metric, OpeningTime, Policy, PolicyVersion, Subject, Timeline,
};
use domain::ticket::TicketKind;
use domain::time_zone::TimeZone;
use domain::{AgentId, Priority, ProjectId, Session};
use store::sla::{ClockUpdate, NewCalendar, NewClock, NewPolicy, Range};
use store::{Queries, Tx};

use crate::now;

pub async fn read_sla(queries: &mut Queries, project: ProjectId, session: &Session) {
    let ids = [1, 2, 3];
    queries.sla_policies(&[project.0]).await.unwrap();
    let page = Page { after: Some(5), before: None, size: 5, from_end: false };
    queries.sla_policy_versions(project, page).await.unwrap();
    queries.sla_policy_version_count(project).await.unwrap();
    queries.sla_hours(&ids).await.unwrap();
    queries.sla_calendars(&ids).await.unwrap();
    queries.sla_calendars_of_project(project).await.unwrap();
    queries.sla_clocks(&ids).await.unwrap();
    queries.sla_clocks_of_sessions(&[session.id.0]).await.unwrap();
    queries.all_sla_clocks_of(&[session.id.0], &ids).await.unwrap();
    queries.sla_clocks_of_tickets(&ids).await.unwrap();
    queries.sla_clocks_started(Range { project_id: project, from: now(), to: now(), limit: 5 }).await.unwrap();
    queries.open_sla_clocks_of_customers(&ids).await.unwrap();
    queries.sla_histories(&ids).await.unwrap();
    queries.next_sla_due().await.unwrap();
    queries.due_sla_clocks(now(), 5).await.unwrap();
    queries.has_sla_clocks_behind(project, 2).await.unwrap();
    queries.staff_links_of_project(project).await.unwrap();
}

pub async fn write_sla(tx: &mut Tx, project_id: ProjectId, agent: AgentId, session: &Session) {
    let hour = OpeningTime { weekday: 0, opens: 0, closes: 60 };
    let hours = Hours::new(TimeZone::parse("UTC").unwrap(), &[hour], []).unwrap();
    let new = NewCalendar { project_id, name: "Mondays".to_owned(), hours: hours.clone(), created_at: now() };
    let mut calendar = tx.insert_sla_calendar(&new).await.unwrap();
    calendar.hours_id = tx.insert_sla_hours(project_id, &hours, now()).await.unwrap();
    tx.update_sla_calendar(&calendar).await.unwrap();
    let policy = Policy { calendar_id: Some(calendar.id), ..Policy::default() };
    let new = NewPolicy {
        project_id,
        version: 2,
        policy,
        hours_id: Some(calendar.hours_id),
        changed_by: Some(agent),
        changed_at: now(),
    };
    tx.insert_sla_policy(&new).await.unwrap();
    tx.remove_sla_calendar(calendar.id, now()).await.unwrap();

    let both = [Metric::FirstResponse, Metric::Resolution].map(|metric| new_clock(session, metric));
    tx.start_sla_clocks(&both[..1]).await.unwrap();
    tx.start_sla_clocks(&both).await.unwrap();
    let open = tx.lock_open_sla_clocks(&[session.id.0]).await.unwrap();
    assert_eq!(open.len(), 2, "what runs already is not started again");
    let of_customer = tx.lock_open_sla_clocks_of(session.customer_id).await.unwrap();
    assert!(open.iter().all(|clock| of_customer.contains(clock)));
    tx.hand_over_sla_clocks(&[session.id.0], &[1], session.customer_id).await.unwrap();
    tx.lock_sla_clocks_behind(project_id, 2, 5).await.unwrap();
    tx.bring_sla_clocks_nearer(project_id, 1).await.unwrap();
    tx.claim_due_sla_clocks(now(), 5).await.unwrap();
    tx.claim_sla_clock(open[0].id, now()).await.unwrap();
    tx.fail_sla_clock(open[0].id, "error", now()).await.unwrap();
    let update = |mut clock: Clock| {
        clock.tell(Change::Warned, now());
        ClockUpdate { clock, entry: Some(Entry { at: now(), change: Change::Warned }), next_at: None }
    };
    let updates: Vec<ClockUpdate> = open.into_iter().map(update).collect();
    tx.update_sla_clocks(&updates[..1]).await.unwrap();
    tx.update_sla_clocks(&updates[1..]).await.unwrap();
    let known = tx.sla_clocks_of_sessions(&[session.id.0]).await.unwrap();
    let expected: Vec<Clock> = updates.into_iter().map(|update| update.clock).collect();
    assert_eq!(known, expected);
}

fn new_clock(session: &Session, metric: Metric) -> NewClock {
    let policy = PolicyVersion::initial(session.project_id);
    let terms = policy.terms(metric, Subject::Ticket { kind: TicketKind::Standard, priority: Priority::Medium });
    let standing = Timeline::new(now(), terms).standing(now(), &HoursById::default());
    NewClock {
        project_id: session.project_id,
        session_id: session.id,
        customer_id: session.customer_id,
        ticket_id: None,
        metric,
        kind: TicketKind::Standard,
        priority: None,
        policy_version: policy.version,
        started_at: now(),
        terms,
        standing,
        next_at: standing.due_at,
    }
}
