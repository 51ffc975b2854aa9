//! Expected refusals of mutations, as clients read them in `userErrors`.

use std::fmt::Debug;

use desk::Rejected;
use futures_util::future::BoxFuture;

use super::error::{Failure, Result};

/// Declares the error type of a mutation and the enumeration of its codes.
macro_rules! user_error {
    (
        $(#[$error_meta:meta])* $error:ident,
        $(#[$code_meta:meta])* $code:ident { $($(#[$meta:meta])* $variant:ident,)+ }
    ) => {
        $(#[$error_meta])*
        #[derive(Debug, async_graphql::SimpleObject)]
        pub(crate) struct $error {
            /// What is wrong and what to do about it, in words for people. They may change: decide by `code`.
            message: String,
            /// Where the cause is: the argument and the field in it, from the outermost on. The argument alone if no
            /// single field is the cause.
            path: Vec<String>,
            /// What is wrong, for programs.
            code: $code,
        }

        $(#[$code_meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
        pub(crate) enum $code { $($(#[$meta])* $variant,)+ }

        impl $crate::schema::user_error::UserError for $error {
            type Code = $code;

            fn new(code: $code, field: Option<&'static str>, message: impl std::fmt::Display) -> Self {
                Self::at(code, field.map(str::to_owned), message)
            }

            fn at(
                code: $code,
                place: impl IntoIterator<Item = String>,
                message: impl std::fmt::Display,
            ) -> Self {
                let path = std::iter::once("input".to_owned()).chain(place).collect();
                Self { message: $crate::schema::error::sentence(message), path, code }
            }
        }
    };
}

pub(crate) use user_error;

/// An entry of `userErrors`.
pub(crate) trait UserError: Sized {
    type Code;

    /// An error whose cause is in a field of the input, or in the input as a whole.
    fn new(code: Self::Code, field: Option<&'static str>, message: impl std::fmt::Display) -> Self;

    /// An error whose cause is somewhere in the input: the names of fields and the places in lists, counted from 0,
    /// from the outermost on.
    fn at(code: Self::Code, place: impl IntoIterator<Item = String>, message: impl std::fmt::Display) -> Self;
}

/// Why a mutation did not do what was asked.
pub(crate) enum Stop<T, E> {
    /// For a reason that was to be expected.
    Refused {
        /// The reason.
        error: E,
        /// The object as it is, if that helps the client to go on.
        current: Option<T>,
    },
    /// For any other.
    Failed(Failure),
}

impl<T, E> Stop<T, E> {
    /// What the desk rejected, with its refusals explained.
    pub(crate) fn of<R>(rejected: Rejected<R>, explain: impl FnOnce(R) -> Self) -> Self {
        match rejected {
            Rejected::Refused(refusal) => explain(refusal),
            Rejected::Failed(error) => Self::Failed(error.into()),
        }
    }

    /// A refusal that this mutation has no reason for.
    pub(crate) fn unexpected(refusal: impl Debug) -> Self {
        Self::Failed(Failure::internal(format!("the use case refused for a reason of another one: {refusal:?}")))
    }
}

impl<T, E: UserError> From<E> for Stop<T, E> {
    fn from(error: E) -> Self {
        Self::Refused { error, current: None }
    }
}

/// The object and the user errors of a payload, once a mutation has done its work. That goes on on the heap: the futures of
/// all mutations lie beside each other in the frame of the stack from which one of them is chosen.
pub(crate) fn settled<'a, T: Send + 'a, E: Send + 'a>(
    work: impl Future<Output = std::result::Result<T, Stop<T, E>>> + Send + 'a,
) -> BoxFuture<'a, Result<(Option<T>, Vec<E>)>> {
    Box::pin(async move { settle(work.await) })
}

/// The object and the user errors of a payload.
pub(crate) fn settle<T, E>(outcome: std::result::Result<T, Stop<T, E>>) -> Result<(Option<T>, Vec<E>)> {
    match outcome {
        Ok(object) => Ok((Some(object), Vec::new())),
        Err(Stop::Refused { error, current }) => Ok((current, vec![error])),
        Err(Stop::Failed(failure)) => Err(failure),
    }
}
