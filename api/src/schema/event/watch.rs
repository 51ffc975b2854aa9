//! Following the event log on behalf of one subscriber.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::Context;
use asynk_strim::stream_fn;
use desk::event::{Feed, Item, Occurrence};
use desk::{Actor, Credential, Desk, Error};
use domain::visibility::Telling;
use domain::{Cursor, ProjectId, SessionId};
use futures_util::future::ready;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use tokio::time::sleep;

use super::audience::Audience;
use super::filter::{Concern, Condition};
use super::happening::Happening;
use crate::schema::error::Result;
use crate::transport::{Handover, Occasion, Source};
use crate::view::{View, desk, signed_in};

/// How long to wait before the database is tried again.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Which events there are for a subscriber.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope {
    Project(ProjectId),
    Session(SessionId),
    /// The tickets of a project.
    Tickets(ProjectId),
}

/// What a subscriber gets to see.
#[derive(Clone)]
pub(super) enum Seen {
    Happening(Happening),
    /// The session no longer meets the subscriber's condition.
    SessionOut(Happening),
    /// What was missed cannot be told; it goes on from here.
    ResyncRequired(String),
}

/// Follows the log after a cursor, or from now on, and shows what is for the subscriber in the form that `member` gives
/// it, until they may not see it any more. Fails if they may not see the scope.
///
/// Where the transport takes the source over, it comes back with one thing at a time to show.
pub(super) async fn follow<E: Send + 'static>(
    context: &Context<'_>,
    scope: Scope,
    condition: Condition,
    after: Option<String>,
    member: fn(Seen) -> Option<E>,
) -> Result<BoxStream<'static, Result<E>>> {
    if let Some(seen) = context.data_opt::<Seen>() {
        return Ok(stream::iter(member(seen.clone()).map(Ok)).boxed());
    }
    let watch = Watch::open(context, scope, condition, after).await?;
    if let Some(handover) = context.data_opt::<Handover>() {
        handover.give(watch.into_source());
        return Ok(stream::empty().boxed());
    }
    let all = stream::try_unfold(watch, |mut watch| async { Ok(Some((watch.next_news().await?.show(), watch))) });
    Ok(all.filter_map(move |seen| ready(seen.map(member).transpose())).boxed())
}

/// Something new for the subscriber, and what they are at this moment.
struct News {
    cursor: Cursor,
    /// Nothing if what was missed cannot be told.
    happened: Option<(Arc<Occurrence>, Concern)>,
    telling: Telling,
    desk: Desk,
    actor: Arc<Actor>,
}

impl News {
    fn show(self) -> Seen {
        let Self { cursor, happened, desk, actor, .. } = self;
        let Some((occurrence, concern)) = happened else { return Seen::ResyncRequired(desk.cursor_text(cursor)) };
        let happening = Happening { cursor, occurrence, view: View::new(desk, actor) };
        match concern {
            Concern::Event => Seen::Happening(happening),
            Concern::SessionOut => Seen::SessionOut(happening),
        }
    }
}

/// A subscriber's way through the log. It waits for a database that is out of reach and goes on
/// where it was, so that a subscription survives what its connection survives.
struct Watch {
    desk: Desk,
    credential: Credential,
    scope: Scope,
    condition: Condition,
    audience: Audience,
    /// Everything up to here was seen.
    cursor: Cursor,
    feed: Feed,
}

impl Watch {
    /// Begins after a cursor, or now. Fails if the caller may not see the scope.
    async fn open(context: &Context<'_>, scope: Scope, condition: Condition, after: Option<String>) -> Result<Self> {
        let (desk, credential) = (desk(context).clone(), signed_in(context)?.credential);
        let cursor = match after {
            Some(text) => desk.read_cursor(&text).ok_or(Error::InvalidCursor)?,
            None => desk.head_cursor().await?,
        };
        let feed = feed(&desk, credential, scope, cursor).await?;
        Ok(Self { desk, credential, scope, condition, audience: Audience::of(context), cursor, feed })
    }

    fn into_source(mut self) -> Source {
        let occasions = stream_fn(async move |mut yielder| {
            loop {
                match self.next_occasion().await {
                    Ok(occasion) => yielder.yield_item(Ok(occasion)).await,
                    Err(failure) => return yielder.yield_item(Err(failure.into())).await,
                }
            }
        });
        occasions.boxed()
    }

    async fn next_occasion(&mut self) -> Result<Occasion> {
        let news = self.next_news().await?;
        let Some((occurrence, concern)) = &news.happened else {
            return Ok(Occasion::new(|data| data.insert(news.show())));
        };
        let event = &occurrence.event;
        let mut audience = self.audience.name(&self.desk, &news.actor, event.project_id, news.telling).await?;
        if *concern == Concern::SessionOut {
            audience = format!("{audience} out").into();
        }
        // One event of a session may tell of several tickets.
        if let Some(ticket) = &event.ticket {
            audience = format!("{audience} ticket {}", ticket.id).into();
        }
        let position = event.position;
        let identity = (position.transaction.cast_unsigned() as u128) << 64 | position.sequence.cast_unsigned() as u128;
        Ok(Occasion::new(|data| data.insert(news.show())).alike_for(audience, identity))
    }

    async fn next_news(&mut self) -> Result<News> {
        loop {
            match self.try_next().await {
                Err(Error::Unavailable(cause)) => {
                    tracing::warn!(%cause, "a subscription waits for the database");
                    Box::pin(self.reopen()).await?;
                }
                news => return Ok(news?),
            }
        }
    }

    async fn try_next(&mut self) -> Result<News, Error> {
        loop {
            let (cursor, happened, telling) = match self.feed.next().await? {
                Item::ResyncRequired { cursor } => (cursor, None, Telling::Whole),
                Item::Occurred { cursor, occurrence, telling } => {
                    let Some(concern) = self.condition.concern(&occurrence) else {
                        self.cursor = cursor;
                        continue;
                    };
                    (cursor, Some((occurrence, concern)), telling)
                }
            };
            let actor = self.feed.actor().clone();
            self.cursor = cursor;
            return Ok(News { cursor, happened, telling, desk: self.desk.clone(), actor });
        }
    }

    /// Waits until the log can be read on.
    async fn reopen(&mut self) -> Result<()> {
        loop {
            sleep(RETRY_AFTER).await;
            match feed(&self.desk, self.credential, self.scope, self.cursor).await {
                Err(Error::Unavailable(_)) => {}
                feed => {
                    self.feed = feed?;
                    return Ok(());
                }
            }
        }
    }
}

async fn feed(desk: &Desk, credential: Credential, scope: Scope, after: Cursor) -> Result<Feed, Error> {
    let actor = desk.actor(credential).await?;
    match scope {
        Scope::Project(project) => desk.project_events(&actor, project, Some(after)).await,
        Scope::Session(session) => desk.session_events(&actor, session, Some(after)).await,
        Scope::Tickets(project) => desk.ticket_events(&actor, project, Some(after)).await,
    }
}
