//! What agents go on seeing of sessions that have ended for them: which these are, their tags, and the messages that have
//! changed since.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use domain::filter::{Page, SessionKey};
use domain::message::{Change, Content};
use domain::visibility::MessageThen;
use domain::{AgentId, CustomerKind, ProjectId, SessionId, Tag, TagId};

use super::prepared::{FreeForm, RunQueryDsl};
use super::schema::{session_departures, session_tags, sessions, tags};
use super::tags::TagRow;
use super::{Conn, Db, dialect};
use crate::mapping::{At, Json, row};

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
    let present = session_tags::table.filter(session_tags::session_id.eq(session.0)).select(session_tags::tag_id);
    let present: Vec<i64> = present.load(conn).await?;
    for tag in present {
        diesel::insert_into(departure_tags::table)
            .values((
                departure_tags::session_id.eq(session.0),
                departure_tags::agent_id.eq(agent.0),
                departure_tags::tag_id.eq(tag),
            ))
            .execute(conn)
            .await?;
    }
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
    let kept: Vec<(i64, i64)> = departure_tags::table
        .filter(departure_tags::tag_id.eq(from.0))
        .select((departure_tags::session_id, departure_tags::agent_id))
        .load(conn)
        .await?;
    for (session, agent) in kept {
        diesel::insert_into(departure_tags::table)
            .values((
                departure_tags::session_id.eq(session),
                departure_tags::agent_id.eq(agent),
                departure_tags::tag_id.eq(into.0),
            ))
            .on_conflict_do_nothing()
            .execute(conn)
            .await?;
    }
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

/// Lets through what has ended for an agent in a project.
macro_rules! left {
    ($project:expr, $agent:expr) => {
        session_departures::table
            .inner_join(sessions::table)
            .filter(session_departures::agent_id.eq($agent.0))
            .filter(sessions::project_id.eq($project.0))
    };
}

/// One page of the sessions of a project that have ended for an agent, the last one first, in the order of reading from
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

/// How many sessions of a project have ended for an agent.
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
    let kept = || diesel::update(departure_messages::table);
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
