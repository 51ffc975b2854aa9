//! Ending a sign-in.

use crate::{Actor, Desk, Error};

impl Desk {
    /// Ends the sign-in that the actor acts through: none of its tokens is taken any more.
    pub async fn sign_out(&self, actor: &Actor) -> Result<(), Error> {
        let mut tx = self.store.begin().await?;
        tx.revoke_token_family(actor.family_id, self.now()).await?;
        self.commit(tx).await?;
        self.actors.forget(actor);
        Ok(())
    }
}
