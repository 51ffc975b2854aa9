//! Asking a customer how satisfied they are.

use domain::event::Cause;
use domain::message::ButtonAction;
use domain::rating::{Score, Words};
use domain::{Customer, CustomerKind, Session, Survey, SurveyId, Time};
use store::Tx;

use crate::Error;
use crate::job::Next;
use crate::message::automatic::{self, Choice};
use crate::session::{Target, target, touch};

/// The kind of the job that asks a customer.
pub(crate) const ASK: &str = "survey";

/// Asks a customer how satisfied they are, if the session or the ticket is resolved as it was and they are to be asked.
pub(crate) async fn ask(tx: &mut Tx, id: SurveyId, wall: Time) -> Result<Next, Error> {
    let Some(known) = tx.survey(id).await? else { return Ok(Next::Done) };
    let (mut session, project) = match target(tx, known.session_id, wall).await? {
        Target::Free(session, project) => (*session, *project),
        Target::Not(next) => return Ok(next),
    };
    // What somebody was changing meanwhile is read as they left it.
    let Some(survey) = tx.survey(id).await?.filter(|survey| survey.asked_at.is_none()) else { return Ok(Next::Done) };
    let settings = tx.rating_settings(project.id).await?;
    let now = project.time(wall);
    let due_at = survey.resolved_at + settings.delay;
    if due_at > now {
        return Ok(Next::Again(wall + (due_at - now)));
    }
    let customer = tx.customers(&[session.customer_id.0]).await?.pop().ok_or(Error::NotFound("customer"))?;
    let is_rested = tx.last_asked(customer.id).await?.is_none_or(|last| now - last >= settings.minimum_interval);
    let asks = settings.asks && project.archived_at.is_none() && is_rested;
    if !asks || !can_be_asked(&customer) || !is_resolved_so(tx, &session, &survey).await? {
        tx.delete_survey(id).await?;
        return Ok(Next::Done);
    }
    let words = Words { language: customer.language_code.as_deref() };
    let stars: Vec<Choice> = Score::all().map(|score| (score.label(), ButtonAction::Rate(score))).collect();
    let question = words.question(&settings);
    let message = automatic::ask(tx, &project, &mut session, question, &[stars], wall).await?;
    tx.note_survey_question(id, message.id, now, now + settings.open_for).await?;
    let event = touch(tx, &mut session, Cause::Automatic, now).await?;
    tx.append_events(&[event], wall).await?;
    Ok(Next::Done)
}

/// Whether it is resolved still as it was, and nothing else in the session was resolved since, about which the customer is
/// asked instead.
async fn is_resolved_so(tx: &mut Tx, session: &Session, survey: &Survey) -> Result<bool, store::Error> {
    if tx.newest_survey(session.id).await?.is_some_and(|newest| newest.id != survey.id) {
        return Ok(false);
    }
    let Some(ticket) = survey.ticket_id else { return Ok(survey.is_about(session)) };
    let ticket = tx.tickets(&[ticket.0]).await?.pop();
    Ok(ticket.is_some_and(|ticket| ticket.resolved_at == Some(survey.resolved_at)))
}

/// Whether a customer can answer: in a group nobody could tell whose answer it is.
fn can_be_asked(customer: &Customer) -> bool {
    customer.kind == CustomerKind::Person
        && customer.unreachable_since.is_none()
        && customer.banned_at.is_none()
        && customer.erased_at.is_none()
}
