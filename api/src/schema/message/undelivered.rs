//! The messages of a project that were not delivered, as far as is known.

use std::sync::Arc;

use async_graphql::{Context, Enum};
use domain::{DeliveryState, MessageId, ProjectId};

use super::Message;
use crate::schema::connection::Connection;
use crate::schema::cursor::{List, Place};
use crate::schema::error::Result;
use crate::schema::page::PageArguments;
use crate::view::View;

/// Why a message counts as not delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum UndeliveredState {
    /// Telegram refused it.
    Failed,
    /// Nobody can tell whether Telegram accepted it.
    Unknown,
}

/// A page of the messages of a project that were not delivered.
pub(crate) async fn undelivered_page(
    context: &Context<'_>,
    view: &View,
    project: ProjectId,
    state: Option<UndeliveredState>,
    page: PageArguments,
) -> Result<Connection<Message>> {
    let states: Vec<DeliveryState> = state.map(DeliveryState::from).into_iter().collect();
    let list = List::undelivered_in(project);
    let page = page.of(context, list, |place| MessageId(place.id))?;
    let page = view.desk().undelivered_messages(view.actor(), project, &states, page).await?;
    Ok(Connection::new(list, page, |id| Place { micros: 0, id: id.0 }, |message| Message::new(Arc::new(message), view)))
}

impl From<UndeliveredState> for DeliveryState {
    fn from(state: UndeliveredState) -> Self {
        match state {
            UndeliveredState::Failed => Self::Failed,
            UndeliveredState::Unknown => Self::Unknown,
        }
    }
}
