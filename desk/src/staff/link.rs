//! Linking the Telegram accounts of agents.

use domain::{AgentId, ProjectId, Role, StaffLink};

use super::code::new_link_code;
use crate::project::StandingRefusal;
use crate::team::LinkInvitation;
use crate::{Actor, Desk, Error, Rejected};

/// Why an account was not linked or its link not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StaffLinkRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// There is no link to end.
    #[error("no Telegram account of yours is linked in this project")]
    NotLinked,
}

impl<E: Into<StaffLinkRefusal>> From<E> for Rejected<StaffLinkRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Makes a code that links the chat in which the bot is told it to the actor.
    pub async fn staff_link_create(
        &self,
        actor: &Actor,
        project_id: ProjectId,
    ) -> Result<LinkInvitation, Rejected<StaffLinkRefusal>> {
        actor.needs_sign_in()?;
        let (mut tx, project) = self.change_in_project(actor, project_id, Role::Agent).await??;
        let (code, link) = new_link_code(project.id, actor.agent.id, None, self.now());
        tx.insert_link_code(&link, self.now()).await?;
        self.commit(tx).await?;
        Ok(LinkInvitation { code, bot_username: project.bot_username, expires_at: link.expires_at })
    }

    /// Ends the link of the actor's account in a project.
    pub async fn staff_link_remove(
        &self,
        actor: &Actor,
        project_id: ProjectId,
    ) -> Result<(), Rejected<StaffLinkRefusal>> {
        actor.needs_sign_in()?;
        let (mut tx, project) = self.change_in_project(actor, project_id, Role::Agent).await??;
        if !tx.unlink_staff(project.id, actor.agent.id).await? {
            return Err(StaffLinkRefusal::NotLinked.into());
        }
        Ok(self.commit(tx).await?)
    }

    /// The linked accounts of these agents: the actor's own, and for an administrator of the workspace those of
    /// colleagues.
    pub async fn staff_links_of(&self, actor: &Actor, agents: &[AgentId]) -> Result<Vec<StaffLink>, Error> {
        let agents = self.agents_by_id(actor, agents).await?;
        let shown = agents.iter().filter(|agent| agent.id == actor.agent.id || actor.is_workspace_admin());
        let ids: Vec<i64> = shown.map(|agent| agent.id.0).collect();
        Ok(self.store.read().await?.staff_links(&ids).await?)
    }
}
