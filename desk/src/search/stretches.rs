//! How what comes into question is parted into stretches.

use std::iter::{once, repeat};

use store::search::{Order, Stretch};

/// How many texts are ranked among each other.
pub(super) const STRETCH: usize = 500;

/// Where to find some stretches: from one end of what is within these bounds on.
pub(super) struct Cut {
    pub(super) within: Stretch,
    pub(super) order: Order,
    /// How many texts are in the first one; the others have [`STRETCH`].
    pub(super) first: usize,
    /// How many stretches there are at most.
    pub(super) stretches: usize,
}

/// What comes into question in some stretches.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Candidates {
    pub(super) ids: Vec<i64>,
    /// At least one, in the order of the walk; each begins where the one before it ends.
    pub(super) stretches: Vec<Stretch>,
}

impl Cut {
    /// How many identifiers it takes: the one after the last stretch shows where that ends.
    pub(super) fn limit(&self) -> i64 {
        let others = self.stretches.saturating_sub(1).saturating_mul(STRETCH);
        i64::try_from(self.first.saturating_add(others)).unwrap_or(i64::MAX).saturating_add(1)
    }

    /// The stretches that the first identifiers make, of which there are as many as [`limit`](Self::limit) says or fewer.
    pub(super) fn stretches(&self, mut ids: Vec<i64>) -> Candidates {
        let mut stretches = Vec::with_capacity(self.stretches);
        let (mut left, mut end) = (self.within, 0);
        for size in once(self.first).chain(repeat(STRETCH)).take(self.stretches) {
            end += size;
            let (Some(last), Some(next)) = (ids.get(end.saturating_sub(1)), ids.get(end)) else {
                stretches.push(left);
                break;
            };
            let stretch = match self.order {
                Order::NewestFirst => Stretch { from: *last, ..left },
                Order::OldestFirst => Stretch { below: *next, ..left },
            };
            stretches.push(stretch);
            match self.order {
                Order::NewestFirst => left.below = stretch.from,
                Order::OldestFirst => left.from = stretch.below,
            }
        }
        ids.truncate(end);
        Candidates { ids, stretches }
    }
}

impl Candidates {
    /// From where to where the stretches go together.
    pub(super) fn bounds(&self) -> Stretch {
        let from = self.stretches.iter().map(|stretch| stretch.from).min();
        let below = self.stretches.iter().map(|stretch| stretch.below).max();
        Stretch { from: from.unwrap_or_default(), below: below.unwrap_or_default() }
    }

    /// The stretch in which an identifier is.
    pub(super) fn stretch_of(&self, id: i64) -> Option<Stretch> {
        self.stretches.iter().copied().find(|stretch| (stretch.from..stretch.below).contains(&id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERYTHING: Stretch = Stretch { from: 0, below: i64::MAX };

    fn walk(ids: &[i64], order: Order, first: usize, steps: &[usize]) -> Vec<Stretch> {
        let mut left = EVERYTHING;
        let mut found = Vec::new();
        for (place, stretches) in steps.iter().enumerate() {
            let first = if place == 0 { first } else { STRETCH };
            let cut = Cut { within: left, order, first, stretches: *stretches };
            let limit = usize::try_from(cut.limit()).unwrap();
            let mut within: Vec<i64> = ids.iter().copied().filter(|id| (left.from..left.below).contains(id)).collect();
            if order == Order::NewestFirst {
                within.reverse();
            }
            within.truncate(limit);
            let candidates = cut.stretches(within);
            let done = candidates.bounds();
            match order {
                Order::NewestFirst => left.below = done.from,
                Order::OldestFirst => left.from = done.below,
            }
            found.extend(candidates.stretches);
            if left.from >= left.below {
                break;
            }
        }
        found
    }

    #[test]
    fn stretches_are_the_same_however_many_are_cut_at_once_and_from_either_end() {
        let ids: Vec<i64> = (0..2_750).map(|number| 10 + number * 3).collect();
        let one_by_one = walk(&ids, Order::NewestFirst, STRETCH, &[1; 9]);
        assert_eq!(one_by_one.len(), 6);
        assert_eq!(one_by_one[0], Stretch { from: ids[2_250], below: i64::MAX });
        assert_eq!(one_by_one[5].from, 0);
        assert_eq!(walk(&ids, Order::NewestFirst, STRETCH, &[1, 2, 4]), one_by_one);

        let mut from_the_end = walk(&ids, Order::OldestFirst, 250, &[1, 2, 4]);
        from_the_end.reverse();
        let texts = |stretch: &Stretch| ids.iter().filter(|id| (stretch.from..stretch.below).contains(id)).count();
        assert_eq!(
            from_the_end.iter().map(texts).collect::<Vec<_>>(),
            one_by_one.iter().map(texts).collect::<Vec<_>>()
        );
    }

    #[test]
    fn what_is_within_bounds_is_one_stretch_if_nothing_comes_into_question() {
        let cut = Cut { within: EVERYTHING, order: Order::NewestFirst, first: STRETCH, stretches: 4 };
        assert_eq!(cut.limit(), 2_001);
        assert_eq!(cut.stretches(Vec::new()), Candidates { ids: Vec::new(), stretches: vec![EVERYTHING] });
    }
}
