//! API tokens: what integrations act with.

mod create;
mod loader;
mod object;
mod query;
mod revoke;
mod scope;

pub(crate) use create::ApiTokenCreate;
pub(crate) use loader::ApiTokenById;
pub(crate) use object::ApiToken;
pub(crate) use query::ApiTokenQuery;
pub(crate) use revoke::ApiTokenRevoke;
