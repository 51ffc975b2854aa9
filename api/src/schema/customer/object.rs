//! The type `Customer`.

#![warn(clippy::large_futures)]

use std::sync::Arc;

use async_graphql::{Context, Enum, Object};
use desk::customer::{CustomerClock, CustomerProfile};
use domain::SessionId;

use super::attribute::CustomerAttribute;
use super::clock::{CustomerNight, TimeZoneSource, local_time};
use crate::schema::connection::Connection;
use crate::schema::cursor::{List, Place};
use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::page::PageArguments;
use crate::schema::project::Project;
use crate::schema::scalar::DateTime;
use crate::schema::session::Session;
use crate::schema::tag::Tag;
use crate::view::View;

/// Who is behind a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::CustomerKind")]
pub(crate) enum CustomerKind {
    /// One person.
    Person,
    /// Everybody who writes in a group. Who wrote a message is its `writer`.
    Group,
    /// A channel.
    Channel,
}

pub(crate) struct Customer {
    row: Arc<domain::Customer>,
    view: View,
}

impl Customer {
    pub(crate) fn new(row: Arc<domain::Customer>, view: &View) -> Self {
        Self { row, view: view.clone() }
    }

    /// What is known beside what Telegram says; nothing if the agent does not see the profile as it is now.
    async fn profile(&self) -> Result<Option<Arc<CustomerProfile>>> {
        Ok(self.view.loaders().customer_profiles().load(self.row.id).await?)
    }

    async fn clock(&self) -> Result<Option<CustomerClock>> {
        Ok(self.profile().await?.and_then(|profile| profile.clock))
    }
}

/// A Telegram user, or a group or a channel, as one project knows it. Two projects never share a customer, even if the
/// same user writes to both.
#[Object]
impl Customer {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// Who is behind the customer.
    fn kind(&self) -> CustomerKind {
        self.row.kind.into()
    }

    /// First and last name, or the title of the group or channel, as Telegram gives them.
    fn name(&self) -> &str {
        &self.row.name
    }

    /// The Telegram user name without `@`. Null if the user has none.
    fn username(&self) -> Option<&str> {
        self.row.username.as_deref()
    }

    /// The number of the user in Telegram, in decimal digits; for a group or a channel that of the chat, which is below
    /// zero. It does not fit into an `Int`. `0` once the customer is erased.
    fn telegram_user_id(&self) -> String {
        if self.row.erased_at.is_some() { "0".to_owned() } else { self.row.telegram_user_id.0.to_string() }
    }

    /// The language of the user's Telegram as an IETF tag, such as `de` or `pt-br`. Null if Telegram has not said it.
    fn language_code(&self) -> Option<&str> {
        self.row.language_code.as_deref()
    }

    /// False while the customer blocks the bot or is gone from Telegram; a message from them makes it true again.
    fn reachable(&self) -> bool {
        self.row.unreachable_since.is_none()
    }

    /// Since when the customer has been banned, on the project's clock: what they write reaches no agent. Null if they
    /// are not.
    fn banned_at(&self) -> Option<DateTime> {
        self.row.banned_at.map(DateTime::from)
    }

    /// Why the customer was banned. Null if they are not, and if nothing was said.
    fn ban_reason(&self) -> Option<&str> {
        self.row.ban_reason.as_deref()
    }

    /// When everything about the customer was erased, on the project's clock. Null if it was not.
    fn erased_at(&self) -> Option<DateTime> {
        self.row.erased_at.map(DateTime::from)
    }

    /// The tags of the customer, by name.
    async fn tags(&self) -> Result<Vec<Tag>> {
        let tags = self.view.loaders().customer_tags().load(self.row.id).await?;
        Ok(tags.iter().flat_map(|tags| tags.iter()).cloned().map(Tag::new).collect())
    }

    /// Whether you see the profile as it is now. False once every session of the customer has ended for you, as it does
    /// when you hand them over: then `attributes`, `tags`, `timeZone`, `timeZoneSource`, `localTime`, `night`, `note` and
    /// `version` are left out, and a ban or a block of later does not show. Supervisors and administrators of the project
    /// always see all.
    async fn is_current(&self) -> Result<bool> {
        Ok(self.profile().await?.is_some())
    }

    /// What integrations say of the customer, by name.
    async fn attributes(&self) -> Result<Vec<CustomerAttribute>> {
        let profile = self.profile().await?;
        let attributes = profile.iter().flat_map(|profile| profile.attributes.iter().cloned());
        Ok(attributes.map(CustomerAttribute).collect())
    }

    /// The time zone in which the customer lives, by its name in the IANA time zone database. Null if it is not known.
    async fn time_zone(&self) -> Result<Option<&'static str>> {
        Ok(self.clock().await?.map(|clock| clock.time_zone.name()))
    }

    /// How the time zone is known. Null if it is not.
    async fn time_zone_source(&self) -> Result<Option<TimeZoneSource>> {
        Ok(self.clock().await?.map(|clock| clock.source.into()))
    }

    /// What the clocks show where the customer is, by RFC 3339 with the offset from UTC, such as
    /// `2026-11-21T23:15:00+01:00`; on the project's clock. Null if the time zone is not known.
    async fn local_time(&self) -> Result<Option<String>> {
        Ok(self.clock().await?.map(|clock| local_time(&clock)))
    }

    /// Whether it is night where the customer is. Null if the time zone is not known.
    async fn night(&self) -> Result<Option<CustomerNight>> {
        Ok(self.clock().await?.map(|clock| CustomerNight::of(&clock)))
    }

    /// What colleagues should know of the customer, whatever the session. Null if nothing is noted.
    async fn note(&self) -> Result<Option<String>> {
        let profile = self.profile().await?;
        Ok(profile.map(|profile| profile.notes.note.clone()).filter(|note| !note.is_empty()))
    }

    /// Grows with each change by `customerUpdate`, from 0 on. Send it as `expectedVersion` to change only what you have
    /// seen. Null if you do not see the profile as it is now.
    async fn version(&self) -> Result<Option<i64>> {
        Ok(self.profile().await?.map(|profile| profile.notes.version))
    }

    /// The sessions of the customer that you may see, newest first: one history, also of a group that got another number
    /// in Telegram.
    async fn sessions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<Session>> {
        let (view, customer) = (&self.view, self.row.id);
        let list = List::sessions_of_customer(customer);
        let page = PageArguments { first, after, last, before }.of(context, list, |place| SessionId(place.id))?;
        let page = Box::pin(view.desk().sessions_of_customer(view.actor(), &self.row, page)).await?;
        Ok(Connection::new(
            list,
            page,
            |id| Place { micros: 0, id: id.0 },
            |session| Session::new(Arc::new(session), view),
        ))
    }

    /// When the customer first wrote, on the project's clock.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// The project whose bot the customer writes to.
    async fn project(&self) -> Result<Project> {
        Project::load(self.row.project_id, &self.view).await
    }
}
