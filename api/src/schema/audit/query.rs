//! Asking for the audit log.

use async_graphql::{Context, ID, Object};
use domain::ProjectId;

use super::filter::AuditFilter;
use super::object::AuditEntry;
use crate::schema::connection::Connection;
use crate::schema::cursor::{List, Place};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::page::PageArguments;
use crate::view::View;

#[derive(Default)]
pub(crate) struct AuditQuery;

#[Object]
impl AuditQuery {
    /// The audit log, newest first: of a project for its supervisors and administrators, of the whole workspace for its
    /// administrators.
    #[expect(clippy::too_many_arguments, reason = "each argument of a field is one of its resolver")]
    async fn audit_entries(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The project. The whole workspace, with what belongs to no project, if left out.")]
        project_id: Option<ID>,
        #[graphql(desc = "Which entries to show. All of them if left out.")] filter: Option<AuditFilter>,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<AuditEntry>> {
        let view = View::of(context).await?;
        let project: Option<ProjectId> = project_id.as_deref().map(|text| id::parse(text)).transpose()?;
        let list = match project {
            Some(project) => List::audit_of(project),
            None => List::audit_in(view.actor().agent.workspace_id),
        };
        let filter = filter.unwrap_or_default().within(project)?;
        let page = PageArguments { first, after, last, before }.of(context, list, |place| place.id)?;
        let page = view.desk().audit_entries(view.actor(), &filter, page).await?;
        Ok(Connection::new(list, page, |id| Place { micros: 0, id }, |entry| AuditEntry::new(entry, view)))
    }
}
