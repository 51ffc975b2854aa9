//! Following what happens.

use async_graphql::{Context, ID, Subscription};
use futures_util::stream::BoxStream;

use super::filter::{Condition, SessionEventFilter};
use super::ticket::{TicketEvent, TicketEventFilter};
use super::union::{SessionEvent, SessionMessageEvent};
use super::watch::{Scope, follow};
use crate::schema::error::Result;
use crate::schema::id;

#[derive(Default)]
pub(crate) struct SessionSubscription;

#[Subscription]
impl SessionSubscription {
    /// Everything that happens to the sessions of a project, in order: first what happened after the cursor, then what
    /// happens. Nothing is left out or told twice, however slow the subscriber is. It ends with an error once you may not
    /// see the project any more.
    async fn session_events(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the project.")] project_id: ID,
        #[graphql(desc = "Which events to tell of. All of them if left out.")] filter: Option<SessionEventFilter>,
        #[graphql(
            desc = "The cursor of the last event you have seen, or `eventCursor` of a project. What happens from \
                          now on if left out."
        )]
        after: Option<String>,
    ) -> Result<BoxStream<'static, Result<SessionEvent>>> {
        let scope = Scope::Project(id::parse(&project_id)?);
        let condition = filter.map_or(Ok(Condition::default()), SessionEventFilter::condition)?;
        follow(context, scope, condition, after, SessionEvent::of).await
    }

    /// Everything that happens to the tickets of a project that you see, in order: first what happened after the cursor, then
    /// what happens. Nothing is left out, however slow the subscriber is. It ends with an error once you may not see the
    /// project any more.
    async fn ticket_events(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the project.")] project_id: ID,
        #[graphql(desc = "Which events to tell of. All of them if left out.")] filter: Option<TicketEventFilter>,
        #[graphql(
            desc = "The cursor of the last event you have seen, or `eventCursor` of a project. What happens from \
                          now on if left out."
        )]
        after: Option<String>,
    ) -> Result<BoxStream<'static, Result<TicketEvent>>> {
        let scope = Scope::Tickets(id::parse(&project_id)?);
        let condition = filter.unwrap_or_default().condition()?;
        follow(context, scope, condition, after, TicketEvent::of).await
    }

    /// Everything that happens to the messages of a session, in order: first what happened after the cursor, then what
    /// happens. Nothing is left out or told twice, however slow the subscriber is. Once the session goes on without you,
    /// `SessionRemoved` says so, and nothing of it is told after that. It ends with an error once you may not see the project
    /// any more.
    async fn session_messages(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session.")] session_id: ID,
        #[graphql(
            desc = "The cursor of the last event you have seen, or `eventCursor` of its project. What happens from \
                          now on if left out."
        )]
        after: Option<String>,
    ) -> Result<BoxStream<'static, Result<SessionMessageEvent>>> {
        let scope = Scope::Session(id::parse(&session_id)?);
        follow(context, scope, Condition::messages(), after, SessionMessageEvent::of).await
    }
}
