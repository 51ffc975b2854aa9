//! The type `Session`.

#![warn(clippy::large_futures)]

use std::sync::Arc;

use async_graphql::{Context, Enum, Object};
use domain::{MessageId, NoteId, SessionId, TransferId};
use futures_util::future::try_join_all;

use super::{SessionFollowUp, SessionResolution, SessionTransfer};
use crate::schema::agent::Agent;
use crate::schema::connection::Connection;
use crate::schema::cursor::{List, Place};
use crate::schema::customer::Customer;
use crate::schema::diversion::DiversionLink;
use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::knowledge::KnowledgeAnswer;
use crate::schema::message::Message;
use crate::schema::note::Note;
use crate::schema::page::PageArguments;
use crate::schema::project::Project;
use crate::schema::rating::SessionRating;
use crate::schema::routing::RoutingGrounds;
use crate::schema::scalar::DateTime;
use crate::schema::scheduled_message::ScheduledMessage;
use crate::schema::sla::SlaClock;
use crate::schema::tag::Tag;
use crate::schema::team::Team;
use crate::schema::ticket::{Ticket, tickets_of_session};
use crate::schema::todo::{Todo, todos_of_session};
use crate::schema::trigger::TriggerFiring;
use crate::view::View;

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Status")]
pub(crate) enum SessionStatus {
    /// Whoever is to answer has not viewed it: nobody has it yet, or not since the customer wrote or it changed hands.
    Unread,
    /// An agent is on it.
    Processing,
    /// It waits for the customer, a third party or a promised time.
    FollowUp,
    /// It is over.
    Closed,
}

/// How pressing a session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Priority")]
pub(crate) enum SessionPriority {
    /// Can wait.
    Low,
    /// The usual.
    Medium,
    /// Before the usual.
    High,
    /// Before everything else.
    Urgent,
}

/// Why a session was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::CloseReason")]
pub(crate) enum SessionCloseReason {
    /// An agent closed it.
    Agent,
    /// The customer was silent for too long after the agent's last message.
    NoResponse,
    /// The group got another number in Telegram, under which another session was open already and goes on.
    Migration,
    /// It was resolved, and nothing came back.
    Resolved,
}

pub(crate) struct Session {
    row: Arc<domain::Session>,
    view: View,
}

impl Session {
    pub(crate) fn new(row: Arc<domain::Session>, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// One conversation with a customer, from the first message to closing.
#[Object]
impl Session {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// The number that people say aloud, counted from 1 within the project.
    fn number(&self) -> i64 {
        self.row.number
    }

    /// Where the session stands.
    fn status(&self) -> SessionStatus {
        self.row.status.into()
    }

    /// How pressing it is.
    fn priority(&self) -> SessionPriority {
        self.row.priority.into()
    }

    /// The customer.
    async fn customer(&self) -> Result<Customer> {
        let view = &self.view;
        let customer = match view.loaders().customers().load(self.row.customer_id).await? {
            Some(customer) => customer,
            // The session goes to somebody else in this moment.
            None => Arc::new(Box::pin(view.desk().customer_of_session(view.actor(), &self.row)).await?),
        };
        Ok(Customer::new(customer, view))
    }

    /// The agent who answers. Null while nobody has been chosen.
    async fn assignee(&self) -> Result<Option<Agent>> {
        let Some(id) = self.row.assignee_id else { return Ok(None) };
        Ok(self.view.loaders().agents().load(id).await?.map(|agent| Agent::new(agent, &self.view)))
    }

    /// The team that the session is for. Null for no particular one.
    async fn team(&self) -> Result<Option<Team>> {
        let Some(id) = self.row.team_id else { return Ok(None) };
        Ok(self.view.loaders().teams().load(id).await?.map(|team| Team::new(team, &self.view)))
    }

    /// The agents who read along beside the one who answers.
    async fn participants(&self) -> Result<Vec<Agent>> {
        let agents = self.view.loaders().agents();
        let joined = try_join_all(self.row.people.joined.iter().map(|id| agents.load(*id))).await?;
        Ok(joined.into_iter().flatten().map(|agent| Agent::new(agent, &self.view)).collect())
    }

    /// How the session came from one to another, oldest first: by transfers, assignments, take-overs and escalations, and where
    /// it was not answered. Not that one which nobody had was given out by the desk or taken by who answered, nor that one was
    /// taken from an agent who is gone.
    async fn transfers(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<SessionTransfer>> {
        let (session, view) = (self.row.id, &self.view);
        let list = List::transfers_of(session);
        let page = PageArguments { first, after, last, before }.of(context, list, |place| TransferId(place.id))?;
        let page = Box::pin(view.desk().transfers(view.actor(), session, page)).await?;
        Ok(Connection::new(
            list,
            page,
            |id| Place { micros: 0, id: id.0 },
            |transfer| SessionTransfer::new(transfer, view),
        ))
    }

    /// What the customer asked about before this session, the newest first, as far as you may read it: who sees a session
    /// reads the history behind it.
    async fn earlier_sessions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<Session>> {
        let (row, view) = (&self.row, &self.view);
        let list = List::sessions_before(row.id);
        let page = PageArguments { first, after, last, before }.of(context, list, |place| SessionId(place.id))?;
        let page = Box::pin(view.desk().earlier_sessions(view.actor(), row, page)).await?;
        Ok(Connection::new(
            list,
            page,
            |id| Place { micros: 0, id: id.0 },
            |session| Session::new(Arc::new(session), view),
        ))
    }

    /// When the present agent got it, on the project's clock. Null while nobody has it.
    fn assigned_at(&self) -> Option<DateTime> {
        self.row.assigned_at.map(DateTime::from)
    }

    /// Since when it has waited for the desk to find an agent, on the project's clock. Null if it does not. What waits when
    /// routing is switched off keeps its place in line.
    fn queued_at(&self) -> Option<DateTime> {
        self.row.queued_at.map(DateTime::from)
    }

    /// Its place in the line of the sessions that wait for the same agents, counted from 1. Null if it does not wait, or if
    /// the desk does not give out the sessions of the project.
    async fn queue_place(&self) -> Result<Option<u64>> {
        if self.row.queued_at.is_none() {
            return Ok(None);
        }
        let place = self.view.loaders().queue_places().load(self.row.id).await?;
        Ok(place.map(|place| u64::try_from(*place).unwrap_or(u64::MAX)))
    }

    /// What the desk decided when it last looked for an agent for the session, and why. Null if it never did, or if the
    /// session has ended for you.
    async fn routing_grounds(&self) -> Result<Option<RoutingGrounds>> {
        let decision = self.view.loaders().routing_decisions().load(self.row.id).await?;
        Ok(decision.map(|decision| RoutingGrounds::new(decision, &self.view)))
    }

    /// Since when the customer has waited, on the project's clock: for an answer to the first message that nobody has
    /// answered, or for what was promised since the time for it has come. What was resolved or put off is waited for anew
    /// from when it comes back; a resolution that is taken back changes nothing. Null if they do not.
    fn waiting_since(&self) -> Option<DateTime> {
        self.row.waiting_since.map(DateTime::from)
    }

    /// What it waits for. Null unless its status is `FOLLOW_UP`, and if the session has ended for you.
    fn follow_up(&self) -> Option<SessionFollowUp> {
        self.row.follow_up.clone().map(SessionFollowUp)
    }

    /// What became of it. Null until it is resolved. If the session has ended for you, only of one that was closed then and
    /// has been since.
    fn resolution(&self) -> Option<SessionResolution> {
        let row = self.row.resolution.clone()?;
        Some(SessionResolution { row, view: self.view.clone() })
    }

    /// What the customer thinks of the support, as they said last. Null if they never did, or if the session has ended for
    /// you.
    async fn rating(&self) -> Result<Option<SessionRating>> {
        let rating = self.view.loaders().ratings().load(self.row.id).await?;
        Ok(rating.map(|rating| SessionRating::new(rating, &self.view)))
    }

    /// The diversion link by which the customer came last. Null if they came by none.
    async fn diversion_link(&self) -> Result<Option<DiversionLink>> {
        let Some(id) = self.row.link_id else { return Ok(None) };
        let link = self.view.loaders().diversion_links().load(id).await?;
        Ok(link.map(|link| DiversionLink::new(link, &self.view)))
    }

    /// Where the customer came from, as the diversion link says. Null if they came by none or it says nothing.
    async fn source(&self) -> Result<Option<String>> {
        let Some(id) = self.row.link_id else { return Ok(None) };
        let link = self.view.loaders().diversion_links().load(id).await?;
        Ok(link.map(|link| link.source.clone()).filter(|source| !source.is_empty()))
    }

    /// The tags, by name.
    async fn tags(&self) -> Result<Vec<Tag>> {
        let tags = self.view.loaders().session_tags().load(self.row.id).await?;
        Ok(tags.iter().flat_map(|tags| tags.iter()).cloned().map(Tag::new).collect())
    }

    /// The private notes, oldest first. The customer never sees them.
    async fn notes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<Note>> {
        let (session, view) = (self.row.id, &self.view);
        let list = List::notes_of(session);
        let page = PageArguments { first, after, last, before }.of(context, list, |place| NoteId(place.id))?;
        let page = Box::pin(view.desk().notes(view.actor(), session, page)).await?;
        Ok(Connection::new(list, page, |id| Place { micros: 0, id: id.0 }, |note| Note::new(Arc::new(note), view)))
    }

    /// The messages that are pinned in the chat, the pin that was set last first, 50 at most.
    async fn pinned_messages(&self) -> Result<Vec<Message>> {
        let messages = self.view.loaders().pinned().load(self.row.id).await?;
        let shown = |message: &Arc<domain::Message>| Message::of_session(message.clone(), self.row.clone(), &self.view);
        Ok(messages.iter().flat_map(|messages| messages.iter()).map(shown).collect())
    }

    /// The messages that agents wrote to be sent later, oldest first, with what became of them: all that wait, and beside
    /// them the newest 50.
    async fn scheduled_messages(&self) -> Result<Vec<ScheduledMessage>> {
        let messages = self.view.loaders().scheduled().load(self.row.id).await?;
        let messages = messages.iter().flat_map(|messages| messages.iter()).cloned();
        Ok(messages.map(|message| ScheduledMessage::new(message, &self.view)).collect())
    }

    /// What triggers of the project fired in the session, oldest first: the newest 50.
    async fn trigger_firings(&self) -> Result<Vec<TriggerFiring>> {
        let firings = self.view.loaders().firings().load(self.row.id).await?;
        let firings = firings.iter().flat_map(|firings| firings.iter()).cloned();
        Ok(firings.map(|firing| TriggerFiring::new(firing, &self.view)).collect())
    }

    /// The newest suggestion of a trigger to escalate that nobody has taken up or judged. Null if there is none.
    async fn escalation_suggestion(&self) -> Result<Option<TriggerFiring>> {
        let firings = self.view.loaders().firings().load(self.row.id).await?;
        let newest = firings.iter().flat_map(|firings| firings.iter()).rev().find(|firing| firing.is_open_suggestion());
        Ok(newest.cloned().map(|firing| TriggerFiring::new(firing, &self.view)))
    }

    /// The tickets that came of the session, oldest first, those of them that you see.
    async fn tickets(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<Ticket>> {
        Box::pin(tickets_of_session(context, &self.view, &self.row, PageArguments { first, after, last, before })).await
    }

    /// What is owed to the customer in it, those to-dos first that are due first, those of them that are for you to see: all
    /// that are open, and beside them the newest 50.
    async fn todos(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<Todo>> {
        todos_of_session(context, &self.view, self.row.id, PageArguments { first, after, last, before }).await
    }

    /// What the bot answered by itself from the knowledge entries of the project, oldest first. Empty if the session has ended
    /// for you.
    async fn knowledge_answers(&self) -> Result<Vec<KnowledgeAnswer>> {
        let answers = self.view.loaders().knowledge_answers().load(self.row.id).await?;
        let answers = answers.iter().flat_map(|answers| answers.iter()).copied();
        Ok(answers.map(|answer| KnowledgeAnswer::new(answer, &self.view)).collect())
    }

    /// The clocks of what the customer is promised: of each promise about the session the newest one, oldest first. Empty if
    /// the session has ended for you.
    async fn sla(&self) -> Result<Vec<SlaClock>> {
        let clocks = self.view.loaders().sla_clocks_of_sessions().load(self.row.id).await?;
        let clocks = clocks.iter().flat_map(|clocks| clocks.iter()).cloned();
        Ok(clocks.map(|clock| SlaClock::new(clock, &self.view)).collect())
    }

    /// The newest message that somebody wrote or the desk sent. Null if there is none. What Telegram tells of the chat beside
    /// messages, such as that somebody came into it, is none, and who left the session right after that does not see it.
    async fn last_message(&self) -> Result<Option<Message>> {
        let Some(id) = self.row.last_message_id else { return Ok(None) };
        let message = self.view.loaders().messages().load(id).await?;
        Ok(message.map(|message| Message::of_session(message, self.row.clone(), &self.view)))
    }

    /// When the newest message was taken in, on the project's clock.
    fn last_message_at(&self) -> DateTime {
        self.row.last_message_at.into()
    }

    /// How many messages of the customer came in since you last viewed the session (`sessionMarkViewed`) or answered in it.
    async fn unread_count(&self) -> Result<i64> {
        let seen = self.view.loaders().seen().load(self.row.id).await?.map_or(0, |seen| *seen);
        Ok((self.row.inbound_count - seen).max(0))
    }

    /// When the session started, on the project's clock.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// When the session last changed, on the project's clock.
    fn updated_at(&self) -> DateTime {
        self.row.updated_at.into()
    }

    /// When the session was closed, on the project's clock. Null while it is open.
    fn closed_at(&self) -> Option<DateTime> {
        self.row.closed_at.map(DateTime::from)
    }

    /// When the session ended for you, on the project's clock: what you see is how it was then, and nothing about it can be
    /// changed. Null while it goes on for you.
    async fn left_at(&self) -> Result<Option<DateTime>> {
        let left_at = self.view.loaders().ends().load(self.row.id).await?;
        Ok(left_at.map(|left_at| DateTime::from(*left_at)))
    }

    /// Why the session was closed. Null while it is open.
    fn close_reason(&self) -> Option<SessionCloseReason> {
        self.row.close_reason.map(SessionCloseReason::from)
    }

    /// Grows with each change of the session. Send it as `expectedVersion` to change only what you have seen.
    fn version(&self) -> i64 {
        self.row.version
    }

    /// The project.
    async fn project(&self) -> Result<Project> {
        Project::load(self.row.project_id, &self.view).await
    }

    /// The messages of the session, oldest first. Ask for the `last` ones to show its end.
    async fn messages(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<Message>> {
        let (row, view) = (&self.row, &self.view);
        let list = List::messages_of(row.id);
        let page = PageArguments { first, after, last, before }.of(context, list, |place| MessageId(place.id))?;
        let page = Box::pin(view.desk().messages(view.actor(), row.id, page)).await?;
        Ok(Connection::new(
            list,
            page,
            |id| Place { micros: 0, id: id.0 },
            |message| Message::of_session(Arc::new(message), row.clone(), view),
        ))
    }
}
