//! What the desk knows before somebody escalates.

use async_graphql::{Context, ID, Object, SimpleObject};
use domain::SessionId;

use super::packet::EscalationPacket;
use crate::schema::error::Result;
use crate::schema::id;
use crate::view::View;

/// What the desk knows of the packet of an escalation before anybody has filled anything in.
#[derive(SimpleObject)]
pub(crate) struct EscalationDraft {
    /// The packet, as far as it is known.
    packet: EscalationPacket,
    /// What `ticketEscalate` asks for beside that, by the names of the fields of its packet.
    missing: Vec<String>,
}

#[derive(Default)]
pub(crate) struct EscalationDraftQuery;

#[Object]
impl EscalationDraftQuery {
    /// What the desk fills in when a session is escalated, and what is missing. For those for whom the session goes on.
    async fn ticket_escalation_draft(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session.")] session_id: ID,
    ) -> Result<EscalationDraft> {
        let view = View::of(context).await?;
        let session: SessionId = id::parse(&session_id)?;
        let (draft, missing) = view.desk().ticket_escalation_draft(view.actor(), session).await?;
        let missing = missing.into_iter().map(str::to_owned).collect();
        Ok(EscalationDraft { packet: EscalationPacket::new(draft.packet, view), missing })
    }
}
