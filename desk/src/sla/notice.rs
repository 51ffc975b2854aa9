//! Telling the staff of promises whose time runs out.
//!
//! What is told of at once to one chat is one message with a line for each. The lines go along with the call, so that
//! it is looked again, right before it is made, what of it is still so.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::sla::{Change, Clock, NoticeLine, TimeoutAction};
use domain::team::SECOND_LINE;
use domain::ticket::Ticket;
use domain::{
    Agent, AgentId, ChatId, Priority, Project, ProjectId, Role, Session, SessionId, SlaClockId, TeamId, TicketId, Time,
    WorkspaceRole,
};
use serde_json::{Map, Value, json};
use store::Tx;
use store::outbox::{Lane, NewCall};

use super::promises::Promises;
use crate::Error;

/// The key under which a call has the lines of which its text is made.
const LINES: &str = "desk_sla_lines";
/// How many lines one message has at most.
const LINES_OF_MESSAGE: usize = 20;

/// A clock of which something is told.
pub(super) struct Told {
    pub(super) clock: Clock,
    pub(super) change: Change,
}

/// Has those concerned told, in the chats that are linked to them.
pub(super) async fn tell(
    tx: &mut Tx,
    projects: &HashMap<ProjectId, Project>,
    told: &[Told],
    wall: Time,
) -> Result<(), store::Error> {
    if told.is_empty() {
        return Ok(());
    }
    let ids: BTreeSet<ProjectId> = told.iter().map(|told| told.clock.project_id).collect();
    let promises = Promises::of(tx, ids.iter().copied()).await?;
    let subjects = Subjects::of(tx, told).await?;
    let mut lines: BTreeMap<(ProjectId, ChatId), Vec<NoticeLine>> = BTreeMap::new();
    for project in ids.iter().filter_map(|id| projects.get(id)) {
        let staff = Staff::of(tx, project).await?;
        let policy = promises.policy(project.id).policy;
        for Told { clock, change } in told.iter().filter(|told| told.clock.project_id == project.id) {
            let Some(subject) = subjects.subject(clock) else { continue };
            let mut chats = staff.owners(&subject);
            let line = if *change == Change::Breached {
                chats.extend(staff.concerned(policy.action(subject.priority), &subject));
                NoticeLine::breach(clock.id, clock.metric, &subject.name, clock.due_at)
            } else {
                NoticeLine::warning(clock.id, clock.metric, &subject.name, clock.due_at)
            };
            for chat in chats {
                lines.entry((project.id, chat)).or_default().push(line.clone());
            }
        }
    }
    for ((project, chat), lines) in lines {
        for lines in lines.chunks(LINES_OF_MESSAGE) {
            tx.insert_call(&call(project, chat, lines), wall).await?;
        }
    }
    Ok(())
}

fn call(project_id: ProjectId, chat_id: ChatId, lines: &[NoticeLine]) -> NewCall {
    let payload = json!({ "chat_id": chat_id.0, "text": text_of(lines), LINES: lines });
    NewCall {
        project_id,
        chat_id,
        lane: Lane::Notice,
        message_id: None,
        method: "sendMessage".to_owned(),
        payload: payload.to_string(),
        attachments: Vec::new(),
        cost: 1,
    }
}

fn text_of(lines: &[NoticeLine]) -> String {
    lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// What there is left of a call that is about to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Recheck {
    /// It tells of no clocks.
    Other,
    /// What it tells is put into it as it is now.
    Rewritten,
    /// Nothing of it is so any more.
    Obsolete,
}

/// Looks again whether what a call tells of clocks is still so, and leaves out what is not.
pub(crate) async fn recheck(tx: &mut Tx, payload: &mut Map<String, Value>) -> Result<Recheck, Error> {
    let Some(lines) = payload.remove(LINES) else { return Ok(Recheck::Other) };
    let lines: Vec<NoticeLine> = serde_json::from_value(lines).map_err(Error::internal)?;
    let ids: Vec<i64> = lines.iter().map(|line| line.clock_id.0).collect();
    let clocks = tx.sla_clocks(&ids).await?;
    let is_so = |clock: &&Clock| clock.ended_at.is_none() && clock.paused_at.is_none();
    let present: BTreeSet<SlaClockId> = clocks.iter().filter(is_so).map(|clock| clock.id).collect();
    let lines: Vec<NoticeLine> = lines.into_iter().filter(|line| present.contains(&line.clock_id)).collect();
    if lines.is_empty() {
        return Ok(Recheck::Obsolete);
    }
    payload.insert("text".to_owned(), text_of(&lines).into());
    Ok(Recheck::Rewritten)
}

/// The sessions and tickets that clocks are about.
struct Subjects {
    sessions: HashMap<SessionId, Session>,
    tickets: HashMap<TicketId, Ticket>,
}

/// What a clock is about, with who has it.
struct Subject {
    name: String,
    priority: Priority,
    assignee_id: Option<AgentId>,
    team_id: Option<TeamId>,
}

impl Subjects {
    async fn of(tx: &mut Tx, told: &[Told]) -> Result<Self, store::Error> {
        let sessions: BTreeSet<i64> = told.iter().map(|told| told.clock.session_id.0).collect();
        let sessions = tx.sessions(&Vec::from_iter(sessions)).await?;
        let tickets: BTreeSet<i64> = told.iter().filter_map(|told| Some(told.clock.ticket_id?.0)).collect();
        let tickets = if tickets.is_empty() { Vec::new() } else { tx.tickets(&Vec::from_iter(tickets)).await? };
        Ok(Self {
            sessions: sessions.into_iter().map(|session| (session.id, session)).collect(),
            tickets: tickets.into_iter().map(|ticket| (ticket.id, ticket)).collect(),
        })
    }

    fn subject(&self, clock: &Clock) -> Option<Subject> {
        let session = self.sessions.get(&clock.session_id)?;
        let Some(id) = clock.ticket_id else {
            return Some(Subject {
                name: format!("Session #{}", session.number),
                priority: session.priority,
                assignee_id: session.assignee_id,
                team_id: session.team_id,
            });
        };
        let ticket = self.tickets.get(&id)?;
        Some(Subject {
            name: format!("Ticket #{} of session #{}", ticket.number, session.number),
            priority: ticket.priority,
            assignee_id: ticket.assignee_id,
            team_id: ticket.team_id,
        })
    }
}

/// The chats of a project's staff.
struct Staff {
    /// The chats of agents, each with the role of the agent in the project.
    agents: BTreeMap<AgentId, (ChatId, Role)>,
    /// The groups of teams, each with the line of the team.
    groups: Vec<(TeamId, ChatId, Option<i32>)>,
    members: BTreeSet<(TeamId, AgentId)>,
}

impl Staff {
    async fn of(tx: &mut Tx, project: &Project) -> Result<Self, store::Error> {
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
        let chat = |link: &domain::StaffLink| Some((link.agent_id, (link.chat_id, *roles.get(&link.agent_id)?)));
        let agents = links.iter().filter_map(chat).collect();
        let teams = tx.teams_of_project(project.id).await?;
        let lines: HashMap<TeamId, i32> = teams.iter().map(|team| (team.id, team.line)).collect();
        let groups = tx.team_groups_of_project(project.id).await?;
        let groups = groups
            .into_iter()
            .map(|group| (group.team_id, group.chat_id, lines.get(&group.team_id).copied()))
            .collect();
        let ids: Vec<i64> = teams.iter().map(|team| team.id.0).collect();
        let members = tx.team_members(&ids).await?.into_iter().collect();
        Ok(Self { agents, groups, members })
    }

    /// Those who have it: its agent or, if nobody has it or they have no chat, its team. What is for no team is for
    /// all.
    fn owners(&self, subject: &Subject) -> BTreeSet<ChatId> {
        let own = subject.assignee_id.and_then(|assignee| self.agents.get(&assignee));
        if let Some((chat, _)) = own {
            return BTreeSet::from([*chat]);
        }
        match subject.team_id {
            Some(team) => self.groups.iter().filter(|group| group.0 == team).map(|group| group.1).collect(),
            None if subject.assignee_id.is_none() => self.groups.iter().map(|group| group.1).collect(),
            None => BTreeSet::new(),
        }
    }

    /// Those who are told in addition when the time has run out.
    fn concerned(&self, action: TimeoutAction, subject: &Subject) -> BTreeSet<ChatId> {
        match action {
            TimeoutAction::NotifyAdministrators => self.with_role(Role::Admin).map(|(_, chat)| chat).collect(),
            TimeoutAction::NotifyTeamLeaders => self.leaders(subject.team_id),
            TimeoutAction::RemindSecondLine => {
                self.groups.iter().filter(|group| group.2 == Some(SECOND_LINE)).map(|group| group.1).collect()
            }
            TimeoutAction::Nothing => BTreeSet::new(),
        }
    }

    /// The supervisors who are in a team, or all of them if there are none.
    fn leaders(&self, team: Option<TeamId>) -> BTreeSet<ChatId> {
        let supervisors = || self.with_role(Role::Supervisor);
        let is_in_team = |agent: AgentId| team.is_some_and(|team| self.members.contains(&(team, agent)));
        let of_team: BTreeSet<ChatId> =
            supervisors().filter(|(agent, _)| is_in_team(*agent)).map(|(_, chat)| chat).collect();
        if of_team.is_empty() { supervisors().map(|(_, chat)| chat).collect() } else { of_team }
    }

    fn with_role(&self, role: Role) -> impl Iterator<Item = (AgentId, ChatId)> + '_ {
        let agents = self.agents.iter().filter(move |(_, (_, of))| *of == role);
        agents.map(|(agent, (chat, _))| (*agent, *chat))
    }
}
