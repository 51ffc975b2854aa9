//! Making and changing teams.

use domain::audit::ObjectKind;
use domain::name::{NameRefusal, is_same_name, parse_name};
use domain::team::LINES;
use domain::{ApiScope, ProjectId, Role, Team, TeamId};
use serde_json::json;

use crate::audit::Audited;
use crate::idempotency::Request;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Error, IdempotencyKeyRefusal, Rejected};

/// How many teams a project has at most.
pub const MOST_TEAMS: usize = 100;

/// A team to be made.
#[derive(Debug, Clone, serde::Serialize)]
pub struct NewTeam {
    /// The project.
    pub project_id: ProjectId,
    /// The name, which no other team of the project has.
    pub name: String,
    /// The line of support, one of [`LINES`].
    pub line: i32,
    /// Makes sending the same request again harmless for 24 hours.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

/// What is to change of a team; nothing of what is left out.
#[derive(Debug, Clone, Default)]
pub struct TeamChange {
    /// The name.
    pub name: Option<String>,
    /// The line of support.
    pub line: Option<i32>,
    /// The version that the actor has seen, if the change depends on it.
    pub expected_version: Option<i64>,
}

/// Why a team was not made or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TeamRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// There is no such team, or the actor may not know of it.
    #[error("there is no such team")]
    NotFound,
    /// The team is not at the version that the actor has seen.
    #[error("the team has changed since you read it: look at it again and repeat the request")]
    VersionConflict(Box<Team>),
    /// The name cannot be taken.
    #[error(transparent)]
    Name(#[from] NameRefusal),
    /// Another team has the name.
    #[error("another team of the project has this name: choose another one")]
    NameTaken,
    /// There is no such line.
    #[error("the line is 1, 2 or 3")]
    Line,
    /// There are [`MOST_TEAMS`].
    #[error("a project has at most {MOST_TEAMS} teams: change one of those that are there")]
    TooMany,
    /// The key cannot be taken.
    #[error(transparent)]
    IdempotencyKey(#[from] IdempotencyKeyRefusal),
}

impl<E: Into<TeamRefusal>> From<E> for Rejected<TeamRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Makes a team.
    pub async fn team_create(&self, actor: &Actor, new: &NewTeam) -> Result<Team, Rejected<TeamRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        let request = Request::new(actor.agent.id, new.idempotency_key.as_deref(), "teamCreate", new)??;
        retried(|| self.try_team_create(actor, new, &request)).await
    }

    async fn try_team_create(
        &self,
        actor: &Actor,
        new: &NewTeam,
        request: &Request<'_>,
    ) -> Result<Team, Rejected<TeamRefusal>> {
        let (mut tx, project) = self.change_in_project(actor, new.project_id, Role::Supervisor).await??;
        // Whoever makes another one meanwhile must not find the same room.
        tx.lock_project(project.id).await?;
        if let Some((earlier, _)) = request.earlier_several(self, &mut tx).await?? {
            return Ok(tx.teams(&[earlier]).await?.pop().ok_or(Error::NotFound("team"))?);
        }
        let (name, line) = (parse_name(&new.name)?, check_line(new.line)?);
        let teams = tx.teams_of_project(project.id).await?;
        if teams.len() >= MOST_TEAMS {
            return Err(TeamRefusal::TooMany.into());
        }
        if teams.iter().any(|team| is_same_name(&team.name, &name)) {
            return Err(TeamRefusal::NameTaken.into());
        }
        let new = store::people::NewTeam { project_id: project.id, name, line, created_at: project.time(self.now()) };
        let team = tx.insert_team(&new).await?;
        request.answer(self, &mut tx, team.id.0).await?;
        let audited =
            Audited::in_project(&actor.agent, &project, "teamCreate", (ObjectKind::Team, team.id.0), self.now());
        audited.with(&json!({ "name": team.name, "line": team.line })).write(&mut tx).await?;
        self.commit(tx).await?;
        tracing::info!(team = %team.id, project = %project.id, agent = %actor.agent.id, "a team was made");
        Ok(team)
    }

    /// Changes a team; what is left out stays as it is.
    pub async fn team_update(
        &self,
        actor: &Actor,
        id: TeamId,
        change: &TeamChange,
    ) -> Result<Team, Rejected<TeamRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_team_update(actor, id, change)).await
    }

    async fn try_team_update(
        &self,
        actor: &Actor,
        id: TeamId,
        change: &TeamChange,
    ) -> Result<Team, Rejected<TeamRefusal>> {
        let known = self.teams_by_id(actor, &[id]).await?.pop().ok_or(TeamRefusal::NotFound)?;
        let (mut tx, project) = self.change_in_project(actor, known.project_id, Role::Supervisor).await??;
        // What somebody else is changing must be read as they leave it.
        tx.lock_project(known.project_id).await?;
        let mut team = tx.teams(&[id.0]).await?.pop().ok_or(TeamRefusal::NotFound)?;
        if change.expected_version.is_some_and(|expected| expected != team.version) {
            return Err(TeamRefusal::VersionConflict(Box::new(team)).into());
        }
        let before = json!({ "name": team.name, "line": team.line });
        if let Some(name) = &change.name {
            team.name = parse_name(name)?;
        }
        if let Some(line) = change.line {
            team.line = check_line(line)?;
        }
        let others = tx.teams_of_project(team.project_id).await?;
        let has_it = |other: &Team| other.id != team.id && is_same_name(&other.name, &team.name);
        if change.name.is_some() && others.iter().any(has_it) {
            return Err(TeamRefusal::NameTaken.into());
        }
        let changed = tx.update_team(&team).await?.ok_or(TeamRefusal::NotFound)?;
        let details = json!({ "before": before, "after": { "name": changed.name, "line": changed.line } });
        let audited = Audited::in_project(&actor.agent, &project, "teamUpdate", (ObjectKind::Team, id.0), self.now());
        audited.with(&details).write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(changed)
    }
}

fn check_line(line: i32) -> Result<i32, TeamRefusal> {
    if LINES.contains(&line) { Ok(line) } else { Err(TeamRefusal::Line) }
}
