//! Numbers about the work of a project: how soon customers were answered, how long it took, and what they think of it.

use std::collections::BTreeMap;

use chrono::Duration;

use crate::rating::{HIGHEST, Score};
use crate::{AgentId, TeamId, Time};

/// The longest range that numbers are asked for.
pub const LONGEST_RANGE: Duration = Duration::days(366);

/// How times are spread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spread {
    /// How many there are.
    pub count: usize,
    /// The time within which half of them are.
    pub median: Option<Duration>,
    /// The time within which nine of ten are.
    pub p90: Option<Duration>,
}

impl Spread {
    /// The spread of times. Each percentile is one of them: the smallest within which so many are (nearest rank).
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self { count: times.len(), median: percentile(&times, 50), p90: percentile(&times, 90) }
    }
}

/// The smallest of these times, in ascending order, within which so many of a hundred are.
fn percentile(sorted: &[Duration], hundredths: usize) -> Option<Duration> {
    let rank = (sorted.len() * hundredths).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
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

/// The numbers of everybody, of an agent or of a team.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// From the customer's first message to the first one of an agent.
    pub first_response: Spread,
    /// From the customer's first message to the resolution or, without one, the end of the session.
    pub handling: Spread,
    /// What customers think.
    pub ratings: RatingFigures,
    /// How often something was escalated.
    pub escalations: i64,
}

/// What a session adds to the numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionTimes {
    /// When it started.
    pub started_at: Time,
    /// The team that it is for.
    pub team_id: Option<TeamId>,
    /// Who first answered, and when.
    pub answered: Option<(AgentId, Time)>,
    /// Who had it in the end, and when that was.
    pub ended: Option<(Option<AgentId>, Time)>,
}

/// Times that are being collected.
#[derive(Debug, Clone, Default)]
struct Times {
    first_response: Vec<Duration>,
    handling: Vec<Duration>,
}

/// The times of sessions, as they are collected for everybody, each agent and each team.
#[derive(Debug, Clone, Default)]
pub struct Collected {
    all: Times,
    agents: BTreeMap<AgentId, Times>,
    teams: BTreeMap<TeamId, Times>,
}

impl Collected {
    /// Adds a session, or of it what an agent did if the numbers are those of one.
    pub fn add(&mut self, session: &SessionTimes, of_agent: Option<AgentId>) {
        let is_asked_for = |agent: Option<AgentId>| of_agent.is_none() || agent == of_agent;
        if let Some((agent, at)) = session.answered.filter(|(agent, _)| is_asked_for(Some(*agent))) {
            let time = at - session.started_at;
            self.all.first_response.push(time);
            self.agents.entry(agent).or_default().first_response.push(time);
            if let Some(team) = session.team_id {
                self.teams.entry(team).or_default().first_response.push(time);
            }
        }
        if let Some((agent, at)) = session.ended.filter(|(agent, _)| is_asked_for(*agent)) {
            let time = at - session.started_at;
            self.all.handling.push(time);
            if let Some(agent) = agent {
                self.agents.entry(agent).or_default().handling.push(time);
            }
            if let Some(team) = session.team_id {
                self.teams.entry(team).or_default().handling.push(time);
            }
        }
    }

    /// The numbers of everybody, of each agent and of each team.
    pub fn figures(self) -> (Figures, BTreeMap<AgentId, Figures>, BTreeMap<TeamId, Figures>) {
        let agents = self.agents.into_iter().map(|(id, times)| (id, times.figures())).collect();
        let teams = self.teams.into_iter().map(|(id, times)| (id, times.figures())).collect();
        (self.all.figures(), agents, teams)
    }
}

impl Times {
    fn figures(self) -> Figures {
        let (first_response, handling) = (Spread::of(self.first_response), Spread::of(self.handling));
        Figures { first_response, handling, ..Figures::default() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::session::tests::noon;

    fn minutes(minutes: &[i64]) -> Vec<Duration> {
        minutes.iter().copied().map(Duration::minutes).collect()
    }

    #[test]
    fn percentiles_are_times_that_there_were() {
        assert_eq!(Spread::of(Vec::new()), Spread { count: 0, median: None, p90: None });
        let one = Spread::of(minutes(&[7]));
        assert_eq!((one.median, one.p90), (Some(Duration::minutes(7)), Some(Duration::minutes(7))));
        let ten = Spread::of(minutes(&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]));
        assert_eq!((ten.median, ten.p90), (Some(Duration::minutes(5)), Some(Duration::minutes(9))));
        let two = Spread::of(minutes(&[1, 100]));
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
    }

    #[test]
    fn who_answered_first_and_who_had_it_in_the_end_have_their_own_times() {
        let (ann, bob) = (AgentId(7), AgentId(8));
        let session = SessionTimes {
            started_at: noon(),
            team_id: Some(TeamId(1)),
            answered: Some((ann, noon() + Duration::minutes(3))),
            ended: Some((Some(bob), noon() + Duration::minutes(30))),
        };
        let mut collected = Collected::default();
        collected.add(&session, None);
        let (all, agents, teams) = collected.figures();
        assert_eq!((all.first_response.count, all.handling.count), (1, 1));
        assert_eq!(agents[&ann].first_response.median, Some(Duration::minutes(3)));
        assert_eq!((agents[&ann].handling.count, agents[&bob].first_response.count), (0, 0));
        assert_eq!(agents[&bob].handling.median, Some(Duration::minutes(30)));
        assert_eq!((teams[&TeamId(1)].first_response.count, teams[&TeamId(1)].handling.count), (1, 1));
        let mut of_bob = Collected::default();
        of_bob.add(&session, Some(bob));
        assert_eq!(of_bob.figures().0.first_response.count, 0);
    }

    proptest! {
        #[test]
        fn a_percentile_parts_the_times(seconds in proptest::collection::vec(0..100_000_i64, 1..200)) {
            let times: Vec<Duration> = seconds.iter().copied().map(Duration::seconds).collect();
            let spread = Spread::of(times.clone());
            for (percentile, hundredths) in [(spread.median, 50), (spread.p90, 90)] {
                let percentile = percentile.unwrap();
                let within = times.iter().filter(|time| **time <= percentile).count();
                let below = times.iter().filter(|time| **time < percentile).count();
                prop_assert!(within * 100 >= times.len() * hundredths);
                prop_assert!(below * 100 < times.len() * hundredths);
            }
            prop_assert!(spread.median <= spread.p90);
        }
    }
}
