//! What customers write.

use domain::event::{Cause, NewEvent};
use domain::message::Details;
use domain::session::{Arrival, arrival};
use domain::{Customer, Direction, EventKind, Message, MessageId, Project, Session, Status, Time};
use store::Tx;
use store::messages::NewMessage;
use store::sessions::NewSession;

use super::command::Command;
use super::scene::{Scene, Shelf, Worked};
use super::{gate, hooks, outbound, survey};
use crate::customer::Party;
use crate::knowledge::Question;
use crate::message::{Incoming, message_event};
use crate::routing::mark_for_routing;
use crate::session::{session_event, take_up_again, touch};
use crate::sla::{self, Waiting};
use crate::ticket::{self, CustomerRequest};
use crate::trigger::{self, Heard, hear};
use crate::{Error, knowledge, rating, todo};

/// Adds a customer's message to the session that it belongs to. A message that is there already is left as it is.
pub(super) async fn receive(tx: &mut Tx, scene: Scene<'_>, incoming: &Incoming) -> Result<Worked, Error> {
    let command = Command::parse(&incoming.text);
    if hooks::is_staff(tx, scene.project, incoming, command, scene.wall).await? {
        return Ok(Worked::Off);
    }
    if incoming.direction == Direction::Outbound {
        return outbound::receive(tx, scene, incoming).await;
    }
    if let Some(worked) = survey::hear(tx, scene, incoming).await? {
        return Ok(worked);
    }
    let reply_to_id = answered(tx, scene.project, incoming).await?;
    add(tx, scene, incoming, &Addition { cause: Cause::CustomerMessage, reply_to_id, command }).await
}

/// How something that a customer did is added.
#[derive(Debug, Clone, Copy)]
pub(super) struct Addition<'a> {
    /// Why.
    pub(super) cause: Cause,
    /// The message that it answers.
    pub(super) reply_to_id: Option<MessageId>,
    /// The command that it is.
    pub(super) command: Option<Command<'a>>,
}

/// Adds what a customer did to the session that it belongs to.
pub(super) async fn add(
    tx: &mut Tx,
    scene: Scene<'_>,
    incoming: &Incoming,
    addition: &Addition<'_>,
) -> Result<Worked, Error> {
    let (project, now) = (scene.project, scene.now());
    let (party, mut newest) = Party::meet(tx, project.id, incoming.chat_id, &incoming.customer).await?;
    if gate::bans_writer(tx, scene, incoming).await? {
        return Ok(Worked::Shelved(Shelf::Banned));
    }
    if let Some(customer) = &party.customer {
        if gate::bans(scene, customer) {
            return Ok(Worked::Shelved(Shelf::Banned));
        }
        if let Some(newest) = &mut newest
            && let Some(shelf) = gate::count(tx, scene, customer, newest, incoming.sent_at).await?
        {
            return Ok(Worked::Shelved(shelf));
        }
    }
    let chat_id = party.chat_id;
    let customer = party.take_in(tx, project.id, &incoming.content.thread, incoming.sent_at, now).await?;
    let request = match addition.cause {
        Cause::CustomerMessage => {
            let command = addition.command.map(|command| (command.name, command.argument));
            ticket::request_of(tx, &customer, &incoming.text, command, addition.reply_to_id).await?
        }
        _ => None,
    };
    if let Some(request) = request
        && let Some(session) = newest.as_mut().filter(|session| request.leaves_session(session))
    {
        return answer_beside(tx, scene, incoming, addition, (&customer, session, request)).await;
    }
    let mut is_new_issue = true;
    let (mut session, status, opened) = match (arrival(newest.as_ref(), project.session_life, now), newest) {
        (Arrival::Continues(status), Some(session)) => {
            is_new_issue = session.resolution.is_some();
            (session, status, false)
        }
        (Arrival::Reopens, Some(mut session)) => {
            // What is there already reopens nothing.
            if is_known(tx, project, incoming).await? {
                return Ok(Worked::Off);
            }
            take_up_again(tx, project, &mut session, scene.wall).await?;
            (session, Status::Unread, false)
        }
        (_, newest) => {
            // What is there already must not open a session that would stay empty.
            if is_known(tx, project, incoming).await? {
                return Ok(Worked::Off);
            }
            (open(tx, &customer, incoming, newest, scene).await?, Status::Unread, true)
        }
    };
    let new = new_message(&session, incoming, addition.reply_to_id, now);
    let Some(message) = tx.insert_new_message(&new).await? else { return Ok(Worked::Off) };
    let needed_an_agent = session.needs_an_agent();
    let before = sla::Before::of(&session);
    if session.resolution.is_some() {
        todo::cancel_return_visits(tx, project, &[session.id], scene.wall).await?;
    }
    let awaited_customer = session.awaits_customer();
    // What the desk answers by itself has opened the session, and nobody waits in it.
    let is_answered = matches!(request, Some(CustomerRequest::Status(_)));
    if is_answered {
        session.hear_beside(message.id, now);
    } else {
        session.hear(status, chat_id, &incoming.content.thread, now);
    }
    // Who was in line already is so still.
    if !opened && !needed_an_agent {
        mark_for_routing(tx, project, &mut session, scene.wall).await?;
    }
    session.last_message_id = Some(message.id);
    if let Some(Details::Poll(poll)) = &incoming.content.details {
        tx.insert_poll(project.id, &poll.id, message.id).await?;
    }
    if let Some(question) = addition.reply_to_id.filter(|_| addition.cause == Cause::CustomerMessage) {
        rating::note_comment(tx, question, &message.text, now).await?;
    }
    let added = message_event(&message, EventKind::MessageAdded, addition.cause, now);
    tell(tx, scene, addition, &customer, &mut session, (opened, added)).await?;
    if !is_answered {
        let message_at = before.written_at(incoming.sent_at, now);
        sla::sessions_wait(tx, &[Waiting { project, session: &session, before, message_at }], scene.wall).await?;
    }
    if addition.cause == Cause::CustomerMessage && addition.command.is_none() {
        let heard = Heard { text: &message.text, message_id: message.id, is_new_issue };
        hear(tx, scene.triggers, project, &mut session, heard, scene.wall).await?;
    } else if awaited_customer || (is_new_issue && !opened) {
        trigger::session_stands(tx, project, &session, is_new_issue, scene.wall).await?;
    }
    if let Some(request) = request {
        ticket::answer(tx, project, &customer, &mut session, request, scene.wall).await?;
        let updated = touch(tx, &mut session, addition.cause, now).await?;
        tx.append_events(&[updated], scene.wall).await?;
    } else if addition.cause == Cause::CustomerMessage && addition.command.is_none() {
        let question = Question { session_id: session.id, customer_id: customer.id, text: &message.text };
        knowledge::answer(tx, scene.guides, project, question, scene.wall).await?;
    }
    Ok(Worked::Off)
}

/// Writes the session and tells of the message, after what the desk does when a session opens or when a command comes.
async fn tell(
    tx: &mut Tx,
    scene: Scene<'_>,
    addition: &Addition<'_>,
    customer: &Customer,
    session: &mut Session,
    (opened, added): (bool, NewEvent),
) -> Result<(), Error> {
    let (project, now) = (scene.project, scene.now());
    if !opened && addition.command.is_none() {
        let updated = touch(tx, session, addition.cause, now).await?;
        return Ok(tx.append_events(&[added, updated], scene.wall).await?);
    }
    let begun = session_event(session, EventKind::SessionOpened, addition.cause, now);
    let so_far = if opened { vec![begun, added] } else { vec![added] };
    tx.append_events(&so_far, scene.wall).await?;
    let mut cause = addition.cause;
    let before = (session.assignee_id, session.team_id);
    if let Some(command) = &addition.command
        && hooks::on_command(tx, project, customer, session, command, scene.wall).await?
    {
        cause = Cause::Diversion;
    }
    if opened {
        hooks::on_opened(tx, project, customer, session, scene.wall).await?;
    } else if cause == Cause::Diversion {
        hooks::on_diverted(tx, project, session, before, scene.wall).await?;
    }
    let updated = touch(tx, session, cause, now).await?;
    // That a session is as it opened needs no telling, unless somebody who was told of it does not see it any more.
    if !opened || updated.audience_before.is_some() {
        tx.append_events(&[updated], scene.wall).await?;
    }
    Ok(())
}

/// Adds what a customer asks about a ticket to a session that stays as it is, and answers it.
async fn answer_beside(
    tx: &mut Tx,
    scene: Scene<'_>,
    incoming: &Incoming,
    addition: &Addition<'_>,
    (customer, session, request): (&Customer, &mut Session, CustomerRequest),
) -> Result<Worked, Error> {
    let (project, now) = (scene.project, scene.now());
    let new = new_message(session, incoming, addition.reply_to_id, now);
    let Some(message) = tx.insert_new_message(&new).await? else { return Ok(Worked::Off) };
    session.hear_beside(message.id, now);
    let added = message_event(&message, EventKind::MessageAdded, addition.cause, now);
    tx.append_events(&[added], scene.wall).await?;
    ticket::answer(tx, project, customer, session, request, scene.wall).await?;
    let updated = touch(tx, session, addition.cause, now).await?;
    tx.append_events(&[updated], scene.wall).await?;
    Ok(Worked::Off)
}

/// Whether what has come is there already.
async fn is_known(tx: &mut Tx, project: &Project, incoming: &Incoming) -> Result<bool, Error> {
    let Some(number) = incoming.number() else { return Ok(false) };
    Ok(find(tx, project, incoming, number).await?.is_some())
}

/// Starts a session, in which the customer's pace goes on from the one before.
async fn open(
    tx: &mut Tx,
    customer: &Customer,
    incoming: &Incoming,
    before: Option<Session>,
    scene: Scene<'_>,
) -> Result<Session, store::Error> {
    let number = tx.next_session_number(customer.project_id).await?;
    let new = NewSession {
        project_id: customer.project_id,
        number,
        customer_id: customer.id,
        chat_id: incoming.chat_id,
        thread: incoming.content.thread.clone(),
        created_at: scene.now(),
    };
    let mut session = tx.insert_session(&new).await?;
    match before {
        Some(before) => session.pace = before.pace,
        None => {
            let limit = domain::session::Pace::limit(customer.kind);
            let _first_is_never_too_many = session.pace.count(incoming.sent_at.unwrap_or(scene.wall), limit);
        }
    }
    Ok(session)
}

/// The row of what came in, or was said past the desk, in a session.
pub(super) fn new_message(
    session: &Session,
    incoming: &Incoming,
    reply_to_id: Option<MessageId>,
    now: Time,
) -> NewMessage {
    NewMessage {
        project_id: session.project_id,
        session_id: session.id,
        customer_id: session.customer_id,
        chat_id: incoming.chat_id,
        direction: incoming.direction,
        kind: incoming.kind.clone(),
        text: incoming.text.clone(),
        entities: incoming.entities.clone(),
        content: incoming.content.clone(),
        album_id: incoming.album_id.clone(),
        author_id: None,
        reply_to_id,
        telegram_message_id: incoming.number(),
        delivery: None,
        created_at: now,
    }
}

/// The message that another one answers, if the desk knows it.
pub(super) async fn answered(
    tx: &mut Tx,
    project: &Project,
    incoming: &Incoming,
) -> Result<Option<MessageId>, store::Error> {
    match incoming.reply_to {
        Some(number) => Ok(find(tx, project, incoming, number).await?.map(|message| message.id)),
        None => Ok(None),
    }
}

/// The message that has a number in the conversation of another one.
async fn find(
    tx: &mut Tx,
    project: &Project,
    incoming: &Incoming,
    number: i64,
) -> Result<Option<Message>, store::Error> {
    let connection = incoming.content.thread.connection();
    tx.message_by_telegram_id(project.id, incoming.chat_id, connection, number).await
}
