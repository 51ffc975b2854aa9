//! Reading canned replies.

use domain::{ApiScope, CannedReply, CannedReplyId, ProjectId};

use crate::{Actor, Desk, Error};

impl Desk {
    /// The canned replies of a project that the actor has, the shared ones and their own, by shortcut.
    pub async fn canned_replies(&self, actor: &Actor, project: ProjectId) -> Result<Vec<CannedReply>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        self.role_in(actor, project).await?.ok_or(Error::NotFound("project"))?;
        Ok(self.store.read().await?.canned_replies_for(project, actor.agent.id).await?)
    }

    /// Those of the canned replies that the actor has, in no order.
    pub async fn canned_replies_by_id(&self, actor: &Actor, ids: &[CannedReplyId]) -> Result<Vec<CannedReply>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        // The connection goes back before rights are asked for, which may take another one.
        let found = self.store.read().await?.canned_replies(&ids).await?;
        let mut visible = Vec::with_capacity(found.len());
        for reply in found {
            if self.may_use(actor, reply.project_id, &reply).await? {
                visible.push(reply);
            }
        }
        Ok(visible)
    }
}
