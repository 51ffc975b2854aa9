//! Updates from Telegram: stored before they are acknowledged, then worked off in order.

mod arrivals;
mod work;

pub(crate) use arrivals::Arrivals;
pub use arrivals::Update;
pub use work::{Decode, Decoded};
