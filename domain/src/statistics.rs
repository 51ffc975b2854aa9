//! Numbers about the work of a project: how soon customers were answered, how long it took, which promises were kept, and
//! what customers think of it. Each is of whoever did it and of the team for which they did, as it was then, whatever becomes
//! of the session later.

use std::collections::BTreeMap;

use chrono::Duration;

use crate::rating::{HIGHEST, Score};
use crate::sla::Metric;
use crate::{AgentId, TeamId};

/// The most sessions that a range may have of which numbers are asked for.
pub const MOST_SESSIONS: i64 = 500_000;

/// How times are spread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spread {
    /// How many there are.
    pub count: i64,
    /// The time within which half of them are.
    pub median: Option<Duration>,
    /// The time within which nine of ten are.
    pub p90: Option<Duration>,
}

impl Spread {
    /// The spread of times, each with how often there is one. Each percentile is one of them: the smallest within which so
    /// many are (nearest rank).
    pub fn of(mut times: Vec<(Duration, i64)>) -> Self {
        times.sort_unstable();
        let count = times.iter().map(|(_, many)| many).sum();
        Self { count, median: percentile(&times, count, 50), p90: percentile(&times, count, 90) }
    }
}

/// The smallest of these times, in ascending order, within which so many of a hundred are.
fn percentile(sorted: &[(Duration, i64)], count: i64, hundredths: i64) -> Option<Duration> {
    let mut within = 0;
    let reached = |(time, many): &(Duration, i64)| {
        within += many;
        (within * 100 >= count * hundredths).then_some(*time)
    };
    sorted.iter().find_map(reached)
}

/// What customers think.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RatingFigures {
    /// How many gave one star, two and so on.
    pub distribution: [i64; 5],
}

impl RatingFigures {
    /// So many gave a score.
    pub fn add(&mut self, score: Score, count: i64) {
        let places = self.distribution.iter_mut().zip(1..=HIGHEST);
        for (place, _) in places.filter(|(_, stars)| *stars == score.stars()) {
            *place += count;
        }
    }

    /// How many gave stars.
    pub fn count(&self) -> i64 {
        self.distribution.iter().sum()
    }

    /// How many stars they gave on average; nothing if nobody gave any.
    pub fn mean(&self) -> Option<f64> {
        let stars: i64 = self.distribution.iter().zip(1..=HIGHEST).map(|(count, stars)| count * stars).sum();
        let (stars, count) = (u32::try_from(stars).ok()?, u32::try_from(self.count()).ok()?);
        (count > 0).then(|| f64::from(stars) / f64::from(count))
    }
}

impl std::ops::AddAssign for RatingFigures {
    fn add_assign(&mut self, other: Self) {
        for (place, count) in self.distribution.iter_mut().zip(other.distribution) {
            *place += count;
        }
    }
}

/// How many promises were kept. One that is late is missed from then on, whether or not anybody does it later; what was
/// given up in time counts for neither.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compliance {
    /// How many in time.
    pub met: i64,
    /// How many were late.
    pub missed: i64,
}

impl Compliance {
    /// The part that was kept, from 0 to 1; nothing if there was none to keep.
    pub fn rate(self) -> Option<f64> {
        let promised = self.met + self.missed;
        (promised > 0).then(|| self.met as f64 / promised as f64)
    }
}

impl std::ops::AddAssign for Compliance {
    fn add_assign(&mut self, other: Self) {
        self.met += other.met;
        self.missed += other.missed;
    }
}

/// The numbers of everybody, of an agent or of a team.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// From the customer's first message to the first one that somebody answered with.
    pub first_response: Spread,
    /// From the customer's first message to the resolution or, without one, the end of the session.
    pub handling: Spread,
    /// What customers think.
    pub ratings: RatingFigures,
    /// How often something was escalated.
    pub escalations: i64,
    /// Which promises were kept.
    pub compliance: BTreeMap<Metric, Compliance>,
}

/// Whose a number is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Whose {
    /// Who did it; nobody for the desk itself, and where nobody had it.
    pub agent_id: Option<AgentId>,
    /// The team for which they did, if it was for one.
    pub team_id: Option<TeamId>,
}

/// What numbers are made of.
#[derive(Debug, Clone, Default)]
pub struct Counted {
    /// Times until the first answer, each with how often there was one.
    pub first_response: Vec<(Duration, i64)>,
    /// Times until the end, each with how often there was one.
    pub handling: Vec<(Duration, i64)>,
    /// What customers think.
    pub ratings: RatingFigures,
    /// How often something was escalated.
    pub escalations: i64,
    /// Which promises were kept.
    pub compliance: BTreeMap<Metric, Compliance>,
}

impl From<Counted> for Figures {
    fn from(counted: Counted) -> Self {
        Self {
            first_response: Spread::of(counted.first_response),
            handling: Spread::of(counted.handling),
            ratings: counted.ratings,
            escalations: counted.escalations,
            compliance: counted.compliance,
        }
    }
}

/// What is counted for everybody, for each agent and for each team.
#[derive(Debug, Clone, Default)]
pub struct Collected {
    all: Counted,
    agents: BTreeMap<AgentId, Counted>,
    teams: BTreeMap<TeamId, Counted>,
}

impl Collected {
    /// Counts something for everybody, and for whose it is.
    pub fn count(&mut self, whose: Whose, add: impl Fn(&mut Counted)) {
        add(&mut self.all);
        if let Some(agent) = whose.agent_id {
            add(self.agents.entry(agent).or_default());
        }
        if let Some(team) = whose.team_id {
            add(self.teams.entry(team).or_default());
        }
    }

    /// The numbers of everybody, of each agent and of each team.
    pub fn figures(self) -> (Figures, BTreeMap<AgentId, Figures>, BTreeMap<TeamId, Figures>) {
        let agents = self.agents.into_iter().map(|(id, counted)| (id, counted.into())).collect();
        let teams = self.teams.into_iter().map(|(id, counted)| (id, counted.into())).collect();
        (self.all.into(), agents, teams)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn once(minutes: &[i64]) -> Vec<(Duration, i64)> {
        minutes.iter().map(|minutes| (Duration::minutes(*minutes), 1)).collect()
    }

    #[test]
    fn percentiles_are_times_that_there_were() {
        assert_eq!(Spread::of(Vec::new()), Spread { count: 0, median: None, p90: None });
        let one = Spread::of(once(&[7]));
        assert_eq!((one.median, one.p90), (Some(Duration::minutes(7)), Some(Duration::minutes(7))));
        let ten = Spread::of(once(&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]));
        assert_eq!((ten.median, ten.p90), (Some(Duration::minutes(5)), Some(Duration::minutes(9))));
        let two = Spread::of(once(&[1, 100]));
        assert_eq!((two.median, two.p90), (Some(Duration::minutes(1)), Some(Duration::minutes(100))));
    }

    #[test]
    fn stars_are_counted_and_averaged() {
        let mut ratings = RatingFigures::default();
        assert_eq!((ratings.count(), ratings.mean()), (0, None));
        for (stars, count) in [(5, 3), (1, 1), (5, 1)] {
            ratings.add(Score::try_from(stars).unwrap(), count);
        }
        assert_eq!((ratings.distribution, ratings.count()), ([1, 0, 0, 0, 4], 5));
        assert!(ratings.mean().is_some_and(|mean| (mean - 4.2).abs() < 1e-9));
        let again = ratings;
        ratings += again;
        assert_eq!(ratings.distribution, [2, 0, 0, 0, 8]);
    }

    #[test]
    fn what_was_given_up_is_in_no_rate() {
        assert_eq!(Compliance::default().rate(), None);
        let mut compliance = Compliance { met: 3, missed: 0 };
        assert_eq!(compliance.rate(), Some(1.0));
        compliance += Compliance { met: 0, missed: 1 };
        assert_eq!(compliance.rate(), Some(0.75));
    }

    #[test]
    fn each_number_is_of_everybody_and_of_whose_it_is() {
        let (ann, bob, first, second) = (AgentId(7), AgentId(8), TeamId(1), TeamId(2));
        let mut collected = Collected::default();
        let whose = |agent: Option<AgentId>, team: Option<TeamId>| Whose { agent_id: agent, team_id: team };
        let minutes = |minutes| (Duration::minutes(minutes), 1);
        collected.count(whose(Some(ann), Some(first)), |counted| counted.first_response.push(minutes(3)));
        collected.count(whose(None, Some(first)), |counted| counted.first_response.push(minutes(5)));
        collected.count(whose(Some(bob), Some(second)), |counted| counted.handling.push(minutes(30)));
        collected.count(whose(None, None), |counted| counted.escalations += 1);
        let (all, agents, teams) = collected.figures();
        assert_eq!((all.first_response.count, all.handling.count, all.escalations), (2, 1, 1));
        assert_eq!(agents.keys().copied().collect::<Vec<_>>(), [ann, bob]);
        assert_eq!(agents[&ann].first_response.median, Some(Duration::minutes(3)));
        assert_eq!((agents[&ann].handling.count, agents[&bob].first_response.count), (0, 0));
        assert_eq!((teams[&first].first_response.count, teams[&first].handling.count), (2, 0));
        assert_eq!(teams[&second].handling.median, Some(Duration::minutes(30)));
    }

    proptest! {
        #[test]
        fn a_percentile_parts_the_times(times in proptest::collection::vec((0..100_000_i64, 1..5_i64), 1..200)) {
            let times: Vec<(Duration, i64)> = times.into_iter().map(|(time, many)| (Duration::seconds(time), many)).collect();
            let spread = Spread::of(times.clone());
            let those = |are: &dyn Fn(Duration) -> bool| -> i64 {
                times.iter().filter(|(time, _)| are(*time)).map(|(_, many)| many).sum()
            };
            prop_assert_eq!(spread.count, those(&|_| true));
            for (percentile, hundredths) in [(spread.median, 50), (spread.p90, 90)] {
                let percentile = percentile.unwrap();
                prop_assert!(those(&|time| time <= percentile) * 100 >= spread.count * hundredths);
                prop_assert!(those(&|time| time < percentile) * 100 < spread.count * hundredths);
            }
            prop_assert!(spread.median <= spread.p90);
        }
    }
}
