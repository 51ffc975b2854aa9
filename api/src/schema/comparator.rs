//! Conditions on single values, of which filters are made.

use async_graphql::{ID, InputObject, InputType};
use domain::Time;

use super::error::Result;
use super::id::{self, Identifier};
use super::scalar::DateTime;
use super::session::{SessionAwaited, SessionPriority, SessionStatus};
use super::ticket::{TicketStatus, TicketType};
use super::todo::{TodoKind, TodoState};

/// A condition on a value. What is left out or null is no condition.
#[derive(InputObject)]
#[graphql(
    concrete(name = "IdComparator", params(ID)),
    concrete(name = "IntComparator", params(i64)),
    concrete(name = "SessionAwaitedComparator", params(SessionAwaited)),
    concrete(name = "SessionPriorityComparator", params(SessionPriority)),
    concrete(name = "SessionStatusComparator", params(SessionStatus)),
    concrete(name = "StringComparator", params(String)),
    concrete(name = "TicketStatusComparator", params(TicketStatus)),
    concrete(name = "TicketTypeComparator", params(TicketType)),
    concrete(name = "TodoKindComparator", params(TodoKind)),
    concrete(name = "TodoStateComparator", params(TodoState))
)]
pub(crate) struct Comparator<T: InputType> {
    /// The value is this one.
    eq: Option<T>,
    /// The value is one of these, at most 100. An empty list lets nothing through.
    r#in: Option<Vec<T>>,
}

impl<T: InputType> Comparator<T> {
    /// The lists of values of which the value has to be in every one.
    pub(crate) fn lists(self) -> impl Iterator<Item = Vec<T>> {
        self.eq.map(|value| vec![value]).into_iter().chain(self.r#in)
    }
}

impl Comparator<ID> {
    /// The same with the ids read, which have to be of one kind.
    pub(crate) fn id_lists<I: Identifier>(self) -> Result<Vec<Vec<I>>> {
        self.lists().map(read).collect()
    }
}

/// A condition on an id that may be missing. What is left out or null is no condition.
#[derive(InputObject)]
#[graphql(name = "OptionalIdComparator")]
pub(crate) struct OptionalIdComparator {
    /// The id is this one.
    eq: Option<ID>,
    /// The id is one of these, at most 100. An empty list lets nothing through.
    r#in: Option<Vec<ID>>,
    /// True: there is no id. False: there is one.
    pub(crate) is_null: Option<bool>,
}

impl OptionalIdComparator {
    /// The lists of ids of which the id has to be in every one.
    pub(crate) fn id_lists<I: Identifier>(self) -> Result<Vec<Vec<I>>> {
        Comparator { eq: self.eq, r#in: self.r#in }.id_lists()
    }
}

impl Comparator<String> {
    /// The texts of which the value has to be one; nothing if that is no condition.
    pub(crate) fn texts(self) -> Option<Vec<String>> {
        let within = |mut all: Vec<String>, list: Vec<String>| {
            all.retain(|text| list.contains(text));
            all
        };
        self.lists().reduce(within)
    }
}

/// A condition on a number. What is left out or null is no condition.
#[derive(InputObject)]
pub(crate) struct FloatComparator {
    /// The number is this one.
    eq: Option<f64>,
    /// The number is this one or more.
    gte: Option<f64>,
    /// The number is this one or less.
    lte: Option<f64>,
}

impl FloatComparator {
    /// The least and the most that the number may be.
    pub(crate) fn bounds(self) -> (Option<f64>, Option<f64>) {
        let of = |one: Option<f64>, other: Option<f64>, choose: fn(f64, f64) -> f64| match (one, other) {
            (Some(one), Some(other)) => Some(choose(one, other)),
            (one, other) => one.or(other),
        };
        (of(self.eq, self.gte, f64::max), of(self.eq, self.lte, f64::min))
    }
}

/// A condition on a time. What is left out or null is no condition.
#[derive(InputObject)]
pub(crate) struct DateTimeComparator {
    /// The time is this one or later.
    gte: Option<DateTime>,
    /// The time is before this one.
    lt: Option<DateTime>,
}

impl DateTimeComparator {
    /// From when and before when the time has to be.
    pub(crate) fn bounds(self) -> (Option<Time>, Option<Time>) {
        (self.gte.map(|time| time.0), self.lt.map(|time| time.0))
    }

    /// The conditions, made by one function for each kind.
    pub(crate) fn conditions<C>(self, since: fn(Time) -> C, before: fn(Time) -> C) -> impl Iterator<Item = C> {
        let since = self.gte.map(|time| since(time.0));
        since.into_iter().chain(self.lt.map(|time| before(time.0)))
    }
}

fn read<I: Identifier>(ids: Vec<ID>) -> Result<Vec<I>> {
    Ok(ids.iter().map(|id| id::parse(id)).collect::<std::result::Result<_, _>>()?)
}
