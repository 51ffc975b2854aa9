//! Searching.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;

use domain::customer::Acquaintance;
use domain::filter::{Page, SessionFilter, SessionOrder, SessionOrderField};
use domain::search::{Grade, Hit, Query, QueryRefusal, SearchKind, Snippet};
use domain::{ApiScope, Customer, CustomerId, Message, MessageId, ProjectId, Session, SessionId, Sight};
use store::Reader;
use store::search::Stretch;

use super::SearchKey;
use crate::{Actor, Desk, Error, PAGE_SIZE, Rejected};

/// How many results a page has.
const PAGE: RangeInclusive<usize> = 1..=PAGE_SIZE;
/// How many texts are compared with the query at a time.
const STRETCH: usize = 500;
/// The same where most of what comes into question may be out of sight, which is found out before.
const STRETCH_OF_AGENT: usize = 4_000;
/// The most that is looked at for one page. What is behind that is on the next one.
const MOST: usize = 20_000;

/// What to search for, and where.
#[derive(Debug, Clone)]
pub struct SearchRequest<'a> {
    /// The words.
    pub query: &'a str,
    /// What is wanted; nothing for everything.
    pub kinds: &'a [SearchKind],
    /// Only the messages of this session.
    pub session_id: Option<SessionId>,
    /// How many results.
    pub first: Option<i32>,
    /// Only what comes after this place.
    pub after: Option<SearchKey>,
}

/// Something that was found.
#[derive(Debug, Clone)]
pub enum SearchResult {
    /// A session.
    Session(Box<Session>),
    /// A customer.
    Customer(Box<Customer>),
    /// A message.
    Message(Box<Message>),
}

/// Something that was found, with how and where.
#[derive(Debug, Clone)]
pub struct SearchHit {
    /// Its place among the results.
    pub key: SearchKey,
    /// What was found.
    pub result: SearchResult,
    /// How well it fits.
    pub grade: Grade,
    /// The part of its text that fits.
    pub snippet: Snippet,
}

/// One page of results.
#[derive(Debug, Clone)]
pub struct SearchPage {
    /// The results.
    pub hits: Vec<SearchHit>,
    /// Where to go on, if there is more: behind the last result or, where too much had to be looked at, further on.
    pub next: Option<SearchKey>,
}

impl Desk {
    /// Searches what the actor sees in a project: of sessions and messages those that go on for them.
    pub async fn search(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        request: &SearchRequest<'_>,
    ) -> Result<SearchPage, Rejected<QueryRefusal>> {
        actor.needs(ApiScope::SessionsRead)?;
        let sight = self.sight_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        let size = request.first.and_then(|first| usize::try_from(first).ok()).filter(|size| PAGE.contains(size));
        let size =
            size.ok_or_else(|| Error::InvalidArgument("a page has 1 to 100 results: give `first`".to_owned()))?;
        let query = Query::parse(request.query).map_err(Rejected::Refused)?;
        if let Some(session) = request.session_id
            && self.session(actor, session).await?.is_none_or(|session| session.project_id != project_id)
        {
            return Err(Error::NotFound("session").into());
        }
        let search = Search { project_id, sight, query, session_id: request.session_id, size };
        let (found, next) = {
            let mut reader = self.store.read().await?;
            search.page(&mut reader, &kinds(request), request.after).await?
        };
        Ok(SearchPage { hits: self.hits(actor, found).await?, next })
    }

    /// What was found, as the actor sees it now, in the same order.
    async fn hits(&self, actor: &Actor, found: Vec<Match>) -> Result<Vec<SearchHit>, Error> {
        let ids = |kind: SearchKind| found.iter().filter(move |found| found.key.kind == kind).map(|found| found.id);
        let sessions: Vec<SessionId> = ids(SearchKind::Session).map(SessionId).collect();
        let customers: Vec<CustomerId> = ids(SearchKind::Customer).map(CustomerId).collect();
        let messages: Vec<MessageId> = ids(SearchKind::Message).map(MessageId).collect();
        let mut results = HashMap::new();
        if !sessions.is_empty() {
            let rows = self.sessions_by_id(actor, &sessions).await?;
            results.extend(rows.into_iter().map(|row| ((SearchKind::Session, row.id.0), SearchResult::from(row))));
        }
        if !customers.is_empty() {
            let rows = self.customers_by_id(actor, &customers).await?;
            results.extend(rows.into_iter().map(|row| ((SearchKind::Customer, row.id.0), SearchResult::from(row))));
        }
        if !messages.is_empty() {
            let rows = self.messages_by_id(actor, &messages).await?;
            results.extend(rows.into_iter().map(|row| ((SearchKind::Message, row.id.0), SearchResult::from(row))));
        }
        let hit = |Match { id, key, hit, text }| {
            let result = results.remove(&(key.kind, id))?;
            Some(SearchHit { key, result, grade: hit.grade, snippet: Snippet::around(&text, &hit.places) })
        };
        Ok(found.into_iter().filter_map(hit).collect())
    }
}

/// The kinds that are wanted, in the order of the results.
fn kinds(request: &SearchRequest<'_>) -> Vec<SearchKind> {
    let is_wanted = |kind: &SearchKind| {
        (request.kinds.is_empty() || request.kinds.contains(kind))
            && (request.session_id.is_none() || *kind == SearchKind::Message)
    };
    SearchKind::ALL.iter().copied().filter(is_wanted).collect()
}

/// A search that is going on.
struct Search {
    project_id: ProjectId,
    sight: Sight,
    query: Query,
    session_id: Option<SessionId>,
    size: usize,
}

/// A text that fits, before what it belongs to is loaded.
struct Match {
    id: i64,
    key: SearchKey,
    hit: Hit,
    text: String,
}

/// What comes into question in a stretch.
struct Candidates {
    stretch: Stretch,
    ids: Vec<i64>,
}

impl Search {
    /// The matches of one page, and where to go on.
    async fn page(
        &self,
        reader: &mut Reader,
        kinds: &[SearchKind],
        after: Option<SearchKey>,
    ) -> Result<(Vec<Match>, Option<SearchKey>), Error> {
        let (mut page, mut looked_at) = (Vec::new(), 0);
        for kind in kinds.iter().copied().filter(|kind| after.is_none_or(|after| *kind >= after.kind)) {
            // A page begins amid the stretch in which the one before it ended, or after it.
            let after = after.filter(|after| after.kind == kind);
            let mut resumed = after.filter(|after| after.place.is_some());
            let mut below = after.map_or(i64::MAX, |after| after.from);
            while below > 0 || resumed.is_some() {
                let candidates = match &resumed {
                    Some(key) => self.candidates(reader, kind, key.stretch(), MOST).await?,
                    None => self.candidates(reader, kind, Stretch { from: 0, below }, self.stretch()).await?,
                };
                looked_at += candidates.ids.len();
                below = candidates.stretch.from;
                let mut matches = self.matches(reader, kind, &candidates).await?;
                if let Some(key) = resumed.take() {
                    matches.retain(|found| key.is_before(found.hit.grade, found.id));
                }
                matches.sort_by_key(|found| Reverse((found.hit.grade, found.id)));
                page.extend(matches);
                if page.len() > self.size {
                    page.truncate(self.size);
                    let next = page.last().map(|found: &Match| found.key);
                    return Ok((page, next));
                }
                if looked_at >= MOST && below > 0 {
                    let Stretch { from, below } = candidates.stretch;
                    return Ok((page, Some(SearchKey { kind, from, below, place: None })));
                }
            }
        }
        Ok((page, None))
    }

    fn stretch(&self) -> usize {
        match self.sight {
            Sight::Everything => STRETCH,
            Sight::Own { .. } => STRETCH_OF_AGENT,
        }
    }

    /// What comes into question in a stretch, at most `limit`. If there is more the stretch of the answer is shorter.
    async fn candidates(
        &self,
        reader: &mut Reader,
        kind: SearchKind,
        stretch: Stretch,
        limit: usize,
    ) -> Result<Candidates, Error> {
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let ids = match (kind, self.session_id) {
            (SearchKind::Message, Some(session)) => reader.newest_messages_within(session, stretch, most).await?,
            _ => reader.search_candidates(self.project_id, kind, &self.query.grams(), stretch, most).await?,
        };
        let from = ids.last().copied().filter(|_| ids.len() >= limit).unwrap_or(stretch.from);
        Ok(Candidates { stretch: Stretch { from, below: stretch.below }, ids })
    }

    /// Those of the candidates that fit and are in sight.
    async fn matches(
        &self,
        reader: &mut Reader,
        kind: SearchKind,
        candidates: &Candidates,
    ) -> Result<Vec<Match>, Error> {
        let texts = match kind {
            SearchKind::Message => {
                let found = reader.message_texts(self.project_id, &self.sight, &candidates.ids).await?;
                found.into_iter().map(|(id, text)| (id.0, text)).collect()
            }
            SearchKind::Customer => self.customers(reader, &candidates.ids).await?,
            SearchKind::Session => return self.sessions(reader, candidates).await,
        };
        Ok(self.fitting(texts, kind, candidates.stretch))
    }

    async fn documents(
        &self,
        reader: &mut Reader,
        kind: SearchKind,
        ids: &[i64],
    ) -> Result<Vec<(i64, String)>, store::Error> {
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

    fn fitting(&self, texts: Vec<(i64, String)>, kind: SearchKind, stretch: Stretch) -> Vec<Match> {
        let fits = |(id, text): (i64, String)| Some(Match::new(id, kind, stretch, self.query.find_in(&text)?, text));
        texts.into_iter().filter_map(fits).collect()
    }

    /// Sessions that fit and are in sight. The one that the query names by its number stands in the first stretch, as if
    /// the number were its text.
    async fn sessions(&self, reader: &mut Reader, candidates: &Candidates) -> Result<Vec<Match>, Error> {
        let (kind, stretch) = (SearchKind::Session, candidates.stretch);
        let named = self.session_by_number(reader).await?;
        let mut texts = self.documents(reader, kind, &candidates.ids).await?;
        texts.retain(|(id, _)| named.as_ref().is_none_or(|named| named.id.0 != *id));
        let ids: Vec<i64> = texts.iter().map(|(id, _)| *id).collect();
        let sessions = if ids.is_empty() { Vec::new() } else { reader.sessions(&ids).await? };
        let seen = sessions.into_iter().filter(|session| self.sight.takes_in(&session.audience_before));
        let seen: HashSet<i64> = seen.map(|session| session.id.0).collect();
        texts.retain(|(id, _)| seen.contains(id));
        let mut matches = self.fitting(texts, kind, stretch);
        if let Some(named) = named.filter(|named| self.sight.takes_in(&named.audience_before))
            && stretch.below == i64::MAX
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

impl Match {
    fn new(id: i64, kind: SearchKind, Stretch { from, below }: Stretch, hit: Hit, text: String) -> Self {
        Self { id, key: SearchKey { kind, from, below, place: Some((hit.grade, id)) }, hit, text }
    }
}

impl From<Session> for SearchResult {
    fn from(session: Session) -> Self {
        Self::Session(Box::new(session))
    }
}

impl From<Customer> for SearchResult {
    fn from(customer: Customer) -> Self {
        Self::Customer(Box::new(customer))
    }
}

impl From<Message> for SearchResult {
    fn from(message: Message) -> Self {
        Self::Message(Box::new(message))
    }
}
