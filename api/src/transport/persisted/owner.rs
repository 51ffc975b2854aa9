//! On whose account a document is kept.

use std::{net::IpAddr, sync::Arc};

use crate::transport::authentication::Caller;

/// Whoever had documents kept: an actor, however often they sign in, or the network that an anonymous request came from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::transport) enum Owner {
    Actor(Arc<str>),
    Network(IpAddr),
}

impl Owner {
    /// On whose account a document of this caller is kept.
    pub(in crate::transport) fn of(caller: &Caller) -> Self {
        match caller.identity() {
            Some(identity) => Self::Actor(Arc::clone(identity)),
            None => Self::Network(caller.address().network()),
        }
    }
}
