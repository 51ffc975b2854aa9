//! Following who is there.

use async_graphql::{Context, ID, Object, Subscription};
use desk::presence::PresenceChange;
use domain::ProjectId;
use futures_util::stream::{self, BoxStream, StreamExt as _};

use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::project::Project;
use crate::schema::routing::AgentPresence;
use crate::schema::scalar::DateTime;
use crate::view::View;

pub(crate) struct PresenceChanged {
    change: PresenceChange,
    project_id: ProjectId,
    view: View,
}

/// An agent has come or gone.
#[Object]
impl PresenceChanged {
    /// The agent.
    async fn agent(&self) -> Result<Agent> {
        let agent = self.view.loaders().agents().load(self.change.agent_id).await?;
        Ok(Agent::new(agent.ok_or(desk::Error::NotFound("agent"))?, &self.view))
    }

    /// Whether they are there now.
    fn state(&self) -> AgentPresence {
        self.change.presence.into()
    }

    /// Since when, as far as is known. This is the real time, also in a sandbox whose clock is ahead.
    fn since(&self) -> DateTime {
        self.change.since.into()
    }

    /// The project that they have come to or gone from.
    async fn project(&self) -> Result<Project> {
        Project::load(self.project_id, &self.view).await
    }
}

#[derive(Default)]
pub(crate) struct PresenceSubscription;

#[Subscription]
impl PresenceSubscription {
    /// Who is there in a project: first everybody who is, then who comes and who goes. An agent is there who follows the
    /// project by any subscription after signing in, and for a minute after the last one has ended. This is no part of the
    /// event log: there is no cursor and nothing to go on from. It ends with an error once you may not see the project any
    /// more.
    async fn presence(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the project.")] project_id: ID,
    ) -> Result<BoxStream<'static, Result<PresenceChanged>>> {
        let view = View::fresh(context).await?;
        let desk = view.desk().clone();
        let project_id = id::parse(&project_id)?;
        let feed = desk.presence(view.actor(), project_id).await?;
        let changes = stream::try_unfold((desk, feed), move |(desk, mut feed)| async move {
            let change = feed.next().await?;
            // What is shown is looked up with the rights of this moment.
            let view = View::new(desk.clone(), feed.actor().clone());
            Ok(Some((PresenceChanged { change, project_id, view }, (desk, feed))))
        });
        Ok(changes.boxed())
    }
}
