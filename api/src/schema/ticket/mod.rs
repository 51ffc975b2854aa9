//! Tickets and their escalations.

mod create;
mod draft;
mod entry;
mod escalate;
mod escalation;
mod filter;
mod judge;
mod list;
mod loader;
mod messages_link;
mod object;
mod order;
mod packet;
mod query;
mod resolve;
mod statistics;
mod unwatch;
mod update;
mod watch;

pub(crate) use create::TicketCreate;
pub(crate) use draft::EscalationDraftQuery;
pub(crate) use escalate::TicketEscalate;
pub(crate) use escalation::{Escalation, EscalationLevel, EscalationReason};
pub(crate) use filter::TicketFilter;
pub(crate) use judge::EscalationJudge;
pub(crate) use list::tickets_of_session;
pub(crate) use loader::{EscalationById, MessagesOfTicket, TicketById, WatchersOfTicket};
pub(crate) use messages_link::TicketMessagesLink;
pub(crate) use object::{Ticket, TicketStatus, TicketType};
pub(crate) use query::TicketQuery;
pub(crate) use resolve::TicketResolve;
pub(crate) use statistics::EscalationStatisticsQuery;
pub(crate) use unwatch::TicketUnwatch;
pub(crate) use update::TicketUpdate;
pub(crate) use watch::TicketWatch;
