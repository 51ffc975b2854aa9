//! Following what happens to to-dos.

use async_graphql::{Context, ID, Object, Subscription, Union};
use domain::EventKind;
use futures_util::stream::BoxStream;

use super::filter::Condition;
use super::happening::Happening;
use super::member::ResyncRequired;
use super::watch::{Scope, Seen, follow};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::todo::Todo;

pub(crate) struct TodoUpdated(Happening);

/// A to-do was made or changed.
#[Object]
impl TodoUpdated {
    #[graphql(flatten)]
    fn happening(&self) -> &Happening {
        &self.0
    }

    /// The to-do as it is after the event or a later one. Null if it is gone by now.
    fn todo(&self) -> Option<Todo> {
        self.0.todo()
    }
}

/// What happens to the to-dos of a project.
#[derive(Union)]
pub(crate) enum TodoEvent {
    TodoUpdated(TodoUpdated),
    ResyncRequired(ResyncRequired),
}

impl TodoEvent {
    /// The event as its own type; nothing if it is about no to-do.
    fn of(seen: Seen) -> Option<Self> {
        match seen {
            Seen::ResyncRequired(cursor) => Some(ResyncRequired { cursor }.into()),
            Seen::Happening(happening) if happening.occurrence.event.kind == EventKind::TodoUpdated => {
                Some(TodoUpdated(happening).into())
            }
            Seen::Happening(_) | Seen::SessionOut(_) => None,
        }
    }
}

#[derive(Default)]
pub(crate) struct TodoSubscription;

#[Subscription]
impl TodoSubscription {
    /// Everything that happens to the to-dos of a project that are for you to see, in order: first what happened after the
    /// cursor, then what happens. Nothing is left out or told twice, however slow the subscriber is. It ends with an error
    /// once you may not see the project any more.
    async fn todo_events(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the project.")] project_id: ID,
        #[graphql(
            desc = "The cursor of the last event you have seen, or `eventCursor` of the project. What happens from \
                          now on if left out."
        )]
        after: Option<String>,
    ) -> Result<BoxStream<'static, Result<TodoEvent>>> {
        follow(context, Scope::Project(id::parse(&project_id)?), Condition::todos(), after, TodoEvent::of).await
    }
}
