//! One reader's way through the log: first what was missed, then what happens.

use std::collections::VecDeque;
use std::sync::Arc;

use domain::visibility::Telling;
use domain::{ApiScope, Cursor, EventKind, Position, ProjectId, SessionId};
use store::Reader;
use store::events::Scope;
use tokio::sync::watch;

use super::Occurrence;
use super::log::{Stretch, has_been_at, head, purged};
use super::permit::Permit;
use crate::presence::Attending;
use crate::{Actor, Desk, Error};

/// How many events are taken at once. A slow reader holds no more than this.
const BATCH: usize = 100;

/// What a reader is told.
#[derive(Debug, Clone)]
pub enum Item {
    /// Something happened.
    Occurred {
        /// Where to go on after it.
        cursor: Cursor,
        /// What happened, as the reader sees it.
        occurrence: Arc<Occurrence>,
        /// How that is.
        telling: Telling,
    },
    /// The reader's cursor is older than the log, or belongs to another one: what was missed
    /// cannot be told. Or the reader sees other sessions than before, by a team or a role. The
    /// reader loads everything anew and goes on from this cursor.
    ResyncRequired {
        /// Where to go on.
        cursor: Cursor,
    },
}

/// What a reader is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    /// Of sessions and their messages.
    Sessions,
    /// Of tickets.
    Tickets,
}

/// A reader of the log. It has no queue that could overflow: it knows its place, and reads on
/// from memory or, if it fell behind, from the database. So nothing is skipped or repeated.
pub struct Feed {
    pub(super) desk: Desk,
    pub(super) permit: Permit,
    scope: Scope,
    subject: Subject,
    position: Position,
    history: u64,
    /// How often the desk had forgotten what it remembers when `ready` was begun to be filled.
    forgotten: u64,
    /// The place of the last event that was told.
    told: Position,
    resync: bool,
    /// Other sessions go on for the reader than before, or others no longer, without anything having happened in them.
    sees_others: bool,
    /// The reader was told so before the log did.
    was_told: bool,
    ready: VecDeque<Arc<Occurrence>>,
    /// What one event has to tell beside its first item.
    pending: VecDeque<Item>,
    news: watch::Receiver<Position>,
    /// Who follows is there.
    _attending: Option<Attending>,
}

impl Desk {
    /// The events of a project, from after a cursor or from now on.
    pub async fn project_events(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        after: Option<Cursor>,
    ) -> Result<Feed, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        self.role_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        self.feed(actor, project_id, Scope::Project(project_id), Subject::Sessions, after).await
    }

    /// What happens to the tickets of a project, from after a cursor or from now on.
    pub async fn ticket_events(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        after: Option<Cursor>,
    ) -> Result<Feed, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        self.role_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        self.feed(actor, project_id, Scope::Project(project_id), Subject::Tickets, after).await
    }

    /// The events of a session, from after a cursor or from now on.
    pub async fn session_events(
        &self,
        actor: &Actor,
        session_id: SessionId,
        after: Option<Cursor>,
    ) -> Result<Feed, Error> {
        let session = self.session(actor, session_id).await?.ok_or(Error::NotFound("session"))?;
        self.feed(actor, session.project_id, Scope::Session(session_id), Subject::Sessions, after).await
    }

    async fn feed(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        scope: Scope,
        subject: Subject,
        after: Option<Cursor>,
    ) -> Result<Feed, Error> {
        let permit = Permit::of(self, actor.credential, project_id).await?;
        let news = self.log.listen();
        let history = self.log.history();
        let mut reader = self.store.read().await?;
        let head = head(&mut reader).await?;
        let (position, resync) = match after.map(|cursor| self.log.position(cursor)) {
            None => (head, false),
            Some(Some(position)) if has_been_at(&mut reader, position).await? => {
                (position, is_purged(&mut reader, position).await?)
            }
            Some(_) => (head, true),
        };
        drop(reader);
        Ok(Feed {
            desk: self.clone(),
            permit,
            scope,
            subject,
            position,
            history,
            forgotten: self.log.forgotten(),
            told: position,
            resync,
            sees_others: false,
            was_told: false,
            ready: VecDeque::new(),
            pending: VecDeque::new(),
            news,
            _attending: self.attend(project_id, actor.credential),
        })
    }
}

/// Whether events after a position have been deleted.
async fn is_purged(reader: &mut Reader, position: Position) -> Result<bool, store::Error> {
    Ok(purged(reader).await?.is_some_and(|purged| position < purged))
}

impl Feed {
    /// Waits for the next event that the reader may see. Fails when the reader may see nothing
    /// any more, and when the database cannot be read; the reader may come back with its last
    /// cursor.
    pub async fn next(&mut self) -> Result<Item, Error> {
        loop {
            let history = self.desk.log.history();
            if std::mem::replace(&mut self.history, history) != history {
                self.resync = true;
            }
            if self.resync {
                return Ok(self.start_over());
            }
            if let Some(item) = self.pending.pop_front() {
                if self.desk.log.forgotten() == self.forgotten {
                    return Ok(item);
                }
                // It may hold what was erased, and its place in the log has been passed.
                return Ok(self.start_over());
            }
            if !self.ready.is_empty() {
                self.check().await?;
            }
            if std::mem::take(&mut self.sees_others) {
                // What happens from here on is told as they see it now, and nothing of that is left out.
                self.was_told = true;
                return Ok(Item::ResyncRequired { cursor: self.desk.log.cursor(self.told) });
            }
            let forgotten = self.desk.log.forgotten();
            if std::mem::replace(&mut self.forgotten, forgotten) != forgotten && !self.ready.is_empty() {
                // It may hold what was erased, and is read anew.
                self.ready.clear();
                self.position = self.told;
            }
            if let Some(occurrence) = self.ready.pop_front() {
                let before = std::mem::replace(&mut self.told, occurrence.event.position);
                if occurrence.event.kind == EventKind::SightChanged {
                    if self.has_to_look_anew(&occurrence).await? {
                        return Ok(Item::ResyncRequired { cursor: self.desk.log.cursor(self.told) });
                    }
                    continue;
                }
                if self.subject == Subject::Tickets {
                    self.pending = self.ticket_items(&occurrence, before);
                    continue;
                }
                if occurrence.event.kind.is_about_ticket() {
                    continue;
                }
                let Some(telling) = self.permit.telling(&occurrence, &self.desk.log) else { continue };
                let Some((occurrence, telling)) = self.as_told(occurrence, telling).await? else { continue };
                let cursor = self.desk.log.cursor(occurrence.event.position);
                return Ok(Item::Occurred { cursor, occurrence, telling });
            }
            self.news.mark_unchanged();
            let stretch = match self.desk.log.after(self.position, self.scope, BATCH) {
                Some(stretch) => stretch,
                // Boxed, so that those who keep up do not carry the room for it.
                None => Box::pin(self.read_database()).await?,
            };
            let is_news = stretch.end > self.position;
            if self.ready.is_empty() && stretch.occurrences.is_empty() {
                self.told = stretch.end;
            }
            self.position = stretch.end;
            self.ready.extend(stretch.occurrences);
            if !is_news && self.ready.is_empty() {
                self.wait().await?;
            }
        }
    }

    /// Whether the reader has to load everything anew since they see other sessions of the project: not if they were told so
    /// before, or are about to be told of another such change.
    async fn has_to_look_anew(&mut self, change: &Occurrence) -> Result<bool, Error> {
        let agent = self.permit.actor().agent.id;
        let is_theirs = |change: &Occurrence| change.event.looks_anew() == Some(agent);
        if !is_theirs(change) || self.ready.iter().any(|later| is_theirs(later)) {
            return Ok(false);
        }
        // Whoever loads everything now must not be shown what they saw before.
        let is_news = self.permit.renew(&self.desk).await?;
        Ok(!std::mem::take(&mut self.was_told) || is_news)
    }

    /// What happened as the reader sees it, and how that is; nothing if there is nothing left for them to see.
    async fn as_told(
        &self,
        occurrence: Arc<Occurrence>,
        telling: Telling,
    ) -> Result<Option<(Arc<Occurrence>, Telling)>, Error> {
        match telling {
            Telling::Whole => Ok(Some((occurrence, telling))),
            Telling::Loss => Ok(Some((Arc::new(occurrence.as_loss()), telling))),
            // Boxed, since it is rare and every reader would carry the room for it.
            Telling::AsLeft => Box::pin(self.as_left(&occurrence)).await,
        }
    }

    async fn as_left(&self, occurrence: &Occurrence) -> Result<Option<(Arc<Occurrence>, Telling)>, Error> {
        let agent = self.permit.actor().agent.id;
        let event = &occurrence.event;
        let mut reader = self.desk.store.read().await?;
        let Some(departure) = reader.departures(agent, &[event.session_id.0]).await?.pop() else {
            // They may have got it back since it was looked at, and are told as one who has it.
            let present = Occurrence::of(vec![event.clone()], &mut reader).await?.pop();
            let is_whole = |present: &Occurrence| self.permit.telling(present, &self.desk.log) == Some(Telling::Whole);
            let whole = present.filter(|present| is_whole(present));
            return Ok(whole.map(|present| (present, Telling::Whole)));
        };
        let message: Vec<i64> = event.message_id.iter().map(|id| id.0).collect();
        let then = if message.is_empty() { None } else { reader.messages_then(agent, &message).await?.pop() };
        let left = occurrence.as_left(&departure, then);
        Ok(left.map(|left| (Arc::new(left), Telling::AsLeft)))
    }

    fn start_over(&mut self) -> Item {
        self.resync = false;
        self.ready.clear();
        self.pending.clear();
        self.position = self.desk.log.end();
        self.told = self.position;
        Item::ResyncRequired { cursor: self.desk.log.cursor(self.position) }
    }

    /// Reads what memory no longer has.
    async fn read_database(&mut self) -> Result<Stretch, Error> {
        // Whatever is in memory has been readable before this look, so a look that finds less
        // than it asked for has found everything up to there.
        let known = self.desk.log.end();
        let mut reader = self.desk.store.read().await?;
        let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
        let events = reader.events_after(self.scope, self.position, limit).await?;
        let last = events.last().map(|event| event.position);
        let is_all = events.len() < BATCH;
        let occurrences = Occurrence::of(events, &mut reader).await?;
        // What was deleted while we read may be missing between.
        self.resync = is_purged(&mut reader, self.position).await?;
        let end = match last {
            Some(last) if is_all => last.max(known),
            Some(last) => last,
            None => known.max(self.position),
        };
        Ok(Stretch { occurrences, end })
    }

    /// Waits for news, which a change of somebody's rights is as well.
    async fn wait(&mut self) -> Result<(), Error> {
        tokio::select! {
            news = self.news.changed() => {
                news.map_err(|_| Error::internal("the event log was closed while somebody read it"))?;
            }
            () = self.permit.ended() => {}
        }
        self.check().await
    }

    async fn check(&mut self) -> Result<(), Error> {
        self.sees_others |= self.permit.check(&self.desk).await?;
        Ok(())
    }

    /// Who reads, with the rights under which the last event was told.
    pub fn actor(&self) -> &Arc<Actor> {
        self.permit.actor()
    }
}
