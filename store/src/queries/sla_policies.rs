//! What projects promise, and the calendars by which they do.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use domain::filter::Page;
use domain::sla::{Calendar, Hours, Policy, PolicyVersion};
use domain::{ProjectId, SlaCalendarId, SlaHoursId, Time};

use super::prepared::{Prepared, RunQueryDsl};
use super::{Conn, Db, dialect};
use crate::mapping::{At, IntoDomain, Json, micros, plain_json};
use crate::sla::{NewCalendar, NewPolicy};

diesel::table! {
    sla_calendars (id) {
        id -> BigInt,
        project_id -> BigInt,
        name -> Text,
        hours_id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        removed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    sla_hours (id) {
        id -> BigInt,
        project_id -> BigInt,
        hours -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    sla_policies (id) {
        id -> BigInt,
        project_id -> BigInt,
        version -> BigInt,
        policy -> Text,
        hours_id -> Nullable<BigInt>,
        changed_by -> Nullable<BigInt>,
        changed_at -> BigInt,
    }
}

diesel::joinable!(sla_calendars -> sla_hours (hours_id));
diesel::allow_tables_to_appear_in_same_query!(sla_calendars, sla_hours);

#[derive(Queryable, Selectable)]
#[diesel(table_name = sla_policies, check_for_backend(Db))]
struct PolicyRow {
    project_id: i64,
    version: i64,
    policy: Json<Policy>,
    hours_id: Option<i64>,
    changed_by: Option<i64>,
    changed_at: At,
}

impl From<PolicyRow> for PolicyVersion {
    fn from(row: PolicyRow) -> Self {
        Self {
            project_id: ProjectId(row.project_id),
            version: row.version,
            policy: row.policy.0,
            hours_id: row.hours_id.into_domain(),
            changed_by: row.changed_by.into_domain(),
            changed_at: Some(row.changed_at.0),
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = sla_calendars, check_for_backend(Db))]
struct CalendarRow {
    id: i64,
    project_id: i64,
    name: String,
    hours_id: i64,
    version: i64,
    created_at: At,
}

fn calendar((row, hours): (CalendarRow, Json<Hours>)) -> Calendar {
    Calendar {
        id: SlaCalendarId(row.id),
        project_id: ProjectId(row.project_id),
        name: row.name,
        hours: hours.0,
        hours_id: SlaHoursId(row.hours_id),
        version: row.version,
        created_at: row.created_at.0,
    }
}

/// The present policies of these projects. Those that nobody has changed are left out.
pub async fn current(conn: &mut Conn, projects: &[i64]) -> QueryResult<Vec<PolicyVersion>> {
    let is_newest = sql::<Bool>(
        "sla_policies.version = (SELECT MAX(newest.version) FROM sla_policies AS newest \
         WHERE newest.project_id = sla_policies.project_id)",
    );
    let query = sla_policies::table
        .filter(dialect::one_of("sla_policies.project_id", projects))
        .filter(is_newest)
        .select(PolicyRow::as_select());
    let rows: Vec<PolicyRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(PolicyVersion::from).collect())
}

/// One page of the versions of a project's policy, the newest first, in the order of reading from the asked end.
pub async fn versions(conn: &mut Conn, project: ProjectId, page: Page<i64>) -> QueryResult<Vec<PolicyVersion>> {
    let mut query = sla_policies::table
        .filter(sla_policies::project_id.eq(project.0))
        .select(PolicyRow::as_select())
        .limit(i64::try_from(page.size).unwrap_or(i64::MAX))
        .into_boxed::<Db>();
    if let Some(after) = page.after {
        query = query.filter(sla_policies::version.lt(after));
    }
    if let Some(before) = page.before {
        query = query.filter(sla_policies::version.gt(before));
    }
    query = if page.from_end {
        query.order(sla_policies::version.asc())
    } else {
        query.order(sla_policies::version.desc())
    };
    let rows: Vec<PolicyRow> = query.load(conn).await?;
    Ok(rows.into_iter().map(PolicyVersion::from).collect())
}

/// How many versions of a project's policy somebody has made.
pub async fn version_count(conn: &mut Conn, project: ProjectId) -> QueryResult<i64> {
    sla_policies::table.filter(sla_policies::project_id.eq(project.0)).count().get_result(conn).await
}

/// Adds a version of a policy.
pub async fn insert(conn: &mut Conn, new: &NewPolicy) -> QueryResult<PolicyVersion> {
    diesel::insert_into(sla_policies::table)
        .values((
            sla_policies::project_id.eq(new.project_id.0),
            sla_policies::version.eq(new.version),
            sla_policies::policy.eq(plain_json(&new.policy)),
            sla_policies::hours_id.eq(new.hours_id.map(|id| id.0)),
            sla_policies::changed_by.eq(new.changed_by.map(|id| id.0)),
            sla_policies::changed_at.eq(micros(new.changed_at)),
        ))
        .returning(PolicyRow::as_select())
        .get_result(conn)
        .await
        .map(PolicyVersion::from)
}

/// The hours with these identifiers, in no order.
pub async fn hours(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<(SlaHoursId, Hours)>> {
    let query = sla_hours::table.filter(dialect::one_of("sla_hours.id", ids)).select((sla_hours::id, sla_hours::hours));
    let rows: Vec<(i64, Json<Hours>)> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(|(id, hours)| (SlaHoursId(id), hours.0)).collect())
}

/// Keeps hours. They are never changed.
pub async fn insert_hours(conn: &mut Conn, project: ProjectId, hours: &Hours, now: Time) -> QueryResult<SlaHoursId> {
    diesel::insert_into(sla_hours::table)
        .values((
            sla_hours::project_id.eq(project.0),
            sla_hours::hours.eq(plain_json(hours)),
            sla_hours::created_at.eq(micros(now)),
        ))
        .returning(sla_hours::id)
        .get_result(conn)
        .await
        .map(SlaHoursId)
}

/// The calendars with these identifiers that were not removed, in no order.
pub async fn calendars(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Calendar>> {
    let query = sla_calendars::table
        .inner_join(sla_hours::table)
        .filter(dialect::one_of("sla_calendars.id", ids))
        .filter(sla_calendars::removed_at.is_null())
        .select((CalendarRow::as_select(), sla_hours::hours));
    let rows: Vec<(CalendarRow, Json<Hours>)> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(calendar).collect())
}

/// Every calendar of a project that was not removed, by name.
pub async fn calendars_of(conn: &mut Conn, project: ProjectId) -> QueryResult<Vec<Calendar>> {
    let query = sla_calendars::table
        .inner_join(sla_hours::table)
        .filter(sla_calendars::project_id.eq(project.0))
        .filter(sla_calendars::removed_at.is_null())
        .order((sla_calendars::name, sla_calendars::id))
        .select((CalendarRow::as_select(), sla_hours::hours));
    let rows: Vec<(CalendarRow, Json<Hours>)> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(calendar).collect())
}

/// Adds a calendar.
pub async fn insert_calendar(conn: &mut Conn, new: &NewCalendar) -> QueryResult<Calendar> {
    let hours_id = insert_hours(conn, new.project_id, &new.hours, new.created_at).await?;
    let row: CalendarRow = diesel::insert_into(sla_calendars::table)
        .values((
            sla_calendars::project_id.eq(new.project_id.0),
            sla_calendars::name.eq(&new.name),
            sla_calendars::hours_id.eq(hours_id.0),
            sla_calendars::version.eq(1),
            sla_calendars::created_at.eq(micros(new.created_at)),
        ))
        .returning(CalendarRow::as_select())
        .get_result(conn)
        .await?;
    Ok(calendar((row, Json(new.hours.clone()))))
}

/// Writes everything about a calendar that people can change, under its next version. Its hours have been kept.
pub async fn update_calendar(conn: &mut Conn, changed: &Calendar) -> QueryResult<Calendar> {
    let row: CalendarRow = diesel::update(sla_calendars::table.find(changed.id.0))
        .set((
            sla_calendars::name.eq(&changed.name),
            sla_calendars::hours_id.eq(changed.hours_id.0),
            sla_calendars::version.eq(sla_calendars::version + 1),
        ))
        .returning(CalendarRow::as_select())
        .get_result(conn)
        .await?;
    Ok(calendar((row, Json(changed.hours.clone()))))
}

/// Removes a calendar. Its hours stay for the clocks that went by them.
pub async fn remove_calendar(conn: &mut Conn, id: SlaCalendarId, now: Time) -> QueryResult<()> {
    diesel::update(sla_calendars::table.find(id.0))
        .set(sla_calendars::removed_at.eq(micros(now)))
        .execute(conn)
        .await?;
    Ok(())
}
