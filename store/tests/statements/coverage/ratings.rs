//! What customers think of the support they got.

use domain::rating::{Credit, RatingSettings, Score};
use domain::{AgentId, MessageId, ProjectId, Session};
use store::ratings::NewSurvey;
use store::{Queries, Tx};

use crate::now;

pub async fn write_ratings(tx: &mut Tx, project_id: ProjectId, agent_id: AgentId, session: &Session, round: i64) {
    tx.set_rating_settings(project_id, &RatingSettings::default()).await.unwrap();
    let new = NewSurvey {
        project_id,
        session_id: session.id,
        ticket_id: None,
        customer_id: session.customer_id,
        resolved_at: now(),
        credit: Credit {
            agent_id: (round % 2 == 0).then_some(agent_id),
            team_id: None,
            supervisor_ids: if round % 2 == 0 { vec![agent_id] } else { Vec::new() },
        },
    };
    let unasked = tx.insert_survey(&new).await.unwrap();
    tx.delete_survey(unasked.id).await.unwrap();
    let survey = tx.insert_survey(&new).await.unwrap();
    let message = session.last_message_id.unwrap_or(MessageId(1));
    tx.note_survey_question(survey.id, message, now(), now()).await.unwrap();
    tx.note_survey_answer(survey.id, Score::try_from(5).unwrap(), now()).await.unwrap();
    tx.note_survey_comment(survey.id, "quick").await.unwrap();
    tx.hand_over_surveys(&[session.id.0], session.customer_id).await.unwrap();
    tx.erase_survey_comments(&[session.id.0]).await.unwrap();
}

pub async fn read_ratings(queries: &mut Queries, project: ProjectId, session: &Session) {
    queries.rating_settings(project).await.unwrap();
    let surveys = queries.surveys_of(&[session.id.0]).await.unwrap();
    queries.survey(surveys[0].id).await.unwrap();
    queries.survey_by_message(MessageId(1)).await.unwrap();
    queries.newest_survey(session.id).await.unwrap();
    queries.last_asked(session.customer_id).await.unwrap();
}
