//! Answers to the question how satisfied a customer is. They open no session and start no clock.

use domain::event::Cause;
use domain::message::TEXT_KIND;
use domain::rating::{Answer, Score, Words};
use domain::{Customer, CustomerKind, EventKind, Message};
use store::Tx;

use super::decoded::Press;
use super::gate;
use super::message::{answered, new_message};
use super::scene::{Scene, Worked};
use crate::Error;
use crate::customer::Party;
use crate::message::{Incoming, message_event};
use crate::rating::{Given, take};

/// Takes a message as an answer, if a survey about the customer's newest session is open, the session has not gone on
/// since, and the message is a score and nothing else. Once an answer stands, one that is typed again changes nothing either.
/// Otherwise there is nothing to it but a message.
pub(super) async fn hear(tx: &mut Tx, scene: Scene<'_>, incoming: &Incoming) -> Result<Option<Worked>, Error> {
    let Some(score) = score_of(incoming) else { return Ok(None) };
    let (party, newest) = Party::meet(tx, scene.project.id, incoming.chat_id, &incoming.customer).await?;
    let (Some(customer), Some(mut session)) = (party.customer, newest) else { return Ok(None) };
    if gate::bans(scene, &customer) {
        return Ok(None);
    }
    let now = scene.now();
    let survey = tx.newest_survey(session.id).await?.filter(|survey| survey.hears(&session, now));
    let Some(survey) = survey else { return Ok(None) };
    let reply_to_id = answered(tx, scene.project, incoming).await?;
    if incoming.reply_to.is_some() && reply_to_id != survey.message_id {
        return Ok(None);
    }
    if let Some(shelf) = gate::count_aside(tx, scene, &customer, &mut session, incoming.sent_at).await? {
        return Ok(Some(Worked::Shelved(shelf)));
    }
    let new = new_message(&session, incoming, reply_to_id, now);
    let Some(message) = tx.insert_new_message(&new).await? else { return Ok(Some(Worked::Off)) };
    let added = message_event(&message, EventKind::MessageAdded, Cause::Rated, now);
    tx.append_events(&[added], scene.wall).await?;
    let given = Given { survey: &survey, score, customer: &customer, is_typed: true };
    take(tx, (scene.project, scene.triggers), &mut session, given, scene.wall).await?;
    Ok(Some(Worked::Off))
}

/// The score that a message is and nothing else.
fn score_of(incoming: &Incoming) -> Option<Score> {
    let is_plain = incoming.kind == TEXT_KIND
        && incoming.customer.kind == CustomerKind::Person
        && incoming.content.forward.is_none()
        && incoming.content.quote.is_none();
    if is_plain { Score::read(&incoming.text) } else { None }
}

/// Takes a tap on a star under a question. Answers what to tell whoever tapped. The newest session of the customer is
/// locked, before the one that they were asked about.
pub(super) async fn tap(
    tx: &mut Tx,
    scene: Scene<'_>,
    press: &Press,
    message: &Message,
    customer: &Customer,
    score: Score,
) -> Result<String, Error> {
    let words = Words { language: press.profile.language_code.as_deref() };
    if customer.telegram_user_id != press.profile.telegram_user_id {
        return Ok(words.not_asked().to_owned());
    }
    let mut session = tx.lock_session(message.session_id).await?.ok_or(Error::NotFound("session"))?;
    let answer = match tx.survey_by_message(message.id).await? {
        Some(survey) => {
            let given = Given { survey: &survey, score, customer, is_typed: false };
            take(tx, (scene.project, scene.triggers), &mut session, given, scene.wall).await?
        }
        None => Answer::Late,
    };
    Ok(words.reply_to(answer, score))
}
