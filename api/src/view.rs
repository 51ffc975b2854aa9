//! What one agent sees of the desk.

use std::fmt;
use std::sync::Arc;

use async_graphql::Context;
use desk::{Actor, Credential, Desk};
use domain::Cursor;
use tokio::sync::OnceCell;

use crate::caller::SignedIn;
use crate::loader::{Loaders, Source};
use crate::schema::error::Result;

/// The desk as a signed-in agent sees it at one moment: with the rights of that moment, and with
/// loaders that remember what they have loaded. Clones share everything.
///
/// The fields of a query share one view. What a mutation changed and what an event tells of is
/// looked at with a fresh one, so that nothing older shows through.
#[derive(Clone)]
pub(crate) struct View(Arc<Shared>);

struct Shared {
    source: Arc<Source>,
    loaders: Loaders,
    head: OnceCell<Cursor>,
}

impl View {
    /// The view that the fields of the operation share. Fails if nobody is signed in.
    pub(crate) async fn of<'a>(context: &Context<'a>) -> Result<&'a Self> {
        let signed_in = signed_in(context)?;
        signed_in.view.get_or_try_init(|| Self::fresh(context)).await
    }

    /// A view of its own. Fails if nobody is signed in.
    pub(crate) async fn fresh(context: &Context<'_>) -> Result<Self> {
        let signed_in = signed_in(context)?;
        Ok(Self::open(desk(context), signed_in.credential).await?)
    }

    /// The view of an agent who acts through a credential.
    pub(crate) async fn open(desk: &Desk, credential: Credential) -> Result<Self, desk::Error> {
        Ok(Self::new(desk.clone(), desk.actor(credential).await?))
    }

    /// The view of an actor.
    pub(crate) fn new(desk: Desk, actor: Arc<Actor>) -> Self {
        let source = Arc::new(Source { desk, actor });
        Self(Arc::new(Shared { loaders: Loaders::new(source.clone()), source, head: OnceCell::new() }))
    }

    pub(crate) fn desk(&self) -> &Desk {
        &self.0.source.desk
    }

    pub(crate) fn actor(&self) -> &Actor {
        &self.0.source.actor
    }

    pub(crate) fn loaders(&self) -> &Loaders {
        &self.0.loaders
    }

    /// The newest place in the event log when this was first asked of the view.
    pub(crate) async fn head(&self) -> Result<Cursor> {
        let head = self.0.head.get_or_try_init(|| self.desk().head_cursor()).await?;
        Ok(*head)
    }
}

impl fmt::Debug for View {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("View").field("agent", &self.actor().agent.id).finish_non_exhaustive()
    }
}

/// The desk that the schema was built over.
pub(crate) fn desk<'a>(context: &Context<'a>) -> &'a Desk {
    context.data_unchecked::<Desk>()
}

/// The credential that the operation runs for. Fails if nobody is signed in.
pub(crate) fn signed_in<'a>(context: &Context<'a>) -> Result<&'a SignedIn> {
    Ok(context.data_opt::<SignedIn>().ok_or(desk::Error::Unauthenticated)?)
}
