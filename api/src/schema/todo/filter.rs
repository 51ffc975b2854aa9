//! Which to-dos a list shows.

use async_graphql::{ID, InputObject, InputType};
use domain::filter::{FILTER_VALUES, FilterRefusal};
use domain::todo::TodoFilter as Condition;

use super::{TodoKind, TodoState};
use crate::schema::comparator::{Comparator, DateTimeComparator, OptionalIdComparator};
use crate::schema::error::{Failure, Result, sentence};
use crate::transport::ErrorCode;

/// Which to-dos to show: those for which everything holds that is given here. What is left out or null is no condition.
#[derive(InputObject, Default)]
pub(crate) struct TodoFilter {
    /// The agent who sees to it.
    agent_id: Option<OptionalIdComparator>,
    /// The team that sees to it.
    team_id: Option<OptionalIdComparator>,
    /// What is owed.
    kind: Option<Comparator<TodoKind>>,
    /// What became of it.
    state: Option<Comparator<TodoState>>,
    /// The session in which it came up.
    session_id: Option<Comparator<ID>>,
    /// Until when it is to be done.
    due_at: Option<DateTimeComparator>,
}

impl TodoFilter {
    /// The condition with the ids read.
    pub(super) fn condition(self) -> Result<Condition> {
        let has_agent = self.agent_id.as_ref().and_then(|agent| agent.is_null).map(|is_null| !is_null);
        let has_team = self.team_id.as_ref().and_then(|team| team.is_null).map(|is_null| !is_null);
        let (due_since, due_before) = self.due_at.map(DateTimeComparator::bounds).unwrap_or_default();
        let condition = Condition {
            agents: self.agent_id.map_or(Ok(Vec::new()), OptionalIdComparator::id_lists)?,
            has_agent,
            teams: self.team_id.map_or(Ok(Vec::new()), OptionalIdComparator::id_lists)?,
            has_team,
            kinds: self.kind.map(named).unwrap_or_default(),
            states: self.state.map(named).unwrap_or_default(),
            sessions: self.session_id.map_or(Ok(Vec::new()), Comparator::id_lists)?,
            due_since,
            due_before,
        };
        check(&condition)?;
        Ok(condition)
    }
}

/// The lists of names of which the value has to be in every one.
fn named<T: InputType + Into<N>, N>(comparator: Comparator<T>) -> Vec<Vec<N>> {
    comparator.lists().map(|list| list.into_iter().map(Into::into).collect()).collect()
}

/// Fails if any list has too many values.
fn check(condition: &Condition) -> Result<()> {
    let Condition { agents, teams, kinds, states, sessions, .. } = condition;
    let lengths = agents.iter().map(Vec::len).chain(teams.iter().map(Vec::len)).chain(sessions.iter().map(Vec::len));
    let lengths = lengths.chain(kinds.iter().map(Vec::len)).chain(states.iter().map(Vec::len));
    if lengths.max() > Some(FILTER_VALUES) {
        return Err(Failure::new(ErrorCode::InvalidArgument, sentence(FilterRefusal::TooManyValues)));
    }
    Ok(())
}
