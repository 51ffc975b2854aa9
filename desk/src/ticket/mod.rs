//! Tickets and their escalations: traceable pieces of work that come of sessions.

mod carry;
mod change;
mod create;
mod draft;
mod erase;
mod escalate;
mod hear;
mod judge;
mod link;
mod list;
mod outlook;
mod refusal;
mod resolve;
mod statistics;
mod target;
mod team_gone;
mod tell;
mod trigger;
mod update;
mod watch;

pub use create::{NewTicket, TicketCreateRefusal};
pub(crate) use erase::erase;
pub use escalate::{EscalationSubject, NewEscalation, TicketEscalateRefusal};
pub(crate) use hear::{CustomerRequest, answer, request_of};
pub use judge::EscalationJudgeRefusal;
pub use link::TicketLinkRefusal;
pub use refusal::TicketRefusal;
pub use resolve::TicketResolveRefusal;
pub use target::AimRefusal;
pub(crate) use team_gone::leave_team;
pub(crate) use trigger::{Occasion, aim, aim_at, escalate_by_desk};
pub use update::{TicketFieldsRefusal, TicketUpdate, TicketUpdateRefusal};
pub use watch::TicketWatchRefusal;
