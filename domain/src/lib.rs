//! What is true of a support desk: identifiers, entities and the rules between them.
//!
//! Everything here is pure. Nothing reads a clock, a file or a socket: the time is an
//! argument, and a decision is a value that the use cases in `desk` carry out.

pub mod agent;
pub mod api_token;
pub mod attribute;
pub mod audit;
pub mod bot;
pub mod bot_text;
pub mod budget;
pub mod canned;
pub mod chat_theme;
pub mod customer;
pub mod delivery;
pub mod diversion;
pub mod escalation;
pub mod event;
pub mod file;
pub mod filter;
pub mod formatting;
pub mod id;
pub mod invitation;
pub mod knowledge;
pub mod message;
pub mod name;
pub mod night;
pub mod note;
pub mod notice;
pub mod placeholder;
pub mod project;
pub mod rating;
pub mod routing;
pub mod saved_view;
pub mod scheduled;
pub mod search;
pub mod seats;
pub mod session;
pub mod sla;
pub mod staff;
pub mod statistics;
pub mod tag;
pub mod team;
pub mod text;
pub mod ticket;
pub mod time_range;
pub mod time_zone;
pub mod todo;
pub mod trigger;
pub mod vague;
pub mod visibility;
pub mod wire_name;
pub mod words;

pub use agent::{Agent, Role, WorkspaceRole};
pub use api_token::{ApiScope, ApiToken};
pub use bot::{BotMode, BotStatus};
pub use canned::CannedReply;
pub use customer::{Customer, CustomerKind};
pub use delivery::{Delivery, DeliveryState};
pub use diversion::DiversionLink;
pub use escalation::Escalation;
pub use event::{Cursor, Event, EventKind, Position};
pub use file::File;
pub use id::*;
pub use invitation::Invitation;
pub use knowledge::KnowledgeEntry;
pub use message::{Direction, Message};
pub use note::Note;
pub use project::Project;
pub use rating::{Rating, Survey};
pub use saved_view::SavedView;
pub use scheduled::ScheduledMessage;
pub use seats::Seats;
pub use session::{CloseReason, Priority, Session, Status};
pub use staff::StaffLink;
pub use tag::Tag;
pub use team::{Team, TeamGroup};
pub use ticket::{Ticket, TicketKind, TicketStatus};
pub use time_range::TimeRange;
pub use todo::Todo;
pub use visibility::{Audience, Departure, Sight};

/// A moment in UTC with microsecond precision, the finest that every engine keeps.
pub type Time = chrono::DateTime<chrono::Utc>;
