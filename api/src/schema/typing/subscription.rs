//! Following who is writing.

use async_graphql::{Context, ID, Object, Subscription};
use desk::typing::TypingChange;
use futures_util::stream::{self, BoxStream, StreamExt as _};

use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::id;
use crate::view::View;

pub(crate) struct TypingChanged {
    change: TypingChange,
    view: View,
}

/// A colleague has begun to write, or has stopped.
#[Object]
impl TypingChanged {
    /// The colleague.
    async fn agent(&self) -> Result<Agent> {
        let agent = self.view.loaders().agents().load(self.change.agent_id).await?;
        Ok(Agent::new(agent.ok_or(desk::Error::NotFound("agent"))?, &self.view))
    }

    /// Whether they are writing now.
    fn typing(&self) -> bool {
        self.change.is_typing
    }
}

#[derive(Default)]
pub(crate) struct TypingSubscription;

#[Subscription]
impl TypingSubscription {
    /// Which colleagues are writing in a session: first who is, then who begins and who stops. Telegram does not tell when
    /// customers do. This is no part of the event log: there is no cursor and nothing to go on from. It ends with an error
    /// once the session does not go on for you any more.
    async fn typing(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session.")] session_id: ID,
    ) -> Result<BoxStream<'static, Result<TypingChanged>>> {
        let view = View::fresh(context).await?;
        let desk = view.desk().clone();
        let feed = desk.typing(view.actor(), id::parse(&session_id)?).await?;
        let changes = stream::try_unfold((desk, feed), |(desk, mut feed)| async move {
            let change = feed.next().await?;
            // What is shown is looked up with the rights of this moment.
            let view = View::new(desk.clone(), feed.actor().clone());
            Ok(Some((TypingChanged { change, view }, (desk, feed))))
        });
        Ok(changes.boxed())
    }
}
