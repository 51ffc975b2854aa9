//! How many agents there may be.

use domain::Seats;

use crate::{Actor, Desk, Error};

impl Desk {
    /// The seats of the actor's workspace; nothing unless they administer it or a project of it.
    pub async fn seats(&self, actor: &Actor) -> Result<Option<Seats>, Error> {
        if !actor.is_admin_somewhere() {
            return Ok(None);
        }
        Ok(Some(self.store.read().await?.seats(actor.agent.workspace_id, self.now()).await?))
    }
}
