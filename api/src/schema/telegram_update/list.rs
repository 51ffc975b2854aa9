//! The updates of a project, page by page.

use std::sync::Arc;

use async_graphql::Context;
use desk::intake::Place as Number;
use domain::ProjectId;

use super::{TelegramUpdate, TelegramUpdateState};
use crate::schema::connection::Connection;
use crate::schema::cursor::{List, Place};
use crate::schema::error::Result;
use crate::schema::page::PageArguments;
use crate::view::View;

/// A page of a project's updates in a state, or of all of them.
pub(crate) async fn telegram_update_page(
    context: &Context<'_>,
    view: &View,
    project: ProjectId,
    state: Option<TelegramUpdateState>,
    page: PageArguments,
) -> Result<Connection<TelegramUpdate>> {
    let list = List::telegram_updates_of(project);
    // The two numbers of a place fit where other lists have a time and an identifier.
    let page = page.of(context, list, |place| Number { epoch: place.micros, update_id: place.id })?;
    let state = state.map(Into::into);
    let page = view.desk().telegram_updates(view.actor(), project, state, page).await?;
    Ok(Connection::new(
        list,
        page,
        |number| Place { micros: number.epoch, id: number.update_id },
        |update| TelegramUpdate::new(Arc::new(update), view),
    ))
}
