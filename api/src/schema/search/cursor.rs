//! The cursors of search results.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use desk::search::{SearchKey, SearchRequest};
use domain::ProjectId;
use domain::search::{Grade, SearchKind};

use crate::schema::error::Result;

const VERSION: u8 = 1;
const LENGTH: usize = 43;

/// The results of one search, as their cursors name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Results {
    project: i64,
    /// A hash of what is searched for.
    request: u64,
}

impl Results {
    pub(super) fn of(project: ProjectId, request: &SearchRequest<'_>) -> Self {
        let kinds = request.kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" ");
        let session = request.session_id.map_or(0, |session| session.0);
        let text = format!("{session} {kinds} {}", request.query.trim());
        // FNV-1a, because cursors outlive releases.
        let request = text
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self { project: project.0, request }
    }

    /// The text of the cursor of a place.
    pub(super) fn encode(self, key: SearchKey) -> String {
        let (grade, id) = key.place.map_or((0, 0), |(grade, id)| (number(grade), id));
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.extend([VERSION, kind_number(key.kind), grade]);
        for part in [self.project, self.request.cast_signed(), key.from, key.below, id] {
            bytes.extend(part.to_be_bytes());
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The place of a cursor. Fails if the text is not a cursor of these results.
    pub(super) fn decode(self, text: &str) -> Result<SearchKey> {
        Ok(self.read(text).ok_or(desk::Error::InvalidCursor)?)
    }

    fn read(self, text: &str) -> Option<SearchKey> {
        let bytes: [u8; LENGTH] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let ([version, kind, grade], numbers) = bytes.split_first_chunk()?;
        let (numbers, []) = numbers.as_chunks::<8>() else { return None };
        let [project, request, from, below, id] = numbers else { return None };
        let [project, request, from, below, id] = [project, request, from, below, id].map(|it| i64::from_be_bytes(*it));
        let of = Self { project, request: request.cast_unsigned() };
        if *version != VERSION || of != self {
            return None;
        }
        let kind = SearchKind::ALL.iter().copied().find(|known| kind_number(*known) == *kind)?;
        let place = match grade {
            0 => None,
            grade => Some((GRADES.into_iter().find(|known| number(*known) == *grade)?, id)),
        };
        (0 <= from && from < below).then_some(SearchKey { kind, from, below, place })
    }
}

const GRADES: [Grade; 3] = [Grade::Parts, Grade::Words, Grade::Phrase];

/// The numbers are in cursors that clients keep.
fn number(grade: Grade) -> u8 {
    match grade {
        Grade::Parts => 1,
        Grade::Words => 2,
        Grade::Phrase => 3,
    }
}

fn kind_number(kind: SearchKind) -> u8 {
    match kind {
        SearchKind::Session => 1,
        SearchKind::Customer => 2,
        SearchKind::Message => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_taken_by_its_own_results_alone() {
        let request = |query: &'static str| SearchRequest { query, kinds: &[], session_id: None };
        let results = Results::of(ProjectId(1), &request("refund"));
        let key = |place| SearchKey { kind: SearchKind::Message, from: 3, below: i64::MAX, place };
        for key in [key(None), key(Some((Grade::Words, 5)))] {
            let cursor = results.encode(key);
            assert_eq!(results.read(&cursor), Some(key));
            for other in [Results::of(ProjectId(2), &request("refund")), Results::of(ProjectId(1), &request("refunds"))]
            {
                assert_eq!(other.read(&cursor), None);
            }
            for text in ["", "1", "💥", &cursor[1..], &format!("{cursor}A")] {
                assert_eq!(results.read(text), None, "{text}");
            }
        }
    }
}
