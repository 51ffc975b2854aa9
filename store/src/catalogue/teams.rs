//! Queries of teams, and of the chats in which they and their agents get notices.

use domain::notice::NoticeKind;
use domain::{AgentId, ChatId, ProjectId, SessionId, StaffLink, Team, TeamGroup, Time};

use crate::error::Result;
use crate::people::{LinkCode, NewTeam};
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// The teams with these identifiers that are not gone, in no order.
    teams = teams::many(ids: &[i64]) -> Vec<Team>;
    /// Every team of a project, by line and name.
    teams_of_project = teams::of_project(project: ProjectId) -> Vec<Team>;
    /// The groups of these teams, oldest first.
    team_groups = teams::groups_of(teams: &[i64]) -> Vec<TeamGroup>;
    /// Every team group of a project, oldest first.
    team_groups_of_project = teams::groups_of_project(project: ProjectId) -> Vec<TeamGroup>;
    /// The team group that a chat is, if it is one.
    team_group_in = teams::group_in(project: ProjectId, chat: ChatId) -> Option<TeamGroup>;
    /// The linked accounts of these agents, in the order of the projects.
    staff_links = staff::of_agents(agents: &[i64]) -> Vec<StaffLink>;
    /// The linked account of an agent in a project.
    staff_link = staff::of_agent(project: ProjectId, agent: AgentId) -> Option<StaffLink>;
    /// The agent's account that a chat is, if it is one.
    staff_link_in = staff::in_chat(project: ProjectId, chat: ChatId) -> Option<StaffLink>;
}

catalogue! { Tx:
    /// Adds a team.
    insert_team = teams::insert(team: &NewTeam) -> Team;
    /// Writes everything about a team that can change, under the next version. Nothing if the team is gone.
    update_team = teams::update(team: &Team) -> Option<Team>;
    /// Has a chat get the notices of a team, and no longer those of another one.
    link_team_group = teams::link_group(group: &TeamGroup) -> ();
    /// Has a chat get no notices any more. Answers whether it did.
    unlink_team_group = teams::unlink_group(project: ProjectId, chat: ChatId) -> bool;
    /// Has the notices to a group that got another number go there.
    move_team_group = teams::move_group(project: ProjectId, from: ChatId, to: ChatId) -> ();
    /// Links a chat to an agent. What the chat or the agent was linked to before in the project is no longer.
    link_staff = staff::link(link: &StaffLink) -> ();
    /// Ends the link of an agent. Answers whether there was one.
    unlink_staff = staff::unlink(project: ProjectId, agent: AgentId) -> bool;
    /// Notes that a chat was told that nobody reads there. Answers whether that was not done after `since`.
    note_staff_hint = staff::note_hint(link: &StaffLink, now: Time, since: Time) -> bool;
    /// Adds a code by which a chat is linked, and forgets those that work no more.
    insert_link_code = staff::insert_code(code: &LinkCode, now: Time) -> ();
    /// The code with a hash, locked.
    lock_link_code = staff::lock_code(hash: &str) -> Option<LinkCode>;
    /// Forgets a code.
    delete_link_code = staff::delete_code(hash: &str) -> ();
    /// Notes that a chat is told something about a session. Answers whether that was not done after `since`.
    note_notice = staff::note_notice(session: SessionId, kind: NoticeKind, chat: ChatId, now: Time, since: Time) -> bool;
    /// Forgets that a chat was to be told something about a session.
    forget_notices = staff::forget_notices(session: SessionId, chat: ChatId) -> ();
}
