//! Which sessions a list shows, and in which order.

use serde::{Deserialize, Serialize};

use crate::session::Awaited;
use crate::wire_name::names;
use crate::{AgentId, CustomerId, DiversionLinkId, Priority, Session, Sight, Status, TagId, TeamId, Time};

/// A condition on sessions. The leaves are typed comparisons; the branches combine them. Saved views keep it as JSON, so
/// that a name, once given, stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionFilter {
    /// Every one of these holds. Nothing to hold is always true.
    All(Vec<SessionFilter>),
    /// At least one of these holds. Nothing to hold is never true.
    Any(Vec<SessionFilter>),
    /// This does not hold.
    Not(Box<SessionFilter>),
    /// The status is one of these.
    Status(#[serde(with = "names")] Vec<Status>),
    /// The priority is one of these.
    Priority(#[serde(with = "names")] Vec<Priority>),
    /// The assigned agent is one of these.
    Assignee(Vec<AgentId>),
    /// Whether an agent is assigned at all.
    Assigned(bool),
    /// One of these agents has joined it.
    Participant(Vec<AgentId>),
    /// The team that it is for is one of these.
    Team(Vec<TeamId>),
    /// Whether it is for a team at all.
    HasTeam(bool),
    /// The diversion link by which the customer came is one of these.
    Link(Vec<DiversionLinkId>),
    /// Whether the customer came by a diversion link at all.
    HasLink(bool),
    /// It has one of these tags.
    Tag(Vec<TagId>),
    /// It waits for one of these.
    Awaited(#[serde(with = "names")] Vec<Awaited>),
    /// Whether it waits for the desk to find an agent.
    Queued(bool),
    /// Whether it is resolved.
    Resolved(bool),
    /// Whether the customer has written something that whoever asks has not seen.
    Unread(bool),
    /// The same for an agent. No caller can ask for it; the desk puts it in the place of the former.
    #[serde(skip)]
    UnreadFor(AgentId, bool),
    /// The customer is one of these.
    Customer(Vec<CustomerId>),
    /// The number is one of these.
    Number(Vec<i64>),
    /// The session goes on for somebody who sees this far. No caller can ask for it; the desk adds it to every list.
    #[serde(skip)]
    VisibleTo(Sight),
    /// The newest message was taken in at this time or later.
    LastMessageSince(Time),
    /// The newest message was taken in before this time.
    LastMessageBefore(Time),
    /// The session started at this time or later.
    CreatedSince(Time),
    /// The session started before this time.
    CreatedBefore(Time),
}

/// The longest chain of conditions within conditions.
pub const FILTER_DEPTH: usize = 5;
/// The most conditions in one filter, branches included.
pub const FILTER_CONDITIONS: usize = 50;
/// The most values in one condition.
pub const FILTER_VALUES: usize = 100;

/// Why a filter was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FilterRefusal {
    /// Deeper than [`FILTER_DEPTH`].
    #[error("the filter is nested deeper than {FILTER_DEPTH} levels: flatten its and/or/not")]
    TooDeep,
    /// More than [`FILTER_CONDITIONS`].
    #[error("the filter has more than {FILTER_CONDITIONS} conditions: use `in` instead of many `eq`")]
    TooManyConditions,
    /// More than [`FILTER_VALUES`] in one `in`.
    #[error("a condition lists more than {FILTER_VALUES} values: split the request")]
    TooManyValues,
}

/// Lets everything through.
impl Default for SessionFilter {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

impl SessionFilter {
    /// The filter as it is for an agent who asks.
    pub fn asked_by(&self, agent: AgentId) -> Self {
        let each = |filters: &[Self]| filters.iter().map(|filter| filter.asked_by(agent)).collect();
        match self {
            Self::All(filters) => Self::All(each(filters)),
            Self::Any(filters) => Self::Any(each(filters)),
            Self::Not(filter) => Self::Not(Box::new(filter.asked_by(agent))),
            Self::Unread(is_so) => Self::UnreadFor(agent, *is_so),
            other => other.clone(),
        }
    }

    /// Whether what it lets through depends on who asks, apart from what they may see.
    pub fn depends_on_who_asks(&self) -> bool {
        match self {
            Self::All(filters) | Self::Any(filters) => filters.iter().any(Self::depends_on_who_asks),
            Self::Not(filter) => filter.depends_on_who_asks(),
            other => matches!(other, Self::Unread(_) | Self::UnreadFor(..)),
        }
    }

    /// Whether it is plain to see that it lets no closed session through.
    pub fn leaves_out_closed(&self) -> bool {
        match self {
            Self::All(filters) => filters.iter().any(Self::leaves_out_closed),
            Self::Any(filters) => filters.iter().all(Self::leaves_out_closed),
            Self::Status(statuses) => !statuses.contains(&Status::Closed),
            Self::Queued(is_so) => *is_so,
            _ => false,
        }
    }

    /// Puts a tag in the place of another one. Answers whether the filter names either of them, so that it may let
    /// through something else once the one was merged into the other.
    pub fn replace_tag(&mut self, tag: TagId, with: TagId) -> bool {
        match self {
            Self::All(filters) | Self::Any(filters) => {
                let mut is_named = false;
                for filter in filters {
                    is_named |= filter.replace_tag(tag, with);
                }
                is_named
            }
            Self::Not(filter) => filter.replace_tag(tag, with),
            Self::Tag(tags) => {
                let is_named = tags.contains(&tag) || tags.contains(&with);
                if let Some(place) = tags.iter().position(|named| *named == tag) {
                    tags[place] = with;
                    let mut known = std::collections::HashSet::new();
                    tags.retain(|named| known.insert(*named));
                }
                is_named
            }
            _ => false,
        }
    }

    /// Checks that the filter stays within the bounds above.
    pub fn check(&self) -> Result<(), FilterRefusal> {
        let mut conditions = 0;
        self.check_within(1, &mut conditions)
    }

    fn check_within(&self, depth: usize, conditions: &mut usize) -> Result<(), FilterRefusal> {
        *conditions += 1;
        if depth > FILTER_DEPTH {
            return Err(FilterRefusal::TooDeep);
        }
        if *conditions > FILTER_CONDITIONS {
            return Err(FilterRefusal::TooManyConditions);
        }
        let values = match self {
            Self::All(inner) | Self::Any(inner) => {
                for filter in inner {
                    filter.check_within(depth + 1, conditions)?;
                }
                0
            }
            Self::Not(inner) => {
                inner.check_within(depth + 1, conditions)?;
                0
            }
            Self::Status(values) => values.len(),
            Self::Priority(values) => values.len(),
            Self::Assignee(values) | Self::Participant(values) => values.len(),
            Self::Customer(values) => values.len(),
            Self::Number(values) => values.len(),
            Self::Team(values) => values.len(),
            Self::Link(values) => values.len(),
            Self::Tag(values) => values.len(),
            Self::Awaited(values) => values.len(),
            Self::Assigned(_)
            | Self::HasTeam(_)
            | Self::HasLink(_)
            | Self::Queued(_)
            | Self::Resolved(_)
            | Self::Unread(_)
            | Self::UnreadFor(..)
            | Self::VisibleTo(_)
            | Self::LastMessageSince(_)
            | Self::LastMessageBefore(_)
            | Self::CreatedSince(_)
            | Self::CreatedBefore(_) => 0,
        };
        if values > FILTER_VALUES { Err(FilterRefusal::TooManyValues) } else { Ok(()) }
    }
}

crate::named_enum! {
    /// The time by which a list of sessions is ordered. Equal times are ordered by identifier.
    pub enum SessionOrderField {
        /// When the newest message was taken in.
        LastMessageAt = "LAST_MESSAGE_AT",
        /// When the session started.
        CreatedAt = "CREATED_AT",
        /// Since when the customer has waited for an answer. Those who do not wait come behind those who do, and closed
        /// sessions behind all.
        WaitingSince = "WAITING_SINCE",
    }
}

/// The order of a list of sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionOrder {
    /// The time that decides.
    pub field: SessionOrderField,
    /// Newest first.
    pub descending: bool,
}

/// The place of a session in an ordered list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionKey {
    /// The time that decides, in microseconds since 1970.
    pub micros: i64,
    /// The identifier, which decides between equal times.
    pub id: i64,
}

/// The time of an open session whose customer does not wait, in the order of waiting.
const NOT_WAITING: i64 = i64::MAX - 1;
/// The time of a closed session, in the order of waiting.
const CLOSED: i64 = i64::MAX;

impl SessionKey {
    /// Behind every open session in the order of waiting, and before every closed one.
    pub const END_OF_OPEN: Self = Self { micros: NOT_WAITING, id: i64::MAX };

    /// The place of a session in an order.
    pub fn of(session: &Session, field: SessionOrderField) -> Self {
        let micros = match field {
            SessionOrderField::LastMessageAt => session.last_message_at.timestamp_micros(),
            SessionOrderField::CreatedAt => session.created_at.timestamp_micros(),
            SessionOrderField::WaitingSince if !session.is_open() => CLOSED,
            SessionOrderField::WaitingSince => {
                session.waiting_since.map_or(NOT_WAITING, |since| since.timestamp_micros())
            }
        };
        Self { micros, id: session.id.0 }
    }
}

/// One page out of an ordered list, by keyset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page<K> {
    /// Only what comes after this place.
    pub after: Option<K>,
    /// Only what comes before this place.
    pub before: Option<K>,
    /// How many at most.
    pub size: usize,
    /// Whether to take them from the end of the list rather than from its start.
    pub from_end: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_count_and_values_are_bounded() {
        let nest =
            |levels| (1..levels).fold(SessionFilter::Assigned(true), |inner, _| SessionFilter::Not(Box::new(inner)));
        assert_eq!(nest(FILTER_DEPTH).check(), Ok(()));
        assert_eq!(nest(FILTER_DEPTH + 1).check(), Err(FilterRefusal::TooDeep));

        let many = |count| SessionFilter::All(vec![SessionFilter::Assigned(true); count]);
        assert_eq!(many(FILTER_CONDITIONS - 1).check(), Ok(()));
        assert_eq!(many(FILTER_CONDITIONS).check(), Err(FilterRefusal::TooManyConditions));

        let values = |count| SessionFilter::Number(vec![1; count]);
        assert_eq!(values(FILTER_VALUES).check(), Ok(()));
        assert_eq!(values(FILTER_VALUES + 1).check(), Err(FilterRefusal::TooManyValues));
    }

    #[test]
    fn what_may_let_a_closed_session_through_does_not_pass_for_open() {
        use SessionFilter::{All, Any, Assigned, Not, Queued};
        let closed = || SessionFilter::Status(vec![Status::Closed, Status::Unread]);
        let open = || SessionFilter::Status(vec![Status::FollowUp, Status::Unread]);
        for (filter, leaves_out) in [
            (All(vec![]), false),
            (open(), true),
            (closed(), false),
            (Queued(true), true),
            (Queued(false), false),
            (All(vec![Assigned(true), All(vec![open()])]), true),
            (All(vec![Assigned(true), closed()]), false),
            (Any(vec![open(), Queued(true)]), true),
            (Any(vec![open(), Assigned(true)]), false),
            (Not(Box::new(closed())), false),
        ] {
            assert_eq!(filter.leaves_out_closed(), leaves_out, "{filter:?}");
        }
    }

    #[test]
    fn a_merged_tag_is_replaced_wherever_it_is_named() {
        let tags = |numbers: &[i64]| SessionFilter::Tag(numbers.iter().copied().map(TagId).collect());
        let nested = |numbers: &[i64]| {
            SessionFilter::All(vec![
                SessionFilter::Not(Box::new(tags(numbers))),
                SessionFilter::Any(vec![tags(&[9]), SessionFilter::Assigned(true)]),
            ])
        };
        for (before, after, is_named) in
            [(&[1, 3][..], &[2, 3][..], true), (&[3, 1, 2], &[3, 2], true), (&[2], &[2], true), (&[3], &[3], false)]
        {
            let mut filter = nested(before);
            assert_eq!(filter.replace_tag(TagId(1), TagId(2)), is_named);
            assert_eq!(filter, nested(after));
        }
    }
}
