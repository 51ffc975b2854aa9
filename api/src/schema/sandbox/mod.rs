//! Projects whose customers are simulated.

mod clock_advance;
mod customer_send;

pub(crate) use clock_advance::SandboxClockAdvance;
pub(crate) use customer_send::SandboxCustomerSend;
