//! Customers: the Telegram users of one project.

mod attribute;
mod attribute_define;
mod attributes_set;
mod ban;
mod clock;
mod erase;
mod filter;
mod loader;
mod object;
mod query;
mod unban;
mod update;

pub(crate) use attribute::AttributeDefinition;
pub(crate) use attribute_define::AttributeDefine;
pub(crate) use attributes_set::CustomerAttributesSet;
pub(crate) use ban::CustomerBan;
pub(crate) use clock::{local_time, night_ends};
pub(crate) use erase::CustomerErase;
pub(crate) use loader::{CustomerById, ProfileOfCustomer};
pub(crate) use object::Customer;
pub(crate) use query::CustomerQuery;
pub(crate) use unban::CustomerUnban;
pub(crate) use update::CustomerUpdate;
