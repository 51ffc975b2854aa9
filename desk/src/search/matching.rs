//! What of a stretch fits a query.

use std::collections::HashSet;

use domain::customer::Acquaintance;
use domain::filter::{Page, SessionFilter, SessionOrder, SessionOrderField};
use domain::search::{Grade, Hit, Query, SearchKind};
use domain::{ProjectId, Session, SessionId, Sight};
use store::Reader;
use store::search::Stretch;

use super::SearchKey;
use super::stretches::{Candidates, Cut};
use crate::Error;

/// What is searched for, where and by whom.
pub(super) struct Search {
    pub(super) project_id: ProjectId,
    pub(super) sight: Sight,
    pub(super) query: Query,
    /// Only the messages of this session.
    pub(super) session_id: Option<SessionId>,
}

/// A text that fits, before what it belongs to is loaded.
pub(super) struct Match {
    pub(super) id: i64,
    pub(super) key: SearchKey,
    pub(super) hit: Hit,
    pub(super) text: String,
}

impl Match {
    fn new(id: i64, kind: SearchKind, Stretch { from, below }: Stretch, hit: Hit, text: String) -> Self {
        Self { id, key: SearchKey { kind, from, below, place: Some((hit.grade, id)) }, hit, text }
    }

    /// By what the results of a stretch are ordered.
    pub(super) fn rank(&self) -> (Grade, i64) {
        (self.hit.grade, self.id)
    }

    /// The identifier among whose results it is listed: its own, but for one that stands in a newer stretch than that of its
    /// identifier.
    pub(super) fn at(&self) -> i64 {
        self.id.max(self.key.from)
    }
}

impl Search {
    /// What comes into question in some stretches.
    pub(super) async fn candidates(
        &self,
        reader: &mut Reader,
        kind: SearchKind,
        cut: &Cut,
    ) -> Result<Candidates, Error> {
        let (within, order, limit) = (cut.within, cut.order, cut.limit());
        let ids = match (kind, self.session_id) {
            (SearchKind::Message, Some(session)) => reader.messages_within(session, within, order, limit).await?,
            _ => reader.search_candidates(self.project_id, kind, &self.query.grams(), within, order, limit).await?,
        };
        Ok(cut.stretches(ids))
    }

    /// How many come into question in all.
    pub(super) async fn candidate_count(&self, reader: &mut Reader, kind: SearchKind) -> Result<usize, Error> {
        let count = match (kind, self.session_id) {
            (SearchKind::Message, Some(session)) => reader.message_count(session, None).await?,
            _ => reader.search_candidate_count(self.project_id, kind, &self.query.grams()).await?,
        };
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// Those of the candidates that fit and are in sight.
    pub(super) async fn matches(
        &self,
        reader: &mut Reader,
        kind: SearchKind,
        candidates: &Candidates,
    ) -> Result<Vec<Match>, Error> {
        let texts = match kind {
            SearchKind::Message if candidates.ids.is_empty() => Vec::new(),
            SearchKind::Message => {
                let found = reader.message_texts(self.project_id, &self.sight, &candidates.ids).await?;
                found.into_iter().map(|(id, text)| (id.0, text)).collect()
            }
            SearchKind::Customer => self.customers(reader, &candidates.ids).await?,
            SearchKind::Session => return self.sessions(reader, candidates).await,
        };
        Ok(self.fitting(texts, kind, candidates))
    }

    async fn documents(
        &self,
        reader: &mut Reader,
        kind: SearchKind,
        ids: &[i64],
    ) -> Result<Vec<(i64, String)>, store::Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let found = reader.documents(kind, ids).await?;
        let own = found.into_iter().filter(|document| document.project_id == self.project_id);
        Ok(own.map(|document| (document.id, document.text)).collect())
    }

    /// Customers of whom the actor sees the profile as it is.
    async fn customers(&self, reader: &mut Reader, ids: &[i64]) -> Result<Vec<(i64, String)>, store::Error> {
        let mut texts = self.documents(reader, SearchKind::Customer, ids).await?;
        if self.sight != Sight::Everything && !texts.is_empty() {
            let known = reader.acquaintances(&self.sight, ids).await?;
            let current = known.into_iter().filter(|(_, known)| *known == Acquaintance::Current);
            let current: HashSet<i64> = current.map(|(customer, _)| customer.0).collect();
            texts.retain(|(id, _)| current.contains(id));
        }
        Ok(texts)
    }

    fn fitting(&self, texts: Vec<(i64, String)>, kind: SearchKind, candidates: &Candidates) -> Vec<Match> {
        let fits = |(id, text): (i64, String)| {
            let (stretch, hit) = (candidates.stretch_of(id)?, self.query.find_in(&text)?);
            Some(Match::new(id, kind, stretch, hit, text))
        };
        texts.into_iter().filter_map(fits).collect()
    }

    /// Sessions that fit and are in sight. The one that the query names by its number stands in the first stretch, as if
    /// the number were its text.
    async fn sessions(&self, reader: &mut Reader, candidates: &Candidates) -> Result<Vec<Match>, Error> {
        let kind = SearchKind::Session;
        let named = self.session_by_number(reader).await?;
        let mut texts = self.documents(reader, kind, &candidates.ids).await?;
        texts.retain(|(id, _)| named.as_ref().is_none_or(|named| named.id.0 != *id));
        let ids: Vec<i64> = texts.iter().map(|(id, _)| *id).collect();
        let sessions = if ids.is_empty() { Vec::new() } else { reader.sessions(&ids).await? };
        let seen = sessions.into_iter().filter(|session| self.sight.takes_in(&session.audience_before));
        let seen: HashSet<i64> = seen.map(|session| session.id.0).collect();
        texts.retain(|(id, _)| seen.contains(id));
        let mut matches = self.fitting(texts, kind, candidates);
        let newest = candidates.stretches.iter().copied().find(|stretch| stretch.below == i64::MAX);
        if let Some(named) = named.filter(|named| self.sight.takes_in(&named.audience_before))
            && let Some(stretch) = newest
        {
            let text = format!("#{}", named.number);
            let hit = Hit { grade: Grade::Phrase, places: std::iter::once(1..text.len()).collect() };
            matches.push(Match::new(named.id.0, kind, stretch, hit, text));
        }
        Ok(matches)
    }

    async fn session_by_number(&self, reader: &mut Reader) -> Result<Option<Session>, store::Error> {
        let Some(number) = self.query.number() else { return Ok(None) };
        let order = SessionOrder { field: SessionOrderField::CreatedAt, descending: true };
        let page = Page { after: None, before: None, size: 1, from_end: false };
        let filter = SessionFilter::Number(vec![number]);
        Ok(reader.session_page(self.project_id, &filter, order, page).await?.pop())
    }
}
