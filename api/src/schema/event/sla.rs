//! Following what happens to clocks of service levels.

use async_graphql::{Context, ID, Object, Subscription, Union};
use domain::EventKind;
use futures_util::stream::BoxStream;

use super::filter::Condition;
use super::happening::Happening;
use super::member::ResyncRequired;
use super::watch::{Scope, Seen, follow};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::session::Session;
use crate::schema::sla::SlaClock;

pub(crate) struct SlaClockUpdated(Happening);

/// A clock of a service level is in another state, or its deadline is another one.
#[Object]
impl SlaClockUpdated {
    #[graphql(flatten)]
    fn happening(&self) -> &Happening {
        &self.0
    }

    /// The clock as it is after the event or a later one. Null if its session has ended for you since.
    fn clock(&self) -> Option<SlaClock> {
        self.0.clock()
    }

    /// The session that the clock is about, or in which its ticket was raised, as you see it. Null if you may not see it.
    async fn session(&self) -> Result<Option<Session>> {
        let Happening { occurrence, view, .. } = &self.0;
        let session = view.loaders().sessions().load(occurrence.event.session_id).await?;
        Ok(session.map(|session| Session::new(session, view)))
    }
}

/// What happens to the clocks of a project.
#[derive(Union)]
pub(crate) enum SlaEvent {
    SlaClockUpdated(SlaClockUpdated),
    ResyncRequired(ResyncRequired),
}

impl SlaEvent {
    /// The event as its own type; nothing if it is about no clock.
    fn of(seen: Seen) -> Option<Self> {
        match seen {
            Seen::ResyncRequired(cursor) => Some(ResyncRequired { cursor }.into()),
            Seen::Happening(happening) if happening.occurrence.event.kind == EventKind::SlaClockUpdated => {
                Some(SlaClockUpdated(happening).into())
            }
            Seen::Happening(_) | Seen::SessionOut(_) => None,
        }
    }
}

#[derive(Default)]
pub(crate) struct SlaSubscription;

#[Subscription]
impl SlaSubscription {
    /// What happens to the clocks of a project's service levels, those about sessions that you see and about tickets that
    /// you work on: warnings, promises that are late, met or given up, and times that stand still or go on. First what
    /// happened after the cursor, then what happens. It ends with an error once you may not see the project any more.
    async fn sla_events(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the project.")] project_id: ID,
        #[graphql(
            desc = "The cursor of the last event you have seen, or `eventCursor` of a project. What happens from \
                          now on if left out."
        )]
        after: Option<String>,
    ) -> Result<BoxStream<'static, Result<SlaEvent>>> {
        let scope = Scope::Project(id::parse(&project_id)?);
        follow(context, scope, Condition::clocks(), after, SlaEvent::of).await
    }
}
