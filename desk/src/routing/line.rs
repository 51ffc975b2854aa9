//! The sessions that wait for an agent.

use std::collections::HashMap;

use domain::event::Cause;
use domain::filter::SessionKey;
use domain::routing::{assign_backlog, waits_since};
use domain::{Priority, Project, ProjectId, Session, SessionId, Time};
use serde::{Deserialize, Serialize};
use store::routing::{Awaiting, LineEnd};
use store::{Queries, Tx};

use super::floor::Floor;
use super::give::{Gift, give};
use super::request::waiting;
use crate::Error;

/// How many sessions of a line are looked at together.
const PAGE: i64 = 200;
/// How many such pages are read in one transaction, so that nobody waits for long.
const PAGES: usize = 5;
/// How many sessions are given out in one transaction, so that nobody waits for long.
pub(super) const AT_ONCE: usize = 20;

/// A place in a line, up to which it was read.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Bookmark {
    /// How many priorities are still to be read, of which the most pressing one is being read.
    priorities: usize,
    /// Of that one the last session that was read: since when it has waited, in microseconds.
    since_micros: i64,
    session_id: i64,
}

impl Bookmark {
    /// Before everybody of so many priorities, the least pressing ones.
    fn before(priorities: usize) -> Self {
        Self { priorities, since_micros: i64::MIN, session_id: i64::MIN }
    }
}

/// How far a line was served.
pub(super) enum Served {
    /// As far as there is room.
    Whole,
    /// So many were given out that others have their turn first. More are to be given out behind this.
    InPart(Bookmark),
    /// So many were looked at that others have their turn first. It goes on behind this.
    Until(Bookmark),
}

/// The line of a project, which is read page by page in the order in which it is served.
pub(super) struct Line {
    project: ProjectId,
    awaiting: Awaiting,
    place: Bookmark,
}

impl Line {
    /// The line from its beginning, of those who are awaited.
    pub(super) fn new(project: ProjectId, awaiting: Awaiting) -> Self {
        Self { project, awaiting, place: Bookmark::before(Priority::ALL.len()) }
    }

    /// The next sessions; none at the end of the line.
    pub(super) async fn next(&mut self, queries: &mut Queries) -> Result<Vec<Session>, store::Error> {
        while let Some((priority, less_pressing)) =
            Priority::ALL.get(..self.place.priorities).and_then(<[Priority]>::split_last)
        {
            let after = SessionKey { micros: self.place.since_micros, id: self.place.session_id };
            let from = LineEnd { priority: *priority, after, limit: PAGE };
            let page = queries.line(self.project, from, &self.awaiting).await?;
            match page.last() {
                Some(last) => {
                    self.place.since_micros = waits_since(last).timestamp_micros();
                    self.place.session_id = last.id.0;
                    return Ok(page);
                }
                None => self.place = Bookmark::before(less_pressing.len()),
            }
        }
        Ok(Vec::new())
    }
}

/// Gives out what waits, in the order of the line from its beginning or from a place in it, as far as there is room.
pub(super) async fn serve_line(
    tx: &mut Tx,
    project: &Project,
    floor: &mut Floor,
    from: Option<Bookmark>,
    wall: Time,
) -> Result<Served, Error> {
    let mut line = Line::new(project.id, floor.awaiting());
    line.place = from.unwrap_or(line.place);
    let (mut given, mut pages) = (0, 0);
    while floor.has_room() {
        let before = line.place;
        if pages == PAGES {
            return Ok(Served::Until(before));
        }
        let page = line.next(tx).await?;
        if page.is_empty() {
            break;
        }
        pages += 1;
        let seen: HashMap<SessionId, i64> = page.iter().map(|session| (session.id, session.version)).collect();
        let waiting = waiting(tx, &page, &floor.present_since).await?;
        for assigned in assign_backlog(&floor.settings, &waiting, &floor.candidates) {
            if given == AT_ONCE {
                return Ok(Served::InPart(before));
            }
            // Whom somebody is dealing with just now is looked at later, and so is what is not as it was when this was
            // decided: it may be for others by now.
            let Some(mut session) = tx.lock_session_if_free(assigned.session_id).await? else { continue };
            if seen.get(&session.id) != Some(&session.version) {
                continue;
            }
            let gift = Gift { agent_id: assigned.agent_id, turn: assigned.turn, grounds: assigned.grounds };
            give(tx, project, floor, &mut session, &gift, Cause::Routing, wall).await?;
            given += 1;
        }
    }
    Ok(Served::Whole)
}
