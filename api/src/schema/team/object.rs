//! The types `Team` and `TeamGroup`.

use std::sync::Arc;

use async_graphql::{Object, SimpleObject};

use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::scalar::DateTime;
use crate::view::View;

pub(crate) struct Team {
    row: Arc<domain::Team>,
    view: View,
}

impl Team {
    pub(crate) fn new(row: Arc<domain::Team>, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// Agents of a project who share a line of support.
#[Object]
impl Team {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// The name, which no other team of the project has.
    fn name(&self) -> &str {
        &self.row.name
    }

    /// The line of support: 1 for standard questions, 2 for hard cases, 3 for what only administrators can do.
    fn line(&self) -> i32 {
        self.row.line
    }

    /// The agents who are in the team and see what waits for it, by name; also those who are not active.
    async fn members(&self) -> Result<Vec<Agent>> {
        let members = self.view.loaders().team_members().load(self.row.id).await?;
        let members = members.iter().flat_map(|members| members.iter());
        Ok(members.map(|agent| Agent::new(Arc::new(agent.clone()), &self.view)).collect())
    }

    /// The Telegram groups that get the notices of the team, oldest first.
    async fn groups(&self) -> Result<Vec<TeamGroup>> {
        let groups = self.view.loaders().team_groups().load(self.row.id).await?;
        Ok(groups.iter().flat_map(|groups| groups.iter()).map(TeamGroup::of).collect())
    }

    /// Grows with each change by `teamUpdate`.
    fn version(&self) -> i64 {
        self.row.version
    }

    /// When the team was made.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }
}

/// A Telegram group that gets the notices of a team.
#[derive(SimpleObject)]
pub(crate) struct TeamGroup {
    /// The number of the chat in Telegram, in decimal digits.
    telegram_chat_id: String,
    /// The title when the group was linked.
    title: String,
    /// When the group was linked.
    linked_at: DateTime,
}

impl TeamGroup {
    fn of(group: &domain::TeamGroup) -> Self {
        Self {
            telegram_chat_id: group.chat_id.0.to_string(),
            title: group.title.clone(),
            linked_at: group.linked_at.into(),
        }
    }
}
