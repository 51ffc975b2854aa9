//! The type `Note`.

use std::sync::Arc;

use async_graphql::Object;
use domain::note::NotePart;

use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::scalar::DateTime;
use crate::schema::session::Session;
use crate::view::View;

pub(crate) struct Note {
    row: Arc<domain::Note>,
    view: View,
}

impl Note {
    pub(crate) fn new(row: Arc<domain::Note>, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// What an agent wrote for colleagues in a session. The customer never sees it.
#[Object]
impl Note {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// What there is to say beside the three parts. Empty if there is nothing.
    fn text(&self) -> &str {
        &self.row.text
    }

    /// What the customer needs. Empty if nothing was said.
    fn need(&self) -> &str {
        &self.row.need
    }

    /// What was tried. Empty if nothing was said.
    fn tried(&self) -> &str {
        &self.row.tried
    }

    /// What is to be done next. Empty if nothing was said.
    fn next_step(&self) -> &str {
        &self.row.next_step
    }

    /// Who wrote it. Null if they are gone.
    async fn author(&self) -> Result<Option<Agent>> {
        Ok(self.view.loaders().agents().load(self.row.agent_id).await?.map(|agent| Agent::new(agent, &self.view)))
    }

    /// The session.
    async fn session(&self) -> Result<Session> {
        let session = self.view.loaders().sessions().load(self.row.session_id).await?;
        Ok(Session::new(session.ok_or(desk::Error::NotFound("session"))?, &self.view))
    }

    /// When it was written, on the project's clock.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// When it was last reworded, on the project's clock. Null if it never was.
    fn edited_at(&self) -> Option<DateTime> {
        self.row.edited_at.map(DateTime::from)
    }

    /// Grows with each change of the note.
    fn version(&self) -> i64 {
        self.row.version
    }
}

/// The field of the input that a part of a note comes from.
pub(super) fn field_of(part: NotePart) -> &'static str {
    match part {
        NotePart::Text => "text",
        NotePart::Need => "need",
        NotePart::Tried => "tried",
        NotePart::NextStep => "nextStep",
    }
}
