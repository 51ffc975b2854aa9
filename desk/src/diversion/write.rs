//! Making and changing diversion links.

use domain::diversion::SOURCE_CHARACTERS;
use domain::name::{NameRefusal, parse_name};
use domain::tag::TAGS_OF_SESSION;
use domain::text::without_nul;
use domain::{AgentId, ApiScope, DiversionLink, DiversionLinkId, Project, ProjectId, Role, TagId, TeamId};
use store::Tx;
use store::people::NewDiversionLink;

use crate::keys::random_id;
use crate::project::StandingRefusal;
use crate::staff::member;
use crate::{Actor, Desk, Rejected};

/// A diversion link to be made.
#[derive(Debug, Clone, Default)]
pub struct NewDiversion {
    /// The name shown to agents.
    pub name: String,
    /// Where the customers come from.
    pub source: String,
    /// The tags that the session gets.
    pub tag_ids: Vec<TagId>,
    /// The team that the session is for.
    pub team_id: Option<TeamId>,
    /// The agent who answers.
    pub agent_id: Option<AgentId>,
}

/// What is to change of a link; nothing of what is left out.
#[derive(Debug, Clone, Default)]
pub struct DiversionChange {
    /// The name.
    pub name: Option<String>,
    /// Where the customers come from.
    pub source: Option<String>,
    /// The tags that the session gets.
    pub tag_ids: Option<Vec<TagId>>,
    /// The team that the session is for, or none.
    pub team_id: Option<Option<TeamId>>,
    /// The agent who answers, or none.
    pub agent_id: Option<Option<AgentId>>,
    /// Whether it works.
    pub active: Option<bool>,
}

/// Why a link was not made or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DiversionRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// There is no such link, or the actor may not know of it.
    #[error("there is no such diversion link")]
    NotFound,
    /// The name cannot be taken.
    #[error(transparent)]
    Name(#[from] NameRefusal),
    /// The source is too long.
    #[error("the source is longer than {SOURCE_CHARACTERS} characters: shorten it")]
    Source,
    /// A tag is not of the project.
    #[error("there is no such tag in this project: use at most {TAGS_OF_SESSION} of its tags")]
    TagNotFound,
    /// The team is not of the project.
    #[error("there is no such team in this project: choose one of its teams")]
    TeamNotFound,
    /// The agent is not of the project.
    #[error("there is no such agent in this project: choose one of its active agents")]
    AgentNotFound,
}

impl<E: Into<DiversionRefusal>> From<E> for Rejected<DiversionRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Makes a diversion link.
    pub async fn diversion_link_create(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        new: NewDiversion,
    ) -> Result<DiversionLink, Rejected<DiversionRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        let (mut tx, project) = self.change_in_project(actor, project_id, Role::Supervisor).await??;
        let new = NewDiversionLink {
            project_id: project.id,
            code: random_id(),
            name: parse_name(&new.name)?,
            source: parse_source(&new.source)?,
            tag_ids: each_once(new.tag_ids),
            team_id: new.team_id,
            agent_id: new.agent_id,
            created_at: self.now(),
        };
        check_targets(&mut tx, &project, &new.tag_ids, new.team_id, new.agent_id).await?;
        let link = tx.insert_diversion_link(&new).await?;
        self.commit(tx).await?;
        tracing::info!(link = %link.id, project = %project_id, agent = %actor.agent.id, "a diversion link was made");
        Ok(link)
    }

    /// Changes a diversion link, or has it work no more.
    pub async fn diversion_link_update(
        &self,
        actor: &Actor,
        id: DiversionLinkId,
        change: DiversionChange,
    ) -> Result<DiversionLink, Rejected<DiversionRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        let known = self.diversion_links_by_id(actor, &[id]).await?.pop().ok_or(DiversionRefusal::NotFound)?;
        let (mut tx, project) = self.change_in_project(actor, known.project_id, Role::Supervisor).await??;
        // What somebody else is changing must be read as they leave it.
        tx.lock_project(project.id).await?;
        let mut link = tx.diversion_links(&[id.0]).await?.pop().ok_or(DiversionRefusal::NotFound)?;
        if let Some(name) = &change.name {
            link.name = parse_name(name)?;
        }
        if let Some(source) = &change.source {
            link.source = parse_source(source)?;
        }
        if let Some(tags) = change.tag_ids {
            link.tag_ids = each_once(tags);
        }
        link.team_id = change.team_id.unwrap_or(link.team_id);
        link.agent_id = change.agent_id.unwrap_or(link.agent_id);
        link.active = change.active.unwrap_or(link.active);
        check_targets(&mut tx, &project, &link.tag_ids, link.team_id, link.agent_id).await?;
        tx.update_diversion_link(&link).await?;
        self.commit(tx).await?;
        Ok(link)
    }
}

async fn check_targets(
    tx: &mut Tx,
    project: &Project,
    tags: &[TagId],
    team: Option<TeamId>,
    agent: Option<AgentId>,
) -> Result<(), Rejected<DiversionRefusal>> {
    let ids: Vec<i64> = tags.iter().map(|tag| tag.0).collect();
    let found = tx.tags(&ids).await?;
    if tags.len() > TAGS_OF_SESSION || found.len() < ids.len() || found.iter().any(|tag| tag.project_id != project.id) {
        return Err(DiversionRefusal::TagNotFound.into());
    }
    if let Some(team) = team {
        let found = tx.teams(&[team.0]).await?;
        if !found.iter().any(|team| team.project_id == project.id) {
            return Err(DiversionRefusal::TeamNotFound.into());
        }
    }
    if let Some(agent) = agent
        && member(tx, project, agent).await?.is_none()
    {
        return Err(DiversionRefusal::AgentNotFound.into());
    }
    Ok(())
}

fn parse_source(source: &str) -> Result<String, DiversionRefusal> {
    let source = without_nul(source).trim().to_owned();
    if source.chars().count() > SOURCE_CHARACTERS { Err(DiversionRefusal::Source) } else { Ok(source) }
}

fn each_once(mut tags: Vec<TagId>) -> Vec<TagId> {
    tags.sort_unstable();
    tags.dedup();
    tags
}
