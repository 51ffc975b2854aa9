//! The type `Customer`.

use std::sync::Arc;

use async_graphql::Object;

use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::project::Project;
use crate::schema::scalar::DateTime;
use crate::view::View;

pub(crate) struct Customer {
    row: Arc<domain::Customer>,
    view: View,
}

impl Customer {
    pub(crate) fn new(row: Arc<domain::Customer>, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// A Telegram user as one project knows them. Two projects never share a customer, even if the same user writes to both.
#[Object]
impl Customer {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// First and last name as Telegram gives them.
    fn name(&self) -> &str {
        &self.row.name
    }

    /// The Telegram user name without `@`. Null if the user has none.
    fn username(&self) -> Option<&str> {
        self.row.username.as_deref()
    }

    /// The number of the user in Telegram, in decimal digits. It does not fit into an `Int`.
    fn telegram_user_id(&self) -> String {
        self.row.telegram_user_id.0.to_string()
    }

    /// The language of the user's Telegram as an IETF tag, such as `de` or `pt-br`. Null if Telegram has not said it.
    fn language_code(&self) -> Option<&str> {
        self.row.language_code.as_deref()
    }

    /// False while the customer blocks the bot or is gone from Telegram; a message from them makes it true again.
    fn reachable(&self) -> bool {
        self.row.unreachable_since.is_none()
    }

    /// When the customer first wrote, on the project's clock.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// The project whose bot the customer writes to.
    async fn project(&self) -> Result<Project> {
        Project::load(self.row.project_id, &self.view).await
    }
}
