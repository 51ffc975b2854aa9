//! Queries of service levels: policies, calendars, and clocks with their histories.

use domain::filter::Page;
use domain::sla::{Calendar, Clock, Entry, Hours, PolicyVersion};
use domain::{CustomerId, ProjectId, SlaCalendarId, SlaClockId, SlaHoursId, StaffLink, Time};

use crate::error::Result;
use crate::sla::{ClockUpdate, NewCalendar, NewClock, NewPolicy, Range};
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// The present policies of these projects. Those that nobody has changed are left out.
    sla_policies = sla_policies::current(projects: &[i64]) -> Vec<PolicyVersion>;
    /// One page of the versions of a project's policy, the newest first, in the order of reading from the asked end.
    sla_policy_versions = sla_policies::versions(project: ProjectId, page: Page<i64>) -> Vec<PolicyVersion>;
    /// How many versions of a project's policy somebody has made.
    sla_policy_version_count = sla_policies::version_count(project: ProjectId) -> i64;
    /// The hours with these identifiers, in no order.
    sla_hours = sla_policies::hours(ids: &[i64]) -> Vec<(SlaHoursId, Hours)>;
    /// The calendars with these identifiers that were not removed, in no order.
    sla_calendars = sla_policies::calendars(ids: &[i64]) -> Vec<Calendar>;
    /// Every calendar of a project that was not removed, by name.
    sla_calendars_of_project = sla_policies::calendars_of(project: ProjectId) -> Vec<Calendar>;
    /// The clocks with these identifiers, in no order.
    sla_clocks = sla_clocks::many(ids: &[i64]) -> Vec<Clock>;
    /// Every clock of these sessions themselves and of these tickets, in the order of their identifiers.
    all_sla_clocks_of = sla_clocks::all_of(sessions: &[i64], tickets: &[i64]) -> Vec<Clock>;
    /// The newest clock of each promise about these sessions themselves as it stands now, in the order of their identifiers.
    sla_clocks_of_sessions = sla_clocks::newest_of_sessions(sessions: &[i64]) -> Vec<Clock>;
    /// The newest clock of each promise about these tickets as it stands now, in the order of their identifiers.
    sla_clocks_of_tickets = sla_clocks::newest_of_tickets(tickets: &[i64]) -> Vec<Clock>;
    /// The clocks that started within a range, the newest first.
    sla_clocks_started = sla_clocks::started(range: Range) -> Vec<Clock>;
    /// The clocks of these customers' sessions and tickets that have not ended, in ascending order.
    open_sla_clocks_of_customers = sla_clocks::open_of_customers(customers: &[i64]) -> Vec<Clock>;
    /// What happened to these clocks after their start, of each in order.
    sla_histories = sla_clocks::histories(ids: &[i64]) -> Vec<(SlaClockId, Entry)>;
    /// When something is to be told next of any clock, in microseconds since 1970 on the wall clock.
    next_sla_due = sla_clocks::next_due() -> Option<i64>;
    /// The next clocks of which something is to be told, each with how often that could not be done.
    due_sla_clocks = sla_clocks::due(now: Time, limit: i64) -> Vec<(SlaClockId, i32)>;
    /// Whether a project has clocks that have not ended and are by an earlier version of its policy.
    has_sla_clocks_behind = sla_clocks::has_behind(project: ProjectId, version: i64) -> bool;
    /// The linked accounts of the agents of a project.
    staff_links_of_project = staff::of_project(project: ProjectId) -> Vec<StaffLink>;
}

catalogue! { Tx:
    /// Adds a version of a project's policy.
    insert_sla_policy = sla_policies::insert(new: &NewPolicy) -> PolicyVersion;
    /// Keeps what a calendar says from now on.
    insert_sla_hours = sla_policies::insert_hours(project: ProjectId, hours: &Hours, now: Time) -> SlaHoursId;
    /// Adds a calendar.
    insert_sla_calendar = sla_policies::insert_calendar(new: &NewCalendar) -> Calendar;
    /// Writes everything about a calendar that people can change, under its next version. Its hours have been kept.
    update_sla_calendar = sla_policies::update_calendar(changed: &Calendar) -> Calendar;
    /// Removes a calendar. Its hours stay for the clocks that went by them.
    remove_sla_calendar = sla_policies::remove_calendar(id: SlaCalendarId, now: Time) -> ();
    /// Starts clocks. Of those for which there is one already that has not ended, none is started.
    start_sla_clocks = sla_clocks::start(new: &[NewClock]) -> ();
    /// Writes what became of clocks, each at most once, and adds to their histories what happened.
    update_sla_clocks = sla_clocks::update(updates: &[ClockUpdate]) -> ();
    /// The clocks of these sessions and of their tickets that have not ended, locked, in ascending order.
    lock_open_sla_clocks = sla_clocks::lock_open(sessions: &[i64]) -> Vec<Clock>;
    /// The clocks of a customer's sessions and tickets that have not ended, locked, in ascending order.
    lock_open_sla_clocks_of = sla_clocks::lock_open_of_customer(customer: CustomerId) -> Vec<Clock>;
    /// The next clocks of which something is to be told, locked, without those that another process has.
    claim_due_sla_clocks = sla_clocks::claim_due(now: Time, limit: i64) -> Vec<Clock>;
    /// A clock of which something is to be told, locked, unless another process has it.
    claim_sla_clock = sla_clocks::claim(id: SlaClockId, now: Time) -> Option<Clock>;
    /// Notes that nothing could be told of a clock, and when it is tried again.
    fail_sla_clock = sla_clocks::fail(id: SlaClockId, error: &str, again_at: Time) -> ();
    /// Clocks of a project that have not ended and are by an earlier version of its policy, locked, without those that
    /// somebody else has.
    lock_sla_clocks_behind = sla_clocks::lock_behind(project: ProjectId, version: i64, limit: i64) -> Vec<Clock>;
    /// Gives a customer the clocks of these sessions themselves and of these tickets.
    hand_over_sla_clocks = sla_clocks::hand_over(sessions: &[i64], tickets: &[i64], to: CustomerId) -> ();
    /// Brings nearer what is to be told of the clocks of a project.
    bring_sla_clocks_nearer = sla_clocks::bring_nearer(project: ProjectId, by_micros: i64) -> ();
}
