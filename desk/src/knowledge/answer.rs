//! Answering customers by the bot.

use domain::event::Cause;
use domain::knowledge::{Feedback, KnowledgeAnswer, KnowledgeWords};
use domain::message::ButtonAction;
use domain::{CustomerId, CustomerKind, KnowledgeEntryId, Project, SessionId, Time};
use store::Tx;

use super::Guides;
use crate::Error;
use crate::message::automatic::{self, Choice};
use crate::session::touch;

/// What a customer wrote in a session that the transaction has locked and written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question<'a> {
    /// The session.
    pub(crate) session_id: SessionId,
    /// The customer.
    pub(crate) customer_id: CustomerId,
    /// The text.
    pub(crate) text: &'a str,
}

/// Has the bot answer what a customer asks, if the project knows the answer, no agent has written in the session yet, it was
/// not escalated, and the question has not been answered in it before. The customer still waits for an agent as they did
/// before.
pub(crate) async fn answer(
    tx: &mut Tx,
    guides: &Guides,
    project: &Project,
    question: Question<'_>,
    wall: Time,
) -> Result<(), Error> {
    let Some(guide) = guides.of(tx, project).await? else { return Ok(()) };
    if !guide.knows(question.text) {
        return Ok(());
    }
    let customer = tx.customers(&[question.customer_id.0]).await?.pop().ok_or(Error::NotFound("customer"))?;
    let language = customer.language_code.as_deref();
    let Some(id) = guide.find(question.text, language).into_iter().next() else { return Ok(()) };
    if customer.kind != CustomerKind::Person || !is_for_bot(tx, question.session_id, id).await? {
        return Ok(());
    }
    let entry = tx.knowledge_entries(&[id.0]).await?.pop().filter(|entry| entry.archived_at.is_none());
    let (Some(entry), Some(mut session)) = (entry, tx.lock_session(question.session_id).await?) else {
        return Ok(());
    };
    let words = KnowledgeWords { language };
    let choice =
        |feedback: Feedback| -> Choice { (words.label(feedback).to_owned(), ButtonAction::Knowledge(feedback)) };
    let choices = [vec![choice(Feedback::Helped), choice(Feedback::DidNotHelp)], vec![choice(Feedback::Person)]];
    let now = project.time(wall);
    let message = automatic::ask(tx, project, &mut session, &entry.answer, &choices, wall).await?;
    let shown = KnowledgeAnswer {
        session_id: session.id,
        entry_id: entry.id,
        message_id: message.id,
        helped: None,
        person: false,
        shown_at: now,
    };
    tx.insert_knowledge_answer(&shown).await?;
    let event = touch(tx, &mut session, Cause::Automatic, now).await?;
    Ok(tx.append_events(&[event], wall).await?)
}

/// Whether the bot may answer with an entry in a session. Whoever asks the same again does not want to read the same, nor what
/// fits less.
async fn is_for_bot(tx: &mut Tx, session: SessionId, entry: KnowledgeEntryId) -> Result<bool, store::Error> {
    if tx.has_agent_written(session).await? {
        return Ok(false);
    }
    let tickets = tx.tickets_of_sessions(&[session.0]).await?;
    if tickets.iter().any(|ticket| ticket.is_open() && ticket.escalated_at.is_some()) {
        return Ok(false);
    }
    let given = tx.knowledge_answers_in(&[session.0]).await?;
    Ok(given.iter().all(|answer| answer.entry_id != entry))
}
