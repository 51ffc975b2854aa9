//! That a reader may see what they read, for as long as it is so.

use std::collections::BTreeSet;
use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use domain::visibility::Telling;
use domain::{ApiScope, Audience, EventKind, ProjectId, Sight};
use tokio::sync::watch;
use tokio::time::{Sleep, sleep};

use super::{Log, Occurrence, WatchedTicket};
use crate::actor::Standing;
use crate::{Actor, Credential, Desk, Error};

/// How long after the end of a credential an idle reader is ended. Sockets close on time by themselves, with a close code
/// that says more than an error of one subscription, so they go first.
const AFTER_END: Duration = Duration::from_millis(500);

/// What an actor may see of a project, as it was last looked at.
pub(crate) struct Permit {
    project_id: ProjectId,
    actor: Arc<Actor>,
    sight: Sight,
    standing: watch::Receiver<Standing>,
    /// Passes when the credential has ended by itself.
    end: Option<Pin<Box<Sleep>>>,
}

impl Permit {
    /// Fails if the project may not be seen through the credential.
    pub(crate) async fn of(desk: &Desk, credential: Credential, project_id: ProjectId) -> Result<Self, Error> {
        let actor = desk.actor(credential).await?;
        actor.needs(ApiScope::SessionsRead)?;
        let sight = desk.sight_in(&actor, project_id).await?.ok_or(Error::Forbidden)?;
        // Of an actor who has been replaced since, this tells at the first wait.
        let mut standing = actor.standing();
        standing.mark_changed();
        if *standing.borrow() == Standing::Present {
            standing.mark_unchanged();
        }
        let left = actor.expires_at().map(|end| (end - desk.now()).to_std().unwrap_or_default());
        let end = left.map(|left| Box::pin(sleep(left + AFTER_END)));
        Ok(Self { project_id, actor, sight, standing, end })
    }

    /// Who has the permit, with the rights that were last looked at.
    pub(crate) fn actor(&self) -> &Arc<Actor> {
        &self.actor
    }

    /// How the actor is told of something, if they are.
    pub(crate) fn telling(&self, occurrence: &Occurrence, log: &Log) -> Option<Telling> {
        if self.sight == Sight::Everything {
            return Some(Telling::Whole);
        }
        // Who sees to something is told of it whoever has the session.
        if occurrence.todo.as_ref().is_some_and(|todo| todo.is_owned_by(&self.sight)) {
            return Some(Telling::Whole);
        }
        let event = &occurrence.event;
        // So is who works on the ticket of a clock.
        let is_theirs = |watched: &Arc<WatchedTicket>| self.sight.is_over_ticket(&watched.audience());
        if event.kind == EventKind::SlaClockUpdated && occurrence.ticket.as_ref().is_some_and(is_theirs) {
            return Some(Telling::Whole);
        }
        let now = present_audience(occurrence, log);
        self.sight.telling(&event.audience, event.audience_before.as_ref(), &now)
    }

    /// How the actor is told of something about a ticket, if they are.
    pub(crate) fn telling_of_ticket(&self, occurrence: &Occurrence, log: &Log) -> Option<Telling> {
        if self.sight == Sight::Everything {
            return Some(Telling::Whole);
        }
        let event = &occurrence.event;
        let ticket = occurrence.ticket.as_ref().map(|watched| watched.audience()).unwrap_or_default();
        let before = event.ticket.as_ref().and_then(|ticket| ticket.audience_before.as_ref());
        let session = present_audience(occurrence, log);
        let session_before = event.audience_before.as_ref();
        let telling = self.sight.telling_of_ticket((&session, session_before), (&ticket, before))?;
        // Nobody had a ticket before it was there.
        let is_told = event.kind != EventKind::TicketOpened || telling == Telling::Whole;
        is_told.then_some(telling)
    }

    /// How far the actor sees.
    pub(crate) fn sight(&self) -> &Sight {
        &self.sight
    }

    /// Fails once the project may not be seen any more; answers whether other sessions of it go on for the actor than
    /// before. As long as nobody's rights have changed, this takes no look.
    pub(crate) async fn check(&mut self, desk: &Desk) -> Result<bool, Error> {
        if self.is_beyond_doubt(desk) {
            return Ok(false);
        }
        if *self.standing.borrow() == Standing::Ended {
            return Err(Error::Unauthenticated);
        }
        self.look_anew(desk).await
    }

    /// As [`Permit::check`], for an actor who is known to see other sessions since a moment ago.
    pub(crate) async fn renew(&mut self, desk: &Desk) -> Result<bool, Error> {
        desk.actors.doubt_agent(self.actor.agent.id);
        self.look_anew(desk).await
    }

    async fn look_anew(&mut self, desk: &Desk) -> Result<bool, Error> {
        // Boxed, since it is rare and every idle reader would carry the room for it.
        let present = Box::pin(Self::of(desk, self.actor.credential, self.project_id)).await?;
        let sees_others = Box::pin(sees_others(desk, self.project_id, &self.sight, &present.sight)).await?;
        *self = present;
        Ok(sees_others)
    }

    fn is_beyond_doubt(&self, desk: &Desk) -> bool {
        desk.actors.are_watched()
            && matches!(self.standing.has_changed(), Ok(false))
            && self.actor.expires_at().is_none_or(|end| desk.now() < end)
            && self.end.as_ref().is_none_or(|end| !end.is_elapsed())
    }

    /// Waits for the end of the credential by itself.
    pub(crate) async fn ended(&mut self) {
        match &mut self.end {
            Some(end) => end.await,
            None => pending().await,
        }
    }
}

/// Those for whom the session of an event goes on now. What came with the event may have been read long ago: the newest
/// event about the session knows it.
pub(super) fn present_audience(occurrence: &Occurrence, log: &Log) -> Audience {
    let newest = log.newest_of(occurrence.event.session_id);
    let sessions = [occurrence.session.as_ref(), newest.as_ref().and_then(|newest| newest.session.as_ref())];
    let present = sessions.into_iter().flatten().max_by_key(|session| session.version);
    present.map_or_else(|| occurrence.event.audience.clone(), |session| session.audience_before.clone())
}

/// Whether other sessions of a project go on for somebody who sees so far now than before. Teams of other projects make no
/// difference, and of one that is gone nobody can tell whose it was.
async fn sees_others(desk: &Desk, project_id: ProjectId, before: &Sight, now: &Sight) -> Result<bool, Error> {
    let (Sight::Own { team_ids: before, .. }, Sight::Own { team_ids: now, .. }) = (before, now) else {
        return Ok(before != now);
    };
    let (before, now) = (BTreeSet::from_iter(before.iter()), BTreeSet::from_iter(now.iter()));
    let differing: Vec<i64> = before.symmetric_difference(&now).map(|team| team.0).collect();
    if differing.is_empty() {
        return Ok(false);
    }
    let found = desk.store.read().await?.teams(&differing).await?;
    Ok(found.len() < differing.len() || found.iter().any(|team| team.project_id == project_id))
}
