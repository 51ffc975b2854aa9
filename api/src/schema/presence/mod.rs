//! Who is there.

mod subscription;

pub(crate) use subscription::PresenceSubscription;
