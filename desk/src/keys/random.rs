//! Randomness: every secret of the desk is drawn here, from the system's generator.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};

/// Draws `N` bytes that nobody can predict.
pub(super) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .expect("AWS-LC aborts the process rather than report a failure of its generator");
    bytes
}

/// A name that nobody else draws.
pub(crate) fn random_id() -> String {
    random_bytes::<16>().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A number above zero that nobody else draws.
pub(crate) fn random_number() -> i64 {
    i64::from_be_bytes(random_bytes()) & i64::MAX
}
