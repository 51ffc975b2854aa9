//! Erasing everything that the desk has of a customer.

use std::time::Duration;

use domain::audit::ObjectKind;
use domain::customer::erased_number;
use domain::event::Cause;
use domain::message::Thread;
use domain::search::SearchKind;
use domain::session::Pace;
use domain::{
    ApiScope, ChatId, CloseReason, Customer, CustomerId, EventKind, MessageId, Project, Role, Session, TelegramUserId,
    Time,
};
use store::Tx;
use store::people::ERASURE_VERSION_FACT;

use super::traces::{Search, Traces};
use crate::audit::Audited;
use crate::knowledge::erase_knowledge;
use crate::message::message_event;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::session::touch;
use crate::todo::erase_todos;
use crate::{Actor, Desk, Error, Rejected, ticket};

/// How many events are written at once.
const BATCH: usize = 500;
/// How often it is tried to empty what the database keeps of the time before, and how long between.
const TRIES: usize = 10;
const PAUSE: Duration = Duration::from_millis(100);

/// Why a customer was not erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CustomerEraseRefusal {
    /// There is no such customer, or the actor may not know of them.
    #[error("there is no such customer")]
    NotFound,
    /// The actor does not administer the project.
    #[error("only administrators of the project erase customers: ask one of them")]
    NotAdministrator,
    /// What was to confirm it does not fit.
    #[error("erasing cannot be undone: give the customer's name as it stands, exactly, to confirm it")]
    NotConfirmed,
}

impl From<StandingRefusal> for CustomerEraseRefusal {
    fn from(refusal: StandingRefusal) -> Self {
        match refusal {
            StandingRefusal::NotFound => Self::NotFound,
            StandingRefusal::NotSupervisor => Self::NotAdministrator,
        }
    }
}

impl<E: Into<CustomerEraseRefusal>> From<E> for Rejected<CustomerEraseRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Erases everything that the desk has of a customer: the profile, what they and the agents wrote to each other,
    /// the updates from Telegram, what waits to be sent, and files that nobody else got; of a person also what they
    /// wrote and did in groups, and what others quoted of it. What others say of them in words of their own stays.
    /// Sessions stay, closed and without content, so that the numbers of the desk stay right. Whoever writes again is
    /// somebody new.
    ///
    /// When this returns, nothing of it is left in the database; every process forgets what it remembers of it within
    /// a second.
    pub async fn customer_erase(
        &self,
        actor: &Actor,
        id: CustomerId,
        confirmation: &str,
    ) -> Result<Customer, Rejected<CustomerEraseRefusal>> {
        actor.needs_sign_in()?;
        actor.needs(ApiScope::SessionsWrite)?;
        let customer = retried(|| self.try_customer_erase(actor, id, confirmation)).await?;
        self.forget();
        tracing::info!(customer = %id, agent = %actor.agent.id, "a customer was erased");
        for _ in 0..TRIES {
            if self.store.forget_the_past().await? {
                return Ok(customer);
            }
            tokio::time::sleep(PAUSE).await;
        }
        tracing::warn!(customer = %id, "readers kept the database's log from being emptied; the next checkpoint does it");
        Ok(customer)
    }

    async fn try_customer_erase(
        &self,
        actor: &Actor,
        id: CustomerId,
        confirmation: &str,
    ) -> Result<Customer, Rejected<CustomerEraseRefusal>> {
        let known = self.customers_by_id(actor, &[id]).await?.pop().ok_or(CustomerEraseRefusal::NotFound)?;
        if self.role_in(actor, known.project_id).await? < Some(Role::Admin) {
            return Err(CustomerEraseRefusal::NotAdministrator.into());
        }
        // Whole tables are walked through before anybody has to wait for it.
        let traces = {
            let mut reader = self.store.read().await?;
            Search::of(&mut reader, &known).await?.everywhere(&mut reader).await?
        };
        let (mut tx, project) = self.change_in_project(actor, known.project_id, Role::Admin).await??;
        if known.erased_at.is_some() {
            return Ok(known);
        }
        if confirmation != known.name {
            return Err(CustomerEraseRefusal::NotConfirmed.into());
        }
        let customer = erase(&mut tx, &project, id, traces, self.now()).await?;
        let object = (ObjectKind::Customer, id.0);
        Audited::in_project(&actor.agent, &project, "customerErase", object, self.now()).write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(customer)
    }

    /// Forgets what this process remembers of what has happened, and lets those who read along read it anew.
    pub(crate) fn forget(&self) {
        self.log.forget();
    }
}

async fn erase(
    tx: &mut Tx,
    project: &Project,
    id: CustomerId,
    mut traces: Traces,
    wall: Time,
) -> Result<Customer, Error> {
    let customer = tx.customers(&[id.0]).await?.pop().ok_or(Error::NotFound("customer"))?;
    let (user, instead) = (customer.telegram_user_id, erased_number(id));
    // Where answers go may be the chat of a channel, in which others write as well; a chat of their own has their number.
    let chat = ChatId(user.0);
    // In the order in which updates are worked off, which has locked them before their sessions.
    let search = Search::of(tx, &customer).await?;
    search.since(tx, &mut traces).await?;
    for number in &search.subject.numbers {
        tx.erase_updates(project.id, TelegramUserId(*number), ChatId(*number), instead).await?;
    }
    search.erase_updates(tx, &traces).await?;
    tx.erase_sandbox_customer(project.id, user).await?;
    search.erase_sandbox_updates(tx, project).await?;
    let mut sessions = tx.lock_sessions_of(id).await?;
    let session_ids: Vec<i64> = sessions.iter().map(|session| session.id.0).collect();
    let mut message_ids = tx.message_ids_of(&session_ids).await?;
    let numbers: Vec<i64> = message_ids.iter().map(|message| message.0).collect();
    tx.erase_calls(project.id, &numbers, chat, instead, wall).await?;
    search.erase_notices(tx, &traces, wall).await?;
    let elsewhere = search.erase_messages(tx, &traces, &session_ids).await?;
    tx.erase_belongings(project.id, &[&numbers[..], &elsewhere.emptied].concat(), user).await?;
    tx.erase_messages(&session_ids, instead).await?;
    let others: Vec<i64> = elsewhere.all.iter().map(|message| message.0).collect();
    tx.erase_messages_then(project.id, &session_ids, &others).await?;
    tx.erase_transfers(&session_ids).await?;
    erase_desk_tools(tx, id, &session_ids).await?;
    ticket::erase(tx, project, &session_ids, wall).await?;
    erase_todos(tx, project, &session_ids, wall).await?;
    erase_knowledge(tx, project, &session_ids, wall).await?;
    tx.erase_files(id).await?;
    message_ids.extend(elsewhere.all);
    tx.erase_chat_migrations(project.id, chat).await?;
    let now = project.time(wall);
    let erased = Customer {
        telegram_user_id: TelegramUserId(instead),
        chat_id: ChatId(instead),
        name: String::new(),
        username: None,
        language_code: None,
        unreachable_since: Some(customer.unreachable_since.unwrap_or(now)),
        reachability_at: None,
        banned_at: None,
        ban_reason: None,
        erased_at: Some(now),
        ..customer
    };
    tx.update_customer(&erased).await?;
    tx.erase_customer_notes(id).await?;
    tx.erase_attributes(id).await?;
    tx.forget_in_search(SearchKind::Customer, &[id.0]).await?;
    // What is left of the sessions the index takes in anew by their events.
    tx.forget_in_search(SearchKind::Session, &session_ids).await?;
    for session in &mut sessions {
        erase_session(tx, session, instead, now, wall).await?;
    }
    tell_of_messages(tx, &message_ids, now, wall).await?;
    tx.tell_erasure(ERASURE_VERSION_FACT).await?;
    Ok(erased)
}

/// Forgets what agents wrote about a customer and had ready for them.
async fn erase_desk_tools(tx: &mut Tx, customer: CustomerId, sessions: &[i64]) -> Result<(), store::Error> {
    tx.erase_customer_tags(customer).await?;
    let notes = tx.erase_notes(sessions).await?;
    tx.forget_requests(crate::note::OPERATION, &notes).await?;
    tx.erase_trigger_firings(sessions).await?;
    tx.erase_survey_comments(sessions).await?;
    let scheduled = tx.erase_scheduled_messages(sessions).await?;
    tx.forget_requests(crate::scheduled::SCHEDULE_OPERATION, &scheduled).await
}

async fn erase_session(tx: &mut Tx, session: &mut Session, instead: i64, now: Time, wall: Time) -> Result<(), Error> {
    session.chat_id = ChatId(instead);
    session.thread = Thread::default();
    session.pace = Pace::default();
    if session.is_open() {
        session.close(CloseReason::Agent, now);
    }
    if let Some(resolution) = &mut session.resolution {
        resolution.summary.clear();
    }
    tx.set_pace(session.id, session.pace).await?;
    let event = touch(tx, session, Cause::Erasure, now).await?;
    Ok(tx.append_events(&[event], wall).await?)
}

async fn tell_of_messages(tx: &mut Tx, messages: &[MessageId], now: Time, wall: Time) -> Result<(), Error> {
    for some in messages.chunks(BATCH) {
        let ids: Vec<i64> = some.iter().map(|message| message.0).collect();
        let mut found = tx.messages(&ids).await?;
        found.sort_by_key(|message| message.id);
        let events: Vec<_> = found
            .iter()
            .map(|message| message_event(message, EventKind::MessageUpdated, Cause::Erasure, now))
            .collect();
        tx.append_events(&events, wall).await?;
    }
    Ok(())
}
