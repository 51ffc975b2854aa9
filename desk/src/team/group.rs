//! Linking Telegram groups to teams.

use domain::audit::ObjectKind;
use domain::{ApiScope, ChatId, Role, Team, TeamId, Time};
use serde_json::json;

use crate::audit::Audited;
use crate::project::StandingRefusal;
use crate::staff::new_link_code;
use crate::{Actor, Desk, Rejected};

/// What links a chat to an agent or a team when it is told to the bot there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkInvitation {
    /// What nobody can guess. It works once.
    pub code: String,
    /// The user name of the bot, if it is known.
    pub bot_username: Option<String>,
    /// From when on it works no more.
    pub expires_at: Time,
}

/// Why a group was not linked or its link not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TeamGroupRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// There is no such team, or the actor may not know of it.
    #[error("there is no such team")]
    TeamNotFound,
    /// The group is not linked to the team.
    #[error("this group is not linked to the team: look at the groups of the team again")]
    NotLinked,
}

impl<E: Into<TeamGroupRefusal>> From<E> for Rejected<TeamGroupRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Makes a code that links the group in which the bot is told it to a team.
    pub async fn team_group_link_create(
        &self,
        actor: &Actor,
        id: TeamId,
    ) -> Result<LinkInvitation, Rejected<TeamGroupRefusal>> {
        actor.needs_sign_in()?;
        let team = self.known_team(actor, id).await?;
        let (mut tx, project) = self.change_in_project(actor, team.project_id, Role::Supervisor).await??;
        let (code, link) = new_link_code(project.id, actor.agent.id, Some(team.id), self.now());
        tx.insert_link_code(&link, self.now()).await?;
        let object = (ObjectKind::Team, team.id.0);
        Audited::in_project(&actor.agent, &project, "teamGroupLinkCreate", object, self.now()).write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(LinkInvitation { code, bot_username: project.bot_username, expires_at: link.expires_at })
    }

    /// Ends the link of a group with a team.
    pub async fn team_group_remove(
        &self,
        actor: &Actor,
        id: TeamId,
        chat: ChatId,
    ) -> Result<Team, Rejected<TeamGroupRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        let team = self.known_team(actor, id).await?;
        let (mut tx, project) = self.change_in_project(actor, team.project_id, Role::Supervisor).await??;
        if tx.team_group_in(project.id, chat).await?.is_none_or(|group| group.team_id != id) {
            return Err(TeamGroupRefusal::NotLinked.into());
        }
        tx.unlink_team_group(project.id, chat).await?;
        let object = (ObjectKind::Team, id.0);
        let audited = Audited::in_project(&actor.agent, &project, "teamGroupRemove", object, self.now());
        audited.with(&json!({ "telegramChat": chat.0 })).write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(team)
    }

    async fn known_team(&self, actor: &Actor, id: TeamId) -> Result<Team, Rejected<TeamGroupRefusal>> {
        Ok(self.teams_by_id(actor, &[id]).await?.pop().ok_or(TeamGroupRefusal::TeamNotFound)?)
    }
}
