//! What all transports share.

use std::{fmt, sync::Arc};

use tokio::sync::watch;

use super::{
    authentication::Authenticator, clock::Clock, drain::Drain, limits::SchemaShape, persisted::Documents,
    rate_limit::RateLimiter, settings::TransportSettings, subscription::Renderings,
};

/// A GraphQL executor together with all that the transports need to serve it.
///
/// `E` is an [`async_graphql::Executor`], such as a `Schema`.
#[derive(Clone)]
pub struct Endpoint<E> {
    pub(super) executor: E,
    pub(super) shape: Arc<SchemaShape>,
    pub(super) authenticator: Arc<dyn Authenticator>,
    pub(super) clock: Clock,
    pub(super) drain: Drain,
    pub(super) settings: TransportSettings,
    pub(super) rate_limiter: Arc<RateLimiter>,
    pub(super) documents: Arc<Documents>,
    pub(super) renderings: Arc<Renderings>,
}

impl<E> Endpoint<E> {
    /// An endpoint with the default [`TransportSettings`]. The shape has to be that of the executor's schema, because it
    /// decides what operations cost.
    pub fn new(executor: E, shape: SchemaShape, authenticator: impl Authenticator, clock: Clock, drain: Drain) -> Self {
        let settings = TransportSettings::default();
        Self {
            executor,
            shape: Arc::new(shape),
            authenticator: Arc::new(authenticator),
            clock,
            drain,
            rate_limiter: Arc::new(RateLimiter::new(settings.rate_limit)),
            documents: Arc::new(Documents::new(&settings.persisted)),
            settings,
            renderings: Arc::default(),
        }
    }

    /// Forgets every result of a subscription that was kept to be shared, whenever `forgetting` changes, until that ends.
    pub fn forget_whenever<T: Send + Sync + 'static>(&self, mut forgetting: watch::Receiver<T>) {
        let renderings = Arc::downgrade(&self.renderings);
        tokio::spawn(async move {
            while forgetting.changed().await.is_ok() {
                let Some(renderings) = renderings.upgrade() else { return };
                renderings.forget();
            }
        });
    }

    /// The same endpoint with other settings.
    #[must_use]
    pub fn with_settings(mut self, settings: TransportSettings) -> Self {
        self.documents = Arc::new(Documents::new(&settings.persisted));
        self.rate_limiter = Arc::new(RateLimiter::new(settings.rate_limit));
        self.settings = settings;
        self
    }
}

impl<E> fmt::Debug for Endpoint<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Endpoint").field("settings", &self.settings).finish_non_exhaustive()
    }
}
