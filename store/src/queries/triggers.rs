//! Triggers, their lists of words, and what came of them.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use domain::escalation::EscalationReason;
use domain::trigger::defaults::{DefaultList, DefaultTrigger};
use domain::trigger::{Judgement, Level, Progress, ProjectTrigger, ProjectWordList, TriggerFiring, TriggerStatistics};
use domain::{AgentId, Priority, ProjectId, SessionId, TagId, TriggerFiringId, TriggerId, WordListId};

use super::newest::Newest;
use super::prepared::{FreeForm, Prepared, RunQueryDsl};
use super::{Conn, Db, dialect};
use crate::mapping::{At, IntoDomain, Json, Named, json, micros, row};
use crate::triggers::{NewFiring, NewTrigger, NewWordList};

diesel::table! {
    triggers (id) {
        id -> BigInt,
        project_id -> BigInt,
        name -> Text,
        word_list_ids -> Nullable<Text>,
        messages_in_a_row -> Nullable<BigInt>,
        tag_ids -> Nullable<Text>,
        raise_to -> Nullable<Text>,
        active -> Bool,
        place -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        removed_at -> Nullable<BigInt>,
        preset -> Nullable<Text>,
        unresolved_minutes -> Nullable<BigInt>,
        low_rating -> Nullable<BigInt>,
        suggest -> Nullable<Text>,
        escalate -> Nullable<Text>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    word_lists (id) {
        id -> BigInt,
        project_id -> BigInt,
        name -> Text,
        phrases -> Nullable<Text>,
        version -> BigInt,
        created_at -> BigInt,
        preset -> Nullable<Text>,
    }
}

diesel::table! { session_triggers (session_id) { session_id -> BigInt, progress -> Nullable<Text>, } }

diesel::table! {
    trigger_firings (id) {
        id -> BigInt,
        trigger_id -> BigInt,
        session_id -> BigInt,
        message_id -> Nullable<BigInt>,
        phrases -> Nullable<Text>,
        at -> BigInt,
        since_version -> BigInt,
        judgement -> Nullable<Text>,
        judged_by -> Nullable<BigInt>,
        suggested -> Nullable<Text>,
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = triggers, check_for_backend(Db))]
pub(super) struct TriggerRow {
    id: i64,
    project_id: i64,
    name: String,
    word_list_ids: Json<Vec<WordListId>>,
    messages_in_a_row: Option<i64>,
    tag_ids: Json<Vec<TagId>>,
    raise_to: Option<Named<Priority>>,
    active: bool,
    place: i64,
    version: i64,
    created_at: At,
    unresolved_minutes: Option<i64>,
    low_rating: Option<i64>,
    suggest: Option<Named<Level>>,
    escalate: Option<Named<Level>>,
    reason: Option<Named<EscalationReason>>,
}

impl From<TriggerRow> for ProjectTrigger {
    fn from(row: TriggerRow) -> Self {
        Self {
            id: TriggerId(row.id),
            project_id: row.project_id.into_domain(),
            name: row.name,
            word_list_ids: row.word_list_ids.0,
            messages_in_a_row: row.messages_in_a_row.and_then(|messages| u32::try_from(messages).ok()),
            tag_ids: row.tag_ids.0,
            unresolved_minutes: row.unresolved_minutes.and_then(|minutes| u32::try_from(minutes).ok()),
            low_rating: row.low_rating.and_then(|stars| u8::try_from(stars).ok()),
            raise_to: row.raise_to.into_domain(),
            suggest: row.suggest.into_domain(),
            escalate: row.escalate.into_domain(),
            reason: row.reason.into_domain(),
            active: row.active,
            place: row.place,
            version: row.version,
            created_at: row.created_at.into_domain(),
        }
    }
}

row! { WordListRow of word_lists is ProjectWordList {
    id: i64,
    project_id: i64,
    name: String,
    phrases: Json<Vec<String>>,
    version: i64,
    created_at: At,
} }

row! { FiringRow of trigger_firings is TriggerFiring {
    id: i64,
    trigger_id: i64,
    session_id: i64,
    message_id: Option<i64>,
    phrases: Json<Vec<String>>,
    at: At,
    since_version: i64,
    judgement: Option<Named<Judgement>>,
    judged_by: Option<i64>,
    suggested: Option<Named<Level>>,
} }

/// The triggers with these identifiers, those that were removed included, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<ProjectTrigger>> {
    let query = triggers::table.filter(dialect::looked_up("triggers.id", ids)).select(TriggerRow::as_select());
    let rows: Vec<TriggerRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(ProjectTrigger::from).collect())
}

/// Every trigger of a project that was not removed, by place.
pub async fn of_project(conn: &mut Conn, project: ProjectId) -> QueryResult<Vec<ProjectTrigger>> {
    let rows: Vec<TriggerRow> = triggers::table
        .filter(triggers::project_id.eq(project.0))
        .filter(triggers::removed_at.is_null())
        .order((triggers::place, triggers::id))
        .select(TriggerRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(ProjectTrigger::from).collect())
}

/// Adds a trigger.
pub async fn insert(conn: &mut Conn, trigger: &NewTrigger) -> QueryResult<ProjectTrigger> {
    diesel::insert_into(triggers::table)
        .values((
            triggers::project_id.eq(trigger.project_id.0),
            triggers::name.eq(&trigger.name),
            triggers::word_list_ids.eq(json(&trigger.word_list_ids)),
            triggers::messages_in_a_row.eq(trigger.messages_in_a_row.map(i64::from)),
            triggers::tag_ids.eq(json(&trigger.tag_ids)),
            triggers::raise_to.eq(trigger.raise_to.map(Priority::name)),
            triggers::active.eq(trigger.active),
            triggers::place.eq(trigger.place),
            triggers::version.eq(1),
            triggers::created_at.eq(micros(trigger.created_at)),
            triggers::preset.eq(trigger.preset.map(DefaultTrigger::name)),
            triggers::unresolved_minutes.eq(trigger.unresolved_minutes.map(i64::from)),
            triggers::low_rating.eq(trigger.low_rating.map(i64::from)),
            triggers::suggest.eq(trigger.suggest.map(Level::name)),
            triggers::escalate.eq(trigger.escalate.map(Level::name)),
            triggers::reason.eq(trigger.reason.map(EscalationReason::name)),
        ))
        .returning(TriggerRow::as_select())
        .get_result(conn)
        .await
        .map(ProjectTrigger::from)
}

/// Writes everything about a trigger that people can change, under its next version.
pub async fn update(conn: &mut Conn, trigger: &ProjectTrigger) -> QueryResult<ProjectTrigger> {
    diesel::update(triggers::table.find(trigger.id.0))
        .set((
            triggers::name.eq(&trigger.name),
            triggers::word_list_ids.eq(json(&trigger.word_list_ids)),
            triggers::messages_in_a_row.eq(trigger.messages_in_a_row.map(i64::from)),
            triggers::tag_ids.eq(json(&trigger.tag_ids)),
            triggers::raise_to.eq(trigger.raise_to.map(Priority::name)),
            triggers::active.eq(trigger.active),
            triggers::place.eq(trigger.place),
            triggers::version.eq(triggers::version + 1),
            triggers::unresolved_minutes.eq(trigger.unresolved_minutes.map(i64::from)),
            triggers::low_rating.eq(trigger.low_rating.map(i64::from)),
            triggers::suggest.eq(trigger.suggest.map(Level::name)),
            triggers::escalate.eq(trigger.escalate.map(Level::name)),
            triggers::reason.eq(trigger.reason.map(EscalationReason::name)),
        ))
        .returning(TriggerRow::as_select())
        .get_result(conn)
        .await
        .map(ProjectTrigger::from)
}

/// Removes a trigger. What came of it stays.
pub async fn remove(conn: &mut Conn, id: TriggerId, now: domain::Time) -> QueryResult<()> {
    diesel::update(triggers::table.find(id.0)).set(triggers::removed_at.eq(micros(now))).execute(conn).await?;
    Ok(())
}

/// How often triggers fired, and what people thought of it. Those that never did are left out.
pub async fn statistics(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<(TriggerId, TriggerStatistics)>> {
    let rows: Vec<(i64, i64, i64, i64)> = trigger_firings::table
        .filter(dialect::one_of("trigger_firings.trigger_id", ids))
        .group_by(trigger_firings::trigger_id)
        .select((
            trigger_firings::trigger_id,
            sql::<BigInt>("COUNT(*)"),
            sql::<BigInt>("COUNT(CASE judgement WHEN 'ACCEPTED' THEN 1 END)"),
            sql::<BigInt>("COUNT(CASE judgement WHEN 'UNNECESSARY' THEN 1 END)"),
        ))
        .load(conn)
        .await?;
    let counted =
        |(id, fired, accepted, unnecessary)| (TriggerId(id), TriggerStatistics { fired, accepted, unnecessary });
    Ok(rows.into_iter().map(counted).collect())
}

/// The lists with these identifiers, in no order.
pub async fn word_lists(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<ProjectWordList>> {
    let query = word_lists::table.filter(dialect::looked_up("word_lists.id", ids)).select(WordListRow::as_select());
    let rows: Vec<WordListRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(ProjectWordList::from).collect())
}

/// Every list of a project, by name.
pub async fn word_lists_of(conn: &mut Conn, project: ProjectId) -> QueryResult<Vec<ProjectWordList>> {
    let rows: Vec<WordListRow> = word_lists::table
        .filter(word_lists::project_id.eq(project.0))
        .order((word_lists::name, word_lists::id))
        .select(WordListRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(ProjectWordList::from).collect())
}

/// Adds a list.
pub async fn insert_word_list(conn: &mut Conn, list: &NewWordList) -> QueryResult<ProjectWordList> {
    diesel::insert_into(word_lists::table)
        .values((
            word_lists::project_id.eq(list.project_id.0),
            word_lists::name.eq(&list.name),
            word_lists::phrases.eq(json(&list.phrases)),
            word_lists::version.eq(1),
            word_lists::created_at.eq(micros(list.created_at)),
            word_lists::preset.eq(list.preset.map(DefaultList::name)),
        ))
        .returning(WordListRow::as_select())
        .get_result(conn)
        .await
        .map(ProjectWordList::from)
}

/// Writes everything about a list that people can change, under its next version.
pub async fn update_word_list(conn: &mut Conn, list: &ProjectWordList) -> QueryResult<ProjectWordList> {
    diesel::update(word_lists::table.find(list.id.0))
        .set((
            word_lists::name.eq(&list.name),
            word_lists::phrases.eq(json(&list.phrases)),
            word_lists::version.eq(word_lists::version + 1),
        ))
        .returning(WordListRow::as_select())
        .get_result(conn)
        .await
        .map(ProjectWordList::from)
}

/// Removes a list.
pub async fn remove_word_list(conn: &mut Conn, id: WordListId) -> QueryResult<()> {
    diesel::delete(word_lists::table.find(id.0)).execute(conn).await?;
    Ok(())
}

/// Which lists of a project are those that the desk has ready.
pub async fn preset_lists(conn: &mut Conn, project: ProjectId) -> QueryResult<Vec<(DefaultList, WordListId)>> {
    let rows: Vec<(Option<Named<DefaultList>>, i64)> = word_lists::table
        .filter(word_lists::project_id.eq(project.0))
        .filter(word_lists::preset.is_not_null())
        .order(word_lists::id)
        .select((word_lists::preset, word_lists::id))
        .load(conn)
        .await?;
    Ok(rows.into_iter().filter_map(|(preset, id)| Some((preset?.0, WordListId(id)))).collect())
}

/// Which triggers of a project that were not removed are those that the desk has ready.
pub async fn preset_triggers(conn: &mut Conn, project: ProjectId) -> QueryResult<Vec<DefaultTrigger>> {
    let rows: Vec<Option<Named<DefaultTrigger>>> = triggers::table
        .filter(triggers::project_id.eq(project.0))
        .filter(triggers::removed_at.is_null())
        .filter(triggers::preset.is_not_null())
        .order(triggers::id)
        .select(triggers::preset)
        .load(conn)
        .await?;
    Ok(rows.into_iter().flatten().map(|preset| preset.0).collect())
}

/// How far the triggers of these sessions are. Those that have not begun are left out.
pub async fn progress(conn: &mut Conn, sessions: &[i64]) -> QueryResult<Vec<(SessionId, Progress)>> {
    let rows: Vec<(i64, Json<Progress>)> = session_triggers::table
        .filter(dialect::one_of("session_triggers.session_id", sessions))
        .select((session_triggers::session_id, session_triggers::progress))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(session, progress)| (SessionId(session), progress.0)).collect())
}

/// Writes how far the triggers of a session are.
pub async fn set_progress(conn: &mut Conn, session: SessionId, progress: &Progress) -> QueryResult<()> {
    let stored = json(progress);
    diesel::insert_into(session_triggers::table)
        .values((session_triggers::session_id.eq(session.0), session_triggers::progress.eq(&stored)))
        .on_conflict(session_triggers::session_id)
        .do_update()
        .set(session_triggers::progress.eq(&stored))
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that a trigger fired.
pub async fn insert_firing(conn: &mut Conn, firing: &NewFiring) -> QueryResult<TriggerFiringId> {
    let id: i64 = diesel::insert_into(trigger_firings::table)
        .values((
            trigger_firings::trigger_id.eq(firing.trigger_id.0),
            trigger_firings::session_id.eq(firing.session_id.0),
            trigger_firings::message_id.eq(firing.message_id.map(|id| id.0)),
            trigger_firings::phrases.eq(json(&firing.phrases)),
            trigger_firings::at.eq(micros(firing.at)),
            trigger_firings::since_version.eq(firing.since_version),
            trigger_firings::suggested.eq(firing.suggested.map(Level::name)),
        ))
        .returning(trigger_firings::id)
        .get_result(conn)
        .await?;
    Ok(TriggerFiringId(id))
}

/// The firings with these identifiers, in no order.
pub async fn firings(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<TriggerFiring>> {
    let query =
        trigger_firings::table.filter(dialect::looked_up("trigger_firings.id", ids)).select(FiringRow::as_select());
    let rows: Vec<FiringRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(TriggerFiring::from).collect())
}

/// The newest firings in each of these sessions, oldest first. With an agent, of those that were there when the session
/// ended for them.
pub async fn newest_firings_of(
    conn: &mut Conn,
    sessions: &[i64],
    left_by: Option<AgentId>,
    newest: i64,
) -> QueryResult<Vec<TriggerFiring>> {
    let query = trigger_firings::table
        .filter(dialect::one_of("trigger_firings.session_id", sessions))
        .filter(Newest { table: "trigger_firings", left_by, newest })
        .order(trigger_firings::id)
        .select(FiringRow::as_select());
    let rows: Vec<FiringRow> = dialect::load_all(FreeForm(query), conn).await?;
    Ok(rows.into_iter().map(TriggerFiring::from).collect())
}

/// What fired in these sessions, oldest first.
pub async fn firings_of(conn: &mut Conn, sessions: &[i64]) -> QueryResult<Vec<TriggerFiring>> {
    let rows: Vec<FiringRow> = trigger_firings::table
        .filter(dialect::one_of("trigger_firings.session_id", sessions))
        .order(trigger_firings::id)
        .select(FiringRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(TriggerFiring::from).collect())
}

/// Writes what somebody thinks of a firing.
pub async fn judge(
    conn: &mut Conn,
    id: TriggerFiringId,
    judgement: Judgement,
    agent: AgentId,
) -> QueryResult<TriggerFiring> {
    diesel::update(trigger_firings::table.find(id.0))
        .set((trigger_firings::judgement.eq(judgement.name()), trigger_firings::judged_by.eq(agent.0)))
        .returning(FiringRow::as_select())
        .get_result(conn)
        .await
        .map(TriggerFiring::from)
}

/// Forgets what customers wrote that made triggers fire in sessions. That they fired stays.
pub async fn erase(conn: &mut Conn, sessions: &[i64]) -> QueryResult<()> {
    diesel::update(trigger_firings::table)
        .filter(dialect::one_of("trigger_firings.session_id", sessions))
        .set((trigger_firings::phrases.eq(None::<String>), trigger_firings::message_id.eq(None::<i64>)))
        .execute(conn)
        .await?;
    diesel::delete(session_triggers::table)
        .filter(dialect::one_of("session_triggers.session_id", sessions))
        .execute(conn)
        .await?;
    Ok(())
}
