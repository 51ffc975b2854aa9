//! A walk through everything that is searched, stretch by stretch from one end or the other.

use std::cmp::{Ordering, Reverse};

use domain::filter::Page;
use domain::search::SearchKind;
use store::Reader;
use store::search::{Order, Stretch};

use super::SearchKey;
use super::matching::{Match, Search};
use super::stretches::{Cut, STRETCH};
use crate::Error;

/// How many stretches are looked at in one go at most. It is one at first and twice as many each time, since most of what
/// comes into question may be out of sight.
const STRETCHES: usize = 8;
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

impl Walk {
    /// One page of results.
    pub(super) async fn page(&self, reader: &mut Reader) -> Result<Found, Error> {
        let (mut matches, mut looked_at) = (Vec::new(), 0);
        for kind in self.kinds_on_the_way() {
            let mut step = self.first_step(reader, kind).await?;
            while let Some(cut) = step {
                let candidates = self.search.candidates(reader, kind, &cut).await?;
                looked_at += candidates.ids.len();
                let mut fitting = self.search.matches(reader, kind, &candidates).await?;
                fitting.retain(|found| self.takes_in(found));
                match self.order() {
                    Order::NewestFirst => fitting.sort_by_key(|found| Reverse((found.key.from, found.rank()))),
                    Order::OldestFirst => fitting.sort_by_key(|found| (found.key.from, found.rank())),
                }
                matches.extend(fitting);
                if matches.len() >= self.page.size {
                    matches.truncate(self.page.size - 1);
                    return Ok(self.found(matches, true, None));
                }
                let done = candidates.bounds();
                step = self.next_step(kind, done, (cut.stretches * 2).min(STRETCHES));
                if looked_at >= MOST && step.is_some() {
                    let boundary = match self.order() {
                        Order::NewestFirst => done.from,
                        Order::OldestFirst => done.below,
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
    async fn first_step(&self, reader: &mut Reader, kind: SearchKind) -> Result<Option<Cut>, Error> {
        let start = if self.page.from_end { self.page.before } else { self.page.after };
        let everything = Stretch { from: 0, below: i64::MAX };
        Ok(match (start.filter(|start| start.kind == kind), self.order()) {
            (Some(key), order) if key.place.is_some() => {
                Some(Cut { within: key.stretch(), order, first: MOST, stretches: 1 })
            }
            (Some(key), Order::NewestFirst) => self.step(kind, Stretch { below: key.from, ..everything }, 1),
            (Some(key), Order::OldestFirst) => self.step(kind, Stretch { from: key.from, ..everything }, 1),
            (None, Order::NewestFirst) => self.step(kind, everything, 1),
            (None, order @ Order::OldestFirst) => {
                let rest = self.search.candidate_count(reader, kind).await? % STRETCH;
                let first = if rest == 0 { STRETCH } else { rest };
                Some(Cut { within: everything, order, first, stretches: 1 })
            }
        })
    }

    fn next_step(&self, kind: SearchKind, done: Stretch, stretches: usize) -> Option<Cut> {
        match self.order() {
            Order::NewestFirst => self.step(kind, Stretch { from: 0, below: done.from }, stretches),
            Order::OldestFirst => self.step(kind, Stretch { from: done.below, below: i64::MAX }, stretches),
        }
    }

    /// The step into what is within these bounds, unless there is nothing or only what is beyond the end of the walk.
    fn step(&self, kind: SearchKind, within: Stretch, stretches: usize) -> Option<Cut> {
        let Page { after, before, .. } = &self.page;
        let order = self.order();
        let is_beyond = match order {
            Order::NewestFirst => before.is_some_and(|end| end.kind == kind && within.below <= end.from),
            Order::OldestFirst => after.is_some_and(|end| end.kind == kind && within.from >= end.below),
        };
        (within.from < within.below && !is_beyond).then_some(Cut { within, order, first: STRETCH, stretches })
    }

    fn takes_in(&self, found: &Match) -> bool {
        let Page { after, before, .. } = &self.page;
        let is = |key: &SearchKey, place: Ordering| key.compare(found.key.kind, found.at(), found.rank()) == place;
        after.is_none_or(|after| is(&after, Ordering::Greater))
            && before.is_none_or(|before| is(&before, Ordering::Less))
    }
}
