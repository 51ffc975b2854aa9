//! Which entries of the audit log are asked for.

use async_graphql::{ID, InputObject};
use domain::audit::EntryFilter;
use domain::text::without_nul;
use domain::{AgentId, ProjectId};

use super::object::object_of;
use crate::schema::error::{Failure, Result};
use crate::schema::id::{self, Id};
use crate::schema::scalar::DateTime;
use crate::transport::ErrorCode;

/// The most actions of one filter.
const ACTIONS: usize = 100;

/// Which entries to show: those for which everything holds that is given here. What is left out or null is no condition.
#[derive(InputObject, Default)]
pub(crate) struct AuditFilter {
    /// Done by the agent with this global id.
    agent_id: Option<ID>,
    /// One of these actions, such as `sessionTransfer`, 100 at most. An empty list is no condition.
    actions: Option<Vec<String>>,
    /// Done to the object with this global id.
    object_id: Option<ID>,
    /// At this time or later.
    since: Option<DateTime>,
    /// Before this time.
    before: Option<DateTime>,
}

impl AuditFilter {
    /// The filter within a project, or within the workspace.
    pub(super) fn within(self, project_id: Option<ProjectId>) -> Result<EntryFilter> {
        // PostgreSQL takes no U+0000 in a condition.
        let mut actions = self.actions.unwrap_or_default();
        for action in &mut actions {
            *action = without_nul(action).into_owned();
        }
        if actions.len() > ACTIONS {
            let message = format!("`actions` takes at most {ACTIONS} names: ask for the others in another request.");
            return Err(Failure::new(ErrorCode::InvalidArgument, message));
        }
        let object = match self.object_id {
            None => None,
            Some(text) => {
                let message =
                    "Nothing that is done to objects of this type is in the audit log: give another `objectId`.";
                let unknown = || Failure::new(ErrorCode::InvalidArgument, message);
                Some(object_of(Id::parse(&text)?).ok_or_else(unknown)?)
            }
        };
        let agent_id: Option<AgentId> = self.agent_id.as_deref().map(|text| id::parse(text)).transpose()?;
        let (since, before) = (self.since.map(|time| time.0), self.before.map(|time| time.0));
        Ok(EntryFilter { project_id, agent_id, actions, object, since, before })
    }
}
