//! Taking what a customer answers.

use domain::event::Cause;
use domain::rating::{Answer, Score, Words, comment};
use domain::{Customer, MessageId, Project, Session, Survey, Time};
use store::Tx;

use crate::message::automatic;
use crate::session::touch;
use crate::trigger::low_rating;
use crate::{Error, trigger};

/// What a customer gives for an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Given<'a> {
    /// What they were asked.
    pub(crate) survey: &'a Survey,
    /// The stars.
    pub(crate) score: Score,
    /// Who they are.
    pub(crate) customer: &'a Customer,
    /// Whether they typed it, so that they have to be told that it was understood. Whoever taps is told by Telegram.
    pub(crate) is_typed: bool,
}

/// Takes an answer in its session, which is locked after the newest one of its customer, and answers what it comes to. It opens
/// nothing, and nobody has to answer it, unless the customer is not satisfied: then somebody looks after what they rated, and
/// what they have written about since goes on as it is.
pub(crate) async fn take(
    tx: &mut Tx,
    (project, triggers): (&Project, &trigger::Known),
    session: &mut Session,
    given: Given<'_>,
    wall: Time,
) -> Result<Answer, Error> {
    let now = project.time(wall);
    let Given { survey, score, .. } = given;
    let answer = survey.answer(score, now);
    if !answer.counts() {
        if given.is_typed {
            let words = Words { language: given.customer.language_code.as_deref() };
            automatic::write(tx, project, session, &words.reply_to(answer, score), wall).await?;
            let event = touch(tx, session, Cause::Automatic, now).await?;
            tx.append_events(&[event], wall).await?;
        }
        return Ok(answer);
    }
    tx.note_survey_answer(survey.id, score, survey.rated_at.unwrap_or(now)).await?;
    if let Some(text) = reply(tx, project, given).await? {
        automatic::write(tx, project, session, &text, wall).await?;
    }
    let event = touch(tx, session, Cause::Rated, now).await?;
    tx.append_events(&[event], wall).await?;
    low_rating(tx, triggers, project, session, (survey.score, score), wall).await?;
    Ok(answer)
}

/// What a customer is told in the chat, if anything: thanks for what they typed, and once an invitation to leave a review.
async fn reply(tx: &mut Tx, project: &Project, given: Given<'_>) -> Result<Option<String>, store::Error> {
    let Given { survey, score, customer, is_typed } = given;
    let words = Words { language: customer.language_code.as_deref() };
    let thanks = is_typed.then(|| words.thanks(score));
    let was_satisfied = survey.score.is_some_and(|before| !before.is_low());
    let settings = tx.rating_settings(project.id).await?;
    let invitation = words.invitation(&settings, score).filter(|_| !was_satisfied);
    let texts: Vec<String> = thanks.into_iter().chain(invitation).collect();
    Ok((!texts.is_empty()).then(|| texts.join("\n\n")))
}

/// Keeps a text that answers the question of a survey as the comment on the score, if one was given. It goes on as any
/// message does.
pub(crate) async fn note_comment(tx: &mut Tx, answered: MessageId, text: &str, now: Time) -> Result<(), store::Error> {
    let Some(comment) = comment(text) else { return Ok(()) };
    let Some(survey) = tx.survey_by_message(answered).await? else { return Ok(()) };
    let is_wanted = survey.score.is_some() && survey.closes_at.is_some_and(|closes_at| now < closes_at);
    if is_wanted { tx.note_survey_comment(survey.id, &comment).await } else { Ok(()) }
}
