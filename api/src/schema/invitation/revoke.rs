//! Taking an invitation back.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::invitation::InvitationRevokeRefusal as Refusal;

use super::Invitation;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `invitationRevoke` takes.
#[derive(InputObject)]
pub(crate) struct InvitationRevokeInput {
    /// The global id of the invitation.
    invitation_id: ID,
}

/// What came of `invitationRevoke`.
#[derive(SimpleObject)]
pub(crate) struct InvitationRevokePayload {
    /// The invitation as it is now. Null if nothing was changed.
    invitation: Option<Invitation>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<InvitationRevokeError>,
}

user_error! {
    /// Why `invitationRevoke` did nothing.
    InvitationRevokeError,
    /// The reasons of `invitationRevoke` to do nothing.
    InvitationRevokeErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such invitation, or you may not see it.
        InvitationNotFound,
        /// The invitation gives more than you administer.
        NotAdministrator,
        /// Somebody has become an agent by it.
        AlreadyAccepted,
    }
}

#[derive(Default)]
pub(crate) struct InvitationRevoke;

#[Object]
impl InvitationRevoke {
    /// Takes an invitation back: its code works no more, and its seat is free. To revoke it again changes nothing. For
    /// whoever could make it, and not to be done with an API token.
    async fn invitation_revoke(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The invitation that is to work no more.")] input: InvitationRevokeInput,
    ) -> Result<InvitationRevokePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, &input)).await?;
        let invitation = done.map(|invitation| Invitation::new(Arc::new(invitation), &view));
        Ok(InvitationRevokePayload { invitation, user_errors })
    }
}

async fn run(
    view: &View,
    input: &InvitationRevokeInput,
) -> Result<domain::Invitation, Stop<domain::Invitation, InvitationRevokeError>> {
    let id = id::parse(&input.invitation_id).map_err(|invalid| {
        InvitationRevokeError::new(InvitationRevokeErrorCode::InvalidId, Some("invitationId"), invalid)
    })?;
    let revoked = view.desk().invitation_revoke(view.actor(), id).await;
    revoked.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Invitation, InvitationRevokeError> {
    use InvitationRevokeErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::NotFound => (Code::InvitationNotFound, Some("invitationId")),
        Refusal::NotAdministrator => (Code::NotAdministrator, None),
        Refusal::AlreadyAccepted => (Code::AlreadyAccepted, Some("invitationId")),
    };
    InvitationRevokeError::new(code, field, refusal).into()
}
