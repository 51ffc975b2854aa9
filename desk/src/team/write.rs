//! Making and changing teams.

use domain::name::{NameRefusal, parse_name};
use domain::team::LINES;
use domain::{ApiScope, ProjectId, Role, Team, TeamId};
use store::people::NewTeam;

use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

/// How many teams a project has at most.
pub const MOST_TEAMS: usize = 100;

/// Why a team was not made or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TeamRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// There is no such team, or the actor may not know of it.
    #[error("there is no such team")]
    NotFound,
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
}

impl<E: Into<TeamRefusal>> From<E> for Rejected<TeamRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Makes a team.
    pub async fn team_create(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        name: &str,
        line: i32,
    ) -> Result<Team, Rejected<TeamRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_team_create(actor, project_id, name, line)).await
    }

    async fn try_team_create(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        name: &str,
        line: i32,
    ) -> Result<Team, Rejected<TeamRefusal>> {
        let (mut tx, project) = self.change_in_project(actor, project_id, Role::Supervisor).await??;
        let name = parse_name(name)?;
        check_line(line)?;
        let teams = tx.teams_of_project(project.id).await?;
        if teams.len() >= MOST_TEAMS {
            return Err(TeamRefusal::TooMany.into());
        }
        if teams.iter().any(|team| team.name == name) {
            return Err(TeamRefusal::NameTaken.into());
        }
        let new = NewTeam { project_id: project.id, name, line, created_at: self.now() };
        let team = tx.insert_team(&new).await?;
        self.commit(tx).await?;
        tracing::info!(team = %team.id, project = %project_id, agent = %actor.agent.id, "a team was made");
        Ok(team)
    }

    /// Changes a team; what is left out stays as it is.
    pub async fn team_update(
        &self,
        actor: &Actor,
        id: TeamId,
        name: Option<&str>,
        line: Option<i32>,
    ) -> Result<Team, Rejected<TeamRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_team_update(actor, id, name, line)).await
    }

    async fn try_team_update(
        &self,
        actor: &Actor,
        id: TeamId,
        name: Option<&str>,
        line: Option<i32>,
    ) -> Result<Team, Rejected<TeamRefusal>> {
        let known = self.teams_by_id(actor, &[id]).await?.pop().ok_or(TeamRefusal::NotFound)?;
        let (mut tx, _) = self.change_in_project(actor, known.project_id, Role::Supervisor).await??;
        // What somebody else is changing must be read as they leave it.
        tx.lock_project(known.project_id).await?;
        let mut team = tx.teams(&[id.0]).await?.pop().ok_or(TeamRefusal::NotFound)?;
        if let Some(name) = name {
            team.name = parse_name(name)?;
        }
        if let Some(line) = line {
            check_line(line)?;
            team.line = line;
        }
        let others = tx.teams_of_project(team.project_id).await?;
        if others.iter().any(|other| other.id != team.id && other.name == team.name) {
            return Err(TeamRefusal::NameTaken.into());
        }
        tx.update_team(&team).await?;
        self.commit(tx).await?;
        Ok(team)
    }
}

fn check_line(line: i32) -> Result<(), TeamRefusal> {
    if LINES.contains(&line) { Ok(()) } else { Err(TeamRefusal::Line) }
}
