//! Whether there is room for one more connection.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use thiserror::Error;

use super::ConnectionSettings;
use crate::transport::ClientAddress;

/// How often it is logged that there is no room.
const SAY_AGAIN_AFTER: Duration = Duration::from_secs(60);

/// All connections of a server, counted.
pub(super) struct Admission {
    settings: ConnectionSettings,
    count: Mutex<Count>,
}

#[derive(Default)]
struct Count {
    total: usize,
    by_network: HashMap<IpAddr, usize>,
    said_at: Option<Instant>,
    unsaid: u64,
}

/// Why there is no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(super) enum NoRoom {
    #[error("this server has as many connections as it may have: try again in a moment")]
    Server,
    #[error("you have as many connections as one client may have: close some of them, or use those you have")]
    Client,
}

/// The place of one connection, which is free again when this is dropped.
pub(super) struct Place {
    admission: Arc<Admission>,
    network: Option<IpAddr>,
}

impl Admission {
    pub(super) fn new(settings: ConnectionSettings) -> Self {
        Self { settings, count: Mutex::default() }
    }

    pub(super) fn settings(&self) -> &ConnectionSettings {
        &self.settings
    }

    /// A place for a connection from this peer.
    pub(super) fn admit(self: &Arc<Self>, peer: IpAddr) -> Result<Place, NoRoom> {
        let peer = peer.to_canonical();
        let is_exempt = peer.is_loopback() || self.settings.trusted_proxies.trust(peer);
        let network = (!is_exempt).then(|| ClientAddress(peer).network());
        let mut count = self.count();
        if count.total >= self.settings.most {
            count.refused(NoRoom::Server);
            return Err(NoRoom::Server);
        }
        if let Some(network) = network {
            let of_client = count.by_network.get(&network).copied().unwrap_or(0);
            if of_client >= self.settings.most_per_client {
                count.refused(NoRoom::Client);
                return Err(NoRoom::Client);
            }
            count.by_network.insert(network, of_client + 1);
        }
        count.total += 1;
        metrics::gauge!("switchboard_connections").increment(1);
        Ok(Place { admission: Arc::clone(self), network })
    }

    fn count(&self) -> MutexGuard<'_, Count> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Count {
    fn refused(&mut self, reason: NoRoom) {
        metrics::counter!("switchboard_connections_refused_total").increment(1);
        self.unsaid += 1;
        let now = Instant::now();
        if self.said_at.is_none_or(|said_at| now - said_at >= SAY_AGAIN_AFTER) {
            self.said_at = Some(now);
            let refused = std::mem::take(&mut self.unsaid);
            let limit = match reason {
                NoRoom::Server => "SWITCHBOARD_LIMIT_CONNECTIONS",
                NoRoom::Client => "SWITCHBOARD_LIMIT_CONNECTIONS_PER_CLIENT",
            };
            tracing::warn!(refused, limit, "connections are refused: the limit is reached");
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut count = self.admission.count();
        count.total -= 1;
        metrics::gauge!("switchboard_connections").decrement(1);
        let Some(network) = self.network else { return };
        if let Some(of_client) = count.by_network.get_mut(&network) {
            *of_client -= 1;
            if *of_client == 0 {
                count.by_network.remove(&network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::TrustedProxy;

    fn admission(most: usize, most_per_client: usize) -> Arc<Admission> {
        let trusted_proxies = ["10.0.0.0/8".parse::<TrustedProxy>().unwrap()].into_iter().collect();
        Arc::new(Admission::new(ConnectionSettings {
            most,
            most_per_client,
            trusted_proxies,
            ..ConnectionSettings::default()
        }))
    }

    fn outcomes(admission: &Arc<Admission>, peers: &[&str]) -> (Vec<Place>, Vec<NoRoom>) {
        let (mut places, mut refusals) = (Vec::new(), Vec::new());
        for peer in peers {
            match admission.admit(peer.parse().unwrap()) {
                Ok(place) => places.push(place),
                Err(refusal) => refusals.push(refusal),
            }
        }
        (places, refusals)
    }

    #[test]
    fn there_are_no_more_than_the_server_may_have() {
        let admission = admission(2, 9);
        let (mut places, refusals) = outcomes(&admission, &["192.0.2.1", "127.0.0.1", "10.0.0.1"]);
        assert_eq!((places.len(), &*refusals), (2, &[NoRoom::Server][..]));
        places.pop();
        assert!(admission.admit("10.0.0.1".parse().unwrap()).is_ok());
    }

    #[test]
    fn nobody_has_more_than_one_client_may_have() {
        let admission = admission(99, 2);
        let peers = ["192.0.2.1", "192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2"];
        let (places, refusals) = outcomes(&admission, &peers);
        assert_eq!((places.len(), &*refusals), (3, &[NoRoom::Client][..]));
        let (_places, refusals) =
            outcomes(&admission, &["2001:db8::1", "2001:db8::2:1", "2001:db8::3", "2001:db8:0:1::"]);
        assert_eq!(refusals, [NoRoom::Client], "a /64 is one client");
        drop(places);
        assert!(admission.admit("192.0.2.1".parse().unwrap()).is_ok());
    }

    #[test]
    fn this_machine_and_trusted_proxies_may_have_any_number() {
        let admission = admission(99, 1);
        let peers = ["127.0.0.1", "127.0.0.1", "::1", "::1", "10.1.2.3", "10.1.2.3", "::ffff:10.1.2.3"];
        assert_eq!(outcomes(&admission, &peers).1, []);
        assert!(admission.count().by_network.is_empty());
    }
}
