//! Queries of what customers think of the support they got.

use domain::rating::{RatingSettings, Score};
use domain::{CustomerId, MessageId, ProjectId, SessionId, Survey, SurveyId, Time};

use crate::error::Result;
use crate::ratings::NewSurvey;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// How a project asks its customers.
    rating_settings = surveys::settings(project: ProjectId) -> RatingSettings;
    /// One survey.
    survey = surveys::find(id: SurveyId) -> Option<Survey>;
    /// The survey whose question a message is.
    survey_by_message = surveys::by_message(message: MessageId) -> Option<Survey>;
    /// The newest survey of a session.
    newest_survey = surveys::newest(session: SessionId) -> Option<Survey>;
    /// Every survey of these sessions, oldest first.
    surveys_of = surveys::of_sessions(sessions: &[i64]) -> Vec<Survey>;
    /// When a customer was last asked, if ever.
    last_asked = surveys::last_asked(customer: CustomerId) -> Option<Time>;
}

catalogue! { Tx:
    /// Writes how a project asks its customers.
    set_rating_settings = surveys::set_settings(project: ProjectId, settings: &RatingSettings) -> ();
    /// Adds a survey.
    insert_survey = surveys::insert(survey: &NewSurvey) -> Survey;
    /// Takes a survey away in which nobody is asked.
    delete_survey = surveys::delete(id: SurveyId) -> ();
    /// Notes by which message a customer was asked, when, and until when an answer counts.
    note_survey_question = surveys::note_question(id: SurveyId, message: MessageId, asked_at: Time, closes_at: Time) -> ();
    /// Writes what a customer answered, and when they first did.
    note_survey_answer = surveys::note_answer(id: SurveyId, score: Score, rated_at: Time) -> ();
    /// Writes what a customer wrote about their answer.
    note_survey_comment = surveys::note_comment(id: SurveyId, comment: &str) -> ();
    /// Gives a customer the surveys of these sessions.
    hand_over_surveys = surveys::hand_over(sessions: &[i64], to: CustomerId) -> ();
    /// Forgets what was written about the answers of these sessions.
    erase_survey_comments = surveys::erase(sessions: &[i64]) -> ();
}
