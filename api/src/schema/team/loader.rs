//! Teams by their ids.

use desk::Error;
use domain::TeamId;

use crate::loader::{Found, Relation, Source};

/// The teams with given ids.
pub(crate) struct TeamById;

impl Relation for TeamById {
    type Key = TeamId;
    type Value = domain::Team;

    async fn load(source: &Source, keys: &[TeamId]) -> Result<Found<Self>, Error> {
        let found = source.desk.teams_by_id(&source.actor, keys).await?;
        Ok(found.into_iter().map(|one| (one.id, one)).collect())
    }
}

/// The groups that get the notices of teams.
pub(crate) struct GroupsOfTeam;

impl Relation for GroupsOfTeam {
    type Key = TeamId;
    type Value = Vec<domain::TeamGroup>;

    async fn load(source: &Source, keys: &[TeamId]) -> Result<Found<Self>, Error> {
        let mut groups = source.desk.groups_of_teams(&source.actor, keys).await?;
        let of_team = |team: &TeamId| (*team, groups.extract_if(.., |group| group.team_id == *team).collect());
        Ok(keys.iter().map(of_team).collect())
    }
}

/// The agents who are in teams.
pub(crate) struct MembersOfTeam;

impl Relation for MembersOfTeam {
    type Key = TeamId;
    type Value = Vec<domain::Agent>;

    async fn load(source: &Source, keys: &[TeamId]) -> Result<Found<Self>, Error> {
        let mut found = source.desk.members_of_teams(&source.actor, keys).await?;
        let of_team = |team: &TeamId| {
            let agents = found.extract_if(.., |(of, _)| of == team).map(|(_, agent)| agent).collect();
            (*team, agents)
        };
        Ok(keys.iter().map(of_team).collect())
    }
}
