//! The types `StaffLink` and `LinkInvitation`.

use async_graphql::{Object, SimpleObject};

use crate::schema::error::Result;
use crate::schema::project::Project;
use crate::schema::scalar::DateTime;
use crate::view::View;

pub(crate) struct StaffLink {
    row: domain::StaffLink,
    view: View,
}

impl StaffLink {
    pub(crate) fn new(row: domain::StaffLink, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// An agent's Telegram account in one project, which gets the agent's notices there.
#[Object]
impl StaffLink {
    /// The project.
    async fn project(&self) -> Result<Project> {
        Project::load(self.row.project_id, &self.view).await
    }

    /// The name of the account when it was linked.
    fn telegram_name(&self) -> &str {
        &self.row.telegram_name
    }

    /// When the account was linked.
    fn linked_at(&self) -> DateTime {
        self.row.linked_at.into()
    }
}

/// What links a chat when it is told to the bot there. It works once, and is shown once.
#[derive(SimpleObject)]
pub(crate) struct LinkInvitation {
    /// What to send to the bot as `/start <code>`. Opening `url` does so.
    code: String,
    /// The address to open in Telegram. Null while the user name of the bot is not known, and in a sandbox.
    url: Option<String>,
    /// From when on it works no more.
    expires_at: DateTime,
}

impl LinkInvitation {
    /// For the chat that somebody opens with the bot, or for a group that the bot is put into.
    pub(crate) fn new(made: desk::team::LinkInvitation, address: fn(&str, &str) -> String) -> Self {
        let url = made.bot_username.as_deref().map(|username| address(username, &made.code));
        Self { url, code: made.code, expires_at: made.expires_at.into() }
    }
}
