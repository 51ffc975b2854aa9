//! The actors of the last moments.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use domain::{AgentId, Time};

use super::watched::Watched;
use super::{Actor, Standing};
use crate::Credential;

/// How long rights stay in use that were read while nobody watches for changes.
const UNWATCHED: Duration = Duration::from_millis(500);
/// How long rights stay in use although no change was seen.
const LONGEST: Duration = Duration::from_secs(60);
/// How many actors are remembered at least.
const REMEMBERED: usize = 4096;

/// Actors that were looked up, so that a busy console does not cost three statements a request
/// for the same answer. Those whom somebody waits with are remembered for as long.
#[derive(Default)]
pub(crate) struct Actors {
    known: Mutex<Known>,
    pub(super) watched: Watched,
}

#[derive(Default)]
struct Known {
    /// Grows when the rights of everybody are about to be read anew. What was begun to be read
    /// before may be older than what everybody has then.
    generation: u64,
    entries: HashMap<Credential, Entry>,
    /// How many entries there have to be before those that nobody needs are dropped.
    tidy_at: usize,
}

struct Entry {
    actor: Arc<Actor>,
    /// Nothing if the rights have to be read anew.
    read_at: Option<Instant>,
}

impl Entry {
    fn is_younger_than(&self, bound: Duration) -> bool {
        self.read_at.is_some_and(|read_at| read_at.elapsed() < bound)
    }
}

impl Actors {
    /// The actor of a credential, if their rights are known well enough.
    pub(super) fn fresh(&self, credential: Credential, now: Time) -> Option<Arc<Actor>> {
        let bound = if self.watched.is_current() { LONGEST } else { UNWATCHED };
        let known = self.known();
        let entry = known.entries.get(&credential)?;
        let is_fresh = entry.is_younger_than(bound) && entry.actor.expires_at.is_none_or(|end| now < end);
        is_fresh.then(|| entry.actor.clone())
    }

    /// Whether somebody watches for changes, so that an actor whose standing is
    /// [`Standing::Present`] needs no other look.
    pub(crate) fn are_watched(&self) -> bool {
        self.watched.is_current()
    }

    pub(super) fn generation(&self) -> u64 {
        self.known().generation
    }

    /// Remembers an actor whose rights were begun to be read in a generation, and answers the
    /// one to use: if nothing has changed, the one who was known before. Answers nobody if the
    /// rights have to be read again.
    pub(super) fn remember(&self, actor: Actor, generation: u64) -> Option<Arc<Actor>> {
        let mut known = self.known();
        if known.generation != generation {
            return None;
        }
        let actor = known.put(actor);
        known.tidy();
        Some(actor)
    }

    /// Has the rights of a credential read anew for whoever asks next. Those who wait are told of the outcome.
    pub(crate) fn doubt(&self, credential: Credential) {
        if let Some(entry) = self.known().entries.get_mut(&credential) {
            entry.read_at = None;
        }
    }

    /// The same for every credential of an agent, whose rights have changed. What was begun to be read before is not taken
    /// any more.
    pub(crate) fn doubt_agent(&self, agent: AgentId) {
        let mut known = self.known();
        known.generation += 1;
        let theirs = known.entries.values_mut().filter(|entry| entry.actor.agent.id == agent);
        theirs.for_each(|entry| entry.read_at = None);
    }

    /// Forgets the actor of a credential that is no longer taken, and tells who waits.
    pub(crate) fn end(&self, credential: Credential) {
        self.known().end(credential);
    }

    /// Has the rights of everybody read anew for whoever asks next, since this process has just changed some. What was
    /// begun to be read before is not taken any more. Those who wait are told by the next review.
    pub(crate) fn doubt_everybody(&self) {
        let mut known = self.known();
        known.generation += 1;
        known.entries.values_mut().for_each(|entry| entry.read_at = None);
    }

    /// Everybody whose rights have to be read anew, and the generation in which they are.
    pub(super) fn begin_review(&self) -> (u64, Vec<Credential>) {
        let mut known = self.known();
        known.generation += 1;
        (known.generation, known.entries.keys().copied().collect())
    }

    /// Takes the rights of everybody as they were read anew. Who is not found has none any more. Answers whether they were
    /// taken: not if rights have changed since, which may be missing from what was read.
    pub(super) fn finish_review(
        &self,
        (generation, reviewed): (u64, Vec<Credential>),
        mut found: HashMap<Credential, Actor>,
    ) -> bool {
        let mut known = self.known();
        if known.generation != generation {
            return false;
        }
        for credential in reviewed {
            match found.remove(&credential) {
                Some(actor) => drop(known.put(actor)),
                None => known.end(credential),
            }
        }
        true
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn put(&mut self, actor: Actor) -> Arc<Actor> {
        let read_at = Some(Instant::now());
        if let Some(entry) = self.entries.get_mut(&actor.credential) {
            if entry.actor.has_same_rights(&actor) {
                entry.read_at = read_at;
                return entry.actor.clone();
            }
            entry.actor.standing.send_replace(Standing::Changed);
        }
        let actor = Arc::new(actor);
        self.entries.insert(actor.credential, Entry { actor: actor.clone(), read_at });
        actor
    }

    fn end(&mut self, credential: Credential) {
        if let Some(entry) = self.entries.remove(&credential) {
            entry.actor.standing.send_replace(Standing::Ended);
        }
    }

    /// Drops those whom nobody waits with and nobody asked for lately, once they may be many.
    fn tidy(&mut self) {
        if self.entries.len() >= self.tidy_at.max(REMEMBERED) {
            self.entries.retain(|_, entry| Arc::strong_count(&entry.actor) > 1 || entry.is_younger_than(UNWATCHED));
            self.tidy_at = self.entries.len() * 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{Agent, ApiScope, ApiTokenId, WorkspaceId, WorkspaceRole};
    use tokio::sync::watch;

    use super::super::LastUse;
    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    /// Who acts through the API token of this number, within one scope.
    fn actor(token: i64, scope: ApiScope) -> Actor {
        let agent = Agent {
            id: AgentId(1),
            workspace_id: WorkspaceId(1),
            email: "ada@example.org".to_owned(),
            name: "Ada".to_owned(),
            workspace_role: WorkspaceRole::Member,
            active: true,
            created_at: at(0),
        };
        Actor {
            agent,
            credential: Credential::ApiToken(ApiTokenId(token)),
            memberships: HashMap::new(),
            team_ids: Arc::from([]),
            scopes: Some(vec![scope]),
            expires_at: Some(at(100)),
            last_use: LastUse::noted(None),
            standing: watch::Sender::new(Standing::Present),
        }
    }

    fn remember(actors: &Actors, token: i64, scope: ApiScope) -> Arc<Actor> {
        actors.remember(actor(token, scope), actors.generation()).unwrap()
    }

    const READ: ApiScope = ApiScope::SessionsRead;
    const WRITE: ApiScope = ApiScope::SessionsWrite;

    #[test]
    fn an_actor_stays_the_same_for_as_long_as_the_rights_do() {
        let actors = Actors::default();
        let first = remember(&actors, 1, READ);
        assert!(Arc::ptr_eq(&first, &remember(&actors, 1, READ)));
        assert!(Arc::ptr_eq(&first, &actors.fresh(first.credential, at(0)).unwrap()));
        let changed = remember(&actors, 1, WRITE);
        assert!(!Arc::ptr_eq(&first, &changed));
        assert_eq!((*first.standing.borrow(), *changed.standing.borrow()), (Standing::Changed, Standing::Present));
        assert!(actors.fresh(first.credential, at(100)).is_none(), "the token has run out");
        assert_eq!(changed.needs(WRITE).is_ok(), changed.needs(READ).is_err());
    }

    #[test]
    fn who_is_not_found_by_a_review_has_ended_and_the_others_stay() {
        let actors = Actors::default();
        let [same, changed, gone] = [1, 2, 3].map(|token| remember(&actors, token, READ));
        let reviewed = actors.begin_review();
        assert_eq!(reviewed.1.len(), 3);
        let found = [actor(1, READ), actor(2, WRITE)].map(|actor| (actor.credential, actor));
        assert!(actors.finish_review(reviewed, HashMap::from(found)));
        let standings = [&same, &changed, &gone].map(|actor| *actor.standing.borrow());
        assert_eq!(standings, [Standing::Present, Standing::Changed, Standing::Ended]);
        assert!(actors.fresh(gone.credential, at(0)).is_none());
    }

    #[test]
    fn rights_that_were_read_before_a_review_are_not_remembered_after_it() {
        let actors = Actors::default();
        let generation = actors.generation();
        let reviewed = actors.begin_review();
        assert!(actors.finish_review(reviewed, HashMap::new()));
        assert!(actors.remember(actor(1, READ), generation).is_none());
    }

    #[test]
    fn what_was_read_before_this_process_changed_rights_is_not_taken_after_it() {
        let actors = Actors::default();
        let known = remember(&actors, 1, READ);
        let generation = actors.generation();
        let reviewed = actors.begin_review();
        actors.doubt_everybody();
        assert!(actors.fresh(known.credential, at(0)).is_none());
        assert!(actors.remember(actor(1, READ), generation).is_none());
        assert!(!actors.finish_review(reviewed, HashMap::new()));
        assert_eq!(*known.standing.borrow(), Standing::Present, "the next review tells");
    }

    #[test]
    fn what_was_read_before_an_agent_was_doubted_is_not_taken_after_it() {
        let actors = Actors::default();
        let known = remember(&actors, 1, READ);
        let generation = actors.generation();
        actors.doubt_agent(AgentId(2));
        assert!(actors.fresh(known.credential, at(0)).is_some(), "it was somebody else");
        actors.doubt_agent(known.agent.id);
        assert!(actors.fresh(known.credential, at(0)).is_none());
        assert!(actors.remember(actor(1, READ), generation).is_none());
    }

    #[test]
    fn who_is_doubted_or_has_ended_is_looked_up_again() {
        let actors = Actors::default();
        let doubted = remember(&actors, 1, READ);
        actors.doubt(doubted.credential);
        assert!(actors.fresh(doubted.credential, at(0)).is_none());
        assert_eq!(*doubted.standing.borrow(), Standing::Present);
        actors.end(doubted.credential);
        assert_eq!(*doubted.standing.borrow(), Standing::Ended);
    }

    #[test]
    fn those_whom_somebody_waits_with_are_not_dropped() {
        let actors = Actors::default();
        let waited_with = remember(&actors, 0, READ);
        for token in 1..i64::try_from(REMEMBERED).unwrap() {
            drop(remember(&actors, token, READ));
            actors.doubt(Credential::ApiToken(ApiTokenId(token)));
        }
        actors.doubt(waited_with.credential);
        assert!(actors.known().entries.len() <= 2, "{} are remembered", actors.known().entries.len());
        assert!(Arc::ptr_eq(&waited_with, &remember(&actors, 0, READ)));
    }
}
