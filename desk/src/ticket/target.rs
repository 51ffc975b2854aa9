//! Finding who gets an escalation.

use domain::escalation::{Administrator, EscalationTarget, choose_administrator};
use domain::routing::Presence;
use domain::trigger::Level;
use domain::{AgentId, Project, Role, TeamId, Time, WorkspaceRole};
use store::Tx;

use crate::routing::roster;

/// Why nobody can get an escalation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AimRefusal {
    /// The team is unknown or is another project's.
    #[error("there is no such team in this project: choose one of its teams")]
    NoSuchTeam,
    /// The team is on another line.
    #[error("the team is not on the line that it shall go to: choose a team of that line")]
    WrongLine,
    /// No team was given, and none is on the line.
    #[error("no team of this project is on the line that it shall go to: make one, or say which team gets it")]
    NoTeam,
    /// No administrator is active.
    #[error("the project has no administrator who is active")]
    NoAdministrator,
}

/// Who gets an escalation to a level: the team that is wanted or else the first one of that line, and of the third line an
/// administrator, but not the one who hands it on.
pub(super) async fn find(
    tx: &mut Tx,
    project: &Project,
    level: Level,
    wanted: Option<TeamId>,
    but: Option<AgentId>,
    wall: Time,
) -> Result<Result<EscalationTarget, AimRefusal>, store::Error> {
    let teams = tx.teams_of_project(project.id).await?;
    let team = match wanted {
        Some(wanted) => match teams.iter().find(|team| team.id == wanted) {
            None => return Ok(Err(AimRefusal::NoSuchTeam)),
            Some(team) if team.line != level.line() => return Ok(Err(AimRefusal::WrongLine)),
            Some(team) => Some(team.id),
        },
        None => teams.iter().find(|team| team.line == level.line()).map(|team| team.id),
    };
    Ok(match level {
        Level::Second => team.map(EscalationTarget::Team).ok_or(AimRefusal::NoTeam),
        Level::Third => {
            let target = |agent_id| EscalationTarget::Administrator { agent_id, team_id: team };
            administrator(tx, project, but, wall).await?.map(target).ok_or(AimRefusal::NoAdministrator)
        }
    })
}

/// The administrator of a project who gets what is escalated, but not the one who hands it on if there is another one.
pub(super) async fn administrator(
    tx: &mut Tx,
    project: &Project,
    but: Option<AgentId>,
    wall: Time,
) -> Result<Option<AgentId>, store::Error> {
    Ok(choose_administrator(&administrators(tx, project, wall).await?, but))
}

/// Those who administer a project and get sessions of it or, where nobody does, those who administer the workspace.
async fn administrators(tx: &mut Tx, project: &Project, wall: Time) -> Result<Vec<Administrator>, store::Error> {
    let at_work = roster(tx, project, None, wall).await?;
    let admins: Vec<Administrator> = at_work
        .iter()
        .filter(|one| one.role == Role::Admin)
        .map(|one| Administrator {
            agent_id: one.candidate.agent_id,
            is_present: one.candidate.presence == Presence::Online,
            load: one.candidate.load,
        })
        .collect();
    if !admins.is_empty() {
        return Ok(admins);
    }
    let agents = tx.agents_of_workspace(project.workspace_id).await?.into_iter();
    let admins = agents.filter(|agent| agent.active && agent.workspace_role == WorkspaceRole::Admin);
    Ok(admins.map(|agent| Administrator { agent_id: agent.id, is_present: false, load: 0 }).collect())
}
