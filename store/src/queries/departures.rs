//! What agents go on seeing of sessions that have ended for them: which these are, their tags, and the messages that have
//! changed since.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use domain::filter::{Page, SessionKey};
use domain::message::{Change, Content};
use domain::visibility::MessageThen;
use domain::{AgentId, CustomerKind, ProjectId, Session, SessionId, Status, Tag, TagId, Time};

use super::prepared::{FreeForm, RunQueryDsl};
use super::schema::{session_departures, session_tags, sessions, tags};
use super::tags::TagRow;
use super::{Conn, Db, dialect};
use crate::mapping::{At, Json, micros, row};

diesel::table! {
    departure_tags (session_id, agent_id, tag_id) { session_id -> BigInt, agent_id -> BigInt, tag_id -> BigInt, }
}

diesel::table! {
    departure_messages (session_id, agent_id, message_id) {
        session_id -> BigInt,
        agent_id -> BigInt,
        message_id -> BigInt,
        kind -> Text,
        text -> Text,
        entities -> Nullable<Text>,
        content -> Nullable<Text>,
        edited_at -> Nullable<BigInt>,
        pinned_at -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
        changes -> Nullable<Text>,
    }
}

diesel::joinable!(departure_tags -> tags (tag_id));
diesel::allow_tables_to_appear_in_same_query!(departure_tags, tags);
diesel::joinable!(session_departures -> sessions (session_id));
diesel::allow_tables_to_appear_in_same_query!(session_departures, sessions);

row! { MessageThenRow of departure_messages is MessageThen {
    message_id: i64,
    kind: String,
    text: String,
    entities: Option<String>,
    content: Json<Content>,
    edited_at: Option<At>,
    pinned_at: Option<At>,
    deleted_at: Option<At>,
    changes: Json<Vec<Change>>,
} }

/// The kind of a message of which nothing is left.
const ERASED_KIND: &str = "erased";

/// Keeps the tags that a session has for an agent for whom it ends.
pub(super) async fn keep_tags(conn: &mut Conn, session: SessionId, agent: AgentId) -> QueryResult<()> {
    hold_tags(conn, &[session.0]).await?;
    let present = session_tags::table.filter(session_tags::session_id.eq(session.0)).select((
        session_tags::session_id,
        agent.0.into_sql::<BigInt>(),
        session_tags::tag_id,
    ));
    diesel::insert_into(departure_tags::table)
        .values(present)
        .into_columns((departure_tags::session_id, departure_tags::agent_id, departure_tags::tag_id))
        .execute(conn)
        .await?;
    Ok(())
}

/// Has nobody merge the tags of these sessions until the transaction ends, so that a merge sees what is kept of them.
async fn hold_tags(conn: &mut Conn, sessions: &[i64]) -> QueryResult<()> {
    let present: Vec<i64> = session_tags::table
        .filter(dialect::one_of("session_tags.session_id", sessions))
        .select(session_tags::tag_id)
        .load(conn)
        .await?;
    if !present.is_empty() {
        super::tags::hold(conn, &present).await?;
    }
    Ok(())
}

/// The customer's earlier closed sessions end for an agent with a newer one, except those that they have left themselves.
/// Nobody changes them until the transaction ends, so that what the agent goes on seeing is all of one moment. Those that
/// are as they were when they ended for the agent before, with every message in them, are not written again: of a customer
/// with thousands they are nearly all. Who changes one of these at this moment keeps what it was for that earlier end.
pub(super) async fn leave_history(conn: &mut Conn, newer: &Session, agent: AgentId, now: Time) -> QueryResult<()> {
    let has_changed = sql::<Bool>(
        "NOT EXISTS (SELECT 1 FROM session_departures AS gone WHERE gone.session_id = sessions.id AND gone.agent_id = ",
    )
    .bind::<BigInt, _>(agent.0)
    .sql(
        " AND (gone.through_id IS NULL OR gone.version = sessions.version AND NOT EXISTS (SELECT 1 \
         FROM departure_messages AS kept WHERE kept.session_id = gone.session_id AND kept.agent_id = gone.agent_id)))",
    );
    let earlier = for_no_key_update!(
        sessions::table
            .filter(sessions::customer_id.eq(newer.customer_id.0))
            .filter(sessions::id.lt(newer.id.0))
            .filter(sessions::status.eq(Status::Closed.name()))
            .filter(has_changed)
            .order(sessions::id.desc())
            .select(sessions::id)
    );
    let earlier: Vec<i64> = earlier.load(conn).await?;
    if earlier.is_empty() {
        return Ok(());
    }
    // What they had last of it is now.
    diesel::delete(session_departures::table)
        .filter(dialect::one_of("session_departures.session_id", &earlier))
        .filter(session_departures::agent_id.eq(agent.0))
        .filter(session_departures::through_id.is_not_null())
        .execute(conn)
        .await?;
    let has_not_left = sql::<Bool>(
        "NOT EXISTS (SELECT 1 FROM session_departures AS gone WHERE gone.session_id = sessions.id AND gone.agent_id = ",
    )
    .bind::<BigInt, _>(agent.0)
    .sql(")");
    sessions::table
        .filter(dialect::one_of("sessions.id", &earlier))
        .filter(has_not_left)
        .select((
            (sessions::id, agent.0.into_sql::<BigInt>(), micros(now).into_sql::<BigInt>()),
            (sessions::last_message_id, sessions::last_message_at, sessions::last_direction),
            (sessions::inbound_count, sessions::status, sessions::priority, sessions::assignee_id, sessions::team_id),
            (sessions::close_reason, sessions::closed_at, sessions::version, sessions::people, sessions::link_id),
            newer.id.0.into_sql::<Nullable<BigInt>>(),
        ))
        .insert_into(session_departures::table)
        .into_columns((
            (session_departures::session_id, session_departures::agent_id, session_departures::left_at),
            (
                session_departures::last_message_id,
                session_departures::last_message_at,
                session_departures::last_direction,
            ),
            (
                session_departures::inbound_count,
                session_departures::status,
                session_departures::priority,
                session_departures::assignee_id,
                session_departures::team_id,
            ),
            (
                session_departures::close_reason,
                session_departures::closed_at,
                session_departures::version,
                session_departures::people,
                session_departures::link_id,
            ),
            session_departures::through_id,
        ))
        .execute(conn)
        .await?;
    hold_tags(conn, &earlier).await?;
    let ends_with_it = sql::<Bool>(
        "EXISTS (SELECT 1 FROM session_departures AS gone WHERE gone.session_id = session_tags.session_id \
         AND gone.through_id = ",
    )
    .bind::<BigInt, _>(newer.id.0)
    .sql(" AND gone.agent_id = ")
    .bind::<BigInt, _>(agent.0)
    .sql(")");
    session_tags::table
        .filter(dialect::one_of("session_tags.session_id", &earlier))
        .filter(ends_with_it)
        .select((session_tags::session_id, agent.0.into_sql::<BigInt>(), session_tags::tag_id))
        .insert_into(departure_tags::table)
        .into_columns((departure_tags::session_id, departure_tags::agent_id, departure_tags::tag_id))
        .execute(conn)
        .await?;
    Ok(())
}

/// The tags that these sessions had when they ended for an agent, by name.
pub async fn tags_of(conn: &mut Conn, agent: AgentId, sessions: &[i64]) -> QueryResult<Vec<(SessionId, Tag)>> {
    let rows: Vec<(i64, TagRow)> = departure_tags::table
        .inner_join(tags::table)
        .filter(dialect::one_of("departure_tags.session_id", sessions))
        .filter(departure_tags::agent_id.eq(agent.0))
        .order((departure_tags::session_id, tags::name, tags::id))
        .select((departure_tags::session_id, TagRow::as_select()))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(session, tag)| (SessionId(session), tag.into())).collect())
}

/// Has one tag stand for another wherever that one was kept.
pub async fn merge_tags(conn: &mut Conn, from: TagId, into: TagId) -> QueryResult<()> {
    let kept = departure_tags::table.filter(departure_tags::tag_id.eq(from.0)).select((
        departure_tags::session_id,
        departure_tags::agent_id,
        into.0.into_sql::<BigInt>(),
    ));
    diesel::insert_into(departure_tags::table)
        .values(kept)
        .into_columns((departure_tags::session_id, departure_tags::agent_id, departure_tags::tag_id))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    diesel::delete(departure_tags::table.filter(departure_tags::tag_id.eq(from.0))).execute(conn).await?;
    Ok(())
}

/// What these messages were when their sessions ended for an agent, those that have changed since, in no order.
pub async fn messages_then(conn: &mut Conn, agent: AgentId, messages: &[i64]) -> QueryResult<Vec<MessageThen>> {
    let rows: Vec<MessageThenRow> = departure_messages::table
        .filter(dialect::one_of("departure_messages.message_id", messages))
        .filter(departure_messages::agent_id.eq(agent.0))
        .select(MessageThenRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(MessageThen::from).collect())
}

/// The messages that have changed since these sessions ended for an agent, and that were pinned then.
pub(super) async fn pinned_then(conn: &mut Conn, agent: AgentId, sessions: &[i64]) -> QueryResult<Vec<i64>> {
    departure_messages::table
        .filter(dialect::one_of("departure_messages.session_id", sessions))
        .filter(departure_messages::agent_id.eq(agent.0))
        .filter(departure_messages::pinned_at.is_not_null())
        .select(departure_messages::message_id)
        .load(conn)
        .await
}

/// Lets through what an agent has left in a project, without what ended for them with it.
macro_rules! left {
    ($project:expr, $agent:expr) => {
        session_departures::table
            .inner_join(sessions::table)
            .filter(session_departures::agent_id.eq($agent.0))
            .filter(session_departures::through_id.is_null())
            .filter(sessions::project_id.eq($project.0))
    };
}

/// One page of the sessions of a project that an agent has left, the last one first, in the order of reading from
/// the asked end, each with when it ended.
pub async fn page(
    conn: &mut Conn,
    project: ProjectId,
    agent: AgentId,
    page: Page<SessionKey>,
) -> QueryResult<Vec<SessionKey>> {
    let (left_at, id) = (session_departures::left_at, session_departures::session_id);
    let mut query = left!(project, agent)
        .select((left_at, id))
        .limit(i64::try_from(page.size).unwrap_or(i64::MAX))
        .into_boxed::<Db>();
    if let Some(after) = page.after {
        query = query.filter(left_at.le(after.micros)).filter(left_at.lt(after.micros).or(id.lt(after.id)));
    }
    if let Some(before) = page.before {
        query = query.filter(left_at.ge(before.micros)).filter(left_at.gt(before.micros).or(id.gt(before.id)));
    }
    query =
        if page.from_end { query.order((left_at.asc(), id.asc())) } else { query.order((left_at.desc(), id.desc())) };
    let rows: Vec<(i64, i64)> = dialect::load_all(FreeForm(query), conn).await?;
    Ok(rows.into_iter().map(|(micros, id)| SessionKey { micros, id }).collect())
}

/// How many sessions of a project an agent has left.
pub async fn count(conn: &mut Conn, project: ProjectId, agent: AgentId) -> QueryResult<i64> {
    left!(project, agent).count().get_result(conn).await
}

/// Empties what is kept of messages: those of sessions, these others, and all in the groups of a project, where anybody
/// may be named in any message.
pub async fn erase(conn: &mut Conn, project: ProjectId, sessions: &[i64], messages: &[i64]) -> QueryResult<()> {
    let emptied = || {
        (
            departure_messages::kind.eq(ERASED_KIND),
            departure_messages::text.eq(""),
            departure_messages::entities.eq(None::<String>),
            departure_messages::content.eq(None::<String>),
            departure_messages::changes.eq(None::<String>),
        )
    };
    // What was emptied before stays as it is, however often customers of the project are erased.
    let kept = || diesel::update(departure_messages::table).filter(departure_messages::kind.ne(ERASED_KIND));
    kept().filter(dialect::one_of("departure_messages.session_id", sessions)).set(emptied()).execute(conn).await?;
    kept().filter(dialect::one_of("departure_messages.message_id", messages)).set(emptied()).execute(conn).await?;
    let is_of_group = sql::<Bool>(
        "EXISTS (SELECT 1 FROM sessions JOIN customers ON customers.id = sessions.customer_id \
         WHERE sessions.id = departure_messages.session_id AND customers.kind <> ",
    )
    .bind::<Text, _>(CustomerKind::Person.name())
    .sql(" AND customers.project_id = ")
    .bind::<BigInt, _>(project.0)
    .sql(")");
    kept().filter(is_of_group).set(emptied()).execute(conn).await?;
    Ok(())
}
