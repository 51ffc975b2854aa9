//! Taking a canned reply away.

use domain::audit::ObjectKind;
use domain::{ApiScope, CannedReplyId, Project};
use serde_json::json;

use super::CannedReplyRefusal as Refusal;
use crate::audit::Audited;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

impl Desk {
    /// Takes a canned reply away. Answers the project that it was in.
    pub async fn canned_reply_delete(&self, actor: &Actor, id: CannedReplyId) -> Result<Project, Rejected<Refusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_canned_reply_delete(actor, id)).await
    }

    async fn try_canned_reply_delete(&self, actor: &Actor, id: CannedReplyId) -> Result<Project, Rejected<Refusal>> {
        let (mut tx, project, reply) = self.change_canned_reply(actor, id).await?;
        tx.delete_canned_reply(id).await?;
        let object = (ObjectKind::CannedReply, id.0);
        let audited = Audited::in_project(&actor.agent, &project, "cannedReplyDelete", object, self.now());
        audited.with(&json!({ "shortcut": reply.shortcut })).write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(project)
    }
}
