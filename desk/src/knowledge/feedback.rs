//! What customers say about the answers of the bot.

use domain::event::Cause;
use domain::knowledge::{Feedback, KnowledgeAnswer};
use domain::session::Resolution;
use domain::{Message, Project, Session, Ticket, Time};
use store::Tx;

use crate::session::{schedule_resolved_close, touch};
use crate::{Error, sla};

/// Keeps what a customer says about the answer that a message of a session is: the last word on whether it helped, and for good
/// that they wanted a person. What helped and was the last word in the session resolves it, so that nobody has to answer. The
/// session is locked. Answers whether they say it to the agents as well.
pub(crate) async fn take_feedback(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    message: &Message,
    feedback: Feedback,
    wall: Time,
) -> Result<bool, Error> {
    let is_over = !session.is_open() || session.resolution.is_some();
    let Some(answer) = tx.knowledge_answer_by_message(message.id).await? else {
        return Ok(feedback == Feedback::Person);
    };
    let said = match feedback {
        Feedback::Helped => KnowledgeAnswer { helped: Some(true), ..answer },
        Feedback::DidNotHelp => KnowledgeAnswer { helped: Some(false), ..answer },
        Feedback::Person => KnowledgeAnswer { person: true, ..answer },
    };
    if said != answer {
        tx.update_knowledge_answer(&said).await?;
    }
    match feedback {
        Feedback::Helped if !is_over && session.last_message_id == Some(message.id) => {
            resolve(tx, project, session, wall).await?;
            Ok(false)
        }
        Feedback::Helped => Ok(false),
        // Nobody would look at it any more.
        Feedback::DidNotHelp => Ok(is_over),
        Feedback::Person => Ok(true),
    }
}

/// Has a session be resolved in which the customer got what they asked for, unless people are at work on it. It closes by itself
/// like every resolved session, and whatever the customer writes before makes it go on.
async fn resolve(tx: &mut Tx, project: &Project, session: &mut Session, wall: Time) -> Result<(), Error> {
    let tickets = tx.tickets_of_sessions(&[session.id.0]).await?;
    if tickets.iter().any(Ticket::is_open) || tx.has_agent_written(session.id).await? {
        return Ok(());
    }
    let now = project.time(wall);
    session.resolve(Resolution { at: now, by: None, summary: String::new() });
    session.waiting_since = None;
    sla::session_resolved(tx, project, session, now).await?;
    schedule_resolved_close(tx, session, project.session_life, now, wall).await?;
    let event = touch(tx, session, Cause::ButtonPress, now).await?;
    Ok(tx.append_events(&[event], wall).await?)
}
