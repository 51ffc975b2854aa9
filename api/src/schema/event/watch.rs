//! Following the event log on behalf of one subscriber.

use std::time::Duration;

use async_graphql::Context;
use desk::event::{Feed, Item, decode};
use desk::{Desk, Error};
use domain::{AgentId, Cursor, ProjectId, SessionId, TokenFamilyId};
use futures_util::Stream;
use futures_util::stream::try_unfold;
use tokio::time::sleep;

use super::filter::Condition;
use super::happening::Happening;
use crate::schema::error::Result;
use crate::view::{View, desk, signed_in};

/// How long to wait before the database is tried again.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Which events there are for a subscriber.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope {
    Project(ProjectId),
    Session(SessionId),
}

/// What a subscriber gets to see.
pub(super) enum Seen {
    Happening(Happening),
    /// What was missed cannot be told; it goes on from here.
    ResyncRequired(Cursor),
}

/// A subscriber's way through the log. It waits for a database that is out of reach and goes on
/// where it was, so that a subscription survives what its connection survives.
pub(super) struct Watch {
    desk: Desk,
    agent_id: AgentId,
    family_id: TokenFamilyId,
    scope: Scope,
    condition: Condition,
    /// Everything up to here was seen.
    cursor: Cursor,
    feed: Feed,
}

impl Watch {
    /// Begins after a cursor, or now. Fails if the caller may not see the scope.
    pub(super) async fn open(
        context: &Context<'_>,
        scope: Scope,
        condition: Condition,
        after: Option<String>,
    ) -> Result<Self> {
        let (desk, signed_in) = (desk(context).clone(), signed_in(context)?);
        let (agent_id, family_id) = (signed_in.agent_id, signed_in.family_id);
        let cursor = match after {
            Some(text) => decode(&text).ok_or(Error::InvalidCursor)?,
            None => desk.head_cursor().await?,
        };
        let feed = feed(&desk, agent_id, family_id, scope, cursor).await?;
        Ok(Self { desk, agent_id, family_id, scope, condition, cursor, feed })
    }

    /// Everything that is for the subscriber, in the form that `member` gives it, until the subscriber may not see it any
    /// more.
    pub(super) fn into_stream<E: Send>(
        self,
        member: fn(Seen) -> Option<E>,
    ) -> impl Stream<Item = Result<E>> + Send + use<E> {
        try_unfold(self, move |mut watch| async move {
            loop {
                if let Some(event) = member(watch.next().await?) {
                    return Ok(Some((event, watch)));
                }
            }
        })
    }

    async fn next(&mut self) -> Result<Seen> {
        loop {
            match self.try_next().await {
                Err(Error::Unavailable(cause)) => {
                    tracing::warn!(%cause, "a subscription waits for the database");
                    self.reopen().await?;
                }
                seen => return Ok(seen?),
            }
        }
    }

    async fn try_next(&mut self) -> Result<Seen, Error> {
        loop {
            match self.feed.next().await? {
                Item::ResyncRequired { cursor } => {
                    self.cursor = cursor;
                    return Ok(Seen::ResyncRequired(cursor));
                }
                Item::Occurred { cursor, occurrence } if self.condition.lets_through(&occurrence) => {
                    let view = View::open(&self.desk, self.agent_id, self.family_id).await?;
                    self.cursor = cursor;
                    return Ok(Seen::Happening(Happening { cursor, occurrence, view }));
                }
                Item::Occurred { cursor, .. } => self.cursor = cursor,
            }
        }
    }

    /// Waits until the log can be read on.
    async fn reopen(&mut self) -> Result<()> {
        loop {
            sleep(RETRY_AFTER).await;
            match feed(&self.desk, self.agent_id, self.family_id, self.scope, self.cursor).await {
                Err(Error::Unavailable(_)) => {}
                feed => {
                    self.feed = feed?;
                    return Ok(());
                }
            }
        }
    }
}

async fn feed(
    desk: &Desk,
    agent_id: AgentId,
    family_id: TokenFamilyId,
    scope: Scope,
    after: Cursor,
) -> Result<Feed, Error> {
    let actor = desk.actor(agent_id, family_id).await?;
    match scope {
        Scope::Project(project) => desk.project_events(&actor, project, Some(after)).await,
        Scope::Session(session) => desk.session_events(&actor, session, Some(after)).await,
    }
}
