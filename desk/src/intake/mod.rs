//! Updates from Telegram: stored before they are acknowledged, then worked off in order.

mod arrivals;
mod failed;
mod work;

pub(crate) use arrivals::Arrivals;
pub use arrivals::Update;
pub use failed::FailedUpdate;
pub use work::{Decode, Decoded};
