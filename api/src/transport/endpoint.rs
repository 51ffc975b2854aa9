//! What all transports share.

use std::{fmt, sync::Arc};

use super::{authentication::Authenticator, clock::Clock, drain::Drain, settings::TransportSettings};

/// A GraphQL executor together with all that the transports need to serve it.
///
/// `E` is an [`async_graphql::Executor`], such as a `Schema`.
#[derive(Clone)]
pub struct Endpoint<E> {
    pub(super) executor: E,
    pub(super) authenticator: Arc<dyn Authenticator>,
    pub(super) clock: Clock,
    pub(super) drain: Drain,
    pub(super) settings: TransportSettings,
}

impl<E> Endpoint<E> {
    /// An endpoint with the default [`TransportSettings`].
    pub fn new(executor: E, authenticator: impl Authenticator, clock: Clock, drain: Drain) -> Self {
        Self { executor, authenticator: Arc::new(authenticator), clock, drain, settings: TransportSettings::default() }
    }

    /// The same endpoint with other settings.
    #[must_use]
    pub fn with_settings(mut self, settings: TransportSettings) -> Self {
        self.settings = settings;
        self
    }
}

impl<E> fmt::Debug for Endpoint<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Endpoint").field("settings", &self.settings).finish_non_exhaustive()
    }
}
