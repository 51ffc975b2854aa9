//! Ending a sign-in.

use crate::{Actor, Desk, Error};

impl Desk {
    /// Ends the sign-in that the actor acts through: none of its tokens is taken any more.
    pub async fn sign_out(&self, actor: &Actor) -> Result<(), Error> {
        let family_id = actor.needs_sign_in()?;
        let mut tx = self.store.begin().await?;
        tx.revoke_token_family(family_id, self.now()).await?;
        self.commit(tx).await?;
        // What runs by it is ended by the watcher, so that a socket can be told of its own sign-out before.
        self.actors.doubt(actor.credential);
        Ok(())
    }
}
