//! Why sessions were given to whom.

use domain::routing::LastDecision;
use domain::{ApiScope, SessionId};

use crate::visibility::View;
use crate::{Actor, Desk, Error};

impl Desk {
    /// The last decision of the desk about each of these sessions, where there is one. Those for whom a session has ended
    /// are told of none.
    pub async fn routing_decisions(&self, actor: &Actor, ids: &[SessionId]) -> Result<Vec<LastDecision>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let sessions = self.store.read().await?.sessions(&ids).await?;
        let views = self.views(actor, &sessions).await?;
        let whole = views.iter().filter(|(_, view)| matches!(view, View::Whole));
        let whole: Vec<i64> = whole.map(|(id, _)| id.0).collect();
        if whole.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.store.read().await?.routing_decisions(&whole).await?)
    }
}
