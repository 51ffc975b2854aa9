//! Giving out sessions: who gets which, who waits, and what a project says about it. The decisions themselves are in
//! `domain::routing`.
//!
//! Decisions about the sessions of one project follow one another: whoever makes one has the project's row of settings
//! locked until it is written, with the turn and the load of the agent. So no session is given out twice and every turn
//! counts, however many processes share the work. Nobody waits for that row while they hold a session: who changes a
//! session only notes that it needs an agent, and a job sees to the rest.

mod capacity;
mod decisions;
mod floor;
mod give;
mod line;
mod mark;
mod place;
mod policy;
mod request;
mod reroute;
mod rest;
mod roster;
mod round;
mod route;
mod rule;
mod team_gone;

pub use capacity::CapacityRefusal;
pub(crate) use mark::{get_in_line, is_wanted, mark_for_routing, put_back};
pub(crate) use policy::lock;
pub use policy::{RoutingChange, RoutingRefusal, ScopeRefusal};
pub(crate) use rest::{REST, serve_rest};
pub use roster::AtWork;
pub(crate) use roster::roster;
use round::schedule_round;
pub(crate) use round::{ROUND, go_round, hasten_round, hasten_round_if_wanted};
pub(crate) use route::{ROUTE, route_session};
pub use rule::{NewRoutingRule, RoutingRuleRefusal, RuleChange};
pub(crate) use team_gone::aim_past_team;
