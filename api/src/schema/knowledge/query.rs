//! Asking for knowledge entries.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use desk::knowledge::KnowledgeList;
use domain::{KnowledgeEntryId, ProjectId};

use super::KnowledgeEntry;
use crate::schema::connection::Connection;
use crate::schema::cursor::{List, Place};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::page::PageArguments;
use crate::view::View;

#[derive(Default)]
pub(crate) struct KnowledgeQuery;

#[Object]
impl KnowledgeQuery {
    /// The knowledge entries of a project, oldest first.
    #[expect(clippy::too_many_arguments, reason = "each argument of a field is one of its resolver")]
    async fn knowledge_entries(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the project.")] project_id: ID,
        #[graphql(
            desc = "Only entries in whose question, answer or keywords this is found, up to 200 characters. All of them \
                          if left out."
        )]
        query: Option<String>,
        #[graphql(default, desc = "Whether to show those as well that were put away.")] include_archived: bool,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<KnowledgeEntry>> {
        let view = View::of(context).await?;
        let project: ProjectId = id::parse(&project_id)?;
        let asked = KnowledgeList { query, includes_archived: include_archived };
        let list = List::knowledge_of(project);
        let page =
            PageArguments { first, after, last, before }.of(context, list, |place| KnowledgeEntryId(place.id))?;
        let page = view.desk().knowledge_entries(view.actor(), project, &asked, page).await?;
        Ok(Connection::new(
            list,
            page,
            |id| Place { micros: 0, id: id.0 },
            |entry| KnowledgeEntry::new(Arc::new(entry), view),
        ))
    }
}
