//! Who is signed in.

use std::sync::Arc;

use async_graphql::{Context, Object};

use super::Agent;
use crate::schema::error::Result;
use crate::view::View;

#[derive(Default)]
pub(crate) struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// The agent who is signed in.
    async fn viewer(&self, context: &Context<'_>) -> Result<Agent> {
        let view = View::of(context).await?;
        Ok(Agent::new(Arc::new(view.actor().agent.clone()), view))
    }
}
