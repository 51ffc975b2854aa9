//! That somebody's rights may have changed.

/// The fact whose value changes with every change of anybody's rights, in the same transaction
/// and by triggers, so that no writer can forget it.
pub const RIGHTS_VERSION_FACT: &str = "rights_version";
