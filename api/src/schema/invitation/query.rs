//! Asking for invitations.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use domain::{InvitationId, ProjectId};

use super::Invitation;
use crate::schema::connection::Connection;
use crate::schema::cursor::{List, Place};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::page::PageArguments;
use crate::view::View;

#[derive(Default)]
pub(crate) struct InvitationQuery;

#[Object]
impl InvitationQuery {
    /// Invitations, newest first, those included that were accepted or revoked or have run out. For administrators of the
    /// workspace, or of the project that is asked for.
    async fn invitations(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only those that give a role in this project. All of the workspace if left out.")] project_id: Option<
            ID,
        >,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<Invitation>> {
        let view = View::of(context).await?;
        let project: Option<ProjectId> = project_id.as_deref().map(|text| id::parse(text)).transpose()?;
        let list = match project {
            Some(project) => List::invitations_into(project),
            None => List::invitations_to(view.actor().agent.workspace_id),
        };
        let page = PageArguments { first, after, last, before }.of(context, list, |place| InvitationId(place.id))?;
        let page = view.desk().invitations(view.actor(), project, page).await?;
        Ok(Connection::new(
            list,
            page,
            |id| Place { micros: 0, id: id.0 },
            |invitation| Invitation::new(Arc::new(invitation), view),
        ))
    }
}
