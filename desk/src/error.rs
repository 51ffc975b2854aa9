//! What can go wrong in a use case.

/// A failure that has nothing to do with the request as such. The texts are for people
/// outside; the cause is for the log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is signed in, or the credentials are not valid any more.
    #[error("sign in first: send a valid access token")]
    Unauthenticated,
    /// The actor may not do this.
    #[error("you do not have the right to do this")]
    Forbidden,
    /// The actor acts through an API token that is not good for this.
    #[error("your API token does not have the scope {0}, which this needs: make a token that has it")]
    MissingScope(domain::ApiScope),
    /// The actor acts through an API token, and this is for those who sign in.
    #[error("an API token cannot do this: sign in with a password for it")]
    SignInNeeded,
    /// There is no such object, or the actor may not know of it.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// A cursor that this desk did not make.
    #[error("the cursor is not valid: use one that this list or subscription returned")]
    InvalidCursor,
    /// An argument that cannot be taken as it is.
    #[error("{0}")]
    InvalidArgument(String),
    /// The database is out of reach or overloaded; nothing was changed.
    #[error("the desk cannot reach its database now; try again in a moment")]
    Unavailable(#[source] store::Error),
    /// Too many sign-ins at this moment; nothing was changed.
    #[error("too many sign-ins are being checked at this moment; try again in a second")]
    Busy,
    /// A defect.
    #[error("something went wrong inside the desk; the request id leads to the reason in the log")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// A defect, with its cause for the log.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        if error.is_transient() { Self::Unavailable(error) } else { Self::internal(error) }
    }
}

/// Why a use case did not do what was asked: it refused, for a reason of its own that the
/// caller can act on, or it failed.
#[derive(Debug)]
pub enum Rejected<R> {
    /// An expected outcome.
    Refused(R),
    /// Anything else.
    Failed(Error),
}

impl<R> Rejected<R> {
    /// The same for a caller who has further reasons to refuse.
    pub(crate) fn widened<W: From<R>>(self) -> Rejected<W> {
        match self {
            Self::Refused(refusal) => Rejected::Refused(refusal.into()),
            Self::Failed(error) => Rejected::Failed(error),
        }
    }
}

impl<R> From<Error> for Rejected<R> {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl<R> From<store::Error> for Rejected<R> {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}
