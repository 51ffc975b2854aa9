//! What entries of the audit log say, with the ids that clients know.

use serde_json::Value;

use crate::schema::id::{Id, Kind};

/// What is kept of an entry, with global ids in place of the numbers of objects.
pub(super) fn with_global_ids(details: &str) -> String {
    let Ok(mut value) = serde_json::from_str(details) else { return details.to_owned() };
    replace_in(&mut value);
    value.to_string()
}

fn replace_in(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match kind_of(name) {
                    Some(kind) => replace(member, kind),
                    None => replace_in(member),
                }
            }
        }
        Value::Array(members) => members.iter_mut().for_each(replace_in),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A number, or each number of a list.
fn replace(value: &mut Value, kind: Kind) {
    match value {
        Value::Number(number) => {
            if let Some(number) = number.as_i64().filter(|number| *number > 0) {
                *value = Value::String(Id { kind, number }.text());
            }
        }
        Value::Array(members) => members.iter_mut().for_each(|member| replace(member, kind)),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Object(_) => {}
    }
}

/// Objects of which kind a member with this name holds, if any.
fn kind_of(name: &str) -> Option<Kind> {
    match name {
        "agent" | "agents" | "assignee" | "low_rating_agent_id" => Some(Kind::Agent),
        "into" | "tag" | "tags" => Some(Kind::Tag),
        "link" => Some(Kind::DiversionLink),
        "order" | "rule" => Some(Kind::RoutingRule),
        "session" => Some(Kind::Session),
        "team" => Some(Kind::Team),
        "telegramUpdate" => Some(Kind::TelegramUpdate),
        "ticket" => Some(Kind::Ticket),
        "trigger" => Some(Kind::Trigger),
        "wordList" => Some(Kind::WordList),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_are_named_by_their_global_ids_and_numbers_stay_numbers() {
        let kept = json!({
            "assignee": 7, "team": null, "tags": [1, 2], "status": "UNREAD", "openSessions": 3,
            "before": { "assignee": 8 }, "scope": { "agents": [7] }, "order": [5], "conditions": [{ "link": [4] }],
        });
        let shown = with_global_ids(&kept.to_string());
        let shown: Value = serde_json::from_str(&shown).unwrap();
        let id = |kind, number| Id { kind, number }.text();
        let expected = json!({
            "assignee": id(Kind::Agent, 7), "team": null, "tags": [id(Kind::Tag, 1), id(Kind::Tag, 2)],
            "status": "UNREAD", "openSessions": 3, "before": { "assignee": id(Kind::Agent, 8) },
            "scope": { "agents": [id(Kind::Agent, 7)] }, "order": [id(Kind::RoutingRule, 5)],
            "conditions": [{ "link": [id(Kind::DiversionLink, 4)] }],
        });
        assert_eq!(shown, expected);
    }
}
