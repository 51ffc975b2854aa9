//! Queries of the event log.

use domain::event::NewEvent;
use domain::{AgentId, Event, Position, ProjectId, Time};

use crate::error::Result;
use crate::events::Scope;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// The events that come after a position, in the order of the log.
    events_after = events::after(scope: Scope, position: Position, limit: i64) -> Vec<Event>;
    /// The position of the newest event that readers may see.
    event_head = events::head() -> Position;
    /// Whether the log has an event in this very place.
    has_event = events::has(position: Position) -> bool;
    /// The oldest events of the log with the time each was written.
    oldest_events = events::oldest(limit: i64) -> Vec<(Position, Time)>;
}

catalogue! { Tx:
    /// Writes events in this order. `recorded_at` is the wall clock, for retention.
    append_events = events::append(new: &[NewEvent], recorded_at: Time) -> ();
    /// Writes that an agent sees other sessions of a project than before. `at` is the project's clock, `recorded_at` the wall
    /// clock, for retention.
    append_sight_change = events::append_sight_change(project: ProjectId, agent: AgentId, at: Time, recorded_at: Time) -> ();
    /// Deletes the events up to a position and that one itself.
    delete_events_through = events::delete_through(position: Position) -> usize;
}
