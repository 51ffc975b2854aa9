//! The buckets of all actors.

use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::{RateLimitSettings, bucket::Bucket};
use crate::transport::authentication::Caller;

/// How many actors of either kind are told apart. Beyond, the new ones share one bucket, so that nobody can fill the
/// memory with actors, nor push a used bucket out of it.
const ACTORS: usize = 100_000;

/// How long full buckets are kept, which are the same as none.
const SWEEP_INTERVAL: Duration = Duration::from_secs(10);

/// What taking points out of a bucket came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Level {
    pub(super) remaining: u32,
    pub(super) full_in: Duration,
    /// How long to wait, where there were not enough points. None were taken then.
    pub(super) wait: Option<Duration>,
}

/// Keeps the buckets of those who have a token apart from those of addresses, of which one client can have very many.
pub(in crate::transport) struct RateLimiter {
    pub(super) settings: RateLimitSettings,
    identities: Mutex<Buckets<Arc<str>>>,
    addresses: Mutex<Buckets<IpAddr>>,
}

impl RateLimiter {
    pub(in crate::transport) fn new(settings: RateLimitSettings) -> Self {
        let now = Instant::now();
        Self { settings, identities: Mutex::new(Buckets::new(now)), addresses: Mutex::new(Buckets::new(now)) }
    }

    /// Takes points from the bucket of the caller. `None` if there is no limit.
    pub(super) fn take(&self, caller: &Caller, points: u32, now: Instant) -> Option<Level> {
        let settings = self.settings;
        if settings.points == 0 {
            return None;
        }
        Some(match caller.identity() {
            Some(identity) => {
                let mut buckets = self.identities.lock().unwrap_or_else(PoisonError::into_inner);
                buckets.take(&**identity, || Arc::clone(identity), points, now, settings)
            }
            None => {
                let network = caller.address().network();
                let mut buckets = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
                buckets.take(&network, || network, points, now, settings)
            }
        })
    }
}

struct Buckets<K> {
    buckets: HashMap<K, Bucket>,
    /// For all whom there is no room for.
    others: Bucket,
    swept_at: Instant,
}

impl<K: Hash + Eq> Buckets<K> {
    fn new(now: Instant) -> Self {
        Self { buckets: HashMap::new(), others: Bucket::full(now), swept_at: now }
    }

    fn take<Q: Hash + Eq + ?Sized>(
        &mut self,
        key: &Q,
        own: impl FnOnce() -> K,
        points: u32,
        now: Instant,
        settings: RateLimitSettings,
    ) -> Level
    where
        K: Borrow<Q>,
    {
        self.sweep(now);
        let mut fresh = Bucket::full(now);
        let known = self.buckets.contains_key(key);
        let has_room = self.buckets.len() < ACTORS;
        let bucket =
            if known || !has_room { self.buckets.get_mut(key).unwrap_or(&mut self.others) } else { &mut fresh };
        let wait = bucket.take(points, now, settings).err();
        let level = Level { remaining: bucket.remaining(now, settings), full_in: bucket.full_in(now), wait };
        if !known && has_room && !fresh.is_full(now) {
            self.buckets.insert(own(), fresh);
        }
        level
    }

    /// Forgets full buckets from time to time.
    fn sweep(&mut self, now: Instant) {
        if now.saturating_duration_since(self.swept_at) >= SWEEP_INTERVAL {
            self.swept_at = now;
            self.buckets.retain(|_, bucket| !bucket.is_full(now));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        net::{IpAddr, Ipv4Addr},
        time::{Duration, Instant},
    };

    use super::{ACTORS, Buckets, RateLimitSettings, RateLimiter, SWEEP_INTERVAL};
    use crate::transport::{authentication::Caller, client_address::ClientAddress};

    const SETTINGS: RateLimitSettings = RateLimitSettings { points: 100, points_per_second: 10 };

    fn at(address: &str) -> Caller {
        Caller::new().at(ClientAddress(address.parse().unwrap()))
    }

    #[test]
    fn each_actor_has_a_bucket() {
        let limiter = RateLimiter::new(SETTINGS);
        let now = Instant::now();
        let remaining = |caller: &Caller| limiter.take(caller, 60, now).map(|level| (level.remaining, level.wait));
        let ada = at("192.0.2.1").identified_by("agent:1");
        assert_eq!(remaining(&ada), Some((40, None)));
        assert_eq!(remaining(&at("192.0.2.2").identified_by("agent:1")), Some((40, Some(Duration::from_secs(2)))));
        for other in [at("192.0.2.1"), at("192.0.2.1").identified_by("agent:2"), at("192.0.2.2"), at("2001:db8::1")] {
            assert_eq!(remaining(&other), Some((40, None)));
        }
        assert_eq!(remaining(&at("2001:db8::2")), Some((40, Some(Duration::from_secs(2)))));
    }

    #[test]
    fn without_points_there_is_no_limit() {
        let limiter = RateLimiter::new(RateLimitSettings { points: 0, ..SETTINGS });
        assert_eq!(limiter.take(&at("192.0.2.1"), u32::MAX, Instant::now()), None);
    }

    #[test]
    fn the_memory_is_bounded_and_no_used_bucket_is_pushed_out() {
        let now = Instant::now();
        let mut buckets = Buckets::new(now);
        let mut take = |number: usize, points, now| {
            let address = IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(number).unwrap()));
            let level = buckets.take(&address, || address, points, now, SETTINGS);
            (buckets.buckets.len(), level.remaining)
        };
        for number in 0..ACTORS {
            take(number, 50, now);
        }
        assert_eq!(take(ACTORS, 60, now), (ACTORS, 40));
        assert_eq!(take(ACTORS + 1, 30, now), (ACTORS, 10), "they share a bucket");
        assert_eq!(take(7, 10, now), (ACTORS, 40), "it kept its own");
        assert_eq!(take(ACTORS + 2, 10, now + SWEEP_INTERVAL), (1, 90), "the others are full again");
    }
}
