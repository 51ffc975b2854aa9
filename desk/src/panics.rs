//! Living on after a defect.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;

/// The work panicked. What the panic said may quote a message, so it is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the desk has a defect here: it panicked")]
pub(crate) struct Panicked;

/// Does a piece of work whose panic must not end the part of the desk that does it. Nobody knows
/// what a transaction is at in which something panicked: drop it.
pub(crate) async fn caught<T>(work: impl Future<Output = T>) -> Result<T, Panicked> {
    AssertUnwindSafe(work).catch_unwind().await.map_err(|_| Panicked)
}
