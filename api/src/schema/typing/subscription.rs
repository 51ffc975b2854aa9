//! Following who is writing.

use async_graphql::{Context, ID, Object, Subscription};
use desk::typing::TypingChange;
use domain::SessionId;
use futures_util::stream::{self, BoxStream, StreamExt as _};

use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::session::Session;
use crate::view::View;

pub(crate) struct TypingChanged {
    change: TypingChange,
    session_id: SessionId,
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

    /// The session. Null if you may not see it any more.
    async fn session(&self) -> Result<Option<Session>> {
        let session = self.view.loaders().sessions().load(self.session_id).await?;
        Ok(session.map(|session| Session::new(session, &self.view)))
    }
}

#[derive(Default)]
pub(crate) struct TypingSubscription;

#[Subscription]
impl TypingSubscription {
    /// Which colleagues are writing in a session: first who is, then who begins and who stops. Telegram does not tell when
    /// customers do. This is no part of the event log: there is no cursor and nothing to go on from. It says nothing while the
    /// session does not go on for you.
    async fn typing(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session.")] session_id: ID,
    ) -> Result<BoxStream<'static, Result<TypingChanged>>> {
        let view = View::fresh(context).await?;
        let desk = view.desk().clone();
        let session_id = id::parse(&session_id)?;
        let feed = desk.typing(view.actor(), session_id).await?;
        let changes = stream::try_unfold((desk, feed), move |(desk, mut feed)| async move {
            let change = feed.next().await?;
            // What is shown is looked up with the rights of this moment.
            let view = View::new(desk.clone(), feed.actor().clone());
            Ok(Some((TypingChanged { change, session_id, view }, (desk, feed))))
        });
        Ok(changes.boxed())
    }
}
