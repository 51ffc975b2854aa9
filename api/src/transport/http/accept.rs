//! Which media type to answer with.

use http::{HeaderMap, HeaderValue, header};

/// A media type that the server can answer with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::transport) enum MediaType {
    /// `application/json`: a status of 200 even for GraphQL errors, for clients that know no better.
    Json,
    /// `application/graphql-response+json`: the status tells whether the operation was executed.
    GraphqlResponse,
    /// `text/event-stream`: the distinct-connections mode of graphql-sse.
    EventStream,
}

impl MediaType {
    pub(in crate::transport) const fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::EventStream => "text/event-stream; charset=utf-8",
        })
    }
}

/// What the client accepts (RFC 9110, section 12.5.1), as far as the server has it. Qualities are in thousandths.
///
/// Wildcards mean `application/json`: a client that wants more of the status code, or a stream, has to say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Accept {
    json: u16,
    graphql_response: u16,
    event_stream: u16,
}

impl Accept {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut values = headers.get_all(header::ACCEPT).iter().peekable();
        if values.peek().is_none() {
            return Self { json: 1000, graphql_response: 0, event_stream: 0 };
        }
        let (mut json, mut subtype_wildcard, mut wildcard) = (None, None, None);
        let mut accept = Self { json: 0, graphql_response: 0, event_stream: 0 };
        let ranges = values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
        for (range, quality) in ranges.filter_map(media_range) {
            match range.as_str() {
                "application/json" => json = Some(quality),
                "application/*" => subtype_wildcard = Some(quality),
                "*/*" => wildcard = Some(quality),
                "application/graphql-response+json" => accept.graphql_response = quality,
                "text/event-stream" => accept.event_stream = quality,
                _ => {}
            }
        }
        accept.json = json.or(subtype_wildcard).or(wildcard).unwrap_or(0);
        accept
    }

    /// The best type for a single result. Some clients name a stream as good as JSON with each request; they get JSON.
    pub(super) fn for_result(self) -> Option<MediaType> {
        [
            (MediaType::EventStream, self.event_stream),
            (MediaType::Json, self.json),
            (MediaType::GraphqlResponse, self.graphql_response),
        ]
        .into_iter()
        .filter(|(_, quality)| *quality > 0)
        .max_by_key(|(_, quality)| *quality)
        .map(|(media_type, _)| media_type)
    }

    /// Whether the client takes a stream of results.
    pub(super) fn event_stream(self) -> bool {
        self.event_stream > 0
    }
}

/// One media range and its quality. Parameters other than a charset of UTF-8 and the quality make it another type.
fn media_range(range: &str) -> Option<(String, u16)> {
    let mut parts = range.split(';').map(str::trim);
    let essence = parts.next()?.to_ascii_lowercase();
    let mut quality = 1000;
    for parameter in parts.filter(|parameter| !parameter.is_empty()) {
        let (name, value) = parameter.split_once('=')?;
        match name.trim().to_ascii_lowercase().as_str() {
            "q" => quality = thousandths(value.trim())?,
            "charset" if !is_utf8(value) => return None,
            _ => {}
        }
    }
    Some((essence, quality))
}

pub(super) fn is_utf8(charset: &str) -> bool {
    let charset = charset.trim().trim_matches('"');
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

fn thousandths(quality: &str) -> Option<u16> {
    let quality: f32 = quality.parse().ok()?;
    // The range is checked, so that the conversion cannot lose more than the fourth decimal.
    (0.0..=1.0).contains(&quality).then(|| (quality * 1000.0).round() as u16)
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header};

    use super::{Accept, MediaType};

    fn accept(value: &'static str) -> Accept {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(value));
        Accept::of(&headers)
    }

    #[test]
    fn without_the_header_and_with_wildcards_the_answer_is_json() {
        assert_eq!(Accept::of(&HeaderMap::new()).for_result(), Some(MediaType::Json));
        for value in ["*/*", "application/*", "text/html,application/xhtml+xml,*/*;q=0.8", "*/*;q=0.1"] {
            assert_eq!(accept(value).for_result(), Some(MediaType::Json), "{value}");
            assert!(!accept(value).event_stream(), "{value}");
        }
    }

    #[test]
    fn the_best_quality_wins_and_then_the_more_telling_type() {
        use MediaType::{EventStream, GraphqlResponse, Json};
        let cases = [
            ("application/graphql-response+json", GraphqlResponse),
            ("application/graphql-response+json, application/json;q=0.9", GraphqlResponse),
            ("application/json, application/graphql-response+json", GraphqlResponse),
            ("application/json, application/graphql-response+json;q=0.9", Json),
            ("Application/JSON; charset=UTF-8", Json),
            ("application/json;q=0.5, */*;q=0.9, application/graphql-response+json;q=0.4", Json),
            ("text/event-stream", EventStream),
            ("application/json, text/event-stream, multipart/mixed", Json),
            ("application/json;q=0.9, text/event-stream", EventStream),
        ];
        for (value, expected) in cases {
            assert_eq!(accept(value).for_result(), Some(expected), "{value}");
        }
    }

    #[test]
    fn nothing_acceptable_is_known_as_such() {
        for value in [
            "text/html",
            "application/json;q=0",
            "*/*, application/json;q=0",
            "application/json;charset=latin1",
            "a;q=x",
            "",
        ] {
            assert_eq!(accept(value).for_result(), None, "{value}");
        }
    }
}
