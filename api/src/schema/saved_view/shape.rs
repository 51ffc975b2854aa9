//! A filter as clients write it.

use async_graphql::ScalarType as _;
use domain::filter::SessionFilter as Condition;
use domain::session::Awaited;
use domain::{Priority, Status, Time};
use serde_json::{Value, json};

use crate::schema::id::Id;
use crate::schema::scalar::DateTime;

/// The filter in the form of the input `SessionFilter`, which lets the same sessions through.
pub(super) fn shape(filter: &Condition) -> Value {
    let shapes = |filters: &[Condition]| filters.iter().map(shape).collect::<Vec<_>>();
    match filter {
        Condition::All(filters) if filters.is_empty() => json!({}),
        Condition::All(filters) => json!({ "and": shapes(filters) }),
        Condition::Any(filters) => json!({ "or": shapes(filters) }),
        Condition::Not(filter) => json!({ "not": shape(filter) }),
        Condition::Status(values) => json!({ "status": { "in": names(values, Status::name) } }),
        Condition::Priority(values) => json!({ "priority": { "in": names(values, Priority::name) } }),
        Condition::Assignee(values) => json!({ "assigneeId": { "in": ids(values) } }),
        Condition::Assigned(is_there) => json!({ "assigneeId": { "isNull": !is_there } }),
        Condition::Participant(values) => json!({ "participantId": { "in": ids(values) } }),
        Condition::Team(values) => json!({ "teamId": { "in": ids(values) } }),
        Condition::HasTeam(is_there) => json!({ "teamId": { "isNull": !is_there } }),
        Condition::Link(values) => json!({ "diversionLinkId": { "in": ids(values) } }),
        Condition::HasLink(is_there) => json!({ "diversionLinkId": { "isNull": !is_there } }),
        Condition::Tag(values) => json!({ "tagId": { "in": ids(values) } }),
        Condition::Customer(values) => json!({ "customerId": { "in": ids(values) } }),
        Condition::Number(values) => json!({ "number": { "in": values } }),
        Condition::Awaited(values) => json!({ "awaited": { "in": names(values, Awaited::name) } }),
        Condition::Queued(is_so) => json!({ "queued": is_so }),
        Condition::Resolved(is_so) => json!({ "resolved": is_so }),
        Condition::Unread(is_so) | Condition::UnreadFor(_, is_so) => json!({ "unread": is_so }),
        Condition::LastMessageSince(time) => json!({ "lastMessageAt": { "gte": moment(*time) } }),
        Condition::LastMessageBefore(time) => json!({ "lastMessageAt": { "lt": moment(*time) } }),
        Condition::CreatedSince(time) => json!({ "createdAt": { "gte": moment(*time) } }),
        Condition::CreatedBefore(time) => json!({ "createdAt": { "lt": moment(*time) } }),
        // The desk adds it to every list by itself, and no filter of a caller has it.
        Condition::VisibleTo(_) => json!({}),
    }
}

fn names<T: Copy>(values: &[T], name: fn(T) -> &'static str) -> Vec<&'static str> {
    values.iter().copied().map(name).collect()
}

fn ids<T: Copy + Into<Id>>(values: &[T]) -> Vec<String> {
    values.iter().copied().map(|id| id.into().text()).collect()
}

fn moment(time: Time) -> Value {
    DateTime(time).to_value().into_json().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use async_graphql::InputType as _;
    use domain::{AgentId, CustomerId, DiversionLinkId, TagId, TeamId};

    use super::*;
    use crate::schema::session::SessionFilter;

    #[test]
    fn what_is_shown_of_a_filter_can_be_sent_again() {
        let time = Time::from_timestamp_micros(1_800_000_000_123_456).unwrap();
        let leaves = [
            Condition::Status(vec![Status::Unread, Status::FollowUp]),
            Condition::Priority(vec![Priority::Urgent]),
            Condition::Assignee(vec![AgentId(1), AgentId(2)]),
            Condition::Assigned(false),
            Condition::Participant(vec![AgentId(2)]),
            Condition::Team(vec![TeamId(3)]),
            Condition::HasTeam(true),
            Condition::Link(vec![DiversionLinkId(4)]),
            Condition::HasLink(false),
            Condition::Tag(vec![TagId(5)]),
            Condition::Customer(vec![CustomerId(6)]),
            Condition::Number(vec![7]),
            Condition::Awaited(vec![Awaited::ThirdParty]),
            Condition::Queued(true),
            Condition::Resolved(true),
            Condition::Unread(false),
            Condition::LastMessageSince(time),
            Condition::LastMessageBefore(time),
            Condition::CreatedSince(time),
            Condition::CreatedBefore(time),
        ];
        let any = Condition::Any(vec![leaves[0].clone(), Condition::Not(Box::new(leaves[3].clone()))]);
        let all = Condition::All(vec![any, leaves[1].clone()]);
        for filter in leaves.into_iter().chain([all, Condition::All(Vec::new())]) {
            let value = async_graphql::Value::from_json(shape(&filter)).unwrap();
            let Ok(read) = SessionFilter::parse(Some(value)) else { panic!("{filter:?} cannot be sent again") };
            assert_eq!(read.condition().ok(), Some(filter));
        }
    }
}
