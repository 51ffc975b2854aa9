//! Routing: which agent gets a session.
//!
//! [`Settings`] hold a project's rules. [`route`] decides about one [`Request`] among the [`Candidate`]s and says on
//! what [`Grounds`]. It remembers nothing: how the work was shared so far comes with the candidates, so that the sharing
//! stays fair across restarts and processes. Whoever carries a decision out has to write the assignment, the agent's
//! [`Turn`] and the load in one transaction that nobody else can come between.

mod attribute;
mod backlog;
mod candidate;
mod decision;
mod grounds;
mod policy;
mod queue;
mod queue_message;
mod request;
mod reroute;
mod route;
mod rule;
mod settings;
mod strategy;

pub use crate::attribute::AttributeValue;
pub use attribute::AttributeTest;
pub use backlog::{Assigned, assign_backlog};
pub use candidate::{Candidate, Presence, Turn};
pub use decision::{Decision, QueueReason};
pub use grounds::{Grounds, LastDecision, Source, Tally};
pub use policy::{ListedRule, MOST_CAPACITY, MOST_CONDITIONS, MOST_RULES, MOST_VALUES, Policy, REROUTE_RANGE};
pub use queue::{Waiting, in_order, place, waits_since};
pub use queue_message::{PLACE, UnknownPlace, check_queue_message, queue_message};
pub use request::Request;
pub use reroute::{Holder, REROUTE_AFTER, Reroute, reroute};
pub use route::route;
pub use rule::{Condition, PLAN_ATTRIBUTE, Rule};
pub use settings::{OfflineAgents, Scope, Settings, unmanned};
pub use strategy::Strategy;
