//! The staff in Telegram: their own chats and the groups of their teams, and what is told there.

mod chat;
mod chats;
mod code;
mod link;
mod notice;

pub(crate) use chat::{hear, leave_group};
pub(crate) use chats::Chats;
pub(crate) use code::new_link_code;
pub use link::StaffLinkRefusal;
pub(crate) use notice::{
    note_unheard, recheck, tell_agent, tell_of_new_session, tell_of_ticket, tell_of_todo, tell_team,
};
