//! What the desk knows of a packet.

use domain::escalation::{Draft, Known};
use domain::filter::Page;
use domain::{ApiScope, Customer, Session, SessionId};
use store::Queries;

use crate::visibility::View;
use crate::{Actor, Desk, Error};

/// How many of the first messages of a session are looked at.
const FIRST: usize = 20;
/// How many of the last ones.
const LAST: usize = 50;

/// What the desk knows of the packet of a session.
pub(super) async fn draft_of(
    queries: &mut Queries,
    session: &Session,
    customer: &Customer,
) -> Result<Draft, store::Error> {
    let page = |size, from_end| Page { after: None, before: None, size, from_end };
    let first = queries.message_page(session.id, page(FIRST, false)).await?;
    let mut last = queries.message_page(session.id, page(LAST, true)).await?;
    last.reverse();
    let notes = queries.notes_of_sessions(&[session.id.0]).await?;
    Ok(Draft::of(&Known { customer, first: &first, last: &last, notes: &notes }))
}

impl Desk {
    /// What the desk knows of the packet of a session that goes on for the actor, and what is missing, by its names in the
    /// API.
    pub async fn ticket_escalation_draft(
        &self,
        actor: &Actor,
        id: SessionId,
    ) -> Result<(Draft, Vec<&'static str>), Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let draft = {
            let mut reader = self.store.read().await?;
            let session = reader.session(id).await?.ok_or(Error::NotFound("session"))?;
            let customer = reader.customers(&[session.customer_id.0]).await?.pop();
            let customer = customer.ok_or(Error::NotFound("customer"))?;
            draft_of(&mut reader, &session, &customer).await?
        };
        // After the draft: what came once the session had ended for the actor is none of theirs.
        match self.view(actor, id).await? {
            Some(View::Whole) => {}
            Some(View::AsLeft(_)) | None => return Err(Error::NotFound("session")),
        }
        let missing = draft.packet.missing(draft.message_count);
        Ok((draft, missing))
    }
}
