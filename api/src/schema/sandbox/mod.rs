//! Projects whose customers are simulated.

mod button_press;
mod clock_advance;
mod content;
mod customer_block;
mod customer_edit;
mod customer_react;
mod customer_send;
mod customer_unblock;
mod fault_inject;
mod faults_clear;
mod update_push;

pub(crate) use button_press::SandboxButtonPress;
pub(crate) use clock_advance::SandboxClockAdvance;
pub(crate) use customer_block::SandboxCustomerBlock;
pub(crate) use customer_edit::SandboxCustomerEdit;
pub(crate) use customer_react::SandboxCustomerReact;
pub(crate) use customer_send::SandboxCustomerSend;
pub(crate) use customer_unblock::SandboxCustomerUnblock;
pub(crate) use fault_inject::SandboxFaultInject;
pub(crate) use faults_clear::SandboxFaultsClear;
pub(crate) use update_push::SandboxUpdatePush;
