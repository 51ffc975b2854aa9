//! Which to-dos a list shows.

use async_graphql::{ID, InputObject};
use domain::filter::{FILTER_VALUES, FilterRefusal};
use domain::todo::TodoFilter as Condition;

use super::{TodoKind, TodoState};
use crate::schema::error::{Failure, Result, sentence};
use crate::schema::id::{self, Identifier};
use crate::schema::scalar::DateTime;
use crate::transport::ErrorCode;

/// Which to-dos to show: those for which everything holds that is given here. What is left out or null is no condition, nor
/// is an empty list.
#[derive(InputObject, Default)]
pub(crate) struct TodoFilter {
    /// One of the agents with these global ids sees to it, at most 100.
    agent_ids: Option<Vec<ID>>,
    /// One of the teams with these global ids sees to it, at most 100.
    team_ids: Option<Vec<ID>>,
    /// It is of one of these kinds.
    kinds: Option<Vec<TodoKind>>,
    /// One of these became of it.
    states: Option<Vec<TodoState>>,
    /// It came up in the session with this global id.
    session_id: Option<ID>,
    /// It is due at this time or later.
    due_since: Option<DateTime>,
    /// It is due before this time.
    due_before: Option<DateTime>,
}

impl TodoFilter {
    /// The condition with the ids read.
    pub(super) fn condition(self) -> Result<Condition> {
        let kinds = self.kinds.unwrap_or_default();
        let states = self.states.unwrap_or_default();
        check(kinds.len().max(states.len()))?;
        Ok(Condition {
            agents: read(self.agent_ids)?,
            teams: read(self.team_ids)?,
            kinds: kinds.into_iter().map(Into::into).collect(),
            states: states.into_iter().map(Into::into).collect(),
            session_id: self.session_id.as_deref().map(|text| id::parse(text)).transpose()?,
            due_since: self.due_since.map(|time| time.0),
            due_before: self.due_before.map(|time| time.0),
        })
    }
}

fn read<I: Identifier>(ids: Option<Vec<ID>>) -> Result<Vec<I>> {
    let ids = ids.unwrap_or_default();
    check(ids.len())?;
    Ok(ids.iter().map(|id| id::parse(id)).collect::<Result<Vec<I>, _>>()?)
}

fn check(count: usize) -> Result<()> {
    if count > FILTER_VALUES {
        return Err(Failure::new(ErrorCode::InvalidArgument, sentence(FilterRefusal::TooManyValues)));
    }
    Ok(())
}
