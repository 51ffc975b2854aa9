//! What customers think of the support they got.

use diesel::dsl::max;
use diesel::prelude::*;
use domain::rating::{RatingSettings, Score};
use domain::{AgentId, CustomerId, MessageId, ProjectId, SessionId, Survey, SurveyId, Time};

use super::prepared::{Prepared, RunQueryDsl};
use super::{Conn, Db, dialect};
use crate::mapping::{At, IntoDomain, Json, Stars, json, micros, plain_json, row};
use crate::ratings::NewSurvey;

diesel::table! {
    surveys (id) {
        id -> BigInt,
        project_id -> BigInt,
        session_id -> BigInt,
        ticket_id -> Nullable<BigInt>,
        customer_id -> BigInt,
        resolved_at -> BigInt,
        agent_id -> Nullable<BigInt>,
        team_id -> Nullable<BigInt>,
        supervisor_ids -> Nullable<Text>,
        asked_at -> Nullable<BigInt>,
        message_id -> Nullable<BigInt>,
        closes_at -> Nullable<BigInt>,
        score -> Nullable<BigInt>,
        comment -> Nullable<Text>,
        rated_at -> Nullable<BigInt>,
    }
}

diesel::table! { rating_settings (project_id) { project_id -> BigInt, settings -> Text, } }

row! { SurveyRow of surveys is Survey {
    id: i64,
    project_id: i64,
    session_id: i64,
    ticket_id: Option<i64>,
    customer_id: i64,
    resolved_at: At,
    agent_id: Option<i64>,
    team_id: Option<i64>,
    supervisor_ids: Json<Vec<AgentId>>,
    asked_at: Option<At>,
    message_id: Option<i64>,
    closes_at: Option<At>,
    score: Option<Stars>,
    comment: Option<String>,
    rated_at: Option<At>,
} }

/// How a project asks.
pub async fn settings(conn: &mut Conn, project: ProjectId) -> QueryResult<RatingSettings> {
    let found: Option<Json<RatingSettings>> =
        rating_settings::table.find(project.0).select(rating_settings::settings).first(conn).await.optional()?;
    Ok(found.map(|settings| settings.0).unwrap_or_default())
}

/// Writes how a project asks.
pub async fn set_settings(conn: &mut Conn, project: ProjectId, settings: &RatingSettings) -> QueryResult<()> {
    let settings = rating_settings::settings.eq(plain_json(settings));
    diesel::insert_into(rating_settings::table)
        .values((rating_settings::project_id.eq(project.0), settings.clone()))
        .on_conflict(rating_settings::project_id)
        .do_update()
        .set(settings)
        .execute(conn)
        .await?;
    Ok(())
}

/// One survey.
pub async fn find(conn: &mut Conn, id: SurveyId) -> QueryResult<Option<Survey>> {
    let row: Option<SurveyRow> =
        surveys::table.find(id.0).select(SurveyRow::as_select()).first(conn).await.optional()?;
    Ok(row.map(Survey::from))
}

/// The survey whose question a message is.
pub async fn by_message(conn: &mut Conn, message: MessageId) -> QueryResult<Option<Survey>> {
    let row: Option<SurveyRow> = surveys::table
        .filter(surveys::message_id.eq(message.0))
        .select(SurveyRow::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(row.map(Survey::from))
}

/// The newest survey of a session.
pub async fn newest(conn: &mut Conn, session: SessionId) -> QueryResult<Option<Survey>> {
    let row: Option<SurveyRow> = surveys::table
        .filter(surveys::session_id.eq(session.0))
        .order(surveys::id.desc())
        .select(SurveyRow::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(row.map(Survey::from))
}

/// Every survey of these sessions, oldest first.
pub async fn of_sessions(conn: &mut Conn, sessions: &[i64]) -> QueryResult<Vec<Survey>> {
    let query = surveys::table
        .filter(dialect::one_of("surveys.session_id", sessions))
        .order(surveys::id)
        .select(SurveyRow::as_select());
    let rows: Vec<SurveyRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(Survey::from).collect())
}

/// When a customer was last asked, if ever.
pub async fn last_asked(conn: &mut Conn, customer: CustomerId) -> QueryResult<Option<Time>> {
    let last: Option<At> =
        surveys::table.filter(surveys::customer_id.eq(customer.0)).select(max(surveys::asked_at)).first(conn).await?;
    Ok(last.into_domain())
}

/// Adds a survey.
pub async fn insert(conn: &mut Conn, survey: &NewSurvey) -> QueryResult<Survey> {
    diesel::insert_into(surveys::table)
        .values((
            surveys::project_id.eq(survey.project_id.0),
            surveys::session_id.eq(survey.session_id.0),
            surveys::ticket_id.eq(survey.ticket_id.map(|id| id.0)),
            surveys::customer_id.eq(survey.customer_id.0),
            surveys::resolved_at.eq(micros(survey.resolved_at)),
            surveys::agent_id.eq(survey.credit.agent_id.map(|id| id.0)),
            surveys::team_id.eq(survey.credit.team_id.map(|id| id.0)),
            surveys::supervisor_ids.eq(json(&survey.credit.supervisor_ids)),
        ))
        .returning(SurveyRow::as_select())
        .get_result(conn)
        .await
        .map(Survey::from)
}

/// Takes a survey away in which nobody is asked.
pub async fn delete(conn: &mut Conn, id: SurveyId) -> QueryResult<()> {
    diesel::delete(surveys::table.find(id.0)).execute(conn).await?;
    Ok(())
}

/// Notes by which message a customer was asked, when, and until when an answer counts.
pub async fn note_question(
    conn: &mut Conn,
    id: SurveyId,
    message: MessageId,
    asked_at: Time,
    closes_at: Time,
) -> QueryResult<()> {
    diesel::update(surveys::table.find(id.0))
        .set((
            surveys::message_id.eq(message.0),
            surveys::asked_at.eq(micros(asked_at)),
            surveys::closes_at.eq(micros(closes_at)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes what a customer answered, and when they first did.
pub async fn note_answer(conn: &mut Conn, id: SurveyId, score: Score, rated_at: Time) -> QueryResult<()> {
    diesel::update(surveys::table.find(id.0))
        .set((surveys::score.eq(score.stars()), surveys::rated_at.eq(micros(rated_at))))
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes what a customer wrote about their answer.
pub async fn note_comment(conn: &mut Conn, id: SurveyId, comment: &str) -> QueryResult<()> {
    diesel::update(surveys::table.find(id.0)).set(surveys::comment.eq(comment)).execute(conn).await?;
    Ok(())
}

/// Gives a customer the surveys of these sessions.
pub async fn hand_over(conn: &mut Conn, sessions: &[i64], to: CustomerId) -> QueryResult<()> {
    diesel::update(surveys::table)
        .filter(dialect::one_of("surveys.session_id", sessions))
        .set(surveys::customer_id.eq(to.0))
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets what was written about the answers of these sessions. The scores stay, so that the numbers stay right.
pub async fn erase(conn: &mut Conn, sessions: &[i64]) -> QueryResult<()> {
    diesel::update(surveys::table)
        .filter(dialect::one_of("surveys.session_id", sessions))
        .set(surveys::comment.eq(None::<String>))
        .execute(conn)
        .await?;
    Ok(())
}
