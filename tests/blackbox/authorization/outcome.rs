//! What came of an operation, in one word.

use serde_json::Value;
use tests::graphql::{Ending, Response};

/// The outcome of a query or a mutation.
pub fn of_response(response: &Response) -> String {
    match response.errors.first() {
        Some(error) => of_error(error),
        None => of_value(&response.data),
    }
}

/// The outcome of a subscription that ended before anything came.
pub fn of_ending(ending: &Ending) -> String {
    match ending {
        Ending::Failed(errors) => of_error(&errors[0]),
        // The token in `connection_init` was refused.
        Ending::Closed { code: 4403, .. } => short("UNAUTHENTICATED").to_owned(),
        other => panic!("a subscription ended with {other:?}"),
    }
}

fn of_error(error: &Value) -> String {
    let code = error["extensions"]["code"].as_str().unwrap_or_else(|| panic!("an error without a code: {error}"));
    short(code).to_owned()
}

fn short(code: &str) -> &str {
    match code {
        "UNAUTHENTICATED" => "401",
        "FORBIDDEN" => "403",
        "NOT_FOUND" => "404",
        other => other,
    }
}

fn of_value(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Array(items) if items.iter().all(Value::is_null) => "null".to_owned(),
        Value::Object(fields) => {
            if let Some(errors) = fields.get("userErrors").and_then(Value::as_array) {
                let code = errors.first().and_then(|error| error["code"].as_str());
                return code.unwrap_or("ok").to_owned();
            }
            match (fields.get("nodes").and_then(Value::as_array), fields.get("totalCount")) {
                (Some(nodes), Some(total)) => format!("{}/{total}", nodes.len()),
                // The way to what is asked for leads through fields that are alone on it.
                _ if fields.len() == 1 => fields.values().map(of_value).collect(),
                _ => "ok".to_owned(),
            }
        }
        _ => "ok".to_owned(),
    }
}
