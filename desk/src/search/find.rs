//! Searching.

use std::collections::HashMap;

use domain::search::{Grade, Query, QueryRefusal, SearchKind, Snippet};
use domain::{ApiScope, Customer, CustomerId, Message, MessageId, ProjectId, Session, SessionId};

use super::SearchKey;
use super::matching::{Match, Search};
use super::walk::Walk;
use crate::{Actor, Desk, Error, PageRequest, Rejected};

/// What to search for, and where.
#[derive(Debug, Clone, Copy)]
pub struct SearchRequest<'a> {
    /// The words.
    pub query: &'a str,
    /// What is wanted; nothing for everything.
    pub kinds: &'a [SearchKind],
    /// Only the messages of this session.
    pub session_id: Option<SessionId>,
}

impl SearchRequest<'_> {
    /// The kinds that are wanted, in the order of the results.
    fn kinds(&self) -> Vec<SearchKind> {
        let is_wanted = |kind: &SearchKind| {
            (self.kinds.is_empty() || self.kinds.contains(kind))
                && (self.session_id.is_none() || *kind == SearchKind::Message)
        };
        SearchKind::ALL.iter().copied().filter(is_wanted).collect()
    }
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
    /// The results, in their order.
    pub hits: Vec<SearchHit>,
    /// Whether there is more before the first one.
    pub has_previous_page: bool,
    /// Whether there is more after the last one.
    pub has_next_page: bool,
    /// Where the page begins: at the first result or, where too much had to be looked at, further up.
    pub start: Option<SearchKey>,
    /// Where the page ends: at the last result or, where too much had to be looked at, further down.
    pub end: Option<SearchKey>,
}

impl Desk {
    /// Searches what the actor sees in a project: of sessions and messages those that go on for them.
    pub async fn search(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        request: &SearchRequest<'_>,
        page: PageRequest<SearchKey>,
    ) -> Result<SearchPage, Rejected<QueryRefusal>> {
        actor.needs(ApiScope::SessionsRead)?;
        let sight = self.sight_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        let page = page.page()?;
        let query = Query::parse(request.query).map_err(Rejected::Refused)?;
        if let Some(session) = request.session_id
            && self.session(actor, session).await?.is_none_or(|session| session.project_id != project_id)
        {
            return Err(Error::NotFound("session").into());
        }
        let search = Search { project_id, sight, query, session_id: request.session_id };
        let found = {
            let mut reader = self.store.read().await?;
            Walk { search, kinds: request.kinds(), page }.page(&mut reader).await?
        };
        let (mut start, mut end) =
            (found.matches.first().map(|first| first.key), found.matches.last().map(|last| last.key));
        let far_end = if page.from_end { &mut start } else { &mut end };
        *far_end = found.halt.or(*far_end);
        let (has_previous_page, has_next_page) =
            if page.from_end { (found.more, page.before.is_some()) } else { (page.after.is_some(), found.more) };
        Ok(SearchPage { hits: self.hits(actor, found.matches).await?, has_previous_page, has_next_page, start, end })
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
