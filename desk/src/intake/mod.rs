//! Updates from Telegram: stored before they are acknowledged, then worked off in order.

mod arrivals;
mod decoded;
mod failed;
mod work;

pub(crate) use arrivals::Arrivals;
pub use arrivals::Update;
pub use failed::FailedUpdate;
pub use decoded::{
    Decoded, Deletion, Membership, Migration, Press, Reachability, ReactionChange, Reactions,
};
pub use work::Decode;
