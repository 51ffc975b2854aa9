//! Expected refusals of mutations, as clients read them in `userErrors`.

use desk::{Error, Rejected};

use super::error::Failure;

/// Declares the error type of a mutation and the enumeration of its codes.
macro_rules! user_error {
    (
        $(#[$error_meta:meta])* $error:ident,
        $(#[$code_meta:meta])* $code:ident { $($(#[$meta:meta])* $variant:ident,)+ }
    ) => {
        $(#[$code_meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
        pub(crate) enum $code { $($(#[$meta])* $variant,)+ }

        $(#[$error_meta])*
        #[derive(Debug, async_graphql::SimpleObject)]
        pub(crate) struct $error {
            /// What is wrong and what to do about it, in words for people. They may change; decide by `code`.
            message: String,
            /// Where the cause is: the names of the argument and the field in it, from the outermost on.
            path: Vec<&'static str>,
            /// What is wrong, for programs.
            code: $code,
        }

        impl $error {
            /// An error whose cause is in a field of the input; in the input as a whole, if no field is named.
            fn new(code: $code, field: Option<&'static str>, message: impl std::fmt::Display) -> Self {
                let path = std::iter::once("input").chain(field).collect();
                Self { message: $crate::schema::error::sentence(message), path, code }
            }
        }
    };
}

pub(crate) use user_error;

/// Why a mutation has nothing to show for it.
pub(crate) enum Stop<E> {
    /// An expected refusal.
    Refused(E),
    /// Anything else.
    Failed(Failure),
}

impl<E> From<Failure> for Stop<E> {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}
