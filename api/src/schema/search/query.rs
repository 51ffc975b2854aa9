//! Asking for what fits some words.

use async_graphql::{Context, Enum, ID, Object};
use desk::Rejected;
use desk::search::SearchRequest;
use domain::search::QueryRefusal;

use super::cursor::Results;
use super::result::SearchResultConnection;
use crate::schema::error::{Failure, Result, sentence};
use crate::schema::id;
use crate::schema::page::PageArguments;
use crate::transport::ErrorCode;
use crate::view::View;

/// What can be searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::search::SearchKind")]
pub(crate) enum SearchKind {
    /// Sessions, by their number, by what became of them and by what they wait for.
    Session,
    /// Customers, by their name and user name.
    Customer,
    /// Messages, by their text.
    Message,
}

#[derive(Default)]
pub(crate) struct SearchQuery;

#[Object]
impl SearchQuery {
    /// Searches what you see in a project, in any language; of sessions and messages only those that you have now. Each
    /// word has to be there: in letters of any case, with or without accents, and as a part of a longer word if it has at
    /// least three letters; one of two letters at the beginning of a word; Chinese, Japanese and Thai anywhere. What was
    /// written in the last second may be missing. Fails with `QUERY_EMPTY` if there is nothing to search for, and with
    /// `QUERY_TOO_LONG` if it is more than 200 characters.
    #[expect(clippy::too_many_arguments, reason = "each argument of a field is one of its resolver")]
    async fn search(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the project.")] project_id: ID,
        #[graphql(desc = "The words to search for, up to 200 characters.")] query: String,
        #[graphql(desc = "What to search for. Everything if left out or empty.")] kinds: Option<Vec<SearchKind>>,
        #[graphql(desc = "The global id of a session: only its messages are searched.")] session_id: Option<ID>,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<SearchResultConnection> {
        let view = View::of(context).await?;
        let project_id = id::parse(&project_id)?;
        let session_id = session_id.map(|session| id::parse(&session)).transpose()?;
        let kinds: Vec<domain::search::SearchKind> = kinds.unwrap_or_default().into_iter().map(Into::into).collect();
        let request = SearchRequest { query: &query, kinds: &kinds, session_id };
        let results = Results::of(project_id, &request);
        let page = PageArguments { first, after, last, before }.decoded(context, |cursor| results.decode(cursor))?;
        let page = view.desk().search(view.actor(), project_id, &request, page).await.map_err(failure)?;
        Ok(SearchResultConnection::new(page, results, view))
    }
}

fn failure(rejected: Rejected<QueryRefusal>) -> Failure {
    let refusal = match rejected {
        Rejected::Refused(refusal) => refusal,
        Rejected::Failed(error) => return error.into(),
    };
    let code = match refusal {
        QueryRefusal::Empty => ErrorCode::QueryEmpty,
        QueryRefusal::TooLong => ErrorCode::QueryTooLong,
    };
    Failure::new(code, sentence(refusal))
}
