//! A walk through everything that is searched, stretch by stretch from one end or the other.

use std::cmp::{Ordering, Reverse};

use domain::Sight;
use domain::filter::Page;
use domain::search::SearchKind;
use store::Reader;
use store::search::{Order, Stretch};

use super::SearchKey;
use super::matching::{Match, Search};
use crate::Error;

/// How many texts are compared with the query at a time.
const STRETCH: usize = 500;
/// The same where most of what comes into question may be out of sight, which is found out before.
const STRETCH_OF_AGENT: usize = 4_000;
/// The most that is looked at for one page. What is behind that is on the next one.
const MOST: usize = 20_000;

pub(super) struct Walk {
    pub(super) search: Search,
    /// What is wanted, in the order of the results.
    pub(super) kinds: Vec<SearchKind>,
    pub(super) page: Page<SearchKey>,
}

/// What a walk came past.
pub(super) struct Found {
    /// The results, in their order.
    pub(super) matches: Vec<Match>,
    /// Whether there is more in the direction of the walk.
    pub(super) more: bool,
    /// Where the walk ended because too much had to be looked at.
    pub(super) halt: Option<SearchKey>,
}

/// A part of the walk.
struct Step {
    stretch: Stretch,
    limit: usize,
}

impl Walk {
    /// One page of results.
    pub(super) async fn page(&self, reader: &mut Reader) -> Result<Found, Error> {
        let (mut matches, mut looked_at) = (Vec::new(), 0);
        for kind in self.kinds_on_the_way() {
            let mut step = self.first_step(reader, kind).await?;
            while let Some(Step { stretch, limit }) = step {
                let candidates = self.search.candidates(reader, kind, stretch, self.order(), limit).await?;
                looked_at += candidates.ids.len();
                let mut fitting = self.search.matches(reader, kind, &candidates).await?;
                fitting.retain(|found| self.takes_in(found));
                match self.order() {
                    Order::NewestFirst => fitting.sort_by_key(|found| Reverse(found.rank())),
                    Order::OldestFirst => fitting.sort_by_key(Match::rank),
                }
                matches.extend(fitting);
                if matches.len() >= self.page.size {
                    matches.truncate(self.page.size - 1);
                    return Ok(self.found(matches, true, None));
                }
                step = self.next_step(kind, candidates.stretch);
                if looked_at >= MOST && step.is_some() {
                    let boundary = match self.order() {
                        Order::NewestFirst => candidates.stretch.from,
                        Order::OldestFirst => candidates.stretch.below,
                    };
                    return Ok(self.found(matches, true, Some(SearchKey::between(kind, boundary))));
                }
            }
        }
        Ok(self.found(matches, false, None))
    }

    fn found(&self, mut matches: Vec<Match>, more: bool, halt: Option<SearchKey>) -> Found {
        if self.page.from_end {
            matches.reverse();
        }
        Found { matches, more, halt }
    }

    fn order(&self) -> Order {
        if self.page.from_end { Order::OldestFirst } else { Order::NewestFirst }
    }

    fn kinds_on_the_way(&self) -> Vec<SearchKind> {
        let Page { after, before, .. } = &self.page;
        let is_on_the_way = |kind: &SearchKind| {
            after.is_none_or(|after| *kind >= after.kind) && before.is_none_or(|before| *kind <= before.kind)
        };
        let mut kinds: Vec<SearchKind> = self.kinds.iter().copied().filter(is_on_the_way).collect();
        if self.page.from_end {
            kinds.reverse();
        }
        kinds
    }

    /// Where the walk through a kind begins: amid the stretch or after the stretches that the cursor names, or at the
    /// end, where the stretches are those of a walk from the other end.
    async fn first_step(&self, reader: &mut Reader, kind: SearchKind) -> Result<Option<Step>, Error> {
        let start = if self.page.from_end { self.page.before } else { self.page.after };
        let everything = Stretch { from: 0, below: i64::MAX };
        Ok(match (start.filter(|start| start.kind == kind), self.order()) {
            (Some(key), _) if key.place.is_some() => Some(Step { stretch: key.stretch(), limit: MOST }),
            (Some(key), Order::NewestFirst) => self.step(kind, Stretch { below: key.from, ..everything }),
            (Some(key), Order::OldestFirst) => self.step(kind, Stretch { from: key.from, ..everything }),
            (None, Order::NewestFirst) => self.step(kind, everything),
            (None, Order::OldestFirst) => {
                let rest = self.search.candidate_count(reader, kind).await? % self.stretch();
                let limit = if rest == 0 { self.stretch() } else { rest };
                Some(Step { stretch: everything, limit })
            }
        })
    }

    fn next_step(&self, kind: SearchKind, done: Stretch) -> Option<Step> {
        match self.order() {
            Order::NewestFirst => self.step(kind, Stretch { from: 0, below: done.from }),
            Order::OldestFirst => self.step(kind, Stretch { from: done.below, below: i64::MAX }),
        }
    }

    /// The step into a stretch, unless there is nothing in it or only what is beyond the end of the walk.
    fn step(&self, kind: SearchKind, stretch: Stretch) -> Option<Step> {
        let Page { after, before, .. } = &self.page;
        let is_beyond = match self.order() {
            Order::NewestFirst => before.is_some_and(|end| end.kind == kind && stretch.below <= end.from),
            Order::OldestFirst => after.is_some_and(|end| end.kind == kind && stretch.from >= end.below),
        };
        (stretch.from < stretch.below && !is_beyond).then(|| Step { stretch, limit: self.stretch() })
    }

    fn stretch(&self) -> usize {
        match self.search.sight {
            Sight::Everything => STRETCH,
            Sight::Own { .. } => STRETCH_OF_AGENT,
        }
    }

    fn takes_in(&self, found: &Match) -> bool {
        let Page { after, before, .. } = &self.page;
        let is = |key: &SearchKey, place: Ordering| key.compare(found.key.kind, found.rank()) == place;
        after.is_none_or(|after| is(&after, Ordering::Greater))
            && before.is_none_or(|before| is(&before, Ordering::Less))
    }
}
