//! How a project asks its customers what they think of the support.

use chrono::Duration;
use serde::{Deserialize, Serialize};

use crate::AgentId;
use crate::bot_text::Texts;
use crate::formatting::is_link;
use crate::vague::vague_words;

/// The longest of the times.
pub const LONGEST_TIME: Duration = Duration::days(366);
/// The longest address, in bytes.
const LONGEST_URL: usize = 2048;

/// How a project asks its customers what they think of the support.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct RatingSettings {
    /// Whether it asks at all.
    pub asks: bool,
    /// How long after a resolution.
    pub delay: Duration,
    /// How long a customer is left in peace who was asked.
    pub minimum_interval: Duration,
    /// How long an answer counts.
    pub open_for: Duration,
    /// The question, where the project has words of its own.
    pub question: Option<Texts>,
    /// What stands before the address at which to leave a review, where the project has words of its own.
    pub invitation: Option<Texts>,
    /// Where those who are satisfied are invited to leave a review; empty if they are not.
    pub review_url: Option<String>,
    /// Who looks after those who are not satisfied; empty for whomever the escalation finds.
    pub low_rating_agent_id: Option<AgentId>,
}

impl Default for RatingSettings {
    fn default() -> Self {
        Self {
            asks: true,
            delay: Duration::minutes(1),
            minimum_interval: Duration::hours(24),
            open_for: Duration::days(7),
            question: None,
            invitation: None,
            review_url: None,
            low_rating_agent_id: None,
        }
    }
}

/// Why settings cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RatingSettingsRefusal {
    /// A time is longer than a year or shorter than nothing.
    #[error("the time is not between 0 and 31,622,400 seconds: give a time of up to 366 days")]
    Time,
    /// The address cannot be opened.
    #[error(
        "the address cannot be opened: give one that begins with https:// or http://, of at most {LONGEST_URL} bytes"
    )]
    ReviewUrl,
    /// The question has a vague word.
    #[error("{0:?} says nothing definite: say what is meant instead")]
    VagueQuestion(String),
    /// The invitation has a vague word.
    #[error("{0:?} says nothing definite: say what is meant instead")]
    VagueInvitation(String),
    /// The invitation is empty.
    #[error("there is no text to invite with: give one without a language, or null for the words of the desk")]
    NoInvitation,
    /// The question is empty.
    #[error("there is no text to ask with: give one without a language, or null for the words of the desk")]
    NoQuestion,
}

impl RatingSettings {
    /// One of the times, from the number of its seconds.
    pub fn time(seconds: i64) -> Result<Duration, RatingSettingsRefusal> {
        let time = Duration::try_seconds(seconds).ok_or(RatingSettingsRefusal::Time)?;
        if is_kept(time) { Ok(time) } else { Err(RatingSettingsRefusal::Time) }
    }

    /// Checks that they can be kept, and that customers read nothing vague.
    pub fn check(self) -> Result<Self, RatingSettingsRefusal> {
        use RatingSettingsRefusal as Refusal;
        if ![self.delay, self.minimum_interval, self.open_for].into_iter().all(is_kept) {
            return Err(Refusal::Time);
        }
        let is_page = |url: &String| is_link(url) && !url.starts_with("tg:") && url.len() <= LONGEST_URL;
        if !self.review_url.as_ref().is_none_or(is_page) {
            return Err(Refusal::ReviewUrl);
        }
        if self.question.as_ref().is_some_and(Texts::is_empty) {
            return Err(Refusal::NoQuestion);
        }
        if self.invitation.as_ref().is_some_and(Texts::is_empty) {
            return Err(Refusal::NoInvitation);
        }
        if let Some(word) = vague(self.question.as_ref()) {
            return Err(Refusal::VagueQuestion(word));
        }
        vague(self.invitation.as_ref()).map_or(Ok(self), |word| Err(Refusal::VagueInvitation(word)))
    }
}

fn is_kept(time: Duration) -> bool {
    (Duration::zero()..=LONGEST_TIME).contains(&time)
}

/// The first vague word of texts.
fn vague(texts: Option<&Texts>) -> Option<String> {
    texts?.0.values().find_map(|text| vague_words(text).into_iter().next()).map(|word| word.phrase)
}

/// The settings as they are stored, with the times in seconds.
#[derive(Serialize, Deserialize)]
struct Stored {
    asks: bool,
    delay: i64,
    minimum_interval: i64,
    open_for: i64,
    question: Option<Texts>,
    invitation: Option<Texts>,
    review_url: Option<String>,
    low_rating_agent_id: Option<AgentId>,
}

impl From<RatingSettings> for Stored {
    fn from(settings: RatingSettings) -> Self {
        Self {
            asks: settings.asks,
            delay: settings.delay.num_seconds(),
            minimum_interval: settings.minimum_interval.num_seconds(),
            open_for: settings.open_for.num_seconds(),
            question: settings.question,
            invitation: settings.invitation,
            review_url: settings.review_url,
            low_rating_agent_id: settings.low_rating_agent_id,
        }
    }
}

impl TryFrom<Stored> for RatingSettings {
    type Error = RatingSettingsRefusal;

    fn try_from(stored: Stored) -> Result<Self, RatingSettingsRefusal> {
        Ok(Self {
            asks: stored.asks,
            delay: Self::time(stored.delay)?,
            minimum_interval: Self::time(stored.minimum_interval)?,
            open_for: Self::time(stored.open_for)?,
            question: stored.question,
            invitation: stored.invitation,
            review_url: stored.review_url,
            low_rating_agent_id: stored.low_rating_agent_id,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Option<Texts> {
        Some(Texts([(String::new(), text.to_owned())].into()))
    }

    #[test]
    fn times_are_between_nothing_and_a_year() {
        let settings = RatingSettings { delay: LONGEST_TIME, ..RatingSettings::default() };
        assert_eq!(settings.clone().check(), Ok(settings.clone()));
        let too_long = RatingSettings { open_for: LONGEST_TIME + Duration::microseconds(1), ..settings };
        assert_eq!(too_long.check(), Err(RatingSettingsRefusal::Time));
        for seconds in [-1, LONGEST_TIME.num_seconds() + 1, i64::MAX] {
            assert_eq!(RatingSettings::time(seconds), Err(RatingSettingsRefusal::Time));
        }
    }

    #[test]
    fn customers_read_nothing_vague_and_can_open_what_they_are_invited_to() {
        let settings = RatingSettings::default;
        let vague = RatingSettings { question: texts("How was it? We answer soon."), ..settings() };
        assert_eq!(vague.check(), Err(RatingSettingsRefusal::VagueQuestion("soon".to_owned())));
        let empty = RatingSettings { question: Some(Texts::default()), ..settings() };
        assert_eq!(empty.check(), Err(RatingSettingsRefusal::NoQuestion));
        for url in ["example.org", "javascript:alert(1)", "tg://resolve?domain=x"] {
            let settings = RatingSettings { review_url: Some(url.to_owned()), ..settings() };
            assert_eq!(settings.check(), Err(RatingSettingsRefusal::ReviewUrl), "{url}");
        }
        let own = RatingSettings {
            question: texts("How was it?"),
            invitation: texts("Tell others:"),
            review_url: Some("https://example.org/reviews".to_owned()),
            ..settings()
        };
        assert_eq!(own.clone().check(), Ok(own));
    }

    #[test]
    fn they_are_kept_as_they_are() {
        let settings = RatingSettings { low_rating_agent_id: Some(AgentId(7)), ..RatingSettings::default() };
        let stored = Stored::from(settings.clone());
        assert_eq!((stored.delay, stored.open_for), (60, 7 * 24 * 3600));
        assert_eq!(RatingSettings::try_from(stored), Ok(settings));
    }
}
