//! The messages of `graphql-transport-ws`, in both directions.

use std::borrow::Cow;

use async_graphql::ServerError;
use axum::extract::ws::Utf8Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::close::Close;
use crate::transport::{
    parameters::Parameters,
    persisted::DocumentReference,
    result::{Payload, to_json},
};

/// A message from the client.
#[derive(Debug)]
pub(super) enum ClientMessage<'a> {
    ConnectionInit { payload: Option<&'a RawValue> },
    Ping { payload: Option<&'a RawValue> },
    Pong,
    Subscribe { id: String, parameters: Parameters<DocumentReference> },
    Complete { id: String },
}

#[derive(Deserialize)]
struct Unread<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Option<&'a RawValue>,
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    payload: Option<&'a RawValue>,
}

impl<'a> ClientMessage<'a> {
    /// Reads a message. One that the protocol does not know closes the socket with 4400 and a reason.
    pub(super) fn parse(text: &'a str) -> Result<Self, Close> {
        // A JSON array would be read as the fields of the struct in their order.
        if !text.trim_ascii_start().starts_with('{') {
            return Err(Close::invalid_message("The message is not a JSON object"));
        }
        let unread: Unread<'_> =
            serde_json::from_str(text).map_err(|_| Close::invalid_message("The message is not valid JSON"))?;
        let kind = string("type", unread.kind)?;
        match &*kind {
            "connection_init" => Ok(Self::ConnectionInit { payload: object(unread.payload)? }),
            "ping" => Ok(Self::Ping { payload: object(unread.payload)? }),
            "pong" => object(unread.payload).map(|_| Self::Pong),
            "subscribe" => {
                let id = string("id", unread.id)?.into_owned();
                let payload = object(unread.payload)?.ok_or_else(|| Close::invalid_message("`payload` is missing"))?;
                let parameters =
                    Parameters::from_json(payload.get()).map_err(|error| Close::invalid_message(error.to_string()))?;
                Ok(Self::Subscribe { id, parameters })
            }
            "complete" => Ok(Self::Complete { id: string("id", unread.id)?.into_owned() }),
            "connection_ack" | "next" | "error" => {
                Err(Close::invalid_message(format!("Only the server sends `{kind}`")))
            }
            _ => Err(Close::invalid_message(format!("Unknown message type `{kind}`"))),
        }
    }
}

fn string<'a>(name: &str, value: Option<&'a RawValue>) -> Result<Cow<'a, str>, Close> {
    let invalid = |problem| Close::invalid_message(format!("`{name}` {problem}"));
    let raw = value.ok_or_else(|| invalid("is missing"))?;
    let text: String = serde_json::from_str(raw.get()).map_err(|_| invalid("must be a string"))?;
    if text.is_empty() { Err(invalid("must not be empty")) } else { Ok(text.into()) }
}

fn object(payload: Option<&RawValue>) -> Result<Option<&RawValue>, Close> {
    match payload {
        Some(raw) if !raw.get().starts_with('{') => Err(Close::invalid_message("`payload` must be an object")),
        payload => Ok(payload),
    }
}

pub(super) fn connection_ack() -> Utf8Bytes {
    Utf8Bytes::from_static(r#"{"type":"connection_ack"}"#)
}

pub(super) fn ping() -> Utf8Bytes {
    Utf8Bytes::from_static(r#"{"type":"ping"}"#)
}

pub(super) fn pong(payload: Option<&RawValue>) -> Utf8Bytes {
    match payload {
        Some(payload) => format!(r#"{{"type":"pong","payload":{payload}}}"#).into(),
        None => Utf8Bytes::from_static(r#"{"type":"pong"}"#),
    }
}

pub(super) fn next(id: &str, payload: &Payload) -> Utf8Bytes {
    let id = to_json(&id);
    let payload = payload.as_str();
    // Built by hand, because this happens for each delivery to each subscriber.
    let mut message = String::with_capacity(id.len() + payload.len() + 32);
    for part in [r#"{"id":"#, &id, r#","type":"next","payload":"#, payload, "}"] {
        message.push_str(part);
    }
    message.into()
}

pub(super) fn error(id: &str, errors: &[ServerError]) -> Utf8Bytes {
    format!(r#"{{"id":{},"type":"error","payload":{}}}"#, to_json(&id), to_json(&errors)).into()
}

pub(super) fn complete(id: &str) -> Utf8Bytes {
    format!(r#"{{"id":{},"type":"complete"}}"#, to_json(&id)).into()
}

#[cfg(test)]
mod tests {
    use super::{ClientMessage, next};

    #[test]
    fn each_message_of_the_protocol_is_read() {
        for text in [
            r#"{"type":"connection_init"}"#,
            r#" {"type":"connection_init","payload":null}"#,
            r#"{"payload":{"token":"t"},"type":"connection_init"}"#,
            r#"{"type":"ping","payload":{"a":1}}"#,
            r#"{"type":"pong"}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":null,"operationName":null}}"#,
            r#"{"type":"complete","id":"1","extra":[]}"#,
        ] {
            assert!(ClientMessage::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "ping",
            "null",
            "{",
            r#"["ping"]"#,
            "{}",
            r#"{"type":7}"#,
            r#"{"type":"start"}"#,
            r#"{"type":"connection_ack"}"#,
            r#"{"type":"next","id":"1","payload":{}}"#,
            r#"{"type":"ping","payload":"x"}"#,
            r#"{"type":"connection_init","payload":[]}"#,
            r#"{"type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":1,"payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","id":"1","payload":[]}"#,
            r#"{"type":"subscribe","id":"1","payload":{}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":null}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","operationName":1}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","extensions":1}}"#,
            r#"{"type":"complete"}"#,
        ] {
            assert_eq!(ClientMessage::parse(text).unwrap_err().code(), 4400, "{text}");
        }
    }

    #[test]
    fn ids_are_escaped() {
        let text = next("a\"b", &"{}".into());
        assert_eq!(text.as_str(), r#"{"id":"a\"b","type":"next","payload":{}}"#);
    }
}
