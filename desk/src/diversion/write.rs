//! Making and changing diversion links.

use domain::audit::ObjectKind;
use domain::diversion::SOURCE_CHARACTERS;
use domain::name::{NameRefusal, parse_name};
use domain::tag::TAGS_OF_SESSION;
use domain::text::without_nul;
use domain::{AgentId, ApiScope, DiversionLink, DiversionLinkId, Project, ProjectId, Role, Tag, TagId, TeamId, Time};
use serde_json::json;
use store::Tx;
use store::people::NewDiversionLink;

use crate::agent::member;
use crate::audit::Audited;
use crate::idempotency::Request;
use crate::keys::random_id;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Error, IdempotencyKeyRefusal, Rejected};

/// A diversion link to be made.
#[derive(Debug, Clone, serde::Serialize)]
pub struct NewDiversion {
    /// The project.
    pub project_id: ProjectId,
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
    /// Makes sending the same request again harmless for 24 hours.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

impl NewDiversion {
    /// A link that says where customers come from no more than by its name.
    pub fn called(project_id: ProjectId, name: impl Into<String>) -> Self {
        Self {
            project_id,
            name: name.into(),
            source: String::new(),
            tag_ids: Vec::new(),
            team_id: None,
            agent_id: None,
            idempotency_key: None,
        }
    }
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
    /// The version that the actor has seen, if the change depends on it.
    pub expected_version: Option<i64>,
}

/// Why a link was not made or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiversionRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// There is no such link, or the actor may not know of it.
    #[error("there is no such diversion link")]
    NotFound,
    /// The diversion link is not at the version that the actor has seen.
    #[error("the diversion link has changed since you read it: look at it again and repeat the request")]
    VersionConflict(Box<DiversionLink>),
    /// The name cannot be taken.
    #[error(transparent)]
    Name(#[from] NameRefusal),
    /// The source is too long.
    #[error("the source is longer than {SOURCE_CHARACTERS} characters: shorten it")]
    Source,
    /// A tag is not of the project.
    #[error("there is no such tag in this project, or it was put away: use at most {TAGS_OF_SESSION} of its tags")]
    TagNotFound,
    /// The team is not of the project.
    #[error("there is no such team in this project: choose one of its teams")]
    TeamNotFound,
    /// The agent is not of the project.
    #[error("there is no such agent in this project: choose one of its active agents")]
    AgentNotFound,
    /// The key cannot be taken.
    #[error(transparent)]
    IdempotencyKey(#[from] IdempotencyKeyRefusal),
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
        new: &NewDiversion,
    ) -> Result<DiversionLink, Rejected<DiversionRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        let request = Request::new(actor.agent.id, new.idempotency_key.as_deref(), "diversionLinkCreate", new)??;
        retried(|| self.try_diversion_link_create(actor, new, &request)).await
    }

    async fn try_diversion_link_create(
        &self,
        actor: &Actor,
        new: &NewDiversion,
        request: &Request<'_>,
    ) -> Result<DiversionLink, Rejected<DiversionRefusal>> {
        let (mut tx, project) = self.change_in_project(actor, new.project_id, Role::Supervisor).await??;
        if let Some(earlier) = request.earlier(self, &mut tx).await?? {
            return Ok(tx.diversion_links(&[earlier]).await?.pop().ok_or(Error::NotFound("diversion link"))?);
        }
        let new = NewDiversionLink {
            project_id: project.id,
            code: random_id(),
            name: parse_name(&new.name)?,
            source: parse_source(&new.source)?,
            tag_ids: each_once(new.tag_ids.clone()),
            team_id: new.team_id,
            agent_id: new.agent_id,
            created_at: project.time(self.now()),
        };
        check_targets(&mut tx, &project, (&new.tag_ids, &[]), new.team_id, new.agent_id).await?;
        let link = tx.insert_diversion_link(&new).await?;
        request.answer(self, &mut tx, link.id.0).await?;
        audit(&mut tx, actor, &project, "diversionLinkCreate", &link, self.now()).await?;
        self.commit(tx).await?;
        tracing::info!(link = %link.id, project = %project.id, agent = %actor.agent.id, "a diversion link was made");
        Ok(link)
    }

    /// Changes a diversion link, or has it work no more.
    pub async fn diversion_link_update(
        &self,
        actor: &Actor,
        id: DiversionLinkId,
        change: &DiversionChange,
    ) -> Result<DiversionLink, Rejected<DiversionRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_diversion_link_update(actor, id, change)).await
    }

    async fn try_diversion_link_update(
        &self,
        actor: &Actor,
        id: DiversionLinkId,
        change: &DiversionChange,
    ) -> Result<DiversionLink, Rejected<DiversionRefusal>> {
        let known = self.diversion_links_by_id(actor, &[id]).await?.pop().ok_or(DiversionRefusal::NotFound)?;
        let (mut tx, project) = self.change_in_project(actor, known.project_id, Role::Supervisor).await??;
        // What somebody else is changing must be read as they leave it.
        tx.lock_project(project.id).await?;
        let mut link = tx.diversion_links(&[id.0]).await?.pop().ok_or(DiversionRefusal::NotFound)?;
        if change.expected_version.is_some_and(|expected| expected != link.version) {
            return Err(DiversionRefusal::VersionConflict(Box::new(link)).into());
        }
        let given = link.tag_ids.clone();
        if let Some(name) = &change.name {
            link.name = parse_name(name)?;
        }
        if let Some(source) = &change.source {
            link.source = parse_source(source)?;
        }
        if let Some(tags) = &change.tag_ids {
            link.tag_ids = each_once(tags.clone());
        }
        link.team_id = change.team_id.unwrap_or(link.team_id);
        link.agent_id = change.agent_id.unwrap_or(link.agent_id);
        link.active = change.active.unwrap_or(link.active);
        check_targets(&mut tx, &project, (&link.tag_ids, &given), link.team_id, link.agent_id).await?;
        let changed = tx.update_diversion_link(&link).await?;
        audit(&mut tx, actor, &project, "diversionLinkUpdate", &changed, self.now()).await?;
        self.commit(tx).await?;
        Ok(changed)
    }
}

/// Notes in the audit log what a link has become.
async fn audit(
    tx: &mut Tx,
    actor: &Actor,
    project: &Project,
    action: &'static str,
    link: &DiversionLink,
    wall: Time,
) -> Result<(), store::Error> {
    let details = json!({ "name": link.name, "team": link.team_id, "agent": link.agent_id, "active": link.active });
    let audited = Audited::in_project(&actor.agent, project, action, (ObjectKind::DiversionLink, link.id.0), wall);
    audited.with(&details).write(tx).await
}

/// Fails unless all is of the project. A tag that was put away is given to nothing any more, so that it must be one of
/// those that the link had before.
async fn check_targets(
    tx: &mut Tx,
    project: &Project,
    (tags, before): (&[TagId], &[TagId]),
    team: Option<TeamId>,
    agent: Option<AgentId>,
) -> Result<(), Rejected<DiversionRefusal>> {
    let ids: Vec<i64> = tags.iter().map(|tag| tag.0).collect();
    let found = tx.tags(&ids).await?;
    let cannot_be =
        |tag: &Tag| tag.project_id != project.id || (tag.archived_at.is_some() && !before.contains(&tag.id));
    if tags.len() > TAGS_OF_SESSION || found.len() < ids.len() || found.iter().any(cannot_be) {
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
