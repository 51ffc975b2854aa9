//! Ending a sign-in.

use async_graphql::{Context, Object, SimpleObject};

use crate::schema::error::Result;
use crate::schema::user_error::{UserError as _, user_error};
use crate::view::{desk, signed_in};

/// What came of `signOut`.
#[derive(SimpleObject)]
pub(crate) struct SignOutPayload {
    /// Whether this request ended the sign-in.
    signed_out: bool,
    /// Why there was nothing to end. Empty if all went well.
    user_errors: Vec<SignOutError>,
}

user_error! {
    /// Why `signOut` ended nothing.
    SignOutError,
    /// The reasons of `signOut` to end nothing.
    SignOutErrorCode {
        /// The sign-in had ended before, for example by an earlier `signOut` on the same socket, which is then closed
        /// within a second.
        AlreadySignedOut,
    }
}

#[derive(Default)]
pub(crate) struct SignOut;

#[Object]
impl SignOut {
    /// Ends the sign-in that the access token comes from: neither it nor the refresh token is taken any more.
    async fn sign_out(&self, context: &Context<'_>) -> Result<SignOutPayload> {
        let (desk, signed_in) = (desk(context), signed_in(context)?);
        match desk.actor(signed_in.credential).await {
            Ok(actor) => {
                desk.sign_out(&actor).await?;
                Ok(SignOutPayload { signed_out: true, user_errors: Vec::new() })
            }
            Err(desk::Error::Unauthenticated) => {
                let message = "this sign-in had ended before: there is nothing left to do";
                let error = SignOutError::new(SignOutErrorCode::AlreadySignedOut, None, message);
                Ok(SignOutPayload { signed_out: false, user_errors: vec![error] })
            }
            Err(error) => Err(error.into()),
        }
    }
}
