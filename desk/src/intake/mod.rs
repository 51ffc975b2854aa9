//! Updates from Telegram: stored before they are acknowledged, then worked off in order.

mod activity;
mod arrivals;
mod command;
mod decoded;
mod deletion;
mod dispatch;
mod edit;
mod failed;
mod gate;
mod hooks;
mod kept;
mod known;
mod message;
mod migration;
mod outbound;
mod poll;
mod press;
mod reachability;
mod reaction;
mod scene;
mod survey;
mod usual;
mod work;

pub(crate) use arrivals::Arrivals;
pub use arrivals::Update;
pub use decoded::{Decoded, Deletion, Membership, Migration, Press, Reachability, ReactionChange, Reactions};
pub use failed::FailedUpdate;
pub use kept::{KeptUpdate, Place, Shelf, UpdateRetryRefusal, UpdateState};
pub(crate) use migration::migrate_chat;
pub use work::Decode;
