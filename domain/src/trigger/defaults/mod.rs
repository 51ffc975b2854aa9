//! The triggers and the lists of words that the desk has ready for a project.

mod complaint;
mod manager_request;
mod sensitive;
mod strong_language;
mod threat;

use chrono::TimeDelta;

use super::{Action, Condition, Level};
use crate::escalation::EscalationReason;
use crate::{Priority, TagId, WordListId, named_enum};

named_enum! {
    /// The lists of words that a project can take over, each in English, German, Russian, Chinese and Spanish.
    pub enum DefaultList {
        /// Asking for somebody with more authority.
        ManagerRequest = "MANAGER_REQUEST",
        /// Complaining about the service.
        Complaint = "COMPLAINT",
        /// Money back, bans, leaks, fraud.
        Sensitive = "SENSITIVE",
        /// Swear words and insults.
        StrongLanguage = "STRONG_LANGUAGE",
        /// Announcing consequences: a formal complaint, a lawyer, the police, bad publicity, violence.
        Threat = "THREAT",
    }
}

impl DefaultList {
    /// What the list is called at first.
    pub const fn list_name(self) -> &'static str {
        match self {
            Self::ManagerRequest => "Asking for a manager",
            Self::Complaint => "Complaints",
            Self::Sensitive => "Sensitive matters",
            Self::StrongLanguage => "Strong language",
            Self::Threat => "Threats",
        }
    }

    /// The phrases of the list, in the form that [`crate::words::Phrase::parse`] reads.
    pub fn phrases(self) -> impl Iterator<Item = &'static str> {
        let languages: &'static [&'static [&'static str]] = match self {
            Self::ManagerRequest => manager_request::LANGUAGES,
            Self::Complaint => complaint::LANGUAGES,
            Self::Sensitive => sensitive::LANGUAGES,
            Self::StrongLanguage => strong_language::LANGUAGES,
            Self::Threat => threat::LANGUAGES,
        };
        languages.iter().copied().flatten().copied()
    }
}

named_enum! {
    /// The triggers that a project can take over.
    pub enum DefaultTrigger {
        /// Somebody complains.
        Complaint = "COMPLAINT",
        /// Somebody speaks of something that needs care.
        Sensitive = "SENSITIVE",
        /// Somebody complains again and again.
        ComplaintsInARow = "COMPLAINTS_IN_A_ROW",
        /// Somebody insults or threatens.
        Abuse = "ABUSE",
        /// An issue is not resolved.
        Unresolved = "UNRESOLVED",
        /// Somebody gives few stars.
        LowRating = "LOW_RATING",
    }
}

impl DefaultTrigger {
    /// What the trigger is called at first.
    pub const fn trigger_name(self) -> &'static str {
        match self {
            Self::Complaint => "A complaint",
            Self::Sensitive => "A sensitive matter",
            Self::ComplaintsInARow => "Complaints in a row",
            Self::Abuse => "Insults and threats",
            Self::Unresolved => "Unresolved for long",
            Self::LowRating => "A low rating",
        }
    }

    /// Why the trigger escalates at first; empty for what its condition comes to, and for those that leave it to people.
    pub const fn reason(self) -> Option<EscalationReason> {
        match self {
            Self::ComplaintsInARow => Some(EscalationReason::CustomerRequest),
            Self::Abuse => Some(EscalationReason::IntenseEmotion),
            Self::Complaint | Self::Sensitive | Self::Unresolved | Self::LowRating => None,
        }
    }
}

/// The tags that these triggers give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PresetTags {
    /// “Complaint”.
    pub complaint: TagId,
    /// “Sensitive”.
    pub sensitive: TagId,
}

/// After how long an unresolved issue is one for the second line (article “From the first line to the second line”,
/// step 1).
pub const UNRESOLVED_AFTER: TimeDelta = TimeDelta::minutes(15);
/// How many complaining messages in a row escalate (same article and step).
pub const COMPLAINTS_IN_A_ROW: u32 = 3;
/// The most stars that open a second escalation (same article, step 5).
pub const LOW_RATING_STARS: u8 = 3;

/// What the triggers are made of, in order.
///
/// Where an article says that the customer is escalated, the trigger does so: three complaints in a row, strong
/// language, threats, a low rating. Where it speaks of helping the first line to decide, the trigger suggests: sensitive
/// words and 15 minutes, since “too low escalation threshold” is the first of its mistakes.
pub fn triggers(
    tags: PresetTags,
    list: impl Fn(DefaultList) -> WordListId,
) -> impl Iterator<Item = (DefaultTrigger, Condition, Vec<Action>)> {
    use DefaultTrigger as Named;
    let upset = vec![list(DefaultList::ManagerRequest), list(DefaultList::Complaint)];
    [
        (Named::Complaint, Condition::Words(vec![list(DefaultList::Complaint)]), vec![Action::Tag(tags.complaint)]),
        (
            Named::Sensitive,
            Condition::Words(vec![list(DefaultList::Sensitive)]),
            vec![Action::Tag(tags.sensitive), Action::Suggest(Level::Second)],
        ),
        (
            Named::ComplaintsInARow,
            Condition::InARow { lists: upset, messages: COMPLAINTS_IN_A_ROW },
            vec![Action::Tag(tags.complaint), Action::RaisePriority(Priority::High), Action::Escalate(Level::Second)],
        ),
        (
            Named::Abuse,
            Condition::Words(vec![list(DefaultList::StrongLanguage), list(DefaultList::Threat)]),
            vec![Action::Tag(tags.complaint), Action::RaisePriority(Priority::High), Action::Escalate(Level::Second)],
        ),
        (Named::Unresolved, Condition::Unresolved { after: UNRESOLVED_AFTER }, vec![Action::Suggest(Level::Second)]),
        (Named::LowRating, Condition::LowRating { stars: LOW_RATING_STARS }, vec![Action::Escalate(Level::Second)]),
    ]
    .into_iter()
}
