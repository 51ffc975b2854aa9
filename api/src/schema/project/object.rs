//! The type `Project`.

#![warn(clippy::large_futures)]

use std::sync::Arc;

use async_graphql::{Context, Enum, Object};
use domain::{AgentId, DiversionLinkId, ProjectId};

use super::chat_theme::ChatTheme;
use super::member::ProjectMember;
use super::night::ProjectNight;
use super::session_life::SessionLife;
use super::telegram_status::TelegramStatus;
use crate::schema::bot_text::{BotCommand, BotText};
use crate::schema::canned_reply::CannedReply;
use crate::schema::connection::Connection;
use crate::schema::cursor::{List, Place};
use crate::schema::customer::AttributeDefinition;
use crate::schema::diversion::DiversionLink;
use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::message::{Message, UndeliveredState, undelivered_page};
use crate::schema::page::PageArguments;
use crate::schema::rating::ProjectRating;
use crate::schema::routing::{ProjectAgent, ProjectRouting};
use crate::schema::scalar::DateTime;
use crate::schema::session::{Session, SessionFilter, SessionOrder, session_page};
use crate::schema::tag::Tag;
use crate::schema::team::Team;
use crate::schema::telegram_update::{TelegramUpdate, TelegramUpdateState, telegram_update_page};
use crate::schema::trigger::{Trigger, WordList};
use crate::view::View;

/// What an agent may do in one project. Each role includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Role")]
pub(crate) enum ProjectRole {
    /// Answers customers.
    Agent,
    /// Sees every session and manages the work of the agents.
    Supervisor,
    /// Manages the project itself.
    Admin,
}

pub(crate) struct Project {
    row: Arc<domain::Project>,
    view: View,
}

impl Project {
    pub(crate) fn new(row: Arc<domain::Project>, view: &View) -> Self {
        Self { row, view: view.clone() }
    }

    /// A project that is known to be there.
    pub(crate) async fn load(id: ProjectId, view: &View) -> Result<Self> {
        let row = view.loaders().projects().load(id).await?.ok_or(desk::Error::NotFound("project"))?;
        Ok(Self::new(row, view))
    }
}

/// One Telegram bot of a workspace, with its own customers, sessions and agents.
#[Object]
impl Project {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// The name shown to agents.
    fn name(&self) -> &str {
        &self.row.name
    }

    /// True if the customers are simulated and no Telegram stands behind the project. Only then `sandboxCustomerSend` and
    /// `sandboxClockAdvance` work.
    fn sandbox(&self) -> bool {
        self.row.sandbox
    }

    /// The user name of the bot without `@`. Null until Telegram has told it, and in a sandbox.
    fn bot_username(&self) -> Option<&str> {
        self.row.bot_username.as_deref()
    }

    /// How the bot is doing, as the process that serves it knew last.
    async fn telegram_status(&self) -> Result<TelegramStatus> {
        let status = self.view.loaders().telegram_status().load(self.row.id).await?;
        let status = status.ok_or(desk::Error::NotFound("project"))?;
        Ok(TelegramStatus { project: self.row.clone(), status })
    }

    /// When the project was put away with `projectArchive`. Null if it was not.
    fn archived_at(&self) -> Option<DateTime> {
        self.row.archived_at.map(Into::into)
    }

    /// Your role in the project.
    fn role(&self) -> Result<ProjectRole> {
        let role = self.view.actor().role_in(self.row.id, self.row.workspace_id);
        Ok(role.ok_or(desk::Error::Forbidden)?.into())
    }

    /// Where the event log ends now. Ask for it together with lists of this project, and pass it to `sessionEvents` as
    /// `after`: the subscription then tells of everything that the lists do not show yet.
    async fn event_cursor(&self) -> Result<String> {
        Ok(self.view.desk().cursor_text(Box::pin(self.view.head()).await?))
    }

    /// The time on the project's clock. It is the real time, except in a sandbox whose clock was moved.
    fn now(&self) -> DateTime {
        self.row.time(self.view.desk().now()).into()
    }

    /// The teams of the project, by line and name.
    async fn teams(&self) -> Result<Vec<Team>> {
        let teams = Box::pin(self.view.desk().teams(self.view.actor(), self.row.id)).await?;
        Ok(teams.into_iter().map(|team| Team::new(Arc::new(team), &self.view)).collect())
    }

    /// The active agents who work in the project, oldest first: those who have a role in it, and the administrators of the
    /// workspace.
    async fn members(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<ProjectMember>> {
        let (view, row) = (&self.view, &self.row);
        let list = List::members_of(row.id);
        let page = PageArguments { first, after, last, before }.of(context, list, |place| AgentId(place.id))?;
        let page = Box::pin(view.desk().members(view.actor(), row, page)).await?;
        Ok(Connection::new(list, page, |id| Place { micros: 0, id: id.0 }, |member| ProjectMember::new(member, view)))
    }

    /// The tags of the project, by name.
    async fn tags(
        &self,
        #[graphql(default, desc = "Whether to show those as well that were put away.")] include_archived: bool,
    ) -> Result<Vec<Tag>> {
        let tags = Box::pin(self.view.desk().tags(self.view.actor(), self.row.id, include_archived)).await?;
        Ok(tags.into_iter().map(|tag| Tag::new(Arc::new(tag))).collect())
    }

    /// The triggers of the project, in their order.
    async fn triggers(&self) -> Result<Vec<Trigger>> {
        let triggers = Box::pin(self.view.desk().triggers(self.view.actor(), self.row.id)).await?;
        Ok(triggers.into_iter().map(|trigger| Trigger::new(Arc::new(trigger), &self.view)).collect())
    }

    /// The lists of words that triggers of the project can look for, by name.
    async fn word_lists(&self) -> Result<Vec<WordList>> {
        let lists = Box::pin(self.view.desk().project_word_lists(self.view.actor(), self.row.id)).await?;
        Ok(lists.into_iter().map(|list| WordList::new(Arc::new(list))).collect())
    }

    /// The canned replies that you have in the project, the shared ones and your own, by shortcut.
    async fn canned_replies(&self) -> Result<Vec<CannedReply>> {
        let replies = Box::pin(self.view.desk().canned_replies(self.view.actor(), self.row.id)).await?;
        Ok(replies.into_iter().map(|reply| CannedReply::new(Arc::new(reply), &self.view)).collect())
    }

    /// What the bot writes to customers when they write for the first time, in each language. Empty if it writes nothing.
    async fn greeting(&self) -> Result<Vec<BotText>> {
        let texts = Box::pin(self.view.desk().bot_texts(self.view.actor(), self.row.id)).await?;
        Ok(BotText::all_of(&texts.greeting))
    }

    /// The commands that the bot offers, in their order.
    async fn commands(&self) -> Result<Vec<BotCommand>> {
        let texts = Box::pin(self.view.desk().bot_texts(self.view.actor(), self.row.id)).await?;
        Ok(texts.commands.iter().map(BotCommand::of).collect())
    }

    /// How long the sessions live.
    fn session_life(&self) -> SessionLife {
        SessionLife::of(self.row.session_life)
    }

    /// When it is night for the customers, by the clocks where they are.
    fn night(&self) -> ProjectNight {
        ProjectNight::of(self.row.night)
    }

    /// How customers are asked what they think of the support.
    async fn rating(&self) -> Result<ProjectRating> {
        let settings = Box::pin(self.view.desk().rating_settings(self.view.actor(), self.row.id)).await?;
        Ok(ProjectRating::new(settings, &self.view))
    }

    /// How consoles show the conversations.
    fn chat_theme(&self) -> ChatTheme {
        ChatTheme::of(&self.row.chat_theme)
    }

    /// The attributes that the customers of the project can have, by name.
    async fn attribute_definitions(&self) -> Result<Vec<AttributeDefinition>> {
        let definitions = Box::pin(self.view.desk().attribute_definitions(self.view.actor(), self.row.id)).await?;
        Ok(definitions.into_iter().map(AttributeDefinition).collect())
    }

    /// Who works in the project: those who have a role of their own in it or are in one of its teams, by the time at which
    /// they were added.
    async fn agents(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<ProjectAgent>> {
        let (view, project) = (&self.view, self.row.id);
        let list = List::agents_of(project);
        let page = PageArguments { first, after, last, before }.of(context, list, |place| AgentId(place.id))?;
        let page = Box::pin(view.desk().agents_at_work(view.actor(), project, page)).await?;
        Ok(Connection::new(list, page, |id| Place { micros: 0, id: id.0 }, |agent| ProjectAgent::new(agent, view)))
    }

    /// How the desk gives out the sessions.
    async fn routing(&self) -> Result<ProjectRouting> {
        let policy = Box::pin(self.view.desk().routing_policy(self.view.actor(), self.row.id)).await?;
        Ok(ProjectRouting::new(policy, &self.view))
    }

    /// The diversion links of the project, newest first.
    async fn diversion_links(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<DiversionLink>> {
        let (view, project) = (&self.view, self.row.id);
        let list = List::diversion_links_of(project);
        let page = PageArguments { first, after, last, before }.of(context, list, |place| DiversionLinkId(place.id))?;
        let page = Box::pin(view.desk().diversion_links(view.actor(), project, page)).await?;
        Ok(Connection::new(
            list,
            page,
            |id| Place { micros: 0, id: id.0 },
            |link| DiversionLink::new(Arc::new(link), view),
        ))
    }

    /// Grows with each change of the project.
    fn version(&self) -> i64 {
        self.row.version
    }

    /// When the project was added.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// What Telegram delivered to the bot, as it came: the newest first, by Telegram's numbers. For administrators and
    /// supervisors of the project.
    async fn telegram_updates(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only those in this state. All of them if left out.")] state: Option<TelegramUpdateState>,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<TelegramUpdate>> {
        let page = PageArguments { first, after, last, before };
        Box::pin(telegram_update_page(context, &self.view, self.row.id, state, page)).await
    }

    /// The messages to customers that failed, or of which nobody can tell whether Telegram accepted them, newest first.
    /// Settle them by `messageDeliverySettle`.
    async fn undelivered_messages(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only those in this state. All of them if left out.")] state: Option<UndeliveredState>,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<Message>> {
        let page = PageArguments { first, after, last, before };
        Box::pin(undelivered_page(context, &self.view, self.row.id, state, page)).await
    }

    /// The sessions of the project.
    #[expect(clippy::too_many_arguments, reason = "each argument of a field is one of its resolver")]
    async fn sessions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which sessions to show. All of them if left out.")] filter: Option<SessionFilter>,
        #[graphql(desc = "The order of the list. The newest message first if left out.")] order_by: Option<
            SessionOrder,
        >,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<Session>> {
        let page = PageArguments { first, after, last, before };
        Box::pin(session_page(context, &self.view, self.row.id, filter, order_by, page)).await
    }
}
