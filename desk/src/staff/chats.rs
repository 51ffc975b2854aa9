//! Whom of a project's staff something can be told in Telegram, and who is told in the place of whom nothing can be
//! told: nothing ends in silence as long as any chat is linked of somebody who looks after the project.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::sla::TimeoutAction;
use domain::team::SECOND_LINE;
use domain::{Agent, AgentId, ChatId, Project, Role, StaffLink, TeamGroup, TeamId, WorkspaceRole};
use store::Tx;

/// The chats of a project's staff.
pub(crate) struct Chats {
    /// Those of agents who are active and belong to the project, each with the agent's role there.
    agents: BTreeMap<AgentId, (ChatId, Role)>,
    /// The groups of teams.
    groups: Vec<TeamGroup>,
    members: BTreeSet<(TeamId, AgentId)>,
    /// The teams of the second line.
    second_line: BTreeSet<TeamId>,
}

impl Chats {
    /// Those that are linked now.
    pub(crate) async fn of(tx: &mut Tx, project: &Project) -> Result<Self, store::Error> {
        let links = tx.staff_links_of_project(project.id).await?;
        let ids: Vec<i64> = links.iter().map(|link| link.agent_id.0).collect();
        let agents = tx.agents(&ids).await?;
        let roles: HashMap<AgentId, Role> = tx
            .memberships_of(&ids)
            .await?
            .into_iter()
            .filter(|(_, of, _)| *of == project.id)
            .map(|(agent, _, role)| (agent, role))
            .collect();
        let role_of = |agent: &Agent| match agent.workspace_role {
            WorkspaceRole::Admin if agent.workspace_id == project.workspace_id => Some(Role::Admin),
            _ => roles.get(&agent.id).copied(),
        };
        let active = agents.iter().filter(|agent| agent.active);
        let roles: HashMap<AgentId, Role> = active.filter_map(|agent| Some((agent.id, role_of(agent)?))).collect();
        let chat = |link: &StaffLink| Some((link.agent_id, (link.chat_id, *roles.get(&link.agent_id)?)));
        let agents = links.iter().filter_map(chat).collect();
        let teams = tx.teams_of_project(project.id).await?;
        let groups = tx.team_groups_of_project(project.id).await?;
        let ids: Vec<i64> = teams.iter().map(|team| team.id.0).collect();
        let members = tx.team_members(&ids).await?.into_iter().collect();
        let second_line = teams.iter().filter(|team| team.line == SECOND_LINE).map(|team| team.id).collect();
        Ok(Self { agents, groups, members, second_line })
    }

    /// Those of whoever has something: its agent or, if nobody has it or they have no chat, the groups of its team. What
    /// is for no team is for all of them.
    pub(crate) fn owners(&self, agent: Option<AgentId>, team: Option<TeamId>) -> BTreeSet<ChatId> {
        first_of([self.of_agent(agent), self.of_groups(agent, team), self.of_members(team), self.of_leaders()])
    }

    /// Those of all who work on something: its agent and the groups of its team.
    pub(crate) fn workers(&self, agent: Option<AgentId>, team: Option<TeamId>) -> BTreeSet<ChatId> {
        let mut chats = self.of_agent(agent);
        chats.extend(self.of_groups(agent, team));
        first_of([chats, self.of_members(team), self.of_leaders()])
    }

    /// Those of whoever is told in addition that the time has run out for something that a team has.
    pub(crate) fn concerned(&self, action: TimeoutAction, team: Option<TeamId>) -> BTreeSet<ChatId> {
        match action {
            TimeoutAction::NotifyAdministrators => first_of([self.of_role(Role::Admin), self.of_leaders()]),
            TimeoutAction::NotifyTeamLeaders => {
                let members = self.of_members(team);
                let of_team = self.of_role(Role::Supervisor).intersection(&members).copied().collect();
                first_of([of_team, self.of_leaders()])
            }
            TimeoutAction::RemindSecondLine => {
                // A team of the second line that has it is reminded alone.
                let own = team.filter(|team| self.second_line.contains(team));
                let is_reminded =
                    |team: &TeamId| own.map_or_else(|| self.second_line.contains(team), |own| own == *team);
                let groups = self.groups.iter().filter(|group| is_reminded(&group.team_id));
                let groups = groups.map(|group| group.chat_id).collect();
                let members = self.second_line.iter().copied().filter(is_reminded);
                let members = members.flat_map(|team| self.of_members(Some(team))).collect();
                first_of([groups, members, self.of_leaders()])
            }
            TimeoutAction::Nothing => BTreeSet::new(),
        }
    }

    /// The one of an agent, if there is one.
    pub(super) fn of_agent(&self, agent: Option<AgentId>) -> BTreeSet<ChatId> {
        let chat = agent.and_then(|agent| self.agents.get(&agent));
        chat.map(|(chat, _)| *chat).into_iter().collect()
    }

    fn of_groups(&self, agent: Option<AgentId>, team: Option<TeamId>) -> BTreeSet<ChatId> {
        let owns = |group: &&TeamGroup| team.map_or(agent.is_none(), |team| group.team_id == team);
        self.groups.iter().filter(owns).map(|group| group.chat_id).collect()
    }

    fn of_members(&self, team: Option<TeamId>) -> BTreeSet<ChatId> {
        let is_member = |agent: AgentId| team.is_some_and(|team| self.members.contains(&(team, agent)));
        let members = self.agents.iter().filter(|(agent, _)| is_member(**agent));
        members.map(|(_, (chat, _))| *chat).collect()
    }

    /// Those of the supervisors, or of the administrators where none of these has a chat.
    fn of_leaders(&self) -> BTreeSet<ChatId> {
        first_of([self.of_role(Role::Supervisor), self.of_role(Role::Admin)])
    }

    fn of_role(&self, role: Role) -> BTreeSet<ChatId> {
        self.agents.values().filter(|(_, of)| *of == role).map(|(chat, _)| *chat).collect()
    }
}

/// The first of them in which there are any.
fn first_of<const COUNT: usize>(chats: [BTreeSet<ChatId>; COUNT]) -> BTreeSet<ChatId> {
    chats.into_iter().find(|chats| !chats.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use domain::{ProjectId, Time};

    use super::*;

    const ADA: AgentId = AgentId(1);
    const SUE: AgentId = AgentId(2);
    const BOSS: AgentId = AgentId(3);
    const FIRST: TeamId = TeamId(1);
    const SECOND: TeamId = TeamId(2);
    const OTHER_SECOND: TeamId = TeamId(3);

    /// The chat of an agent.
    fn chat(agent: AgentId) -> ChatId {
        ChatId(agent.0)
    }

    /// The group of a team.
    fn group(team: TeamId) -> ChatId {
        ChatId(-team.0)
    }

    /// Ada is in the second line, Sue supervises and Boss administers. These have a chat, and these teams a group.
    fn chats(agents: &[AgentId], groups: &[TeamId]) -> Chats {
        let role = |agent: AgentId| match agent {
            ADA => Role::Agent,
            SUE => Role::Supervisor,
            _ => Role::Admin,
        };
        let group_of = |team: &TeamId| TeamGroup {
            project_id: ProjectId(1),
            team_id: *team,
            chat_id: group(*team),
            title: String::new(),
            linked_at: Time::UNIX_EPOCH,
        };
        Chats {
            agents: agents.iter().map(|agent| (*agent, (chat(*agent), role(*agent)))).collect(),
            groups: groups.iter().map(group_of).collect(),
            members: BTreeSet::from([(SECOND, ADA)]),
            second_line: BTreeSet::from([SECOND, OTHER_SECOND]),
        }
    }

    fn only(chats: BTreeSet<ChatId>) -> Vec<ChatId> {
        chats.into_iter().collect()
    }

    #[test]
    fn who_has_it_is_told_and_otherwise_who_stands_nearest() {
        let everybody = chats(&[ADA, SUE, BOSS], &[FIRST, SECOND]);
        assert_eq!(only(everybody.owners(Some(ADA), Some(FIRST))), [chat(ADA)]);
        assert_eq!(only(everybody.owners(None, Some(FIRST))), [group(FIRST)]);
        assert_eq!(only(everybody.owners(None, None)), [group(SECOND), group(FIRST)], "what is for no team is for all");
        assert_eq!(only(everybody.workers(Some(ADA), Some(FIRST))), [group(FIRST), chat(ADA)]);
        let fewer = chats(&[ADA, SUE, BOSS], &[]);
        assert_eq!(only(fewer.owners(Some(AgentId(9)), Some(SECOND))), [chat(ADA)], "a member of the team");
        assert_eq!(only(fewer.owners(Some(AgentId(9)), None)), [chat(SUE)]);
        assert_eq!(only(chats(&[BOSS], &[]).workers(None, None)), [chat(BOSS)]);
        assert!(chats(&[], &[]).owners(Some(ADA), None).is_empty());
    }

    #[test]
    fn time_that_has_run_out_concerns_somebody_as_long_as_anybody_can_be_told() {
        use TimeoutAction::{Nothing, NotifyAdministrators, NotifyTeamLeaders, RemindSecondLine};
        let everybody = chats(&[ADA, SUE, BOSS], &[FIRST, SECOND, OTHER_SECOND]);
        let told = |action, team| only(everybody.concerned(action, team));
        assert_eq!(told(NotifyAdministrators, None), [chat(BOSS)]);
        assert_eq!(told(NotifyTeamLeaders, None), [chat(SUE)]);
        assert_eq!(told(RemindSecondLine, Some(FIRST)), [group(OTHER_SECOND), group(SECOND)]);
        assert_eq!(told(RemindSecondLine, Some(SECOND)), [group(SECOND)], "the team that has it");
        assert!(told(Nothing, None).is_empty());
        let fewer = chats(&[ADA, SUE], &[FIRST]);
        assert_eq!(only(fewer.concerned(RemindSecondLine, None)), [chat(ADA)], "a member of the second line");
        assert_eq!(only(fewer.concerned(NotifyAdministrators, None)), [chat(SUE)]);
        assert_eq!(only(chats(&[BOSS], &[]).concerned(NotifyTeamLeaders, Some(FIRST))), [chat(BOSS)]);
        assert_eq!(only(chats(&[BOSS], &[FIRST]).concerned(RemindSecondLine, None)), [chat(BOSS)]);
    }
}
