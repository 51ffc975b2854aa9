//! One HTTP request and what came of it.

use std::{error::Error, time::Duration};

use reqwest::{RequestBuilder, header};

/// The most that is read of one answer: a hundred updates of the largest size, many times over.
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// What came of one HTTP request.
pub(super) enum Exchange {
    /// An answer arrived, though perhaps not all of it.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The body, or what arrived of it.
        body: Vec<u8>,
        /// Why the body is not complete, if it is not.
        cut_short: Option<String>,
    },
    /// Nothing was sent: there was no connection.
    NotSent(String),
    /// The request may have arrived, the answer did not.
    Lost(String),
}

impl Exchange {
    /// Makes the request. `timeout` covers everything from the connection to the last byte.
    pub(super) async fn run(request: RequestBuilder, body: Vec<u8>, timeout: Duration) -> Self {
        Self::send(request.header(header::CONTENT_TYPE, "application/json").body(body).timeout(timeout)).await
    }

    /// Sends a request that has everything.
    pub(super) async fn send(request: RequestBuilder) -> Self {
        let mut response = match request.send().await {
            Ok(response) => response,
            Err(error) if error.is_connect() || error.is_builder() => {
                return Self::NotSent(in_words(error));
            }
            Err(error) => return Self::Lost(in_words(error)),
        };
        let status = response.status().as_u16();
        let mut body = Vec::new();
        let cut_short = loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > MAX_ANSWER_BYTES => {
                    break Some(format!("the answer exceeds {MAX_ANSWER_BYTES} bytes"));
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break None,
                Err(error) => break Some(in_words(error)),
            }
        };
        Self::Answered { status, body, cut_short }
    }
}

/// The error with its causes, and without the address, which contains the token.
pub(super) fn in_words(error: reqwest::Error) -> String {
    let timed_out = error.is_timeout();
    let error = error.without_url();
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words.push_str(": ");
        words.push_str(&error.to_string());
        cause = error.source();
    }
    if timed_out {
        words.push_str(" (no answer in time)");
    }
    words
}
