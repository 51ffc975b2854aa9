//! Serving the rest of a line that is too long to be read at once.

use domain::{ProjectId, Time};
use serde::{Deserialize, Serialize};
use store::Tx;
use store::jobs::NewJob;

use super::floor::{Entry, Floor};
use super::line::{Bookmark, Served, serve_line};
use super::round::look_after_those_left;
use super::route::BUSY;
use crate::Error;
use crate::job::Next;

/// The kind of the job that goes on in a line where others have stopped.
pub(crate) const REST: &str = "routing_rest";

/// What the job is done with.
#[derive(Debug, Serialize, Deserialize)]
struct Rest {
    project_id: ProjectId,
    from: Bookmark,
}

/// Has the rest of a line be served, unless somebody is on the way through it.
pub(super) async fn serve_later(tx: &mut Tx, project: ProjectId, from: Bookmark, wall: Time) -> Result<(), Error> {
    Ok(tx.schedule_job_once(&job(project, from, wall)?, wall).await?)
}

/// Goes on in the line, and looks after those who are left when it is at the end.
pub(crate) async fn serve_rest(tx: &mut Tx, payload: &str, wall: Time) -> Result<Next, Error> {
    let Rest { project_id, from } = serde_json::from_str(payload).map_err(Error::internal)?;
    let Some(project) = tx.project(project_id).await? else { return Ok(Next::Done) };
    let mut floor = match Floor::enter(tx, &project, wall).await? {
        Entry::Open(floor) => floor,
        Entry::Off => return Ok(Next::Done),
        Entry::Busy => return Ok(Next::Again(wall + BUSY)),
    };
    let is_more = match serve_line(tx, &project, &mut floor, Some(from), wall).await? {
        Served::InPart(from) | Served::Until(from) => {
            tx.schedule_job(&job(project_id, from, wall)?, wall).await?;
            true
        }
        Served::Whole => look_after_those_left(tx, &project, &mut floor, wall).await?,
    };
    Ok(if is_more { Next::Again(wall) } else { Next::Done })
}

fn job(project_id: ProjectId, from: Bookmark, due_at: Time) -> Result<NewJob, Error> {
    let payload = serde_json::to_string(&Rest { project_id, from }).map_err(Error::internal)?;
    Ok(NewJob { key: format!("{REST}:{project_id}"), project_id: Some(project_id), kind: REST, payload, due_at })
}
