//! Parts of a file (RFC 9110, section 14).

use http::{HeaderMap, HeaderValue, header};

/// Which bytes of a file are handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    /// The first of them.
    pub(super) first: u64,
    /// The one after the last.
    pub(super) end: u64,
}

impl Part {
    /// How many they are.
    pub(super) fn length(self) -> u64 {
        self.end - self.first
    }

    /// The header `Content-Range`.
    pub(super) fn content_range(self, size: u64) -> Option<HeaderValue> {
        HeaderValue::from_str(&format!("bytes {}-{}/{size}", self.first, self.end - 1)).ok()
    }
}

/// The file has none of the bytes that were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotSatisfiable;

/// The part of a file of this size that the headers ask for; nothing for the whole. Several parts at once, and what is
/// no range, get the whole as well. So does a part of another version of the file than this one.
pub(super) fn part(headers: &HeaderMap, size: u64, tag: &HeaderValue) -> Result<Option<Part>, NotSatisfiable> {
    if headers.get(header::IF_RANGE).is_some_and(|version| version != tag) {
        return Ok(None);
    }
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok()).and_then(range);
    let (first, end) = match range {
        None => return Ok(None),
        Some((Some(first), last)) => (first, last.map_or(size, |last| last.saturating_add(1).min(size))),
        Some((None, Some(length))) => (size.saturating_sub(length), size),
        Some((None, None)) => return Ok(None),
    };
    if first < end { Ok(Some(Part { first, end })) } else { Err(NotSatisfiable) }
}

/// The first and the last byte in `bytes=first-last`, of which either can be left out.
fn range(text: &str) -> Option<(Option<u64>, Option<u64>)> {
    let (unit, range) = text.split_once('=')?;
    let (first, last) = range.trim().split_once('-')?;
    let number = |text: &str| match text {
        "" => Some(None),
        _ if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok().map(Some),
        _ => None,
    };
    let (first, last) = (number(first)?, number(last)?);
    let is_backwards = matches!((first, last), (Some(first), Some(last)) if last < first);
    (unit.trim().eq_ignore_ascii_case("bytes") && !is_backwards).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(range: &str) -> Result<Option<(u64, u64)>, NotSatisfiable> {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_str(range).unwrap());
        let part = part(&headers, 100, &HeaderValue::from_static("\"a\""))?;
        Ok(part.map(|part| (part.first, part.end)))
    }

    #[test]
    fn a_part_is_cut_to_the_file() {
        assert_eq!(asked("bytes=0-0"), Ok(Some((0, 1))));
        assert_eq!(asked("bytes=10-"), Ok(Some((10, 100))));
        assert_eq!(asked("bytes=90-200"), Ok(Some((90, 100))));
        assert_eq!(asked("Bytes=-5"), Ok(Some((95, 100))));
        assert_eq!(asked("bytes=-500"), Ok(Some((0, 100))));
        assert_eq!(asked(&format!("bytes=5-{}", u64::MAX)), Ok(Some((5, 100))));
    }

    #[test]
    fn what_is_not_there_is_refused() {
        for range in ["bytes=100-", "bytes=100-200", "bytes=-0"] {
            assert_eq!(asked(range), Err(NotSatisfiable), "{range}");
        }
    }

    #[test]
    fn what_is_no_range_gets_the_whole() {
        for range in ["bytes=", "bytes=-", "bytes=5-1", "bytes=a-b", "items=0-1", "bytes=0-1,5-6", "bytes=+1-2", "0-1"]
        {
            assert_eq!(asked(range), Ok(None), "{range}");
        }
    }

    #[test]
    fn a_part_of_another_version_gets_the_whole() {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_static("bytes=0-0"));
        headers.insert(header::IF_RANGE, HeaderValue::from_static("\"b\""));
        assert_eq!(part(&headers, 100, &HeaderValue::from_static("\"a\"")), Ok(None));
        assert!(part(&headers, 100, &HeaderValue::from_static("\"b\"")).is_ok_and(|part| part.is_some()));
    }
}
