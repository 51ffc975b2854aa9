//! Taps on buttons.

use domain::event::Cause;
use domain::knowledge::KnowledgeWords;
use domain::message::{ButtonAction, Content, Details, Writer};
use domain::{ChatId, Customer, CustomerKind, Direction, Message};
use serde_json::json;
use store::Tx;
use store::buttons::Button;
use store::outbox::{Lane, NewCall};

use super::decoded::Press;
use super::message::{Addition, add};
use super::scene::{Scene, Shelf, Worked};
use super::{gate, survey};
use crate::Error;
use crate::knowledge::take_feedback;
use crate::message::Incoming;

/// The kind of the message that a tap becomes, as the Bot API names the update.
const KIND: &str = "callback_query";

/// Takes a tap for what the customer says by it, once for each button and person. Every tap is answered, so that the
/// button does not keep turning, also one that somebody has made up.
pub(super) async fn receive(tx: &mut Tx, scene: Scene<'_>, press: &Press) -> Result<Worked, Error> {
    let found = pressed(tx, scene, press).await?;
    if let Some((Button { action: Some(action), .. }, message)) = &found {
        if let Some(worked) = act(tx, scene, press, message, *action).await? {
            return Ok(worked);
        }
    } else {
        answer(tx, scene, press, None).await?;
    }
    let Some((button, message)) = found else {
        metrics::counter!("switchboard_forged_presses_total").increment(1);
        tracing::info!(project = %scene.project.id, "a tap on a button that is not there was left alone");
        return Ok(Worked::Off);
    };
    let customer = tx.customers(&[message.customer_id.0]).await?.pop().ok_or(Error::NotFound("customer"))?;
    // In a chat of a business account its owner sees the buttons as well.
    if customer.kind == CustomerKind::Person && customer.telegram_user_id != press.profile.telegram_user_id {
        return Ok(Worked::Off);
    }
    if gate::bans(scene, &customer) {
        return Ok(Worked::Shelved(Shelf::Banned));
    }
    if !tx.insert_press(&button.code, press.profile.telegram_user_id).await? && !scene.let_in {
        return Ok(Worked::Off);
    }
    let addition = Addition { cause: Cause::ButtonPress, reply_to_id: Some(message.id), command: None };
    add(tx, scene, &as_message(press, &button, &message, &customer), &addition).await
}

/// Does what the desk does by itself at a tap on a button of its own, and tells whoever tapped. Nothing if the tap is what
/// the customer says as well.
async fn act(
    tx: &mut Tx,
    scene: Scene<'_>,
    press: &Press,
    message: &Message,
    action: ButtonAction,
) -> Result<Option<Worked>, Error> {
    let customer = tx.customers(&[message.customer_id.0]).await?.pop().ok_or(Error::NotFound("customer"))?;
    if gate::bans(scene, &customer) {
        answer(tx, scene, press, None).await?;
        return Ok(Some(Worked::Shelved(Shelf::Banned)));
    }
    // The newest session first, as everywhere: what is said may go on in that one.
    tx.lock_newest_session(customer.id).await?;
    let (text, is_said) = match action {
        ButtonAction::Rate(score) => (survey::tap(tx, scene, press, message, &customer, score).await?, false),
        ButtonAction::Knowledge(_) if customer.telegram_user_id != press.profile.telegram_user_id => {
            answer(tx, scene, press, None).await?;
            return Ok(Some(Worked::Off));
        }
        ButtonAction::Knowledge(feedback) => {
            let mut session = tx.lock_session(message.session_id).await?.ok_or(Error::NotFound("session"))?;
            let is_said = take_feedback(tx, scene.project, &mut session, message, feedback, scene.wall).await?;
            let words = KnowledgeWords { language: press.profile.language_code.as_deref() };
            (words.reply_to(feedback).to_owned(), is_said)
        }
    };
    answer(tx, scene, press, Some(&text)).await?;
    Ok((!is_said).then_some(Worked::Off))
}

/// Has Telegram told that the tap has arrived, with a text for whoever tapped if there is one. What was put by before has
/// been answered.
async fn answer(tx: &mut Tx, scene: Scene<'_>, press: &Press, text: Option<&str>) -> Result<(), Error> {
    if scene.let_in {
        return Ok(());
    }
    let mut payload = json!({ "callback_query_id": press.callback_id });
    if let Some(text) = text {
        payload["text"] = text.into();
    }
    let call = NewCall {
        project_id: scene.project.id,
        chat_id: press.chat_id.unwrap_or(ChatId(press.profile.telegram_user_id.0)),
        lane: Lane::Answer,
        message_id: None,
        method: "answerCallbackQuery".to_owned(),
        payload: payload.to_string(),
        attachments: Vec::new(),
        cost: 1,
    };
    Ok(tx.insert_call(&call, scene.wall).await?)
}

/// The button that was tapped and its message; nothing if the tap is made up. Telegram passes on whatever a client
/// sends, so that it has to fit in every part.
async fn pressed(tx: &mut Tx, scene: Scene<'_>, press: &Press) -> Result<Option<(Button, Message)>, Error> {
    let Some(code) = press.data.as_deref() else { return Ok(None) };
    let Some(button) = tx.button(code).await? else { return Ok(None) };
    let Some(message) = tx.message(button.message_id).await? else { return Ok(None) };
    // Where the answer to the sending has not been written down yet, the number is not known.
    let is_number = press.telegram_message_id.is_none()
        || message.telegram_message_id.is_none()
        || message.telegram_message_id == press.telegram_message_id;
    let fits = button.project_id == scene.project.id
        && press.chat_id.is_none_or(|chat| chat == message.chat_id)
        && is_number
        && press.thread.connection() == message.content.thread.connection();
    Ok(fits.then_some((button, message)))
}

/// What the customer says by the tap.
fn as_message(press: &Press, button: &Button, message: &Message, customer: &Customer) -> Incoming {
    let is_person = customer.kind == CustomerKind::Person;
    let writer = (!is_person).then(|| Writer {
        telegram_id: press.profile.telegram_user_id.0,
        name: press.profile.name.clone(),
        username: press.profile.username.clone(),
    });
    let profile = if is_person { press.profile.clone() } else { profile_of(customer) };
    Incoming {
        chat_id: message.chat_id,
        customer: profile,
        direction: Direction::Inbound,
        telegram_message_id: 0,
        sent_at: None,
        kind: KIND.to_owned(),
        text: button.label.clone(),
        entities: None,
        reply_to: None,
        album_id: None,
        content: Content {
            details: Some(Details::Press { label: button.label.clone() }),
            thread: message.content.thread.clone(),
            writer,
            ..Content::default()
        },
    }
}

/// What the desk knows of a group or channel, of which a tap says nothing.
fn profile_of(customer: &Customer) -> domain::customer::Profile {
    domain::customer::Profile {
        kind: customer.kind,
        telegram_user_id: customer.telegram_user_id,
        name: customer.name.clone(),
        username: customer.username.clone(),
        language_code: customer.language_code.clone(),
    }
}
